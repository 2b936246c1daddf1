"""How accounts of a channel are connected and kept connected; each channel brings its own way."""

from collections.abc import Callable
from typing import Protocol

from feedback.errors import Refusal
from feedback.people.models import Channel


class NotConnected(Refusal):
    """The provider did not give us the account; the sentence says why, and what to do."""

    status = 422


class Connector(Protocol):
    """What a channel with consent and tokens can do. None may be called inside a transaction."""

    def missing(self) -> list[str]:
        """Names of the settings without which nothing can be connected."""

    def challenge(self) -> str:
        """The PKCE code challenge, as the provider's console wants it typed in."""

    def consent_url(self, callback: str, state: str) -> str:
        """Where an administrator of the account gives consent."""

    def connect(self, ward_id: int, code: str, named: str = "") -> int:
        """Exchange the code of a consent for tokens; the account's id. Raises NotConnected."""

    def paste(self, ward_id: int, access_token: str, refresh_token: str) -> int:
        """Take a pair of tokens as it is; the account's id. Raises NotConnected."""

    def look(self, account_id: int) -> None:
        """Ask the provider about the account, and remember it. Raises NotConnected."""

    def tend(self) -> int:
        """What must be done from time to time, such as renewing tokens; how much there was to do."""


_ways: dict[Channel, Callable[[], Connector]] = {}


def register(channel: Channel, way: Callable[[], Connector]) -> None:
    """Say how accounts of this channel are connected; called once at start-up."""
    _ways[channel] = way


def of(channel: Channel) -> Connector | None:
    way = _ways.get(channel)
    return way() if way else None


def tend_all() -> int:
    """Tend the accounts of every channel; how much there was to do."""
    return sum(way().tend() for way in _ways.values())
