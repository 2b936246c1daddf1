"""A ward's working calendar: the shipped days, then the ward's own rows over them."""

from feedback.wards.setup import Setup
from feedback.worktime.calendar import Calendar, shipped_calendar
from feedback.worktime.holidays import Day, DayKind


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
    own = tuple(
        Day(row.day, row.name, DayKind(row.kind), row.source, row.is_confirmed)
        for row in setup.days
    )
    return Calendar((*shipped.days, *own))
