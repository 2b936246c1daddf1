"""Addresses of pages, for messages, letters and QR codes."""

_public_url = "http://127.0.0.1:8000"


def use_public_url(url: str) -> None:
    """Set the address residents open (no slash at the end)."""
    global _public_url
    _public_url = url.rstrip("/")


def tracking(token: str) -> str:
    """The tracking page of a petition; its token is the secret."""
    return f"{_public_url}/t/{token}"


def desk() -> str:
    """Where an officer finds their work."""
    return f"{_public_url}/desk/"


def case(number: str) -> str:
    """A petition's page for officers, who log in to read it."""
    return f"{_public_url}/desk/cases/{number}"


def channels() -> str:
    """Where an administrator connects chat accounts."""
    return f"{_public_url}/desk/settings/channels"


def consented(channel: str) -> str:
    """Where a provider sends an administrator back after the consent."""
    return f"{channels()}/{channel}/consent"
