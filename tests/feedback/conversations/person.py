"""One resident in a chat, against the real database: messages in, outbox rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from feedback import clock
from feedback.conversations import inbox
from feedback.conversations.inbound import Inbound
from feedback.conversations.models import Conversation, InboundRow, InboundState
from feedback.db import db, transaction
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from feedback.people.models import Channel, Contact
from feedback.petitions.models import Petition
from feedback.wards.models import ChannelAccount

STORY = "Đèn đường trước nhà văn hóa bị hỏng ba hôm nay"


def open_account(world, channel=Channel.CONSOLE, name="main") -> None:
    with transaction():
        db.session.add(ChannelAccount(ward_id=world.ward.id, channel=channel, name=name))


@dataclass
class Person:
    """Sends messages and reads what the ward says to them."""

    name: str = "dan"
    channel: Channel = Channel.CONSOLE
    count: int = 0
    seen: int = 0  # the last row we looked at

    def inbound(self, text="", **more) -> Inbound:
        self.count += 1
        more.setdefault("message_id", f"{self.name}-{self.count}")
        more.setdefault("ref", f"r{self.count}")
        more.setdefault("sent_at", clock.now())
        return Inbound(self.channel, "main", self.name, text=text, **more)

    def send(self, text="", **more) -> list[str]:
        """Send and answer at once; the notices queued for it."""
        row_id = inbox.receive(self.inbound(text, **more))
        if row_id:
            inbox.handle_pending()
        return self.notices()

    def prompts(self) -> Sequence[OutboxRow]:
        """What was queued since we last looked."""
        later = (OutboxRow.recipient == self.name, OutboxRow.id > self.seen)
        new = db.session.scalars(sa.select(OutboxRow).where(*later).order_by(OutboxRow.id)).all()
        self.seen = max((row.id for row in new), default=self.seen)
        self.last = [Prompt.from_json(row.body) for row in new]
        return new

    def notices(self) -> list[str]:
        return [row.notice.removeprefix("chat.") for row in self.prompts()]

    def press(self, label: str) -> list[str]:
        choice = next(
            c for p in reversed(self.last) for c in p.choices if c.label.startswith(label)
        )
        return self.send(button=choice.payload)

    @property
    def conversation(self) -> Conversation:
        db.session.rollback()
        return db.session.scalars(
            sa.select(Conversation)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Contact.address == self.name)
        ).one()

    @property
    def contact(self) -> Contact:
        return db.session.get_one(Contact, self.conversation.contact_id)


def petitions() -> list[Petition]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Petition).order_by(Petition.id)))


def states() -> list[InboundState]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InboundRow.state).order_by(InboundRow.id)))


def instant(hour: int, minute: int = 0) -> datetime:
    """On an ordinary Wednesday."""
    return datetime(2026, 3, 4, hour - 7, minute, tzinfo=UTC)
