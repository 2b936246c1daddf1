"""Look at the dates that have something to say, decide who is reminded, and write it down. Once each.

`Deadline.look_at` is the next instant at which a date is looked at, so a look costs what is due and not
what is open. Whoever moves `look_at` on first has the rungs up to then; the unique key of a reminder
holds besides.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import clock
from feedback.db import db
from feedback.errors import Refusal
from feedback.people.directory import table_of
from feedback.petitions import by_itself, notices
from feedback.petitions.by_itself import News
from feedback.petitions.dating import procedures_of
from feedback.petitions.models import Deadline, Pause, Petition, Urgency
from feedback.procedures.limits import Pausing
from feedback.reminders import telling
from feedback.reminders.ladder import ACCEPTANCE, Rung, ladder
from feedback.reminders.models import Reminder
from feedback.reminders.moments import Dated, Spell, moments
from feedback.reminders.recipients import Recipient, recipients
from feedback.reminders.standing import stands
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import Setup, setup_of

log = logging.getLogger("reminders")

_reminders = cast(sa.Table, Reminder.__table__)
_KEY = ["petition_id", "rung", "due_at", "officer_id"]
_insert: dict[str, Any] = {
    "sqlite": sqlite.insert(_reminders),
    "postgresql": postgresql.insert(_reminders),
}


@dataclass(frozen=True)
class Reached:
    """A rung of a petition's date that was reached, and when."""

    petition_id: int
    step: str
    due_at: datetime
    rung: Rung
    at: datetime


def tick(now: datetime, limit: int = 200) -> int:
    """Remind of every rung reached by now, at most `limit` dates; how many were looked at.

    Call in a transaction, and again while it returns `limit`.
    """
    rows = db.session.execute(_to_look_at(now, limit)).all()
    pauses = _pauses({row.petition_id for row in rows if not row.is_acceptance})
    reached = [
        rung
        for row in rows
        for rung in _look(row, pauses[row.petition_id], setup_of(row.ward_id), now)
    ]
    petitions = _petitions({each.petition_id for each in reached})
    for each in reached:
        remind(petitions[each.petition_id], each, now)
    clear(now)
    return len(rows)


def remind(petition: Petition, reached: Reached, now: datetime) -> list[int]:
    """Decide who is reminded and write it down; ids of the reminders. Urgent ones are told at once."""
    table = table_of(petition.ward_id)
    told = recipients(petition, reached.rung.to, table)
    is_urgent = petition.urgency is Urgency.URGENT
    ids = [_write(petition, reached, each, is_urgent) for each in told]
    if reached.rung.escalates:
        _note(petition, reached, told, table.setup)
    if reached.rung.tells_resident and not petition.is_restricted:
        _apologise(petition, reached.due_at, table.setup, now)
    if is_urgent:
        telling.at_once(petition, ids, now)
    return ids


def clear(now: datetime) -> int:
    """Mark the reminders whose date has moved or been met; how many."""
    done = db.session.execute(
        sa.update(Reminder)
        .where(Reminder.cleared_at.is_(None), ~stands())
        .values(cleared_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _to_look_at(now: datetime, limit: int) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        Deadline.id,
        Deadline.petition_id,
        Deadline.step,
        Deadline.started_at,
        Deadline.due_at,
        Deadline.look_at,
        Petition.ward_id,
        Petition.kind,
        Petition.urgency,
        Petition.received_at,
        Petition.is_open,
        (Deadline.step == ACCEPTANCE).label("is_acceptance"),
    )
    return (
        sa.select(*columns)
        .join(Petition, Petition.id == Deadline.petition_id)
        .where(Deadline.met_at.is_(None), Deadline.look_at <= now, Deadline.is_stopped.is_(False))
        .order_by(Deadline.look_at, Deadline.id)
        .limit(limit)
    )


def _look(row: Any, stood: Sequence[Spell], setup: Setup, now: datetime) -> list[Reached]:
    """Move `look_at` on and return the rungs in between; none if somebody else moved it first."""
    try:
        coming = _moments(row, stood, setup) if row.is_open else []
    except Refusal:  # its procedure changed under it: say so, and go on with the others
        log.exception("no reminders for deadline %s", row.id)
        coming = []
    following = next((at for _, at in coming if at > now), None)
    moved = db.session.execute(
        sa.update(Deadline)
        .where(Deadline.id == row.id, Deadline.look_at == row.look_at)
        .values(look_at=following)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return []
    return [
        Reached(row.petition_id, row.step, row.due_at, rung, at)
        for rung, at in coming
        if row.look_at <= at <= now
    ]


def _moments(row: Any, stood: Sequence[Spell], setup: Setup) -> list[tuple[Rung, datetime]]:
    procedures = procedures_of(setup)
    limit = procedures.limit(row.kind, row.step, clock.local(row.received_at).date())
    length = procedures.length(limit, row.urgency, frozenset())
    pauses = limit.pauses is Pausing.WARD and not row.is_acceptance
    dated = Dated(
        row.step,
        row.started_at,
        row.due_at,
        is_urgent=row.urgency is Urgency.URGENT,
        is_minute=length.unit.is_hours,
        stood=stood if pauses else (),
    )
    return moments(dated, ladder(), calendar_of(setup))


def _pauses(petition_ids: set[int]) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = defaultdict(list)
    query = (
        sa.select(Pause)
        .where(Pause.petition_id.in_(petition_ids), Pause.ends_at.is_not(None))
        .order_by(Pause.starts_at, Pause.id)
    )
    for row in db.session.scalars(query) if petition_ids else ():
        if row.ends_at:
            found[row.petition_id].append((row.starts_at, row.ends_at))
    return found


def _petitions(ids: set[int]) -> dict[int, Petition]:
    query = sa.select(Petition).where(Petition.id.in_(ids))
    return {each.id: each for each in db.session.scalars(query)} if ids else {}


def _write(petition: Petition, reached: Reached, told: Recipient, is_urgent: bool) -> int:
    """The reminder's id; one written before (the date went away and came back) stands again."""
    statement = _insert[db.session.get_bind().dialect.name].values(
        petition_id=petition.id,
        rung=reached.rung.name,
        step=reached.step,
        due_at=reached.due_at,
        officer_id=told.officer_id,
        for_id=told.for_id,
        relation=told.relation,
        is_urgent=is_urgent,
        at=reached.at,
    )
    statement = statement.on_conflict_do_update(index_elements=_KEY, set_={"cleared_at": None})
    return int(db.session.execute(statement.returning(Reminder.id)).scalar_one())


def _note(petition: Petition, reached: Reached, told: list[Recipient], setup: Setup) -> None:
    names = [setup.officers.get(each.officer_id, "cơ quan cấp trên") for each in told]
    to = f"đã báo {', '.join(names)}" if names else "chưa có người giữ vị trí để báo"
    by_itself.note(
        petition.id,
        News.ESCALATED,
        f"Hạn {notices.when(reached.due_at)}: {reached.rung.words}; {to}.",
        detail={"rung": reached.rung.name, "told": [each.officer_id for each in told]},
    )


def _apologise(petition: Petition, due_at: datetime, setup: Setup, now: datetime) -> None:
    by_itself.note(
        petition.id,
        News.APOLOGY,
        f"Hạn đã hẹn: {notices.when(due_at)}. Phường đang tiếp tục xử lý và sẽ trả lời sớm nhất.",
        is_public=True,
    )
    notices.late(petition, due_at, calendar_of(setup).next_office_time(now))
