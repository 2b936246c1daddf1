"""What a ward teaches its own triage: its words for the fields, and the cases its officials decided."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.triage.cases import Cases, Together, own_examples
from feedback.triage.keywords import keywords_of
from feedback.triage.manner import Manner
from feedback.triage.suggest import Lessons
from feedback.wards.fields import catalogue
from feedback.wards.setup import Setup

NEWEST = (
    800  # decided petitions that are counted: about a quarter of a second, once a day and process
)
FEWEST = 5  # fewer teach nothing


class WardField(NamedTuple):
    """A field with the ward's own words, as triage reads it."""

    no: int
    name: str
    keywords: tuple[str, ...]


_learnt: dict[int, tuple[date, Lessons | None]] = {}


def words_of(setup: Setup) -> tuple[WardField, ...] | None:
    """The ward's fields and words; None while they are those every ward begins with."""
    if WardField not in setup.memory:
        setup.memory[WardField] = _read(setup)
    found: tuple[WardField, ...] | None = setup.memory[WardField]
    return found


def lessons_of(setup: Setup) -> Lessons | None:
    """What officials of this ward decided until today (field, kind, urgency), beside our own examples; None
    while that is little.

    Counted, not asked of the search index at each message: that costs a full index a second, this nothing.
    Whatever may hold an accusation teaches nothing.
    """
    today = clock.today()
    known = _learnt.get(setup.ward_id)
    if known is None or known[0] != today:
        known = _learnt[setup.ward_id] = (today, _decided(setup))
    return known[1]


def forget() -> None:
    """Learn anew at the next message."""
    _learnt.clear()


def _read(setup: Setup) -> tuple[WardField, ...] | None:
    usual = {field.no: field.keywords for field in catalogue().fields}
    own = keywords_of(setup.ward_id)
    if all(not words or words == usual.get(no) for no, words in own.items()):
        return None
    names = {field.no: field.name for field in setup.fields.values()}
    return tuple(
        WardField(no, names.get(no, ""), words or usual.get(no, ())) for no, words in own.items()
    )


def _decided(setup: Setup) -> Lessons | None:
    numbers = {field.id: field.no for field in setup.fields.values()}
    query = (
        sa.select(Petition.field_id, Petition.kind, Petition.urgency, Petition.text)
        .where(
            Petition.ward_id == setup.ward_id,
            Petition.accepted_at.is_not(None),
            Petition.is_restricted.is_(False),
            Petition.kind != Kind.TO_CAO,
            Petition.status.not_in((Status.MERGED, Status.REJECTED)),
        )
        .order_by(Petition.id.desc())
        .limit(NEWEST)
    )
    rows = list(db.session.execute(query))
    if len(rows) < FEWEST:
        return None
    fields = Cases((numbers[row.field_id], row.text) for row in rows if row.field_id in numbers)
    manner = Manner((row.kind.value, row.urgency is Urgency.URGENT, row.text) for row in rows)
    return Lessons(Together(own_examples(), fields), manner)
