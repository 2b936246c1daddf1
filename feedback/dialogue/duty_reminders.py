"""Duties on the ladder of petitions: who owes something is reminded, leaders when it has passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from feedback import links
from feedback.db import db
from feedback.dialogue import notices
from feedback.dialogue.duty_models import Duty, DutyReminder, DutyRow
from feedback.dialogue.once import is_new
from feedback.errors import Misconfigured
from feedback.messages import say
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Role
from feedback.petitions.notices import when
from feedback.reminders.ladder import ANSWER, Rung, ladder
from feedback.reminders.models import To
from feedback.reminders.moments import Dated, moments
from feedback.wards import routing
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.delegation import Table
from feedback.wards.setup import setup_of


@dataclass(frozen=True)
class _Said:
    """One line for one officer."""

    officer_id: int
    row: DutyRow
    rung: Rung


def tick(now: datetime, limit: int = 200) -> int:
    """Remind of every rung reached by now, at most `limit` duties; how many were looked at.

    Each officer gets one message for all of it. Call in a transaction, again while it returns `limit`.
    """
    query = (
        sa.select(DutyRow)
        .where(DutyRow.met_at.is_(None), DutyRow.look_at <= now)
        .order_by(DutyRow.look_at, DutyRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.scalars(query).all()
    said = [each for row in rows for each in _reached(row, now)]
    for officer_id in dict.fromkeys(each.officer_id for each in said):
        _tell(officer_id, [each for each in said if each.officer_id == officer_id], now)
    db.session.flush()
    return len(rows)


def owed_by(actor: Actor) -> list[DutyRow]:
    """What this person's positions owe, soonest first."""
    query = (
        sa.select(DutyRow)
        .where(DutyRow.met_at.is_(None), DutyRow.position_id.in_(actor.position_ids))
        .order_by(DutyRow.due_at, DutyRow.id)
    )
    return list(db.session.scalars(query)) if actor.position_ids else []


def open_of(dialogue_id: int) -> list[DutyRow]:
    """What is still owed because of one session, soonest first."""
    query = sa.select(DutyRow).where(DutyRow.dialogue_id == dialogue_id, DutyRow.met_at.is_(None))
    return list(db.session.scalars(query.order_by(DutyRow.due_at, DutyRow.id)))


def _reached(row: DutyRow, now: datetime) -> Iterator[_Said]:
    """The gravest rung reached since the last look, for each who has not heard of it."""
    table = table_of(row.dialogue.ward_id)
    dated = Dated(ANSWER, row.started_at, row.due_at)
    rungs = moments(dated, ladder(), calendar_of(table.setup))
    since = row.look_at or row.started_at
    reached = [rung for rung, at in rungs if since <= at <= now]
    row.look_at = next((at for _, at in rungs if at > now), None)
    for rung in reached[-1:]:
        for officer_id in dict.fromkeys(recipients(row.position_id, rung, table)):
            if _claim(row, rung, officer_id, now):
                yield _Said(officer_id, row, rung)


def recipients(position_id: int, rung: Rung, table: Table) -> Iterator[int]:
    """Who is told of a rung of what a post owes; substitutes for who is away."""
    for to in rung.to:
        for officer_id in _named(to, position_id, table):
            absence = table.away.get(officer_id)
            instead = absence.substitute_id if absence else officer_id
            yield instead if instead in table.posts_of else officer_id


def _named(to: To, position_id: int, table: Table) -> Iterator[int]:
    match to:
        case To.HANDLER:
            yield from table.holders.get(position_id, ())
        case To.DEPARTMENT_HEAD:
            post = table.setup.posts.get(position_id)
            for officer_id, leads in table.with_role(Role.DEPARTMENT_HEAD):
                own = table.setup.posts[leads].department_id
                if post and post.department_id is not None and own == post.department_id:
                    yield officer_id
        case To.VICE_CHAIR:
            yield from (who for who, _ in table.with_role(Role.VICE_CHAIR))
        case To.CHAIR | To.BRIEFING:
            yield from _head(table)
        case _:
            return


def _head(table: Table) -> Iterator[int]:
    try:
        yield routing.head_of(table)
    except Misconfigured:
        return


def _claim(row: DutyRow, rung: Rung, officer_id: int, now: datetime) -> bool:
    return is_new(
        DutyReminder,
        duty_id=row.id,
        rung=rung.name,
        due_at=row.due_at,
        officer_id=officer_id,
        at=now,
    )


def _tell(officer_id: int, said: list[_Said], now: datetime) -> None:
    own = setup_of(said[0].row.dialogue.ward_id).texts
    lines = [
        say(
            "dialogue.duty",
            own,
            duty=each.row.duty.label,
            what=_what(each.row),
            words=each.rung.words,
            due=when(each.row.due_at),
        )
        for each in said
    ]
    text = say("dialogue.duties", own, lines=lines, link=links.desk())
    key = f"dialogue-duties:{officer_id}:{now:%Y%m%d%H%M}"
    notices.to_officer(officer_id, text, notice="dialogue.duties", key=key)


def _what(row: DutyRow) -> str:
    own = row.duty in (Duty.KEEP, Duty.PREPARE, Duty.CONFIRM)
    return f"{row.dialogue.title} – {row.words}" if own and row.words else row.dialogue.title
