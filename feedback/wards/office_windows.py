"""A ward's office hours, weekday by weekday: `settings["office_windows"]`, over the ordinary ones.

Kept as `{"0": ["08:00-12:00", "13:00-17:00"], …, "5": []}`, Monday is 0; a weekday without windows is
not worked, and its days are not counted as working days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import time

from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.wards import edits
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.calendar import MONDAY_TO_FRIDAY, OFFICE_WINDOWS
from feedback.worktime.holidays import Window
from feedback.worktime.words import WEEKDAYS

KEY = "office_windows"
Week = tuple[tuple[Window, ...], ...]  # Monday to Sunday
ORDINARY_WEEK: Week = tuple(OFFICE_WINDOWS if day in MONDAY_TO_FRIDAY else () for day in range(7))


def week_of(setup: Setup) -> Week:
    """The windows of each weekday, Monday first."""
    own = setup.settings.get(KEY)
    if not own:
        return ORDINARY_WEEK
    return tuple(read_windows(own.get(str(day), ())) for day in range(7))


def with_week(setup: Setup, week: Week) -> Setup:
    """The set-up as it would be with these windows; nothing is written."""
    return replace(setup, settings={**setup.settings, KEY: _stored(week)}, memory={})


def set_week(ward_id: int, week: Sequence[Sequence[Window]], *, by: Actor) -> bool:
    """Say when the office is open; whether that is new. Raises NotAllowed, BadInput."""
    ward = edits.begin(ward_id, by)
    wanted = checked(week)
    before = week_of(setup_of(ward_id))
    if wanted == before:
        return False
    ward.settings = {**ward.settings, KEY: _stored(wanted)}
    edits.note("calendar.hours", ward_id, by, before=_stored(before), after=_stored(wanted))
    return True


def checked(week: Sequence[Sequence[Window]]) -> Week:
    """Raises BadInput naming the weekday: windows must follow one another, some day must be worked."""
    wrong = {}
    for day, windows in enumerate(week):
        if not in_order(windows):
            wrong[f"day{day}"] = (
                f"{WEEKDAYS[day]}: giờ sau phải muộn hơn giờ trước, buổi chiều sau buổi sáng."
            )
    if wrong:
        raise BadInput(fields=wrong)
    if not any(week):
        raise BadInput(fields={"day0": "Phải có ít nhất một ngày làm việc trong tuần."})
    return tuple(tuple(windows) for windows in week)


def _stored(week: Week) -> dict[str, list[str]]:
    return {str(day): written(windows) for day, windows in enumerate(week)}


def written(windows: Iterable[Window]) -> list[str]:
    """["08:00-12:00", "13:00-17:00"]"""
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in windows]


def read_windows(texts: Iterable[str]) -> tuple[Window, ...]:
    """The opposite of `written`."""
    pairs = (text.partition("-") for text in texts)
    return tuple(
        (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, _, closes in pairs
    )


def in_order(windows: Sequence[Window]) -> bool:
    """Whether they follow one another."""
    edges = [edge for window in windows for edge in window]
    return all(a < b for a, b in zip(edges, edges[1:], strict=False))
