"""At which hours people are written to: `settings["broadcast_hours"]`, local, every day of the week."""

from datetime import datetime, time, timedelta

from feedback import clock
from feedback.wards.setup import Setup
from feedback.worktime.holidays import Window

KEY = "broadcast_hours"
ORDINARY = ("07:00-21:00",)


def windows_of(setup: Setup) -> tuple[Window, ...]:
    """From–to of each part of the day, earliest first."""
    said = setup.settings.get(KEY) or ORDINARY
    return tuple(sorted(_read(window) for window in said))


def is_open(now: datetime, setup: Setup) -> bool:
    at = clock.local(now).time()
    return any(opens <= at < closes for opens, closes in windows_of(setup))


def next_open(now: datetime, setup: Setup) -> datetime:
    """`now` when it is allowed, else the next instant that is."""
    if is_open(now, setup):
        return now
    local = clock.local(now)
    starts = (
        datetime.combine(local.date() + timedelta(days=day), opens, clock.ZONE)
        for day in (0, 1)
        for opens, _ in windows_of(setup)
    )
    return next(at for at in starts if at > now)


def words(setup: Setup) -> str:
    """'07:00–21:00'"""
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in windows_of(setup))


def _read(window: str) -> Window:
    opens, _, closes = window.partition("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
