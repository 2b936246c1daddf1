"""Sổ tiếp công dân (03/TCD): the chair's days from their visits, the desk's from its petitions."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.papers.inputs import Register
from feedback.papers.registers import LETTERS, MOST_ROWS, Row, reception_register
from feedback.people.actor import Actor
from feedback.people.models import Permission
from feedback.petitions.models import Kind
from feedback.reception import law
from feedback.reception.models import ReceptionDay, Visit, VisitState
from feedback.text import mask_name

RECEIVED = (VisitState.INSIDE, VisitState.DONE, VisitState.REFUSED)


def register(
    actor: Actor, starts_on: date, ends_on: date, most: int = MOST_ROWS["xlsx"]
) -> Register:
    """Everybody received from a local day to a local day (inclusive), by day and number.

    Accusations stand in no row; whoever sees the whole ward is told how many. Raises BadInput.
    """
    at_desk = reception_register(actor, starts_on, ends_on, most)
    if not actor.has(Permission.SEE_WARD):
        return at_desk
    found = _visits(actor, starts_on, ends_on)
    shown = [visit for visit in found if visit.kind is not Kind.TO_CAO]
    rows: list[Row] = [_row(visit, actor) for visit in shown]
    rows += [row[1:] for row in at_desk.rows]
    if len(rows) > most:
        raise BadInput(f"Kỳ này có hơn {most} dòng. Vui lòng chọn kỳ ngắn hơn, hoặc tải tệp Excel.")
    rows.sort(key=lambda row: str(row[0]))
    return replace(
        at_desk,
        rows=tuple((n, *row) for n, row in enumerate(rows, 1)),
        sealed=at_desk.sealed + len(found) - len(shown),
    )


def _visits(actor: Actor, starts_on: date, ends_on: date) -> list[Visit]:
    query = (
        sa.select(Visit)
        .join(ReceptionDay, ReceptionDay.id == Visit.day_id)
        .where(
            ReceptionDay.ward_id == actor.ward_id,
            Visit.state.in_(RECEIVED),
            ReceptionDay.opens_at >= _midnight(starts_on),
            ReceptionDay.opens_at < _midnight(ends_on + timedelta(days=1)),
        )
        .options(joinedload(Visit.day), joinedload(Visit.petition))
        .order_by(ReceptionDay.opens_at, Visit.number, Visit.id)
    )
    return list(db.session.scalars(query))


def _row(visit: Visit, actor: Actor) -> Row:
    """The columns of Mẫu 03/TCD after the first."""
    may_name = actor.has(Permission.UNMASK)
    who = ", ".join(part for part in (visit.name, visit.address) if part)
    return (
        clock.local(visit.day.opens_at).date(),
        who if may_name else mask_name(visit.name),
        (visit.id_number or "") if may_name else "",
        visit.subject,
        LETTERS.get(visit.kind, visit.kind.label),
        visit.people,
        visit.decided_before,
        "x" if visit.is_ours and visit.state is not VisitState.REFUSED else "",
        visit.guided_to,
        visit.taken_by,
        _result(visit),
        visit.remarks or (visit.petition.number if visit.petition else ""),
    )


def _result(visit: Visit) -> str:
    if visit.state is VisitState.REFUSED:
        sign = f", Thông báo số {visit.notice_sign}" if visit.notice_sign else ""
        return f"Từ chối tiếp ({law.refusal_grounds()[visit.ground].article}){sign}"
    if visit.petition is None:
        return f"Trả lời ngay: {visit.conclusion}" if visit.conclusion else ""
    answered = visit.petition.answered_at
    day = f" ngày {clock.local(answered):%d/%m/%Y}" if answered else ""
    return f"{visit.petition.status.label}{day}"


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=clock.ZONE)
