"""What an officer's page and the weekly briefing show of reminders."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from feedback.db import db
from feedback.people.directory import actor_for, table_of
from feedback.petitions.models import Petition
from feedback.petitions.visibility import visible_to
from feedback.reminders.ladder import ladder
from feedback.reminders.models import Reminder, To
from feedback.reminders.recipients import still_holds
from feedback.reminders.standing import gravest, waits


@dataclass(frozen=True, slots=True)
class Waiting:
    """A petition an officer was reminded of. `words`: "đã quá hạn"; `why` ends "… vì là người phụ trách".

    `for_name`: the absent officer for whom they stand in.
    """

    petition_id: int
    number: str
    title: str
    rung: str
    words: str
    why: str
    for_name: str
    due_at: datetime
    is_late: bool
    is_urgent: bool


def waiting_for(officer_id: int, limit: int = 50) -> list[Waiting]:
    """What holds today of an officer's reminders, one for each petition, the gravest first."""
    actor = actor_for(officer_id)
    query = (
        sa.select(Reminder)
        .join(Petition, Petition.id == Reminder.petition_id)
        .options(joinedload(Reminder.petition), joinedload(Reminder.stands_in_for))
        .where(
            Reminder.officer_id == officer_id,
            Reminder.cleared_at.is_(None),
            waits(),
            visible_to(actor),
        )
    )
    table = table_of(actor.ward_id or 0)
    held = [row for row in db.session.scalars(query) if still_holds(row, table)]
    return [_waiting(row) for row in gravest(held)[:limit]]


def briefing(ward_id: int, limit: int = 200) -> list[Petition]:
    """The petitions late enough for the weekly briefing, longest overdue first; none restricted."""
    names = [rung.name for rung in ladder().rungs if To.BRIEFING in rung.to]
    spoken = sa.exists().where(
        Reminder.petition_id == Petition.id,
        Reminder.rung.in_(names),
        Reminder.cleared_at.is_(None),
        waits(),
    )
    query = (
        sa.select(Petition)
        .where(
            Petition.ward_id == ward_id,
            Petition.is_open,
            Petition.is_restricted.is_(False),
            spoken,
        )
        .order_by(Petition.due_at, Petition.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def _waiting(row: Reminder) -> Waiting:
    rung = ladder().rung(row.rung)
    return Waiting(
        petition_id=row.petition_id,
        number=row.petition.number,
        title=row.petition.title,
        rung=row.rung,
        words=rung.words if rung else "",
        why=row.relation.label,
        for_name=row.stands_in_for.full_name if row.stands_in_for else "",
        due_at=row.due_at,
        is_late=bool(rung and rung.is_late),
        is_urgent=row.is_urgent,
    )


@dataclass(frozen=True, slots=True)
class Level:
    """How far up word of a petition has gone. `told`: officers, in the order they were reminded."""

    words: str
    is_late: bool
    told: tuple[int, ...]


def level_of(petition_id: int) -> Level | None:
    """The gravest rung that its present date has reached; None before any."""
    query = sa.select(Reminder).where(Reminder.petition_id == petition_id, waits())
    rows = list(db.session.scalars(query.order_by(Reminder.id)))
    if not rows:
        return None
    rung = ladder().rung(gravest(rows)[0].rung)
    told = tuple(dict.fromkeys(row.officer_id for row in rows))
    return Level(rung.words if rung else "", bool(rung and rung.is_late), told)


# Asked on every page of an official, so written once.
_STANDING = sa.select(sa.func.count()).select_from(
    sa.select(Reminder.petition_id)
    .where(Reminder.officer_id == sa.bindparam("officer"), Reminder.cleared_at.is_(None), waits())
    .distinct()
    .limit(sa.bindparam("most"))
    .subquery()
)


def standing_of(officer_id: int, most: int = 99) -> int:
    """How many petitions this officer stands reminded of, counted no further than `most`; for a badge."""
    return db.session.scalar(_STANDING, {"officer": officer_id, "most": most}) or 0
