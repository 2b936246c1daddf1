"""How fast one account may go on: the provider's limits, kept on our side of the wire."""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from feedback.outbox.channel import Delivery, Limits

SECOND = timedelta(seconds=1.002)  # a little more, for two clocks that do not run quite alike
BURST = (
    6  # so many may go out together; the rest at no more than twice the pace, lest they queue up
)
LONGEST_SILENCE = 60.0  # seconds between two attempts to reach a provider that is down
ANY_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass
class Pace:
    """One account's pace: as many places as messages a second, each taken from before a message leaves until
    a second after its answer came.

    The provider counted the message somewhere between the two, so no second of the provider's own clock can
    hold more messages than there are places, however long the wire. What that costs is the time an answer
    takes: with 5 ms 99.3 % of the rate are held, with 100 ms 91 %.

    A provider does not say whether 429 is about the chat or the whole bot: when a second lane is told to
    wait while the first one is waiting, the account waits.
    """

    limits: Limits
    _free_at: deque[datetime] = field(default_factory=deque)  # of places no message holds, in order
    _even_at: datetime = ANY_TIME  # when the next message would leave if none had left in a burst
    _resting: dict[str, datetime] = field(default_factory=dict)
    _waiting: dict[str, datetime] = field(default_factory=dict)
    _silent_until: datetime = ANY_TIME
    _silences: int = 0

    def __post_init__(self) -> None:
        self._free_at.extend([ANY_TIME] * self.limits.per_second)
        self._gap = timedelta(seconds=0.5 / self.limits.per_second)

    def follow(self, last_sent_at: datetime) -> None:
        """Somebody else sent from this account before us, last at this instant."""
        earliest = last_sent_at + SECOND
        self._free_at = deque(max(each, earliest) for each in self._free_at)

    def room(self, now: datetime, ahead: timedelta = timedelta()) -> int:
        """How many messages may leave at this instant, or not later than `ahead` of it."""
        if self.is_silent(now):
            return 0
        evenly = BURST + (now + ahead - max(self._even_at, now)) // self._gap
        return max(0, min(bisect_right(self._free_at, now + ahead), evenly))

    def resting(self, now: datetime) -> list[str]:
        """The lanes that must be left in peace at this instant."""
        self._resting = {lane: until for lane, until in self._resting.items() if until > now}
        return sorted(self._resting)

    def take(self, now: datetime) -> datetime:
        """Take a place, of which there must be one; when its message may leave."""
        self._even_at = max(self._even_at, now)
        leaves_at = max(self._free_at.popleft(), now, self._even_at - (BURST - 1) * self._gap)
        self._even_at = max(self._even_at, leaves_at) + self._gap
        return leaves_at

    def give_back(self, row: Delivery, now: datetime) -> None:
        """An answer came, or none will: the place and the chat may be used again after their time."""
        self._free_at.append(now + SECOND)
        rest = self.limits.rest(row.recipient)
        if rest and not row.is_callback:
            until = now + timedelta(seconds=rest)
            self._resting[row.lane] = max(self._resting.get(row.lane, until), until)

    def is_silent(self, now: datetime) -> bool:
        """Whether the whole account must be left in peace at this instant."""
        return now < self._silent_until

    def told_to_wait(self, row: Delivery, now: datetime, seconds: float) -> None:
        """The provider answered 429 for this lane."""
        self._waiting = {lane: until for lane, until in self._waiting.items() if until > now}
        if self._waiting.keys() - {row.lane}:
            self._silent_until = now + timedelta(seconds=seconds)
        self._waiting[row.lane] = self._resting[row.lane] = now + timedelta(seconds=seconds)

    def fall_silent(self, now: datetime) -> None:
        """The provider is down or does not know us: try again later, and later still."""
        if self.is_silent(now):
            return
        pause = min(2.0**self._silences, LONGEST_SILENCE)
        self._silences += 1
        self._silent_until = now + timedelta(seconds=pause)

    def answered(self) -> None:
        """The provider is there."""
        self._silences = 0
