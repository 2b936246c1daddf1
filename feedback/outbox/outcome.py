"""What a failed send means for the message: over, unknown, or again, and when. Pure."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback.outbox.channel import (
    Delivery,
    DeliveryFailure,
    Moved,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.models import OutboxState

MOST_TRIES = 12
LONGEST_WAIT = 900.0  # seconds between two tries of one message
GIVE_UP_AFTER = timedelta(days=7)

_random = random.Random()  # noqa: S311  spreads tries in time


@dataclass(frozen=True)
class Outcome:
    """What became of one claimed row. `wait`: seconds until the next try of a row queued again."""

    state: OutboxState
    provider_id: str | None = None
    error: str | None = None
    wait: float = 0.0
    is_counted: bool = True
    is_unreachable: bool = False
    moved_to: str | None = None


def outcome_of(
    row: Delivery, error: BaseException, now: datetime, spread: float | None = None
) -> Outcome:
    """The outcome of a send that raised. `spread`: the jitter factor, random unless given."""
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, PermanentFailure):
        return Outcome(OutboxState.FAILED, error=str(error), is_unreachable=error.unreachable)
    if not isinstance(error, DeliveryFailure) or isinstance(error, UnknownOutcome):
        return Outcome(OutboxState.UNKNOWN, error=words)
    is_counted, wait = _patience(row, error, spread or _random.uniform(0.8, 1.2))
    is_too_late = row.is_callback or now - row.created_at > GIVE_UP_AFTER
    if is_too_late or (is_counted and row.tries >= MOST_TRIES):
        return Outcome(OutboxState.FAILED, error=f"{words} (given up at try {row.tries})")
    address = error.address if isinstance(error, Moved) else None
    return Outcome(
        OutboxState.QUEUED, error=words, wait=wait, is_counted=is_counted, moved_to=address
    )


def _patience(row: Delivery, error: DeliveryFailure, spread: float) -> tuple[bool, float]:
    """Whether this try counts, and the seconds until the next one.

    What is not about this message does not count: a provider that is down for a day loses nothing.
    """
    if isinstance(error, TemporaryFailure):
        if error.whole_account:
            return False, 0.0
        if error.retry_after:
            return False, error.retry_after
        return True, min(2.0**row.tries, LONGEST_WAIT) * spread
    return isinstance(error, Moved), 0.0
