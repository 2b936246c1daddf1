"""A ward's working calendar: the shipped days, then the ward's own rows over them."""

from feedback.wards.setup import Setup
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
    shipped = shipped_calendar()
    if not setup.days:
        return shipped
    own = {row.day: row for row in setup.days}
    days = [day for day in shipped.days if day.on not in own]
    days += [
        Day(row.day, row.name, DayKind(row.kind), row.source, row.is_confirmed)
        for row in own.values()
        if row.kind != ORDINARY
    ]
    return Calendar(tuple(days))
