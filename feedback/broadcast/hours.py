"""At which hours people are written to: `settings["broadcast_hours"]`, local, every day of the week."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.wards import edits
from feedback.wards.office_windows import in_order, read_windows, written
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.holidays import Window

KEY = "broadcast_hours"
ORDINARY = ("07:00-21:00",)


def windows_of(setup: Setup) -> tuple[Window, ...]:
    """From–to of each part of the day, earliest first."""
    return tuple(sorted(read_windows(setup.settings.get(KEY) or ORDINARY)))


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


def reminding_at(at: datetime, event_at: datetime, setup: Setup) -> datetime:
    """`at`, or the first allowed instant after it if that is on the same day and before the event: nobody is
    woken for a reminder, and nobody goes without."""
    opens = next_open(at, setup)
    is_same_day = clock.local(opens).date() == clock.local(at).date()
    return opens if is_same_day and opens < event_at else at


def words(setup: Setup) -> str:
    """'07:00–21:00'"""
    return _said(windows_of(setup))


def save(windows: Sequence[Window], *, by: Actor) -> bool:
    """Write to people in these hours from now on; False when nothing changed. Raises NotAllowed, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    if not windows:
        raise BadInput(fields={"hours": "Xin ghi ít nhất một khoảng giờ."})
    if not in_order(windows):
        raise BadInput(fields={"hours": "Giờ sau phải muộn hơn giờ trước."})
    before = windows_of(setup_of(ward.id))
    if tuple(windows) == before:
        return False
    ward.settings = {**ward.settings, KEY: written(windows)}
    changes = {"Giờ gửi thông báo": [_said(before), _said(windows)]}
    edits.note("broadcast.hours_changed", ward.id, by, changes=changes)
    db.session.flush()
    return True


def _said(windows: Sequence[Window]) -> str:
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in windows)
