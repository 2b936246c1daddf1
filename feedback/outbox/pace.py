"""How fast one account may go on: the provider's limits, kept on our side of the wire."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedback.outbox.channel import Delivery, Limits

SECOND = timedelta(
    seconds=1.03
)  # a little more, for what the wire adds to one message and not the next
BURST = 6  # at most so many at once; the rest evenly, so that they arrive as they left
BURST_SECONDS = 0.1  # … of a faster account, what it may send in this time
LONGEST_SILENCE = 60.0  # seconds between two attempts to reach a provider that is down


@dataclass
class Pace:
    """One account's pace. A provider does not say whether 429 is about the chat or the whole bot:
    when a second lane is told to wait while the first one is waiting, the account waits.
    """

    limits: Limits
    _sent: deque[datetime] = field(default_factory=deque)
    _credit: float = 0.0
    _counted_at: datetime | None = None
    _resting: dict[str, datetime] = field(default_factory=dict)
    _waiting: dict[str, datetime] = field(default_factory=dict)
    _silent_until: datetime | None = None
    _silences: int = 0

    def __post_init__(self) -> None:
        self._burst = max(BURST, int(self.limits.per_second * BURST_SECONDS))
        self._credit = self._burst

    def room(self, now: datetime) -> int:
        """How many messages may go out at this instant."""
        if self._silent_until and now < self._silent_until:
            return 0
        while self._sent and now - self._sent[0] >= SECOND:
            self._sent.popleft()
        passed = (now - self._counted_at).total_seconds() if self._counted_at else 0.0
        self._credit = min(self._credit + max(passed, 0.0) * self.limits.per_second, self._burst)
        self._counted_at = now
        return min(int(self._credit + 0.001), self.limits.per_second - len(self._sent))

    def resting(self, now: datetime) -> list[str]:
        """The lanes that must be left in peace at this instant."""
        self._resting = {lane: until for lane, until in self._resting.items() if until > now}
        return sorted(self._resting)

    def next_change(self, now: datetime) -> float | None:
        """Seconds until something held back by the pace may go on; None when nothing is held back."""
        ends = list(self._resting.values())
        if self._silent_until and self._silent_until > now:
            ends.append(self._silent_until)
        elif self.room(now) <= 0:
            ends.append(now + timedelta(seconds=1 / self.limits.per_second))
            if len(self._sent) >= self.limits.per_second:
                ends[-1] = self._sent[0] + SECOND
        return max(0.0, (min(ends) - now).total_seconds()) if ends else None

    def took(self, row: Delivery, now: datetime) -> None:
        """A message is on its way."""
        self._sent.append(now)
        self._credit -= 1
        rest = self.limits.rest(row.recipient)
        if rest and not row.is_callback:
            self._resting[row.lane] = now + timedelta(seconds=rest)

    def told_to_wait(self, row: Delivery, now: datetime, seconds: float) -> None:
        """The provider answered 429 for this lane."""
        self._waiting = {lane: until for lane, until in self._waiting.items() if until > now}
        if self._waiting.keys() - {row.lane}:
            self._silent_until = now + timedelta(seconds=seconds)
        self._waiting[row.lane] = self._resting[row.lane] = now + timedelta(seconds=seconds)

    def fall_silent(self, now: datetime) -> None:
        """The provider is down or does not know us: try again later, and later still."""
        if self._silent_until and now < self._silent_until:
            return
        pause = min(2.0**self._silences, LONGEST_SILENCE)
        self._silences += 1
        self._silent_until = now + timedelta(seconds=pause)

    def answered(self) -> None:
        """The provider is there."""
        self._silences = 0
