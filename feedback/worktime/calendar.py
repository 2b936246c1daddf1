"""When a ward works, and how the law counts days and hours over it. Pure; local time throughout.

Bộ luật Dân sự 2015:
Đ.147: a limit in hours begins at its moment; in a limit of days the first day is not counted.
Đ.148: a limit whose last day is a weekend or holiday ends with the next working day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from feedback.clock import ZONE
from feedback.worktime.holidays import Day, DayKind, Window, shipped_days, shipped_years
from feedback.worktime.trace import Trace, odd_days, rolled, spells

OFFICE_WINDOWS: tuple[Window, ...] = ((time(8), time(12)), (time(13), time(17)))
MONDAY_TO_FRIDAY = frozenset(range(5))
_ONE_DAY = timedelta(days=1)
_NONE = timedelta()


class CalendarError(ValueError):
    """The calendar contradicts itself, or was asked about a time without a zone."""


@dataclass(frozen=True)
class Calendar:
    """A ward's working time.

    `days`: those that differ from their weekday; of two rows for one day the later holds.
    `week`: weekdays worked, Monday is 0. `windows`: office hours, local; `by_weekday`: weekdays
    with other hours. A make-up day is worked in the ordinary `windows` unless it has its own.

    Methods that count take an optional `trace`, a list to which they add the steps that explain
    the result. They take and return local dates, or aware instants (returned in local time).
    """

    days: tuple[Day, ...] = ()
    week: frozenset[int] = MONDAY_TO_FRIDAY
    windows: tuple[Window, ...] = OFFICE_WINDOWS
    by_weekday: Mapping[int, tuple[Window, ...]] = field(default_factory=dict, hash=False)
    known: Mapping[date, Day] = field(init=False, repr=False, compare=False)
    settled: Mapping[int, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {day.on: day for day in self.days}
        off = [day for day in self.days if day.kind is not DayKind.HOURS]
        years = {day.on.year for day in off}
        settled = {y: any(d.confirmed for d in off if d.on.year == y) for y in years}
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "settled", settled)
        if not self.week or not self.week <= frozenset(range(7)):
            raise CalendarError(f"week: weekdays are 0 to 6, at least one: {set(self.week)}")
        own = (day.windows for day in self.days if day.windows or day.kind is DayKind.HOURS)
        for windows in (self.windows, *self.by_weekday.values(), *own):
            _check(windows)

    def is_working_day(self, on: date) -> bool:
        day = self.known.get(on)
        return on.weekday() in self.week if day is None else day.is_worked

    def windows_on(self, on: date) -> tuple[Window, ...]:
        """The office hours of a day; of a day off, none."""
        if not self.is_working_day(on):
            return ()
        day = self.known.get(on)
        return self._usual(on) if day is None else day.windows or self.windows

    def closes(self, on: date) -> datetime:
        """When office hours end on a day (on a day off: when they would)."""
        windows = self.windows_on(on) or self._usual(on)
        return datetime.combine(on, windows[-1][1], ZONE)

    def is_office_time(self, at: datetime) -> bool:
        wall = _wall(at)
        return any(begins == wall for begins, _ in self._spells(wall, days=1))

    def next_office_time(self, at: datetime) -> datetime:
        """The instant itself in office hours, otherwise when the office next opens."""
        begins, _ = next(self._spells(_wall(at)))
        return begins.replace(tzinfo=ZONE)

    # -- days --------------------------------------------------------------------------------

    def add_calendar_days(self, on: date, days: int, trace: Trace | None = None) -> date:
        """`days` after a day, rolled forward to a working day (Đ.148).

        Negative: before it, rolled back ("chậm nhất 05 ngày trước ngày …").
        """
        last = to = on + timedelta(days=days)
        step = -_ONE_DAY if days < 0 else _ONE_DAY
        skipped = []
        while not self.is_working_day(to):
            skipped.append(to)
            to += step
        if trace is not None and to != last:
            trace.append(rolled(skipped, to, self.known))
        return to

    def add_working_days(self, on: date, days: int, trace: Trace | None = None) -> date:
        """The `days`-th working day strictly after a day (before it, if negative).

        Zero: the day itself, rolled forward.
        """
        if days == 0:
            return self.add_calendar_days(on, 0, trace)
        step, left = (_ONE_DAY, days) if days > 0 else (-_ONE_DAY, -days)
        odd = []
        while left:
            on += step
            works = self.is_working_day(on)
            left -= works
            if not works or on in self.known:
                odd.append(on)
        if trace is not None:
            trace.extend(odd_days(odd, self.known))
        return on

    def working_days_between(self, after: date, until: date) -> int:
        """Working days in (after, until]; negative if `until` comes first."""
        if until < after:
            return -self.working_days_between(until, after)
        span = (until - after).days
        return sum(self.is_working_day(after + timedelta(days=n)) for n in range(1, span + 1))

    # -- hours -------------------------------------------------------------------------------

    def add_working_hours(
        self, start: datetime, hours: float, trace: Trace | None = None
    ) -> datetime:
        """`hours` of office time after an instant, over lunch, nights, weekends and holidays."""
        return self.add_working_minutes(start, hours * 60, trace)

    def add_working_minutes(
        self, start: datetime, minutes: float, trace: Trace | None = None
    ) -> datetime:
        """`minutes` of office time after an instant; a spell used up ends at its closing time."""
        if minutes < 0:
            raise CalendarError("hours are counted forward only")
        left = timedelta(minutes=minutes)
        used = []
        for begins, ends in self._spells(_wall(start)):
            ends = min(ends, begins + left)
            used.append((begins, ends))
            left -= ends - begins
            if left <= _NONE:
                break
        if trace is not None:
            trace.extend(spells(used, self.known))
        return used[-1][1].replace(tzinfo=ZONE)

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of office time in [start, end); negative if `end` comes first."""
        begin, until = _wall(start), _wall(end)
        if until < begin:
            return -self.working_minutes_between(end, start)
        spent = _NONE
        for begins, ends in self._spells(begin, days=(until.date() - begin.date()).days + 1):
            spent += max(_NONE, min(ends, until) - begins)
        return int(spent.total_seconds()) // 60

    def _spells(
        self, wall: datetime, days: int | None = None
    ) -> Iterator[tuple[datetime, datetime]]:
        """Spells of office time from a local time on, the first one cut; for `days` days."""
        on = wall.date()
        while days is None or days > 0:
            for opens, closes in self.windows_on(on):
                ends = datetime.combine(on, closes)
                if wall < ends:
                    yield max(wall, datetime.combine(on, opens)), ends
            on += _ONE_DAY
            days = None if days is None else days - 1

    def _usual(self, on: date) -> tuple[Window, ...]:
        return self.by_weekday.get(on.weekday(), self.windows)

    # -- how far it can be trusted -------------------------------------------------------------

    def caveat(self, year: int) -> str | None:
        """What to tell the reader of a date in this year, if its days off are not settled.

        A year is settled once one of its days is confirmed; a single day still in doubt says so
        itself (`Day.why`).
        """
        if self.settled.get(year):
            return None
        if year in self.settled:
            return f"Lịch nghỉ năm {year} mới là dự kiến: ngày này có thể thay đổi."
        return f"Chưa có lịch nghỉ năm {year}: ngày này có thể thay đổi."


@lru_cache(maxsize=1)
def shipped_calendar() -> Calendar:
    """Ordinary office hours and every shipped day: what a ward starts from."""
    return Calendar(tuple(shipped_days(shipped_years())))


def _check(windows: tuple[Window, ...]) -> None:
    edges = [edge for window in windows for edge in window]
    if not windows or any(a >= b for a, b in zip(edges, edges[1:], strict=False)):
        raise CalendarError(f"windows: spells in order, none empty, at least one: {windows}")


def _wall(at: datetime) -> datetime:
    """The local wall time, without zone: Viet Nam has no summer time, so it can be counted on."""
    if at.tzinfo is None:
        raise CalendarError(f"an instant needs a time zone: {at!r}")
    return at.astimezone(ZONE).replace(tzinfo=None)
