"""A ward's working calendar: the shipped days, the ward's own rows over them, and its office hours."""

from collections.abc import Sequence

from feedback.wards.office_windows import ORDINARY_WEEK, read_windows, week_of
from feedback.wards.setup import Setup, Special
from feedback.worktime.calendar import Calendar, shipped_calendar
from feedback.worktime.holidays import Day, DayKind

ORDINARY = "ordinary"  # kind of a row that only takes a shipped day away


def calendar_of(setup: Setup) -> Calendar:
    """The calendar of a ward; remembered with the set-up it was made from."""
    known: Calendar | None = setup.memory.get("calendar")
    if known is None:
        known = setup.memory["calendar"] = _make(setup)
    return known


def _make(setup: Setup) -> Calendar:
    shipped, week = shipped_calendar(), week_of(setup)
    if not setup.days and week == ORDINARY_WEEK:
        return shipped
    days = _over(shipped.days, setup.days)
    open_on = [day for day, windows in enumerate(week) if windows]
    usual = week[open_on[0]]
    return Calendar(
        days,
        week=frozenset(open_on),
        windows=usual,
        by_weekday={day: week[day] for day in open_on if week[day] != usual},
    )


def _over(shipped: Sequence[Day], rows: Sequence[Special]) -> tuple[Day, ...]:
    own = {row.day: row for row in rows}
    days = [day for day in shipped if day.on not in own]
    days += [
        Day(
            row.day,
            row.name,
            DayKind(row.kind),
            row.source,
            row.is_confirmed,
            read_windows(filter(None, row.windows.split(","))),
        )
        for row in own.values()
        if row.kind != ORDINARY
    ]
    return tuple(days)
