"""A ward's set-up in memory: read once, kept until somebody changes it.

Every change of these tables through the session gives the ward another `setup_version`; one look at
that number tells whether what is in memory still holds. Statements that bypass the session must call
`changed(ward_id)` themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from feedback.db import connected, db
from feedback.errors import NotFound
from feedback.people import relatives
from feedback.people.kinship import NOBODY, Kinship
from feedback.people.models import Officer, Position, Role, Tenure
from feedback.people.relatives import Relative
from feedback.statement import Plain
from feedback.wards.models import (
    DayRule,
    Delegation,
    Department,
    Field,
    Neighbourhood,
    Substitution,
    Ward,
    WardText,
    new_version,
)


class Post(NamedTuple):
    """A position in use."""

    id: int
    code: str
    title: str
    role: Role
    department_id: int | None
    neighbourhood_id: int | None


class Holding(NamedTuple):
    """An active officer holds a position from a day to a day, both inclusive."""

    position_id: int
    officer_id: int
    starts_on: date
    ends_on: date | None


class Given(NamedTuple):
    """A field and/or area given to a position."""

    position_id: int
    field_id: int | None
    neighbourhood_id: int | None
    starts_on: date
    ends_on: date | None
    decision_no: str


class Absence(NamedTuple):
    """Who stands in for whom."""

    absent_id: int
    substitute_id: int
    starts_on: date
    ends_on: date


class FieldOfWork(NamedTuple):
    """A field of work in use."""

    id: int
    no: int
    name: str
    department_id: int
    photo_after_required: bool
    urgency: str | None = None


class Special(NamedTuple):
    """A day that differs from its weekday (`DayRule`)."""

    day: date
    kind: str
    name: str
    source: str
    is_confirmed: bool
    windows: str = ""


@dataclass(frozen=True)
class Setup:
    """Everything about a ward that routing, rights and dates need. Never changed, only replaced."""

    ward_id: int
    version: int
    code: str
    slug: str
    name: str
    settings: dict[str, Any]
    officers: dict[int, str]
    posts: dict[int, Post]
    holdings: tuple[Holding, ...]
    given: tuple[Given, ...]
    absences: tuple[Absence, ...]
    fields: dict[int, FieldOfWork]
    neighbourhoods: dict[int, str]
    departments: dict[int, str]
    days: tuple[Special, ...]
    kinship: Kinship = NOBODY
    unused_areas: frozenset[int] = frozenset()
    unused_departments: frozenset[int] = frozenset()
    field_names: dict[int, str] = field(default_factory=dict)  # of fields out of use, too
    texts: dict[str, str] = field(default_factory=dict)  # the ward's own words, by message
    memory: dict[Any, Any] = field(default_factory=dict)  # what was computed from it


_known: dict[int, Setup] = {}
_SEEN = "setup versions"  # of a session: (transaction, {ward: version})
_version_of = Plain(sa.select(Ward.setup_version).where(Ward.id == sa.bindparam("ward")))
_renew = Plain(
    sa.update(Ward)
    .where(Ward.id == sa.bindparam("ward"))
    .values(setup_version=sa.bindparam("another"))
)


def setup_of(ward_id: int) -> Setup:
    """The ward's set-up as the present database transaction first saw it, or has changed it since.

    One small query a transaction. Raises NotFound.
    """
    seen = _seen()
    if ward_id not in seen:
        found = _version_of.rows(connected(), {"ward": ward_id})
        seen = _seen()  # the look may have begun the transaction
        seen[ward_id] = found[0][0] if found else None
    return at_version(ward_id, seen[ward_id])


def _seen() -> dict[int, int | None]:
    """The versions seen in the present transaction, by ward."""
    session = db.session()
    seen: dict[int, int | None]
    begun, seen = session.info.get(_SEEN, (None, {}))
    if begun is None or begun is not session.get_transaction():
        seen = {}
        session.info[_SEEN] = (session.get_transaction(), seen)
    return seen


def as_read(ward_id: int, version: int) -> Setup:
    """The set-up whose version the present transaction just read; `setup_of` need not look again."""
    _seen().setdefault(ward_id, version)
    return at_version(ward_id, version)


def at_version(ward_id: int, version: int | None) -> Setup:
    """The set-up whose version was just read; `None` means there is no such ward."""
    if version is None:
        raise NotFound
    known = _known.get(ward_id)
    if known is None or known.version != version:
        known = remember(_read(ward_id, version))
    return known


def remember(setup: Setup) -> Setup:
    """Keep it until another version is met."""
    _known[setup.ward_id] = setup
    return setup


def changed(ward_id: int) -> None:
    """Say that the set-up is another one; the next reader reads it anew."""
    db.session().info.pop(_SEEN, None)
    _renew.count(connected(), {"ward": ward_id, "another": new_version()})


def _read(ward_id: int, version: int) -> Setup:
    ward = db.session.execute(
        sa.select(Ward.code, Ward.slug, Ward.name, Ward.settings).where(Ward.id == ward_id)
    ).one()
    return Setup(
        ward_id=ward_id,
        version=version,
        code=ward.code,
        slug=ward.slug,
        name=ward.name,
        settings=ward.settings,
        officers=_pairs(Officer, Officer.full_name, ward_id),
        posts={row.id: row for row in _rows(Post, Position, ward_id, Position.is_active)},
        holdings=_holdings(ward_id),
        given=tuple(_rows(Given, Delegation, ward_id)),
        absences=tuple(_rows(Absence, Substitution, ward_id, Substitution.cancelled_at.is_(None))),
        fields={row.id: row for row in _rows(FieldOfWork, Field, ward_id, Field.is_active)},
        neighbourhoods=_pairs(Neighbourhood, Neighbourhood.name, ward_id),
        departments=_pairs(Department, Department.name, ward_id),
        days=tuple(_rows(Special, DayRule, ward_id)),
        kinship=relatives.read(ward_id),
        unused_areas=_unused(Neighbourhood, ward_id),
        unused_departments=_unused(Department, ward_id),
        field_names=_pairs(Field, Field.name, ward_id),
        texts=_texts(ward_id),
    )


def _rows(shape: Any, model: Any, ward_id: int, *conditions: Any) -> list[Any]:
    columns = [getattr(model, name) for name in shape._fields]
    query = sa.select(*columns).where(model.ward_id == ward_id, *conditions).order_by(model.id)
    return [shape(*row) for row in db.session.execute(query)]


def _pairs(model: Any, name: Any, ward_id: int) -> dict[int, str]:
    """Names by id, of retired rows too: old petitions still show them."""
    query = sa.select(model.id, name).where(model.ward_id == ward_id).order_by(model.id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _texts(ward_id: int) -> dict[str, str]:
    query = sa.select(WardText.message, WardText.text).where(WardText.ward_id == ward_id)
    return {row.message: row.text for row in db.session.execute(query)}


def _unused(model: Any, ward_id: int) -> frozenset[int]:
    query = sa.select(model.id).where(model.ward_id == ward_id, model.is_active.is_(False))
    return frozenset(db.session.scalars(query))


def _holdings(ward_id: int) -> tuple[Holding, ...]:
    columns = [getattr(Tenure, name) for name in Holding._fields]
    query = (
        sa.select(*columns)
        .join(Position, Position.id == Tenure.position_id)
        .join(Officer, Officer.id == Tenure.officer_id)
        .where(Position.ward_id == ward_id, Position.is_active, Officer.is_active)
        .order_by(Tenure.id)
    )
    return tuple(Holding(*row) for row in db.session.execute(query))


_TABLES = (
    Officer,
    Position,
    Department,
    Neighbourhood,
    Field,
    Delegation,
    Substitution,
    DayRule,
    Relative,
    WardText,
)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    session.info.pop(_SEEN, None)


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: Any) -> None:
    for ward_id in set(_touched((*session.new, *session.dirty, *session.deleted))):
        changed(ward_id)


def _touched(rows: Iterable[Any]) -> Iterable[int]:
    for row in rows:
        if isinstance(row, _TABLES):
            yield row.ward_id
        elif isinstance(row, Ward):
            yield row.id
        elif isinstance(row, Tenure):
            yield from db.session.scalars(
                sa.select(Position.ward_id).where(Position.id == row.position_id)
            )
