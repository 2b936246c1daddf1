"""The contact behind a message and the conversation with them, made on first sight."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import clock
from feedback.conversations.inbound import Inbound
from feedback.conversations.models import Conversation
from feedback.db import Base, db
from feedback.errors import Misconfigured
from feedback.people.models import Channel, Contact
from feedback.sealing import fingerprint
from feedback.text import normal_phone
from feedback.wards.models import ChannelAccount

HEARD_EVERY = timedelta(minutes=1)  # how exactly "last heard" is kept


def meet(inbound: Inbound) -> tuple[Contact, Conversation]:
    """Who wrote, and where the conversation with them stands."""
    found = _known(inbound) or _made(inbound)
    contact = found[0]
    now = clock.now()
    if contact.last_heard_at is None or contact.last_heard_at < now - HEARD_EVERY:
        contact.last_heard_at = now
    if inbound.name and contact.display_name is None:
        contact.display_name = inbound.name
    if contact.unreachable_at is not None and inbound.is_reachable is not False:
        contact.unreachable_at = contact.unreachable_reason = None
    return found


def is_reachable(contact: Contact, yes: bool) -> None:
    """The person let us in again, or shut us out."""
    contact.unreachable_at = None if yes else clock.now()
    contact.unreachable_reason = None if yes else "blocked"


def keep_phone(contact: Contact, phone: str) -> bool:
    """Remember the person's own number; False when it cannot be called."""
    normal = normal_phone(phone) or normal_phone(f"+{phone}")
    if normal is None:
        return False
    contact.phone, contact.phone_hash = normal, fingerprint(normal)
    return True


def waiting_for_person(ward_id: int, limit: int = 50) -> list[Conversation]:
    """Conversations in which somebody of the ward is to look, longest waiting first."""
    waiting = Conversation.ward_id == ward_id, Conversation.needs_person_at.is_not(None)
    query = sa.select(Conversation).where(*waiting).order_by(Conversation.needs_person_at)
    return list(db.session.scalars(query.limit(limit)))


def ward_of(channel: Channel, account: str) -> int:
    """The ward a channel account belongs to. Raises Misconfigured when there is no such account."""
    ward_id = db.session.scalar(
        sa.select(ChannelAccount.ward_id).where(
            ChannelAccount.channel == channel, ChannelAccount.name == account
        )
    )
    if ward_id is None:
        raise Misconfigured
    return ward_id


def _known(inbound: Inbound) -> tuple[Contact, Conversation] | None:
    query = (
        sa.select(Contact, Conversation)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .where(
            Contact.channel == inbound.channel,
            Contact.account == inbound.account,
            Contact.address == inbound.sender,
        )
    )
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def _made(inbound: Inbound) -> tuple[Contact, Conversation]:
    """Make what is missing. Somebody else may make it at the same time: the database decides."""
    now = clock.now()
    ward_id = ward_of(inbound.channel, inbound.account)
    own = {"channel": inbound.channel, "account": inbound.account, "address": inbound.sender}
    _insert_once(Contact, ward_id=ward_id, created_at=now, **own)
    contact_id = db.session.scalar(sa.select(Contact.id).filter_by(**own))
    _insert_once(
        Conversation,
        ward_id=ward_id,
        contact_id=contact_id,
        confusions=0,
        updated_at=now,
        version=1,
    )
    found = _known(inbound)
    assert found is not None  # noqa: S101  both rows were just made
    return found


def _insert_once(table: type[Base], **values: Any | datetime) -> None:
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    db.session.execute(insert(table).values(**values).on_conflict_do_nothing())
