"""How far an announcement has come, and what became of each message."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from feedback import clock
from feedback.broadcast.models import Broadcast, Skip
from feedback.broadcast.verbs import is_theirs
from feedback.db import db
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.people.actor import Actor
from feedback.people.models import Channel, Contact

BATCH = 1000  # rows of an export in memory at once
SHOWN = 50


class Progress(NamedTuple):
    """Messages by what became of them; `ready`: percent settled of what is known to come."""

    by_state: dict[OutboxState, int]
    skipped: dict[str, int]
    ready: int
    per_minute: int


class Line(NamedTuple):
    """One message."""

    id: int
    name: str
    channel: Channel
    state: OutboxState
    settled_at: datetime | None
    error: str | None


def of(broadcast: Broadcast) -> Progress:
    count = sa.select(OutboxRow.state, sa.func.count()).where(
        OutboxRow.broadcast_id == broadcast.id
    )
    by_state = {row[0]: row[1] for row in db.session.execute(count.group_by(OutboxRow.state))}
    open_ = (OutboxState.QUEUED, OutboxState.SENDING)
    settled = sum(number for state, number in by_state.items() if state not in open_)
    skipped = sum(broadcast.skipped.values())
    known = max(broadcast.audience, sum(by_state.values()) + skipped)
    ready = 100 * (settled + skipped) // known if known else 0
    if broadcast.finished_at is not None:
        ready = 100
    words = {Skip(name).label: number for name, number in broadcast.skipped.items()}
    return Progress(by_state, words, min(ready, 100), _rate(broadcast, by_state))


def not_arrived(broadcast: Broadcast, limit: int = SHOWN) -> list[Line]:
    """What failed or may not have arrived, newest first."""
    bad = (OutboxState.FAILED, OutboxState.UNKNOWN)
    query = _lines(broadcast.id).where(OutboxRow.state.in_(bad)).order_by(OutboxRow.id.desc())
    return [Line(*row) for row in db.session.execute(query.limit(limit))]


def page(broadcast_id: int, after: int, limit: int = BATCH) -> list[Line]:
    """Messages behind a row's id, in the order in which they were queued."""
    query = _lines(broadcast_id).where(OutboxRow.id > after).order_by(OutboxRow.id).limit(limit)
    return [Line(*row) for row in db.session.execute(query)]


def listing(by: Actor, limit: int = SHOWN) -> list[Broadcast]:
    """The newest announcements this officer may see."""
    query = sa.select(Broadcast).where(Broadcast.ward_id == by.ward_id)
    rows = db.session.scalars(query.order_by(Broadcast.id.desc()).limit(5 * limit))
    return [row for row in rows if is_theirs(row, by)][:limit]


def _lines(broadcast_id: int) -> Any:
    return (
        sa.select(
            OutboxRow.id,
            Contact.display_name,
            OutboxRow.channel,
            OutboxRow.state,
            OutboxRow.settled_at,
            OutboxRow.error,
        )
        .outerjoin(Contact, Contact.id == OutboxRow.contact_id)
        .where(OutboxRow.broadcast_id == broadcast_id)
    )


def _rate(broadcast: Broadcast, by_state: dict[OutboxState, int]) -> int:
    """Messages sent a minute since it began."""
    if broadcast.started_at is None:
        return 0
    end = broadcast.finished_at or clock.now()
    minutes = max((end - broadcast.started_at).total_seconds() / 60, 1 / 60)
    return round(by_state.get(OutboxState.SENT, 0) / minutes)
