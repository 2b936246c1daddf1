"""The only reader of the clock. Instants are UTC-aware; days are days in Viet Nam."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Viet Nam."""
    return now().astimezone(ZONE).date()


def local(instant: datetime) -> datetime:
    """The same instant on a Vietnamese wall clock."""
    return instant.astimezone(ZONE)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside the block it is `instant` (aware): how the demonstration lives through its past."""
    token = _pretended.set(instant)
    try:
        yield
    finally:
        _pretended.reset(token)
