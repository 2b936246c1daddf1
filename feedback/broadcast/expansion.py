"""From an announcement to messages, some at a time: the outbox never holds more than a few seconds' worth.

A batch writes its messages and how far it has come in one transaction: after a restart it goes on exactly
there. A message's key names announcement and person, so nobody is written to twice, whatever happens.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from feedback import clock
from feedback.broadcast import hours, topics
from feedback.broadcast.models import Broadcast, BroadcastState, Skip, Subscription
from feedback.broadcast.words import prompt_of
from feedback.db import db, transaction
from feedback.outbox.channel import LIMITS
from feedback.outbox.enqueue import say_to_all
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.people.models import Contact
from feedback.wards.models import ChannelAccount
from feedback.wards.setup import setup_of

BATCH = 200  # contacts looked at in one transaction
AHEAD = 10  # seconds of sending that are queued before they are needed
NOTICE = "broadcast.announcement"
UNDER_WAY = (OutboxState.QUEUED, OutboxState.SENDING)


class Seen(NamedTuple):
    """A subscribed contact, with what a message needs."""

    id: int
    ward_id: int
    channel: Any
    account: str
    address: str
    citizen_id: int | None
    unreachable_at: Any


def tick() -> int:
    """Begin what is due, fill the outbox up, close what is over. How many contacts were looked at."""
    seen = 0
    for broadcast_id in _begun():
        while (looked := _fill_up(broadcast_id)) > 0:
            seen += looked
    return seen


def _begun() -> list[int]:
    """Announcements under way now, oldest first; begins those whose time has come."""
    query = sa.select(Broadcast.id).where(
        sa.or_(
            Broadcast.state == BroadcastState.SENDING,
            sa.and_(
                Broadcast.state == BroadcastState.SCHEDULED, Broadcast.starts_at <= clock.now()
            ),
        )
    )
    ids = list(db.session.scalars(query.order_by(Broadcast.starts_at, Broadcast.id)))
    db.session.rollback()
    return ids


def _fill_up(broadcast_id: int) -> int:
    """One batch of one announcement, if there is room; how many contacts it looked at."""
    with transaction():
        broadcast = db.session.scalars(
            sa.select(Broadcast)
            .where(Broadcast.id == broadcast_id)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if broadcast is None or not _may_go(broadcast):
            return 0
        if broadcast.expanded_at is not None:
            _close(broadcast)
            return 0
        room = _room(broadcast)
        return _expand(broadcast, min(room, BATCH)) if room > 0 else 0


def _may_go(broadcast: Broadcast) -> bool:
    now = clock.now()
    if broadcast.state not in (BroadcastState.SENDING, BroadcastState.SCHEDULED):
        return False
    if broadcast.starts_at is None or broadcast.starts_at > now:
        return False
    setup = setup_of(broadcast.ward_id)
    if not broadcast.is_urgent and not hours.is_open(now, setup):
        _put_off(broadcast, hours.next_open(now, setup))
        return False
    if broadcast.state is BroadcastState.SCHEDULED:
        broadcast.state = BroadcastState.SENDING
        if broadcast.started_at is None:
            broadcast.started_at, broadcast.audience = now, audience(broadcast)
    return True


def _put_off(broadcast: Broadcast, until: datetime) -> None:
    """What a provider that was down left in the queue goes out at no other hour either."""
    db.session.execute(
        sa.update(OutboxRow)
        .where(
            OutboxRow.broadcast_id == broadcast.id,
            OutboxRow.state == OutboxState.QUEUED,
            OutboxRow.not_before < until,
        )
        .values(not_before=until)
        .execution_options(synchronize_session=False)
    )


def audience(broadcast: Broadcast) -> int:
    """How many chats are subscribed to what it is about."""
    return count(broadcast.ward_id, broadcast.topics)


def count(ward_id: int, about: Sequence[str]) -> int:
    query = sa.select(sa.func.count(sa.distinct(Subscription.contact_id)))
    return db.session.scalar(query.where(*_wants(ward_id, about))) or 0


def counts(ward_id: int) -> dict[str, int]:
    """How many chats an announcement about each topic would go to, in two statements."""
    live = Subscription.ward_id == ward_id, Subscription.ended_at.is_(None)
    query = sa.select(Subscription.topic, sa.func.count()).where(*live)
    found = {row[0]: row[1] for row in db.session.execute(query.group_by(Subscription.topic))}
    return {**found, topics.WARD: count(ward_id, [topics.WARD])}


def _room(broadcast: Broadcast) -> int:
    """How many more messages may be queued now."""
    under_way = sa.select(sa.func.count()).where(
        OutboxRow.broadcast_id == broadcast.id, OutboxRow.state == OutboxState.QUEUED
    )
    fastest = max((LIMITS[each].per_second for each, _ in _accounts(broadcast)), default=1)
    return AHEAD * fastest - (db.session.scalar(under_way) or 0)


def _expand(broadcast: Broadcast, most: int) -> int:
    """Queue the next messages; all in the caller's transaction."""
    rows = _next(broadcast, most)
    accounts = _accounts(broadcast)
    skipped = dict.fromkeys(Skip, 0)
    wanted: dict[str, Seen] = {}
    best = _best_chats(broadcast, {row.citizen_id for row in rows if row.citizen_id}, accounts)
    for row in rows:
        to = best.get(row.citizen_id, row) if row.citizen_id else row
        if to.unreachable_at is not None:
            skipped[Skip.UNREACHABLE] += 1
        elif (to.channel, to.account) not in accounts:
            skipped[Skip.SWITCHED_OFF] += 1
        elif _key(broadcast, to) in wanted:
            skipped[Skip.TWICE] += 1
        else:
            wanted[_key(broadcast, to)] = to
    for key in _known(broadcast, wanted):
        del wanted[key]
        skipped[Skip.TWICE] += 1
    prompt = prompt_of(broadcast, setup_of(broadcast.ward_id))
    said = [(to, key) for key, to in wanted.items()]
    say_to_all(said, prompt, notice=NOTICE, broadcast_id=broadcast.id)
    was = broadcast.skipped
    broadcast.skipped = {
        each.value: was.get(each.value, 0) + skipped[each]
        for each in Skip
        if was.get(each.value, 0) + skipped[each]
    }
    if rows:
        broadcast.cursor = rows[-1].id
    if len(rows) < most:
        broadcast.expanded_at = clock.now()
        _close(broadcast)
    db.session.flush()
    return len(rows)


def _close(broadcast: Broadcast) -> None:
    """It is over when nothing of it is under way any more."""
    left = sa.select(OutboxRow.id).where(
        OutboxRow.broadcast_id == broadcast.id, OutboxRow.state.in_(UNDER_WAY)
    )
    if db.session.scalar(left.limit(1)) is None:
        broadcast.state, broadcast.finished_at = BroadcastState.DONE, clock.now()
        db.session.flush()


def _next(broadcast: Broadcast, most: int) -> list[Seen]:
    """The subscribed contacts behind the cursor, in the order of their numbers."""
    wants = sa.select(Subscription.contact_id).where(
        *_wants(broadcast.ward_id, broadcast.topics), Subscription.contact_id > broadcast.cursor
    )
    ids = wants.distinct().order_by(Subscription.contact_id).limit(most).subquery()
    query = sa.select(*_COLUMNS).join(ids, ids.c.contact_id == Contact.id).order_by(Contact.id)
    return [Seen(*row) for row in db.session.execute(query)]


def _best_chats(
    broadcast: Broadcast, citizens: set[int], accounts: set[tuple[Any, str]]
) -> dict[int, Seen]:
    """Of each person with several chats, the subscribed one they were heard in last."""
    if not citizens:
        return {}
    wants = sa.select(Subscription.contact_id).where(*_wants(broadcast.ward_id, broadcast.topics))
    query = sa.select(*_COLUMNS).where(
        Contact.citizen_id.in_(citizens),
        Contact.id.in_(wants),
        Contact.unreachable_at.is_(None),
        Contact.channel.in_(LIMITS),
    )
    heard_last = sa.func.coalesce(Contact.last_heard_at, Contact.created_at)
    rows = [Seen(*row) for row in db.session.execute(query.order_by(heard_last, Contact.id))]
    return {row.citizen_id or 0: row for row in rows if (row.channel, row.account) in accounts}


def _known(broadcast: Broadcast, wanted: dict[str, Seen]) -> list[str]:
    """Keys of persons with several chats who have their message already, by whichever chat."""
    persons = {to.citizen_id: key for key, to in wanted.items() if to.citizen_id}
    if not persons:
        return []
    query = (
        sa.select(Contact.citizen_id)
        .join(OutboxRow, OutboxRow.contact_id == Contact.id)
        .where(Contact.citizen_id.in_(persons), OutboxRow.broadcast_id == broadcast.id)
        .distinct()
    )
    return [persons[id] for id in db.session.scalars(query) if id is not None]


def _wants(ward_id: int, about: Sequence[str]) -> tuple[sa.ColumnElement[bool], ...]:
    own = Subscription.ward_id == ward_id, Subscription.ended_at.is_(None)
    return (*own, topics.reached_by(about))


def _accounts(broadcast: Broadcast) -> set[tuple[Any, str]]:
    """The accounts that send for this ward now."""
    query = sa.select(ChannelAccount.channel, ChannelAccount.name).where(
        ChannelAccount.ward_id == broadcast.ward_id, ChannelAccount.is_enabled
    )
    return {(row.channel, row.name) for row in db.session.execute(query) if row.channel in LIMITS}


def _key(broadcast: Broadcast, to: Seen) -> str:
    return f"bc:{broadcast.id}:" + (f"p{to.citizen_id}" if to.citizen_id else f"c{to.id}")


_COLUMNS = (
    Contact.id,
    Contact.ward_id,
    Contact.channel,
    Contact.account,
    Contact.address,
    Contact.citizen_id,
    Contact.unreachable_at,
)
