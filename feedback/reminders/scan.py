"""Look at the dates that have something to say now, and remind of what they say.

`Deadline.look_at` is the next instant at which a date is looked at, so a look costs what is due and not
what is open. Rows are locked while they are looked at; what another worker holds is left to it.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa

from feedback import clock
from feedback.db import UTC, db, rows_touched
from feedback.errors import Refusal
from feedback.petitions.models import Deadline, Pause, Petition, Urgency
from feedback.procedures.limits import Pausing
from feedback.reminders.deciding import Reached, remind
from feedback.reminders.ladder import ACCEPTANCE, Rung, ladder
from feedback.reminders.models import Reminder
from feedback.reminders.moments import Dated, moments
from feedback.reminders.standing import stands
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.service_levels import procedures_of
from feedback.wards.setup import Setup, setup_of

log = logging.getLogger("reminders")

Stop = tuple[datetime, datetime, bool]  # from, to, by a decision of law

_deadlines = cast(sa.Table, Deadline.__table__)
_look_next = (
    sa.update(_deadlines)
    .where(_deadlines.c.id == sa.bindparam("deadline_id"))
    .values(look_at=sa.bindparam("next"))
)


def tick(now: datetime, limit: int = 200) -> int:
    """Remind of every rung reached by now, at most `limit` dates; how many were looked at.

    Call in a transaction, and again while it returns `limit`.
    """
    rows = db.session.execute(to_look_at(limit), {"now": now}).all()
    setups = {ward_id: setup_of(ward_id) for ward_id in {row.ward_id for row in rows}}
    pauses = _pauses({row.petition_id for row in rows if row.step != ACCEPTANCE})
    found = [(row, _moments(row, pauses[row.petition_id], setups[row.ward_id])) for row in rows]
    if found:
        db.session.execute(
            _look_next,
            [
                {"deadline_id": row.id, "next": next((at for _, at in rungs if at > now), None)}
                for row, rungs in found
            ],
        )
    reached = [
        (row, rung, at) for row, rungs in found for rung, at in rungs if row.look_at <= at <= now
    ]
    petitions = _petitions({row.petition_id for row, _, _ in reached})
    remind(
        [
            Reached(petitions[row.petition_id], row.step, row.due_at, rung, at)
            for row, rung, at in reached
        ],
        now,
    )
    return len(rows)


@cache
def to_look_at(limit: int) -> sa.Select[Any]:
    """The dates that have something to say by `:now`, with what is needed to know what. Made once."""
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
    )
    return (
        sa.select(*columns)
        .join(Petition, Petition.id == Deadline.petition_id)
        .where(
            Deadline.met_at.is_(None),
            Deadline.look_at <= sa.bindparam("now", type_=UTC()),
            Deadline.is_stopped.is_(False),
        )
        .order_by(Deadline.look_at, Deadline.id)
        .limit(limit)
        .with_for_update(of=Deadline, skip_locked=True)
    )


def _moments(row: Any, stood: Sequence[Stop], setup: Setup) -> list[tuple[Rung, datetime]]:
    if not row.is_open:
        return []
    try:
        received_on = clock.local(row.received_at).date()
        procedures = procedures_of(setup, received_on)
        limit = procedures.limit(row.kind, row.step, received_on)
        length = procedures.length(limit, row.urgency, frozenset())
    except Refusal:  # its procedure changed under it: say so, and go on with the others
        log.exception("no reminders for deadline %s", row.id)
        return []
    by_law = limit.pauses is Pausing.SUSPENSION
    spells = () if limit.pauses is Pausing.NONE else stood
    dated = Dated(
        row.step,
        row.started_at,
        row.due_at,
        is_urgent=row.urgency is Urgency.URGENT,
        is_minute=length.unit.is_hours,
        stood=[(stops, goes_on) for stops, goes_on, said in spells if said is by_law],
    )
    return moments(dated, ladder(), calendar_of(setup))


def _pauses(petition_ids: set[int]) -> dict[int, list[Stop]]:
    found: dict[int, list[Stop]] = defaultdict(list)
    query = (
        sa.select(Pause)
        .where(Pause.petition_id.in_(petition_ids), Pause.ends_at.is_not(None))
        .order_by(Pause.starts_at, Pause.id)
    )
    for row in db.session.scalars(query) if petition_ids else ():
        if row.ends_at:
            found[row.petition_id].append((row.starts_at, row.ends_at, bool(row.decision)))
    return found


def _petitions(ids: set[int]) -> dict[int, Petition]:
    query = sa.select(Petition).where(Petition.id.in_(ids))
    return {each.id: each for each in db.session.scalars(query)} if ids else {}


def clear(now: datetime) -> int:
    """Mark the reminders whose date has moved or been met; how many.

    Nobody is told of them, cleared or not: it only keeps the standing ones few.
    """
    standing = sa.update(Reminder).where(Reminder.cleared_at.is_(None), ~stands())
    return rows_touched(standing.values(cleared_at=now))
