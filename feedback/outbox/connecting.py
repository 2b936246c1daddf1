"""How accounts of a channel are connected and kept connected; each channel brings its own way."""

from typing import Protocol

from feedback.errors import Refusal
from feedback.people.models import Channel


class NotConnected(Refusal):
    """The provider did not give us the account; the sentence says why, and what to do."""

    status = 422


class Connector(Protocol):
    """What a channel with consent and tokens can do. None may be called inside a transaction."""

    def missing(self) -> list[str]:
        """Settings without which nothing can be connected."""

    def consent_url(self, callback: str, state: str, verifier: str) -> str:
        """Where an administrator of the account gives consent. `verifier`: PKCE, 43 characters."""

    def new_verifier(self) -> str:
        """A fresh PKCE verifier."""

    def connect(self, ward_id: int, code: str, verifier: str, named: str = "") -> int:
        """Exchange the code of a consent for tokens; the account's id. Raises NotConnected."""

    def paste(self, ward_id: int, access_token: str, refresh_token: str) -> int:
        """Take a pair of tokens as it is; the account's id. Raises NotConnected."""

    def look(self, account_id: int) -> None:
        """Ask the provider about the account, and remember it. Raises NotConnected."""

    def tend(self) -> int:
        """What must be done from time to time, such as renewing tokens; how much there was to do."""


_connectors: dict[Channel, Connector] = {}


def register(channel: Channel, connector: Connector) -> None:
    """Say how accounts of this channel are connected; called once at start-up."""
    _connectors[channel] = connector


def of(channel: Channel) -> Connector | None:
    return _connectors.get(channel)


def tend_all() -> int:
    """Tend the accounts of every channel; how much there was to do."""
    return sum(each.tend() for each in _connectors.values())
