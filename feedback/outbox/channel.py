"""What a channel can carry, what its sender must be able to say, and which channels have a sender.

A sender only sends or raises. Whether and when to try again is the outbox's business; whether trying
again can help is the channel's knowledge, and the class of what it raises says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from feedback.outbox.prompt import Prompt
from feedback.people.models import Channel

CALLBACK = "callback"  # the notice of a row that only takes the clock off a pressed button


@dataclass(frozen=True)
class Limits:
    """`text`: longest message, in UTF-16 units (an emoji is two). `per_second`: of the whole account.

    `chat_seconds` and `group_seconds`: the least time between two messages to one chat or group.
    """

    text: int
    per_second: int
    chat_seconds: float = 0.0
    group_seconds: float = 0.0
    is_group: Callable[[str], bool] = lambda _recipient: False

    def rest(self, recipient: str) -> float:
        """Seconds this recipient is left in peace after a message."""
        return self.group_seconds if self.is_group(recipient) else self.chat_seconds


# A channel that is not here carries no messages of ours: people on it read the web page or paper.
LIMITS: dict[Channel, Limits] = {
    Channel.TELEGRAM: Limits(
        text=4096,
        per_second=30,
        chat_seconds=1.0,
        group_seconds=3.0,  # 20 in a minute
        is_group=lambda recipient: recipient.startswith("-"),
    ),
    # 2000, with room for what a prompt's choices add; 4000 calls a minute, some of them uploads
    Channel.ZALO: Limits(text=1800, per_second=60, chat_seconds=0.2),
    Channel.EMAIL: Limits(text=100_000, per_second=10),
    Channel.CONSOLE: Limits(text=100_000, per_second=1000),
}
CHATS = LIMITS.keys() - {Channel.EMAIL}  # where people answer us


class DeliveryFailure(Exception):
    """The provider did not take the message, or we cannot tell."""


class TemporaryFailure(DeliveryFailure):
    """Surely not taken; later may work. `retry_after`: seconds the provider asked for.

    `whole_account`: it is not about this message or person; nothing can be sent for now.
    """

    def __init__(
        self, reason: str, *, retry_after: float | None = None, whole_account: bool = False
    ):
        super().__init__(reason)
        self.retry_after = retry_after
        self.whole_account = whole_account


class PermanentFailure(DeliveryFailure):
    """Never taken, however often we try. `unreachable`: nothing else will reach this person either."""

    def __init__(self, reason: str, *, unreachable: bool = False):
        super().__init__(reason)
        self.unreachable = unreachable


class Moved(DeliveryFailure):
    """The chat has a new address; everything for it goes there."""

    def __init__(self, address: str):
        super().__init__(f"moved to {address}")
        self.address = address


class AccountRefused(DeliveryFailure):
    """The provider does not know our account: an administrator must mend its credentials."""


class UnknownOutcome(DeliveryFailure):
    """Handed over, but no answer came back: it may have arrived. Never sent again by itself."""


@dataclass(frozen=True)
class Delivery:
    """One claimed outbox row, free of the database session."""

    id: int
    channel: Channel
    account: str
    recipient: str
    lane: str
    notice: str
    tries: int  # this one included
    created_at: datetime
    detail: dict[str, Any] = field(default_factory=dict)
    contact_id: int | None = None
    petition_id: int | None = None
    broadcast_id: int | None = None
    is_unreachable: bool | None = False  # the contact is known to take nothing

    @property
    def is_callback(self) -> bool:
        return self.notice == CALLBACK


class ChannelSender(Protocol):
    """One account of one channel. Lives in the worker's event loop from `open` to `close`."""

    async def open(self) -> None:
        """Get ready. Must succeed while the provider is down."""

    async def send(self, row: Delivery, prompt: Prompt) -> str:
        """Make one provider call; the provider's id of the message. Raises DeliveryFailure."""

    async def close(self) -> None:
        """Let go of connections."""

    async def who(self) -> str:
        """Ask the provider whom it takes us for. Raises DeliveryFailure."""


@dataclass(frozen=True)
class Account:
    """A channel account as its sender needs it; `credentials` may be empty (the settings' count)."""

    id: int
    ward_id: int
    channel: Channel
    name: str
    credentials: dict[str, Any] = field(default_factory=dict)


Factory = Callable[[Account], ChannelSender | None]
_factories: dict[Channel, Factory] = {}


def register(channel: Channel, factory: Factory) -> None:
    """Say how this channel's senders are made; called once at start-up by the composition."""
    _factories[channel] = factory


def set_pace(channel: Channel, per_second: int) -> None:
    """Let the accounts of a channel send so many messages a second."""
    LIMITS[channel] = replace(LIMITS[channel], per_second=per_second)


def make_sender(account: Account) -> ChannelSender | None:
    """A new sender for the account; None when the channel has none or nobody gave it credentials."""
    factory = _factories.get(account.channel)
    return factory(account) if factory else None
