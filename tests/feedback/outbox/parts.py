"""What the outbox tests are made of: contacts, an account, a sender that does as it is told."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox.channel import Account, Delivery
from feedback.outbox.courier import Courier
from feedback.outbox.enqueue import say_to
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from feedback.people.models import Channel, Contact
from feedback.wards.models import ChannelAccount


def make_contact(world, address="1001", channel=Channel.TELEGRAM) -> Contact:
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=channel,
            account="main",
            address=address,
            created_at=clock.now(),
        )
        db.session.add(contact)
    return contact


def make_account(world, name="main", **values) -> Account:
    with transaction():
        row = ChannelAccount(
            ward_id=world.ward.id, channel=Channel.TELEGRAM, name=name, is_enabled=True, **values
        )
        db.session.add(row)
        db.session.flush()
        return Account(row.id, row.ward_id, row.channel, row.name)


def say(contact: Contact, *texts: str, **more) -> None:
    """Queue short texts; their keys are the texts themselves."""
    with transaction():
        for text in texts:
            say_to(contact, Prompt(text), notice="test", key=text, **more)


def rows() -> list[OutboxRow]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)))


def states() -> list[str]:
    return [row.state.value for row in rows()]


async def in_this_thread(function, /, *args):
    """The database's side of a courier, without a thread."""
    return function(*args)


async def at_once(_seconds: float) -> None:
    """The wait until a message may leave, where the clock stands still."""
    await asyncio.sleep(0)


@dataclass
class FakeSender:
    """Takes what it is given, or raises what was planned for the recipient. `took`: (who, words)."""

    took: list[tuple[str, str]] = field(default_factory=list)
    planned: dict[str, deque[BaseException]] = field(default_factory=lambda: defaultdict(deque))
    hold: asyncio.Event | None = None

    def fail(self, recipient: str, *errors: BaseException) -> None:
        self.planned[recipient].extend(errors)

    async def open(self) -> None:
        pass

    async def send(self, row: Delivery, prompt: Prompt) -> str:
        if self.hold:
            await self.hold.wait()
        if self.planned[row.recipient]:
            raise self.planned[row.recipient].popleft()
        self.took.append((row.recipient, prompt.text))
        return str(len(self.took))

    async def close(self) -> None:
        pass

    async def who(self) -> str:
        return "fake"


def make_courier(account: Account, sender, by="me", **more) -> Courier:
    return Courier(account, sender, by=by, in_db=in_this_thread, sleep=at_once, **more)


async def rounds(courier: Courier, most: int = 1) -> None:
    """So many rounds, each until everything it started has come back; then the last is settled."""
    for _ in range(most):
        await courier.turn()
        await courier.idle()
    await courier.turn()
    await courier.idle()
