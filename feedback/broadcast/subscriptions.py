"""Asking for announcements and asking for no more; of one person's chats each is asked for by itself."""

from collections.abc import Sequence

import sqlalchemy as sa

from feedback import audit, clock
from feedback.broadcast import topics
from feedback.broadcast.models import Broadcast, BroadcastState, Subscription
from feedback.db import db
from feedback.outbox import enqueue
from feedback.people.models import Contact
from feedback.wards.setup import setup_of


def subscribe(contact_id: int, topic: str) -> bool:
    """Begin, with consent given now; False when it was on already. Raises BadInput."""
    contact = db.session.get_one(Contact, contact_id)
    topics.checked([topic], setup_of(contact.ward_id))
    row = _row(contact_id, topic)
    if row is not None and row.ended_at is None:
        return False
    if row is None:
        row = Subscription(ward_id=contact.ward_id, contact_id=contact_id, topic=topic)
        db.session.add(row)
    row.consented_at, row.ended_at = clock.now(), None
    _note("subscription.begun", contact, [topic])
    db.session.flush()
    return True


def unsubscribe(contact_id: int, only: Sequence[str] | None = None) -> list[str]:
    """End these topics (all), in every chat of the person; which ended. Nothing more of them leaves."""
    contact = db.session.get_one(Contact, contact_id)
    ids = chats_of(contact)
    query = sa.select(Subscription).where(
        Subscription.contact_id.in_(ids), Subscription.ended_at.is_(None)
    )
    if only is not None:
        query = query.where(Subscription.topic.in_(only))
    rows = db.session.scalars(query.order_by(Subscription.id)).all()
    for row in rows:
        row.ended_at = clock.now()
    db.session.flush()
    if rows:
        ended = sorted({row.topic for row in rows})
        _note("subscription.ended", contact, ended)
        _withdraw(contact.ward_id, ids)
    return list(dict.fromkeys(row.topic for row in rows))


def stop(contact_id: int, broadcast_id: int) -> list[str]:
    """The button under a broadcast: end whatever subscription brought it; which ended."""
    broadcast = db.session.get(Broadcast, broadcast_id)
    contact = db.session.get_one(Contact, contact_id)
    if broadcast is None or broadcast.ward_id != contact.ward_id:
        return []
    query = sa.select(Subscription.topic).where(
        Subscription.contact_id.in_(chats_of(contact)),
        Subscription.ended_at.is_(None),
        topics.reached_by(broadcast.topics),
    )
    return unsubscribe(contact_id, db.session.scalars(query).all())


def of(contact_id: int) -> list[str]:
    """The topics a chat is subscribed to, in the order in which they were asked for."""
    query = sa.select(Subscription.topic).where(
        Subscription.contact_id == contact_id, Subscription.ended_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Subscription.id)))


def chats_of(contact: Contact) -> list[int]:
    """This chat, and every other one known to be the same person's."""
    if contact.citizen_id is None:
        return [contact.id]
    query = sa.select(Contact.id).where(Contact.citizen_id == contact.citizen_id)
    return list(db.session.scalars(query.order_by(Contact.id)))


def _withdraw(ward_id: int, contact_ids: list[int]) -> None:
    """What is queued for these chats and no longer asked for by them."""
    under_way = sa.select(Broadcast).where(
        Broadcast.ward_id == ward_id,
        Broadcast.state.in_((BroadcastState.SENDING, BroadcastState.PAUSED)),
    )
    for broadcast in db.session.scalars(under_way):
        wanted = sa.select(Subscription.contact_id).where(
            Subscription.contact_id.in_(contact_ids),
            Subscription.ended_at.is_(None),
            topics.reached_by(broadcast.topics),
        )
        over = set(contact_ids) - set(db.session.scalars(wanted))
        if over:
            enqueue.withdraw(broadcast.id, sorted(over))


def _row(contact_id: int, topic: str) -> Subscription | None:
    query = sa.select(Subscription).where(
        Subscription.contact_id == contact_id, Subscription.topic == topic
    )
    return db.session.scalars(query).one_or_none()


def _note(action: str, contact: Contact, which: Sequence[str]) -> None:
    detail = {"topics": list(which), "channel": contact.channel.value}
    audit.record(action, "contact", contact.id, ward_id=contact.ward_id, detail=detail)
