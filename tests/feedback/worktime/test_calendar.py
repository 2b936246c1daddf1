"""Counting days and hours: the awkward ones by hand, all of them against two other programs."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
import workclock
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import ZONE
from feedback.worktime.calendar import Calendar, CalendarError, shipped_calendar
from feedback.worktime.holidays import Day, DayKind, shipped_years
from feedback.worktime.trace import Trace
from tests.feedback.worktime.oracle import vietnam

SHIPPED = shipped_calendar()
LIBRARY = vietnam(shipped_years())
FIRST, LAST = date(2024, 1, 1), date(2030, 6, 30)
dates = st.dates(FIRST, LAST)
instants = st.builds(
    lambda on, minute: datetime.combine(on, time(), ZONE) + timedelta(minutes=minute),
    dates,
    st.integers(0, 24 * 60 - 1),
)


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)


def texts(trace: Trace) -> str:
    return "\n".join(step["text"] for step in trace)


# -- days -------------------------------------------------------------------------------------------


@given(dates)
def test_a_working_day_is_one_for_the_library_too(on: date) -> None:
    assert SHIPPED.is_working_day(on) == LIBRARY.is_working_day(on)


@given(dates, st.integers(-60, 60))
def test_working_days_are_counted_as_the_library_counts(on: date, days: int) -> None:
    assert SHIPPED.add_working_days(on, days) == LIBRARY.get_nth_working_day(on, days)


@given(dates, st.integers(0, 120))
def test_calendar_days_end_on_the_next_working_day(on: date, days: int) -> None:
    last = on + timedelta(days=days)
    assert SHIPPED.add_calendar_days(on, days) == LIBRARY.get_nth_working_day(last, 0)


@given(dates, st.integers(1, 60))
def test_counting_between_undoes_adding(on: date, days: int) -> None:
    end = SHIPPED.add_working_days(on, days)
    assert SHIPPED.working_days_between(on, end) == days
    assert SHIPPED.working_days_between(end, on) == -days


@given(dates, dates)
def test_working_days_between_agrees_with_the_library(one: date, other: date) -> None:
    one, other = min(one, other), min(max(one, other), min(one, other) + timedelta(days=400))
    counted = LIBRARY.get_working_days_count(one, other) - LIBRARY.is_working_day(one)
    assert SHIPPED.working_days_between(one, other) == counted


@given(dates, st.integers(0, 60), st.sampled_from(["add_calendar_days", "add_working_days"]))
def test_a_later_start_is_never_due_earlier(on: date, days: int, method: str) -> None:
    add = getattr(SHIPPED, method)
    assert add(on, days) <= add(on + timedelta(days=1), days)


def test_around_tet_2026() -> None:
    trace: Trace = []
    assert SHIPPED.add_working_days(date(2026, 2, 12), 3, trace) == date(2026, 2, 24)
    assert trace == [
        {
            "kind": "skip",
            "from": "2026-02-14",
            "to": "2026-02-22",
            "text": "Không tính Thứ Bảy 14/2, Chủ nhật 15/2, Thứ Hai 16/2 – Thứ Sáu 20/2 "
            "(nghỉ lễ Tết Âm lịch), Thứ Bảy 21/2, Chủ nhật 22/2.",
        }
    ]


def test_the_swap_of_2_january_2026() -> None:
    assert SHIPPED.add_working_days(date(2025, 12, 31), 1) == date(2026, 1, 5)
    trace: Trace = []
    assert SHIPPED.add_working_days(date(2026, 1, 8), 3, trace) == date(2026, 1, 12)
    assert trace[0]["kind"] == "makeup"
    assert "Thứ Bảy 10/1 (làm bù cho Thứ Sáu 2/1/2026)" in trace[0]["text"]
    assert "Chủ nhật 11/1" in trace[1]["text"]


def test_across_24_november_2026() -> None:
    trace: Trace = []
    assert SHIPPED.add_working_days(date(2026, 11, 20), 2, trace) == date(2026, 11, 25)
    assert "Thứ Ba 24/11 (nghỉ lễ Ngày Văn hóa Việt Nam" in texts(trace)
    assert SHIPPED.add_calendar_days(date(2026, 11, 14), 10) == date(2026, 11, 25)


def test_ten_calendar_days_ending_on_30_august_2026() -> None:
    trace: Trace = []
    assert SHIPPED.add_calendar_days(date(2026, 8, 20), 10, trace) == date(2026, 9, 3)
    (step,) = trace
    assert step["kind"] == "roll"
    for word in ("Chủ nhật 30/8", "hoán đổi sang Thứ Bảy 22/8/2026", "nghỉ lễ Quốc khánh", "Đ.148"):
        assert word in step["text"]


def test_a_limit_may_end_on_a_make_up_saturday() -> None:
    trace: Trace = []
    assert SHIPPED.add_calendar_days(date(2026, 8, 12), 10, trace) == date(2026, 8, 22)
    assert trace == []


def test_counting_back_rolls_back() -> None:
    assert SHIPPED.add_calendar_days(date(2026, 9, 7), -5) == date(2026, 8, 28)
    assert SHIPPED.add_working_days(date(2026, 9, 3), -3) == date(2026, 8, 26)


def test_many_weekends_share_a_line_and_holidays_keep_theirs() -> None:
    trace: Trace = []
    SHIPPED.add_working_days(date(2026, 8, 20), 40, trace)
    assert len(trace) == 3
    assert "15 ngày cuối tuần trong 8 tuần" in texts(trace)
    assert "nghỉ lễ Quốc khánh" in texts(trace)
    assert "làm bù" in texts(trace)


@given(dates, st.integers(-40, 40))
def test_a_trace_is_short_plain_json_and_accounts_for_every_day(on: date, days: int) -> None:
    trace: Trace = []
    end = SHIPPED.add_working_days(on, days, trace)
    assert json.loads(json.dumps(trace)) == trace
    assert len(trace) <= 12
    if days > 0 and not any("cuối tuần trong" in step["text"] for step in trace):
        skipped = sum(_length(step) for step in trace if step["kind"] == "skip")
        assert (end - on).days - skipped == days


def _length(step: dict[str, str]) -> int:
    first, last = step.get("from", step.get("on")), step.get("to", step.get("on"))
    assert first
    assert last
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


# -- hours ------------------------------------------------------------------------------------------

WORKCLOCK = workclock.Schedule(
    [
        workclock.WorkDay(time(8), time(17), range(7)),
        workclock.Break(time(12), time(13), range(7)),
        workclock.Holidays(
            [
                on
                for on in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 400))
                if not LIBRARY.is_working_day(on)
            ]
        ),
    ],
    time_zone=ZONE,
)


@given(instants, st.integers(1, 60 * 60))
def test_hours_are_added_as_workclock_adds(at: datetime, minutes: int) -> None:
    expected = WORKCLOCK.add(at, minutes=minutes)
    assert SHIPPED.add_working_minutes(at, minutes) == expected


@given(instants, st.integers(0, 60 * 24 * 40))
def test_minutes_are_counted_as_workclock_counts(at: datetime, later: int) -> None:
    end = at + timedelta(minutes=later)
    expected = WORKCLOCK.between(at, end)
    assert timedelta(minutes=SHIPPED.working_minutes_between(at, end)) == expected
    assert timedelta(minutes=SHIPPED.working_minutes_between(end, at)) == -expected


@given(instants)
def test_office_time_is_workclocks(at: datetime) -> None:
    opens, closes = WORKCLOCK.next_period(at)
    assert SHIPPED.is_office_time(at) == (opens == at)
    assert SHIPPED.next_office_time(at) == opens


def test_friday_afternoon_before_a_make_up_saturday() -> None:
    trace: Trace = []
    assert SHIPPED.add_working_hours(local(2026, 8, 21, 16), 4, trace) == local(2026, 8, 22, 11)
    assert [step["text"] for step in trace] == [
        "Thứ Sáu 21/8: 16:00–17:00.",
        "Thứ Bảy 22/8 (làm bù cho Thứ Hai 31/8/2026): 08:00–11:00.",
    ]


def test_hours_carry_over_lunch_and_night() -> None:
    trace: Trace = []
    assert SHIPPED.add_working_hours(local(2026, 11, 18, 10), 8, trace) == local(2026, 11, 19, 10)
    assert texts(trace) == "Thứ Tư 18/11: 10:00–12:00, 13:00–17:00.\nThứ Năm 19/11: 08:00–10:00."


def test_hours_used_up_at_closing_time_end_there() -> None:
    assert SHIPPED.add_working_hours(local(2026, 11, 18, 8), 8) == local(2026, 11, 18, 17)
    assert SHIPPED.add_working_hours(local(2026, 11, 18, 8), 4) == local(2026, 11, 18, 12)


def test_a_message_in_the_night_begins_with_the_morning() -> None:
    assert SHIPPED.add_working_hours(local(2026, 11, 20, 23, 30), 1) == local(2026, 11, 23, 9)


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    at = datetime(2026, 8, 21, 9, tzinfo=UTC)
    assert SHIPPED.add_working_hours(at, 4) == local(2026, 8, 22, 11)


def test_many_days_of_hours_share_a_line() -> None:
    trace: Trace = []
    SHIPPED.add_working_hours(local(2026, 11, 2, 8), 60, trace)
    assert texts(trace) == "Tính 60 giờ trong 8 ngày làm việc."
    assert (trace[0]["from"], trace[0]["to"]) == ("2026-11-02", "2026-11-11")


# -- a ward's own calendar ----------------------------------------------------------------------------

MORNING = ((time(7, 30), time(11, 30)),)


def test_other_hours_on_a_weekday_and_a_worked_saturday() -> None:
    ward = Calendar(week=frozenset(range(6)), by_weekday={5: MORNING, 2: MORNING})
    assert ward.add_working_hours(local(2026, 11, 18, 10), 2) == local(2026, 11, 19, 8, 30)
    assert ward.is_office_time(local(2026, 11, 21, 8))
    assert not ward.is_office_time(local(2026, 11, 21, 14))
    assert ward.closes(date(2026, 11, 21)) == local(2026, 11, 21, 11, 30)


def test_a_make_up_day_is_worked_in_ordinary_hours() -> None:
    makeup = Day(date(2026, 8, 22), "bù", DayKind.MAKEUP)
    ward = Calendar((makeup,), by_weekday={5: MORNING})
    assert ward.closes(makeup.on) == local(2026, 8, 22, 17)
    assert ward.is_office_time(local(2026, 8, 22, 16, 59))
    assert not ward.is_office_time(local(2026, 8, 22, 17))


def test_a_day_may_have_hours_of_its_own() -> None:
    eve = Day(
        date(2026, 12, 31), "nghỉ chiều cuối năm", DayKind.HOURS, windows=((time(8), time(12)),)
    )
    ward = Calendar((*SHIPPED.days, eve))
    assert ward.is_working_day(eve.on)
    assert ward.closes(eve.on) == local(2026, 12, 31, 12)
    assert not ward.is_office_time(local(2026, 12, 31, 14))
    assert ward.add_working_hours(local(2026, 12, 31, 11), 2) == local(2027, 1, 4, 9)
    trace = []
    assert ward.add_working_days(date(2026, 12, 30), 1, trace) == eve.on
    assert trace == [
        {
            "kind": "hours",
            "on": "2026-12-31",
            "text": "Có tính Thứ Năm 31/12 (giờ riêng 08:00–12:00: nghỉ chiều cuối năm).",
        }
    ]


def test_a_make_up_day_may_have_hours_of_its_own_and_such_hours_settle_no_year() -> None:
    saturday = Day(date(2035, 8, 25), "bù", DayKind.MAKEUP, windows=MORNING)
    assert Calendar((saturday,)).closes(saturday.on) == local(2035, 8, 25, 11, 30)
    short = Day(date(2035, 8, 24), "họp", DayKind.HOURS, windows=MORNING)
    assert "Chưa có lịch nghỉ" in Calendar((short,)).caveat(2035)
    with pytest.raises(CalendarError):
        Calendar((Day(date(2035, 8, 24), "họp", DayKind.HOURS),))


def test_the_later_row_of_a_day_holds() -> None:
    day = date(2026, 11, 24)
    ward = Calendar((*SHIPPED.days, Day(day, "theo lệnh", DayKind.MAKEUP)))
    assert ward.is_working_day(day)


@pytest.mark.parametrize(
    "how",
    [
        {"week": frozenset()},
        {"week": frozenset({7})},
        {"windows": ()},
        {"windows": ((time(12), time(8)),)},
        {"windows": ((time(8), time(12)), (time(11), time(17)))},
        {"by_weekday": {2: ()}},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(how: dict[str, object]) -> None:
    with pytest.raises(CalendarError):
        Calendar(**how)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(CalendarError, match="time zone"):
        SHIPPED.is_office_time(datetime(2026, 8, 21, 9))  # noqa: DTZ001 - that is the point


def test_a_date_in_an_unsettled_year_says_so() -> None:
    assert SHIPPED.caveat(2026) is None
    assert "dự kiến" in (SHIPPED.caveat(2027) or "")
    assert "Chưa có lịch nghỉ năm 2035" in (SHIPPED.caveat(2035) or "")
