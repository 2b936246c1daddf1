"""Editing a ward's working calendar: days that differ from their weekday, and years confirmed by a decision.

The shipped days hold until the ward says otherwise; its own rows lie over them. What follows for petitions
is done by `feedback/reminders/calendar_edits.py`, which entry points call.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.text import squeeze
from feedback.wards import edits
from feedback.wards.calendar_rows import ORDINARY, calendar_of
from feedback.wards.models import DayRule
from feedback.wards.office_windows import in_order, written
from feedback.wards.setup import Setup, Special, setup_of
from feedback.worktime.calendar import MONDAY_TO_FRIDAY
from feedback.worktime.holidays import Day, DayKind, shipped_days
from feedback.worktime.words import day_name

WARN_FROM = (11, 1)  # month and day from which next year should be confirmed
YEARS = range(2020, 2100)
LONGEST = {"name": 160}


def write(ward_id: int, days: Iterable[Day], *, by: Actor) -> list[date]:
    """Set these days; those that became different. Raises NotAllowed, BadInput naming the day."""
    edits.begin(ward_id, by)
    calendar = calendar_of(setup_of(ward_id))
    wanted = {day.on: checked(day, calendar.week) for day in days}
    known = _rows(ward_id)
    changed = [on for on, day in wanted.items() if calendar.known.get(on) != day]
    for on in changed:
        _put(ward_id, known.get(on), wanted[on])
    db.session.flush()
    for on in changed:
        edits.note("calendar.day_set", ward_id, by, **_told(wanted[on]))
    return changed


def erase(ward_id: int, on: date, *, by: Actor) -> list[date]:
    """Make a day like its weekday again; the day, or nothing if it was. Raises NotAllowed."""
    edits.begin(ward_id, by)
    if on not in calendar_of(setup_of(ward_id)).known:
        return []
    own = _rows(ward_id).get(on)
    if own is not None:
        db.session.delete(own)
        db.session.flush()
    if on in calendar_of(setup_of(ward_id)).known:  # a shipped day, which only a row can undo
        row = DayRule(ward_id=ward_id, day=on, kind=ORDINARY, name="Ngày thường", source="")
        db.session.add(row)
        db.session.flush()
    edits.note("calendar.day_removed", ward_id, by, day=on.isoformat())
    return [on]


def confirm(ward_id: int, year: int, decision_no: str, *, by: Actor) -> list[date]:
    """Take the year's days, as they stand, as settled by a decision; its days.

    Raises NotAllowed, BadInput without a decision or for a year nobody can know.
    """
    edits.begin(ward_id, by)
    decision = squeeze(decision_no)
    if not decision:
        raise BadInput(fields={"decision_no": "Vui lòng ghi số văn bản thông báo lịch nghỉ."})
    if year not in YEARS:
        raise BadInput(fields={"year": "Năm chưa đúng."})
    known = _rows(ward_id)
    days = days_of(ward_id, year)
    for day in days:
        if day.kind is not DayKind.HOURS:  # those are the ward's own to decide
            _put(ward_id, known.get(day.on), replace(day, source=decision, confirmed=True))
    db.session.flush()
    edits.note("calendar.confirmed", ward_id, by, year=year, decision_no=decision)
    return [day.on for day in days]


def doubt(ward_id: int, year: int, *, by: Actor) -> list[date]:
    """Take the confirmation back: the year's days are expected, no more. Raises NotAllowed."""
    edits.begin(ward_id, by)
    if not calendar_of(setup_of(ward_id)).settled.get(year):
        return []
    known = _rows(ward_id)
    days = days_of(ward_id, year)
    for day in days:
        _put(ward_id, known.get(day.on), replace(day, confirmed=False))
    db.session.flush()
    edits.note("calendar.doubted", ward_id, by, year=year)
    return [day.on for day in days]


def with_days(setup: Setup, days: Iterable[Day], removed: Iterable[date] = ()) -> Setup:
    """The set-up as it would be with these days set and those like their weekday; nothing is written."""
    rows = {row.day: row for row in setup.days}
    for day in days:
        windows = ",".join(written(day.windows))
        rows[day.on] = Special(day.on, day.kind.value, day.name, day.source, day.confirmed, windows)
    for on in removed:
        rows[on] = Special(on, ORDINARY, "", "", False)
    return replace(setup, days=tuple(rows.values()), memory={})


def offered(ward_id: int, year: int) -> list[Day]:
    """What ships (or is expected) for a year and differs from what the ward has, by date."""
    known = calendar_of(setup_of(ward_id)).known
    shipped = shipped_days([year])
    return [day for day in shipped if not _same(known.get(day.on), day)]


def _same(own: Day | None, shipped: Day) -> bool:
    """Whose decision it was does not matter here, only what the day is."""
    return own is not None and (own.kind, own.name) == (shipped.kind, shipped.name)


def days_of(ward_id: int, year: int) -> list[Day]:
    """The year's days as the ward has them, by date; of a year not shipped, with what is expected."""
    setup = setup_of(ward_id)
    own = {row.day for row in setup.days}
    days = {day.on: day for day in shipped_days([year]) if day.on not in own}
    days |= {on: day for on, day in calendar_of(setup).known.items() if on.year == year}
    return [days[on] for on in sorted(days)]


def years_to_know(today: date) -> list[int]:
    """The years whose days off should be confirmed: this one, and from 1 November the next."""
    is_late = (today.month, today.day) >= WARN_FROM
    return [today.year, today.year + 1] if is_late else [today.year]


def calendar_warning(ward_id: int, today: date) -> str | None:
    """What the administrator must be told while such a year is not confirmed."""
    settled = calendar_of(setup_of(ward_id)).settled
    waiting = [str(year) for year in years_to_know(today) if not settled.get(year)]
    if not waiting:
        return None
    return (
        f"Lịch nghỉ năm {' và '.join(waiting)} chưa được xác nhận theo văn bản của Nhà nước: "
        "các hạn trong năm này mới là dự kiến. Vào Thiết lập, mục Lịch làm việc để đối chiếu và xác nhận."
    )


def checked(day: Day, week: frozenset[int] = MONDAY_TO_FRIDAY) -> Day:
    """Raises BadInput for a day without a name, out of range, made up on a working day, or with wrong hours."""
    name = squeeze(day.name)
    wrong = {
        "name": not name or len(name) > LONGEST["name"],
        "day": day.on.year not in YEARS,
        "kind": day.is_worked and (day.on.weekday() in week) == (day.kind is DayKind.MAKEUP),
        "hours": not _holds(day),
    }
    sentences = {
        "name": "Vui lòng ghi tên ngày, nhiều nhất 160 chữ.",
        "day": "Ngày chưa đúng.",
        "kind": "Ngày làm bù phải là ngày nghỉ hằng tuần."
        if day.kind is DayKind.MAKEUP
        else "Ngày nghỉ hằng tuần không đặt giờ riêng; nếu phải đi làm thì chọn Làm bù.",
        "hours": "Ghi giờ làm việc của ngày này: giờ sau phải muộn hơn giờ trước."
        if day.is_worked
        else "Ngày nghỉ thì không có giờ làm việc.",
    }
    if fields := {
        key: f"{day_name(day.on)}: {sentences[key]}" for key, is_ in wrong.items() if is_
    }:
        raise BadInput(fields=fields)
    return replace(day, name=name, source=squeeze(day.source))


def _holds(day: Day) -> bool:
    """Hours of its own belong to a day that is worked; a day that is nothing else must have them."""
    if not day.is_worked:
        return not day.windows
    return in_order(day.windows) and (bool(day.windows) or day.kind is DayKind.MAKEUP)


def _rows(ward_id: int) -> dict[date, DayRule]:
    query = sa.select(DayRule).where(DayRule.ward_id == ward_id)
    return {row.day: row for row in db.session.scalars(query)}


def _put(ward_id: int, row: DayRule | None, day: Day) -> None:
    if row is None:
        row = DayRule(ward_id=ward_id, day=day.on)
        db.session.add(row)
    row.kind, row.name, row.source = day.kind.value, day.name, day.source
    row.is_confirmed, row.windows = day.confirmed, ",".join(written(day.windows))


def _told(day: Day) -> dict[str, Any]:
    return {
        "day": day.on.isoformat(),
        "kind": day.kind.value,
        "name": day.name,
        "source": day.source,
        "hours": written(day.windows),
    }
