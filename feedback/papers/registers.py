"""Registers filled from the rows: sổ theo dõi đơn, sổ tiếp công dân.

What is or may be an accusation stands in no row; whoever sees the whole ward is told how many there are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer_group

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.papers.filling import office_of
from feedback.papers.inputs import Register
from feedback.papers.models import Paper
from feedback.people.actor import Actor
from feedback.people.models import Channel, Permission
from feedback.petitions.models import Kind, Petition, Status
from feedback.petitions.visibility import visible_to
from feedback.text import mask_name
from feedback.wards.models import Ward

MOST_ROWS = {"xlsx": 10_000, "docx": 1_000, "pdf": 1_000}
Row = tuple[str | int | date, ...]
LETTERS = {
    Kind.KHIEU_NAI: "KN",
    Kind.TO_CAO: "TC",
    Kind.KIEN_NGHI: "KNg",
    Kind.PHAN_ANH: "PA",
}


def petition_register(
    actor: Actor, starts_on: date, ends_on: date, most: int = MOST_ROWS["xlsx"]
) -> Register:
    """Sổ theo dõi đơn: what was received from a local day to a local day (inclusive), as far as the
    officer sees it.

    Names need the right to see them. The page that hands it out records that it did (`audit.record`).
    Raises BadInput when there are more rows than `most`.
    """
    return _register(actor, starts_on, ends_on, most, _entry)


def reception_register(
    actor: Actor, starts_on: date, ends_on: date, most: int = MOST_ROWS["xlsx"]
) -> Register:
    """Sổ tiếp công dân (03/TCD): what residents brought to the ward in person."""
    return _register(actor, starts_on, ends_on, most, _visit, Petition.channel == Channel.DESK)


def _register(
    actor: Actor,
    starts_on: date,
    ends_on: date,
    most: int,
    line: Callable[[Petition, Actor, list[tuple[str, str]]], Row],
    *only: sa.ColumnElement[bool],
) -> Register:
    period = (
        Petition.received_at >= _midnight(starts_on),
        Petition.received_at < _midnight(ends_on + timedelta(days=1)),
        *only,
    )
    is_sealed = sa.or_(Petition.is_restricted, Petition.kind == Kind.TO_CAO)
    shown = (visible_to(actor, Petition), ~is_sealed, *period)
    names = (
        undefer_group("reporter"),
        joinedload(Petition.field),
        joinedload(Petition.handler),
        joinedload(Petition.handler_position),
    )
    query = sa.select(Petition).where(*shown).options(*names).order_by(Petition.id)
    found = db.session.scalars(query.limit(most + 1)).all()
    if len(found) > most:
        raise BadInput(f"Kỳ này có hơn {most} dòng. Vui lòng chọn kỳ ngắn hơn, hoặc tải tệp Excel.")
    signs = _signs(each.id for each in found)
    sealed = 0
    if actor.has(Permission.SEE_WARD):
        counted = sa.select(sa.func.count()).where(Petition.ward_id == actor.ward_id, is_sealed)
        sealed = db.session.scalar(counted.where(*period)) or 0
    return Register(
        office=office_of(db.session.get_one(Ward, actor.ward_id)),
        on=clock.today(),
        starts_on=starts_on,
        ends_on=ends_on,
        rows=tuple((n, *line(each, actor, signs[each.id])) for n, each in enumerate(found, 1)),
        sealed=sealed,
    )


def _entry(petition: Petition, actor: Actor, signs: list[tuple[str, str]]) -> Row:
    return (
        petition.number,
        _day(petition.received_at),
        petition.channel.label,
        _sender(petition, actor),
        petition.kind.label,
        petition.field.name,
        petition.title,
        petition.handler.full_name,
        _day(petition.due_at),
        petition.status.label,
        _day(petition.answered_at),
        ", ".join(sign for _, sign in signs),
    )


def _visit(petition: Petition, actor: Actor, signs: list[tuple[str, str]]) -> Row:
    """The columns of Mẫu 03/TCD after the first; the identity number is not kept here."""
    elsewhere = petition.status in (Status.TRANSFERRED, Status.REJECTED)
    answered = f" ngày {_day(petition.answered_at):%d/%m/%Y}" if petition.answered_at else ""
    return (
        _day(petition.received_at),
        _sender(petition, actor),
        "",
        petition.title,
        LETTERS.get(petition.kind, petition.kind.label),
        1,
        "",
        "" if elsewhere else "x",
        _signed(signs, "guidance"),
        ", ".join(part for part in (petition.transferred_to, _signed(signs, "referral")) if part)
        or petition.handler_position.title,
        petition.status.label + answered,
        petition.number,
    )


def _signed(signs: list[tuple[str, str]], form: str) -> str:
    return ", ".join(sign for key, sign in signs if key == form)


def _sender(petition: Petition, actor: Actor) -> str:
    if petition.is_anonymous:
        return "(đề nghị không nêu tên)"
    name = petition.reporter_name or ""
    if not actor.has(Permission.UNMASK):
        return mask_name(name)
    return ", ".join(part for part in (name, petition.reporter_address) if part)


def _signs(petition_ids: Iterable[int]) -> dict[int | None, list[tuple[str, str]]]:
    """The numbered papers of each of these petitions: (form, sign)."""
    signs: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    wanted = list(petition_ids)
    for start in range(0, len(wanted), 500):
        query = sa.select(Paper.petition_id, Paper.form, Paper.sign).where(
            Paper.petition_id.in_(wanted[start : start + 500]), Paper.number.is_not(None)
        )
        for petition_id, form, sign in db.session.execute(query.order_by(Paper.id)):
            signs[petition_id].append((form, sign))
    return signs


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock.ZONE)


def _day(at: datetime | None) -> date | str:
    return clock.local(at).date() if at else ""
