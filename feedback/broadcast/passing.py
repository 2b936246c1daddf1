"""An announcement that did not arrive in one chat of a person goes to their other one, once."""

import sqlalchemy as sa

from feedback.broadcast import topics
from feedback.broadcast.models import Broadcast, BroadcastState, Subscription
from feedback.db import db
from feedback.outbox import enqueue, outreach
from feedback.outbox.channel import Delivery
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.outreach import VIA
from feedback.outbox.prompt import Prompt
from feedback.people.models import Contact

_SENDING = (BroadcastState.SENDING, BroadcastState.PAUSED, BroadcastState.DONE)
_NOT_GONE = (OutboxState.FAILED, OutboxState.CANCELLED)


def pass_on(row: Delivery) -> str:
    """Queue the failed message for the other chat; that chat's channel, or "" when it goes no further.

    Not when any other chat of the person has the announcement, or is getting it. Call in the transaction
    that settles the row.
    """
    failed = db.session.get(OutboxRow, row.id)
    broadcast = db.session.get(Broadcast, row.broadcast_id or 0)
    if failed is None or broadcast is None or VIA in failed.key:
        return ""
    if broadcast.state not in _SENDING or not outreach.goes_to_chats(failed.ward_id):
        return ""
    other = outreach.other_chat(row)
    if other is None or _has_it(broadcast, row, other) or not _wants_it(broadcast, other):
        return ""
    said = [(other, f"{failed.key}{VIA}{other.id}")]
    prompt = Prompt.from_json(failed.body)
    enqueue.say_to_all(said, prompt, notice=failed.notice, broadcast_id=broadcast.id)
    if broadcast.state is BroadcastState.PAUSED:
        enqueue.hold(broadcast.id)
    return other.channel.label


def _has_it(broadcast: Broadcast, row: Delivery, other: Contact) -> bool:
    """Whether this person got, or is getting, the announcement anywhere else by itself."""
    query = (
        sa.select(OutboxRow.id)
        .join(Contact, Contact.id == OutboxRow.contact_id)
        .where(
            OutboxRow.broadcast_id == broadcast.id,
            OutboxRow.contact_id != row.contact_id,
            Contact.citizen_id == other.citizen_id,
            OutboxRow.state.not_in(_NOT_GONE),
            ~OutboxRow.key.contains(VIA, autoescape=True),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _wants_it(broadcast: Broadcast, other: Contact) -> bool:
    """Whether this person still asks for it in one of their chats; ending it ends it in all."""
    query = (
        sa.select(Subscription.id)
        .join(Contact, Contact.id == Subscription.contact_id)
        .where(
            Contact.citizen_id == other.citizen_id,
            Subscription.ended_at.is_(None),
            topics.reached_by(broadcast.topics),
        )
    )
    return db.session.scalar(query.limit(1)) is not None
