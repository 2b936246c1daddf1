"""When each rung of the ladder is reached, for one date. Pure.

People are told of ordinary petitions in the morning of a working day, so that is when their rungs are
reached; of urgent ones at the minute itself. A rung that would come no sooner than a graver one is
passed over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from feedback.clock import ZONE
from feedback.reminders.ladder import Ladder, Rung
from feedback.worktime.calendar import Calendar

Spell = tuple[datetime, datetime]
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with what its rungs are counted from. `stood`: the pauses, in order, all ended.

    `is_minute`: the limit runs in hours, so it has passed at `due_at` itself and not at midnight.
    """

    step: str
    started_at: datetime
    due_at: datetime
    is_urgent: bool = False
    is_minute: bool = False
    stood: Sequence[Spell] = ()


def moments(dated: Dated, ladder: Ladder, calendar: Calendar) -> list[tuple[Rung, datetime]]:
    """Each rung that counts with its UTC instant, soonest first."""
    kept: list[tuple[Rung, datetime]] = []
    for rung in reversed(ladder.of(dated.step)):
        at = _moment(rung, dated, ladder.morning, calendar).astimezone(UTC)
        is_before_all = at < dated.started_at and not rung.is_late
        if not is_before_all and (not kept or at < kept[0][1]):
            kept.insert(0, (rung, at))
    return kept


def morning_at_or_after(at: datetime, morning: time, calendar: Calendar) -> datetime:
    """The next morning of a working day, this one's included if it is still to come. Local."""
    local = at.astimezone(ZONE)
    on = local.date() if local.time() <= morning else local.date() + _ONE_DAY
    return _morning(calendar.add_calendar_days(on, 0), morning)


def _moment(rung: Rung, dated: Dated, morning: time, calendar: Calendar) -> datetime:
    if rung.share is not None:
        at = _share(rung.share, dated, calendar)
        return at if dated.is_urgent else morning_at_or_after(at, morning, calendar)
    if rung.days == 0:
        if dated.is_urgent and dated.is_minute:
            return dated.due_at
        return morning_at_or_after(dated.due_at, morning, calendar)
    due_on = dated.due_at.astimezone(ZONE).date()
    on = calendar.add_working_days(due_on, rung.days or 0)
    if rung.weekly:
        on = _first_of_week(on, calendar)
    return _morning(on, morning)


def _share(share: float, dated: Dated, calendar: Calendar) -> datetime:
    """The instant at which so much of the working time between start and date has gone."""
    spells = list(_running(dated))
    left = share * sum(calendar.working_minutes_between(*spell) for spell in spells)
    for begins, ends in spells[:-1]:
        used = calendar.working_minutes_between(begins, ends)
        if left <= used:
            return calendar.add_working_minutes(begins, left)
        left -= used
    return calendar.add_working_minutes(spells[-1][0], left)


def _running(dated: Dated) -> Iterator[Spell]:
    """The spells in which the clock ran."""
    begins = dated.started_at
    for stops, goes_on in dated.stood:
        if goes_on <= begins or stops >= dated.due_at:
            continue
        yield begins, max(begins, stops)
        begins = goes_on
    yield begins, max(begins, dated.due_at)


def _first_of_week(on: date, calendar: Calendar) -> date:
    """The day itself if no working day of its week (from Monday) comes before it, else of the next."""
    while any(
        calendar.is_working_day(on - n * _ONE_DAY) for n in range(1, on.weekday() + 1)
    ) or not calendar.is_working_day(on):
        on += _ONE_DAY
    return on


def _morning(on: date, morning: time) -> datetime:
    return datetime.combine(on, morning, ZONE)
