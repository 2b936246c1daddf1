"""People who want announcements, and what came of one."""

from datetime import timedelta

import sqlalchemy as sa

from feedback import broadcast, clock
from feedback.broadcast import expansion, subscriptions, topics
from feedback.broadcast.models import Broadcast, Subscription
from feedback.db import db, transaction
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Citizen, Contact
from feedback.wards.models import ChannelAccount

WORDS = "Chiều mai cắt nước từ 14 giờ đến 17 giờ. Bà con trữ nước giúp phường."


def make_account(world, channel=Channel.TELEGRAM, name="main") -> None:
    with transaction():
        db.session.add(ChannelAccount(ward_id=world.ward.id, channel=channel, name=name))


def make_chat(
    world, no, *, topic=None, citizen=None, channel=Channel.TELEGRAM, **values
) -> Contact:
    """A chat, subscribed to a topic if one is given."""
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=channel,
            account="main",
            address=str(no),
            citizen_id=citizen,
            created_at=clock.now(),
            **values,
        )
        db.session.add(contact)
        db.session.flush()
        if topic:
            subscriptions.subscribe(contact.id, topic)
        return contact


def make_citizen(world) -> int:
    with transaction():
        citizen = Citizen(ward_id=world.ward.id, created_at=clock.now())
        db.session.add(citizen)
        db.session.flush()
        return citizen.id


def crowd(world, size, topic=topics.WARD) -> None:
    """So many subscribed chats, written in two statements."""
    now = clock.now()
    with transaction():
        first = (db.session.scalar(sa.select(sa.func.max(Contact.id))) or 0) + 1
        own = {"ward_id": world.ward.id, "channel": Channel.TELEGRAM, "account": "main"}
        contacts = [
            {**own, "id": first + n, "address": str(10_000 + first + n), "created_at": now}
            for n in range(size)
        ]
        db.session.execute(sa.insert(Contact), contacts)
        wishes = [
            {"ward_id": world.ward.id, "contact_id": c["id"], "topic": topic, "consented_at": now}
            for c in contacts
        ]
        db.session.execute(sa.insert(Subscription), wishes)
        if db.engine.dialect.name == "postgresql":
            db.session.execute(
                sa.text("SELECT setval(pg_get_serial_sequence('contact', 'id'), :id)"),
                {"id": first + size},
            )


def announce(world, *to, by="clerk", key="news", **more) -> Broadcast:
    with transaction():
        wanted = to or (topics.WARD,)
        return broadcast.send(world.ward.id, WORDS, wanted, by=world.actor(by), key=key, **more)


def tick() -> int:
    return expansion.tick()


def fresh(row: Broadcast) -> Broadcast:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Broadcast, row.id)


def told(row: Broadcast | None = None) -> list[str]:
    """The addresses with a message of the broadcast, in the order of the queue."""
    db.session.rollback()
    query = sa.select(OutboxRow.recipient).where(OutboxRow.broadcast_id.is_not(None))
    if row is not None:
        query = query.where(OutboxRow.broadcast_id == row.id)
    return list(db.session.scalars(query.order_by(OutboxRow.id)))


def later(time, **how) -> None:
    time.shift(timedelta(**how))
