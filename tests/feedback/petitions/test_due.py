"""Until when: the examples of the law, the awkward ones, pauses, extensions, the command line."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import ZONE
from feedback.petitions.due import (
    Due,
    Extension,
    Pause,
    apply_pauses,
    as_json,
    due,
    due_as_json,
    extend,
)
from feedback.petitions.due_command import due as command
from feedback.procedures.limits import ServiceLevel, Unit
from feedback.procedures.load import shipped
from feedback.procedures.refusals import (
    ExtensionRefused,
    NoSuchLimit,
    PauseRefused,
    UnknownChoice,
)
from feedback.worktime.calendar import Calendar, CalendarError, shipped_calendar
from feedback.worktime.holidays import Day

CALENDAR = shipped_calendar()


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)


def until(kind: str, step: str, start: datetime, urgency: str = "normal", options: str = "") -> str:
    return str(
        due_as_json(
            kind,
            step,
            start,
            calendar=CALENDAR,
            urgency=urgency,
            options=frozenset(options.split()),
        )["due"]
    )


def said(found: Due) -> str:
    return "\n".join(step["text"] for step in found.trace)


# -- dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "step", "start", "urgency", "options", "expected"),
    [
        # The make-up Saturday 22/8 counts as the second of seven working days.
        ("khieu_nai", "acceptance", (2026, 8, 20, 9), "normal", "", "2026-08-28"),
        ("khieu_nai", "acceptance", (2026, 8, 20, 9), "normal", "complex remote", "2026-08-28"),
        # Friday 16:00, an hour today, three on the make-up Saturday.
        ("phan_anh", "answer", (2026, 8, 21, 16), "urgent", "", "2026-08-22T11:00"),
        # An ordinary Friday: the rest on Monday.
        ("phan_anh", "answer", (2026, 8, 14, 16), "urgent", "", "2026-08-17T11:00"),
        ("phan_anh", "acceptance", (2026, 8, 21, 16, 30), "urgent", "", "2026-08-22T08:30"),
        ("phan_anh", "acceptance", (2026, 8, 21, 16), "normal", "", "2026-08-22T16:00"),
        # A night, Tết, and the first morning after it.
        ("phan_anh", "answer", (2026, 2, 13, 22), "urgent", "", "2026-02-23T12:00"),
        ("phan_anh", "answer", (2026, 2, 13, 15), "quick", "", "2026-02-25"),
        ("phan_anh", "answer", (2026, 2, 10, 15), "normal", "", "2026-02-26"),
        ("phan_anh", "answer", (2027, 2, 2, 8), "normal", "", "2027-02-18"),
        # Across 24/11/2026.
        ("phan_anh", "answer", (2026, 11, 20, 9), "normal", "", "2026-12-02"),
        ("phan_anh", "answer", (2026, 11, 23, 16), "urgent", "", "2026-11-25T11:00"),
        ("hoi_dap", "answer", (2026, 11, 20, 9), "normal", "", "2026-11-25"),
        ("hoi_dap", "acceptance", (2026, 11, 20, 15), "normal", "", "2026-11-23T10:00"),
        ("kien_nghi", "answer", (2026, 11, 16, 9), "normal", "", "2026-12-08"),
        ("phan_anh", "processing_notice", (2026, 11, 16, 9), "normal", "", "2026-12-01"),
        # 15 calendar days end on Sunday 30/8: 31/8 swapped, 1/9 and 2/9 off.
        ("phan_anh", "answer", (2026, 8, 15, 9), "complex", "", "2026-09-03"),
        ("phan_anh", "transfer", (2026, 8, 28, 9), "normal", "", "2026-09-09"),
        # Around the swap of 2/1/2026, worked on Saturday 10/1.
        ("phan_anh", "answer", (2025, 12, 31, 9), "quick", "", "2026-01-07"),
        ("to_cao", "transfer", (2026, 1, 5, 9), "normal", "", "2026-01-10"),
        # Resolution in calendar days, from acceptance.
        ("khieu_nai", "resolution", (2026, 8, 28, 9), "normal", "", "2026-09-28"),
        ("khieu_nai", "resolution", (2026, 8, 28, 9), "normal", "complex", "2026-10-12"),
        ("khieu_nai", "resolution", (2026, 8, 28, 9), "normal", "complex remote", "2026-10-27"),
        ("to_cao", "acceptance", (2026, 8, 20, 9), "normal", "", "2026-08-28"),
        ("to_cao", "resolution", (2026, 1, 17, 9), "normal", "", "2026-02-23"),
        # Counted back from a dialogue: at least five days before, and on a working day.
        ("khieu_nai", "dialogue_notice", (2026, 12, 4, 8), "normal", "", "2026-11-27"),
        ("khieu_nai", "dialogue_notice", (2026, 11, 29, 8), "normal", "", "2026-11-23"),
    ],
)
def test_dates(
    kind: str, step: str, start: tuple[int, ...], urgency: str, options: str, expected: str
) -> None:
    assert until(kind, step, local(*start), urgency, options) == expected


@pytest.mark.parametrize(
    ("kind", "step", "options", "expected"),
    [
        ("khieu_nai", "filing", "", "2027-01-04"),
        ("khieu_nai", "sorting", "", "2026-10-15"),
        ("khieu_nai", "processing_notice", "", "2026-10-19"),
        ("khieu_nai", "acceptance", "", "2026-10-14"),
        ("khieu_nai", "resolution", "", "2026-11-04"),
        ("khieu_nai", "resolution", "complex", "2026-11-19"),
        ("khieu_nai", "resolution", "remote", "2026-11-19"),
        ("khieu_nai", "resolution", "complex remote", "2026-12-04"),
        ("khieu_nai", "suspension_notice", "", "2026-10-08"),
        ("khieu_nai", "decision_notice", "", "2026-10-08"),
        ("khieu_nai", "appeal", "", "2026-11-04"),
        ("khieu_nai", "appeal", "remote", "2026-11-19"),
        ("khieu_nai", "decision_effective", "", "2026-11-04"),
        ("khieu_nai", "decision_effective", "remote", "2026-11-19"),
        ("khieu_nai", "second_resolution", "", "2026-11-19"),
        ("khieu_nai", "second_resolution", "complex", "2026-12-04"),
        ("khieu_nai", "second_resolution", "remote", "2026-12-04"),
        ("khieu_nai", "second_resolution", "complex remote", "2026-12-14"),
        ("khieu_nai", "second_decision_notice", "", "2026-10-12"),
        ("khieu_nai", "second_decision_published", "", "2026-10-20"),
        ("khieu_nai", "report_back", "", "2026-10-14"),
        ("khieu_nai", "refusal_notice", "", "2026-10-08"),
        ("khieu_nai", "liability", "", "2026-11-19"),
        ("to_cao", "acceptance", "", "2026-10-14"),
        ("to_cao", "acceptance", "many_places", "2026-10-19"),
        ("to_cao", "transfer", "", "2026-10-12"),
        ("to_cao", "acceptance_notice", "", "2026-10-12"),
        ("to_cao", "resolution", "", "2026-11-04"),
        ("to_cao", "resolution", "complex", "2026-12-04"),
        ("to_cao", "resolution", "very_complex", "2027-01-04"),
        ("to_cao", "suspension_notice", "", "2026-10-12"),
        ("to_cao", "repeat_review", "", "2026-10-26"),
        ("to_cao", "overdue_report", "", "2026-10-12"),
        ("to_cao", "conclusion_published", "", "2026-10-14"),
        ("to_cao", "report_back", "", "2026-10-14"),
        ("phan_anh", "processing_notice", "", "2026-10-19"),
        ("phan_anh", "transfer", "", "2026-10-12"),
        ("phan_anh", "refusal_notice", "", "2026-10-08"),
        ("kien_nghi", "answer", "", "2026-10-26"),
        ("hoi_dap", "acceptance", "", "2026-10-05T14:00"),
        ("hoi_dap", "answer", "", "2026-10-07"),
        ("phan_anh", "assignment", "", "2026-10-06T09:00"),
    ],
)
def test_every_number_of_the_law_from_a_plain_monday(
    kind: str, step: str, options: str, expected: str
) -> None:
    """Monday 5/10/2026, 09:00: no day off in the way before 24/11, so each line can be counted by hand."""
    assert until(kind, step, local(2026, 10, 5, 9), options=options) == expected


@pytest.mark.parametrize(
    ("urgency", "taken_in", "answered"),
    [
        ("urgent", "2026-10-05T10:00", "2026-10-05T14:00"),
        ("quick", "2026-10-06T09:00", "2026-10-08"),
        ("normal", "2026-10-06T09:00", "2026-10-14"),
        ("complex", "2026-10-06T09:00", "2026-10-20"),
    ],
)
def test_every_level_of_service_from_a_plain_monday(
    urgency: str, taken_in: str, answered: str
) -> None:
    start = local(2026, 10, 5, 9)
    assert until("phan_anh", "acceptance", start, urgency) == taken_in
    assert until("phan_anh", "answer", start, urgency) == answered


def test_ten_calendar_days_that_end_on_the_sunday_before_national_day() -> None:
    """30/8 is a Sunday, 31/8 swapped, 1/9 and 2/9 off: Thursday 3/9."""
    assert until("khieu_nai", "sorting", local(2026, 8, 20, 9)) == "2026-09-03"


def test_before_july_2026_a_complaint_was_accepted_within_ten_days() -> None:
    assert until("khieu_nai", "acceptance", local(2026, 6, 30, 9)) == "2026-07-10"
    assert until("khieu_nai", "acceptance", local(2026, 7, 1, 9)) == "2026-07-10"
    assert until("khieu_nai", "acceptance", local(2026, 2, 6, 9)) == "2026-02-23"
    late = due(
        "khieu_nai",
        "acceptance",
        local(2026, 8, 20, 9),
        calendar=CALENDAR,
        received_on=date(2026, 6, 30),
    )
    assert late.on == date(2026, 9, 3)
    assert "Đ.27" in late.article


def test_acceptance_is_the_earlier_of_both_texts() -> None:
    ordinary = due("khieu_nai", "acceptance", local(2026, 8, 20, 9), calendar=CALENDAR)
    assert "ngày tính ở trên không muộn hơn" in said(ordinary)
    over_tet = due("khieu_nai", "acceptance", local(2027, 2, 1, 9), calendar=CALENDAR)
    assert over_tet.on == date(2027, 2, 11)  # 10 days; the 7th working day would be 17/2
    assert "lấy ngày sớm hơn" in said(over_tet)


@given(
    st.datetimes(datetime(2026, 7, 1), datetime(2030, 6, 1), timezones=st.just(ZONE))  # noqa: DTZ001
)
def test_acceptance_never_passes_either_text(start: datetime) -> None:
    found = due("khieu_nai", "acceptance", start, calendar=CALENDAR)
    working = CALENDAR.add_working_days(start.date(), 7)
    plain = CALENDAR.add_calendar_days(start.date(), 10)
    assert found.on == min(working, plain)


def test_the_trace_explains_the_date() -> None:
    found = due("khieu_nai", "acceptance", local(2026, 8, 20, 9), calendar=CALENDAR)
    assert [step["kind"] for step in found.trace] == [
        "start",
        "limit",
        "makeup",
        "skip",
        "cap",
        "end",
    ]
    assert "09:00 Thứ Năm 20/8/2026; ngày đầu không tính (BLDS 2015 Đ.147)" in said(found)
    assert "7 ngày làm việc – NĐ 124/2020" in said(found)
    assert "Thứ Bảy 22/8 (làm bù cho Thứ Hai 31/8/2026)" in said(found)
    assert "Không tính Chủ nhật 23/8" in said(found)
    assert "Hạn: hết Thứ Sáu 28/8/2026." in said(found)
    assert json.loads(json.dumps(as_json(found)))["trace"] == list(found.trace)


def test_a_date_in_a_projected_year_carries_a_warning() -> None:
    found = due("phan_anh", "answer", local(2026, 12, 28, 9), calendar=CALENDAR)
    assert found.on.year == 2027
    assert found.trace[-1]["kind"] == "note"
    assert "dự kiến" in found.trace[-1]["text"]


def test_an_instant_is_read_in_viet_nam() -> None:
    """20:00 UTC on Thursday is already Friday here."""
    at = datetime(2026, 11, 19, 20, tzinfo=UTC)
    assert until("hoi_dap", "answer", at) == until("hoi_dap", "answer", local(2026, 11, 20, 3))


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(CalendarError):
        due("hoi_dap", "answer", datetime(2026, 8, 21, 9), calendar=CALENDAR)  # noqa: DTZ001


def test_unknown_words_are_refused() -> None:
    with pytest.raises(NoSuchLimit):
        until("khieu_nai", "answer", local(2026, 8, 20, 9))
    with pytest.raises(UnknownChoice):
        until("phan_anh", "answer", local(2026, 8, 20, 9), "asap")


# -- when it is late ----------------------------------------------------------------------------------------


def test_a_day_lasts_until_midnight_but_is_ordered_by_closing_time() -> None:
    found = due("phan_anh", "answer", local(2026, 11, 20, 9), calendar=CALENDAR)
    assert found.at == datetime(2026, 12, 2, 10, tzinfo=UTC)
    assert found.at.tzinfo is UTC
    assert found.lapses_at == local(2026, 12, 3)
    assert not found.is_late(local(2026, 12, 2, 23, 59))
    assert found.is_late(local(2026, 12, 3))


def test_an_hour_is_an_hour() -> None:
    found = due("phan_anh", "answer", local(2026, 8, 21, 16), calendar=CALENDAR, urgency="urgent")
    assert found.lapses_at == found.at == local(2026, 8, 22, 11)
    assert found.is_late(local(2026, 8, 22, 11))
    assert not found.is_late(local(2026, 8, 22, 10, 59))


# -- a ward's own calendar and promises -----------------------------------------------------------------------


def test_a_wards_own_promise_and_day_off() -> None:
    own = shipped().override([ServiceLevel("phan_anh", "answer", 2, Unit.WORKING_DAYS, "normal")])
    festival = Calendar((*CALENDAR.days, Day(date(2026, 11, 19), "Hội làng")))
    found = due("phan_anh", "answer", local(2026, 11, 18, 9), calendar=festival, procedures=own)
    assert found.on == date(2026, 11, 23)
    assert "nghỉ lễ Hội làng" in said(found)


# -- pauses ---------------------------------------------------------------------------------------------------


def waiting(start: datetime, urgency: str, *pauses: Pause) -> Due:
    found = due("phan_anh", "answer", start, calendar=CALENDAR, urgency=urgency)
    return apply_pauses(found, pauses, calendar=CALENDAR)


def test_a_case_paused_over_a_holiday() -> None:
    """Seven working days from Fri 20/11; two used when it stops on Wed 25/11 (24/11 is off)."""
    pause = Pause(local(2026, 11, 25, 10), local(2026, 12, 7, 9))
    found = waiting(local(2026, 11, 20, 9), "normal", pause)
    assert found.on == date(2026, 12, 14)  # five left: 8, 9, 10, 11 and 14/12
    assert "còn lại 5 ngày làm việc" in said(found)


def test_a_pause_inside_a_holiday_changes_nothing() -> None:
    start = local(2026, 8, 27, 9)
    pause = Pause(local(2026, 8, 29, 9), local(2026, 9, 2, 9))
    assert waiting(start, "normal", pause).on == waiting(start, "normal").on


def test_hours_paused_over_the_night() -> None:
    pause = Pause(local(2026, 11, 18, 15), local(2026, 11, 19, 14, 30))
    found = waiting(local(2026, 11, 18, 14), "urgent", pause)
    assert found.at == local(2026, 11, 20, 8, 30)
    assert "còn lại 3 giờ 0 phút làm việc" in said(found)


def test_an_open_pause_stops_the_clock() -> None:
    start = local(2026, 11, 16, 9)
    found = waiting(start, "normal", Pause(local(2026, 11, 18, 9)))
    assert found.is_stopped
    assert found.on == waiting(start, "normal").on
    assert not found.is_late(local(2027, 3, 1))
    assert "chưa tiếp tục" in said(found)


def test_a_pause_after_the_date_saves_nothing() -> None:
    start = local(2026, 11, 16, 9)
    plain = waiting(start, "quick")
    late = waiting(start, "quick", Pause(local(2026, 11, 30, 9), local(2026, 12, 3, 9)))
    assert (late.on, late.trace) == (plain.on, plain.trace)
    still = waiting(start, "quick", Pause(local(2026, 11, 30, 9)))
    assert not still.is_stopped
    assert still.is_late(local(2026, 12, 1))


def test_hours_that_just_ran_out_are_not_saved_by_a_pause() -> None:
    start = local(2026, 11, 18, 8)
    pause = Pause(local(2026, 11, 18, 12), local(2026, 11, 20, 9))
    found = waiting(start, "urgent", pause)
    assert found.at == local(2026, 11, 18, 12)
    assert found.is_late(pause.starts_at)


def test_a_pause_on_the_last_day_leaves_the_day_of_return() -> None:
    start = local(2026, 11, 16, 9)
    pause = Pause(local(2026, 11, 19, 16), local(2026, 11, 30, 9))
    assert waiting(start, "quick").on == date(2026, 11, 19)
    assert waiting(start, "quick", pause).on == date(2026, 11, 30)


def test_overlapping_pauses_count_once() -> None:
    start = local(2026, 11, 16, 9)
    one = Pause(local(2026, 11, 17, 9), local(2026, 11, 20, 9))
    inside = Pause(local(2026, 11, 18, 9), local(2026, 11, 19, 9))
    assert waiting(start, "normal", inside, one).on == waiting(start, "normal", one).on


def test_a_suspension_of_a_complaint_needs_its_decision() -> None:
    found = due("khieu_nai", "resolution", local(2026, 8, 28, 9), calendar=CALENDAR)
    wait = Pause(local(2026, 9, 7, 9), local(2026, 9, 17, 9))
    with pytest.raises(PauseRefused, match="quyết định tạm đình chỉ"):
        apply_pauses(found, [wait], calendar=CALENDAR)
    suspended = Pause(wait.starts_at, wait.ends_at, decision="12/QĐ-UBND")
    # 30 days, 10 used; 20 left from 17/9.
    moved = apply_pauses(found, [suspended], calendar=CALENDAR)
    assert moved.on == date(2026, 10, 7)
    assert "12/QĐ-UBND" in said(moved)


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("phan_anh", "processing_notice"),
        ("khieu_nai", "acceptance"),
        ("to_cao", "acceptance"),
        ("to_cao", "transfer"),
    ],
)
def test_most_legal_clocks_never_stop(kind: str, step: str) -> None:
    found = due(kind, step, local(2026, 8, 28, 9), calendar=CALENDAR)
    pause = Pause(local(2026, 8, 31, 9), local(2026, 9, 3, 9), decision="1/QĐ")
    with pytest.raises(PauseRefused, match="không tạm dừng được"):
        apply_pauses(found, [pause], calendar=CALENDAR)


def test_a_pause_runs_forward() -> None:
    with pytest.raises(PauseRefused):
        waiting(local(2026, 11, 16, 9), "normal", Pause(local(2026, 11, 20), local(2026, 11, 19)))


instants = st.datetimes(
    datetime(2024, 1, 2),  # noqa: DTZ001 - the zone follows
    datetime(2029, 1, 1),  # noqa: DTZ001
    timezones=st.just(ZONE),
)
minutes = st.integers(0, 60 * 24 * 20)


@given(instants, st.sampled_from(["urgent", "quick", "normal", "complex"]), minutes, minutes)
def test_a_pause_never_brings_a_date_forward(
    start: datetime, urgency: str, after: int, lasting: int
) -> None:
    stop = start + timedelta(minutes=after)
    pause = Pause(stop, stop + timedelta(minutes=lasting))
    plain, paused = waiting(start, urgency), waiting(start, urgency, pause)
    assert paused.on >= plain.on
    assert paused.at >= plain.at - timedelta(minutes=1)
    assert apply_pauses(paused, paused.pauses, calendar=CALENDAR) == paused


@given(instants, st.integers(1, 20), st.integers(0, 40))
def test_working_days_left_at_the_stop_are_left_at_the_return(
    start: datetime, after: int, lasting: int
) -> None:
    stop = start + timedelta(days=after)
    back = stop + timedelta(days=lasting)
    plain = waiting(start, "normal")
    paused = waiting(start, "normal", Pause(stop, back))
    if stop.date() < plain.on:
        left = CALENDAR.working_days_between(stop.date(), plain.on)
        assert CALENDAR.working_days_between(back.date(), paused.on) == left


# -- extensions -------------------------------------------------------------------------------------------------


def test_a_complaint_is_extended_to_the_maximum_and_no_further() -> None:
    found = due("khieu_nai", "resolution", local(2026, 8, 28, 9), calendar=CALENDAR)
    longer = extend(found, Extension(15, "Phải xác minh hai nơi", "7/QĐ"), calendar=CALENDAR)
    assert longer.on == date(2026, 10, 12)
    assert longer.total == 45
    assert "7/QĐ" in said(longer)
    with pytest.raises(ExtensionRefused, match="tổng cộng 45 ngày, tức thêm từ 1 đến 15 ngày"):
        extend(found, Extension(16, "Phức tạp", "7/QĐ"), calendar=CALENDAR)
    with pytest.raises(ExtensionRefused, match="đã gia hạn 1 lần"):
        extend(longer, Extension(1, "Phức tạp", "8/QĐ"), calendar=CALENDAR)


def test_a_denunciation_is_extended_twice() -> None:
    found = due("to_cao", "resolution", local(2026, 8, 28, 9), calendar=CALENDAR)
    once = extend(found, Extension(30, "Phức tạp", "1/QĐ"), calendar=CALENDAR)
    twice = extend(once, Extension(30, "Đặc biệt phức tạp", "2/QĐ"), calendar=CALENDAR)
    assert (found.total, once.total, twice.total) == (30, 60, 90)
    options = frozenset({"very_complex"})
    same = due("to_cao", "resolution", local(2026, 8, 28, 9), calendar=CALENDAR, options=options)
    assert twice.on == same.on
    with pytest.raises(ExtensionRefused):
        extend(twice, Extension(1, "Nữa", "3/QĐ"), calendar=CALENDAR)
    with pytest.raises(ExtensionRefused):
        extend(found, Extension(31, "Phức tạp", "1/QĐ"), calendar=CALENDAR)


def test_an_extension_counts_from_the_start_and_keeps_the_pauses() -> None:
    found = due("khieu_nai", "resolution", local(2026, 8, 28, 9), calendar=CALENDAR)
    pause = Pause(local(2026, 9, 7, 9), local(2026, 9, 17, 9), decision="12/QĐ-UBND")
    extension = Extension(15, "Phức tạp", "13/QĐ-UBND")
    one = extend(apply_pauses(found, [pause], calendar=CALENDAR), extension, calendar=CALENDAR)
    other = apply_pauses(extend(found, extension, calendar=CALENDAR), [pause], calendar=CALENDAR)
    assert one == other
    assert one.on == date(2026, 10, 22)


@pytest.mark.parametrize(
    ("kind", "step", "extension", "why"),
    [
        ("khieu_nai", "resolution", Extension(15, "Phức tạp"), "số văn bản"),
        ("khieu_nai", "resolution", Extension(15, " ", "7/QĐ"), "lý do"),
        ("khieu_nai", "resolution", Extension(0, "Phức tạp", "7/QĐ"), "từ 1 đến 15"),
        ("khieu_nai", "resolution", Extension(-5, "Phức tạp", "7/QĐ"), "từ 1 đến 15"),
        ("khieu_nai", "acceptance", Extension(1, "Đông việc", "7/QĐ"), "không có gia hạn"),
        ("phan_anh", "processing_notice", Extension(1, "Đông việc"), "không có gia hạn"),
        ("phan_anh", "answer", Extension(8, "Chờ vật tư"), "tổng cộng 14 ngày làm việc"),
    ],
)
def test_extensions_refused(kind: str, step: str, extension: Extension, why: str) -> None:
    found = due(kind, step, local(2026, 8, 28, 9), calendar=CALENDAR)
    with pytest.raises(ExtensionRefused, match=why):
        extend(found, extension, calendar=CALENDAR)


def test_the_wards_own_promise_is_extended_with_a_reason_alone() -> None:
    found = due("phan_anh", "answer", local(2026, 11, 16, 9), calendar=CALENDAR)
    longer = extend(found, Extension(3, "Chờ vật tư"), calendar=CALENDAR)
    assert longer.on == CALENDAR.add_working_days(date(2026, 11, 16), 10)
    assert "Lý do: Chờ vật tư" in said(longer)


# -- the command line ---------------------------------------------------------------------------------------------


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, args)
    return result.exit_code, result.output


def test_the_command_prints_json() -> None:
    code, out = run(
        *("--kind", "khieu_nai", "--step", "acceptance", "--from", "2026-08-20T09:00"),
        *("--option", "complex", "--option", "remote", "--json"),
    )
    assert code == 0
    answer = json.loads(out)
    assert answer["due"] == "2026-08-28"
    assert answer["trace"][0]["kind"] == "start"
    assert "làm bù" in out


def test_the_command_gives_a_local_minute_for_hours() -> None:
    code, out = run(
        *("--kind", "phan_anh", "--step", "answer", "--urgency", "urgent", "--json"),
        *("--from", "2026-08-21T09:00+00:00"),
    )
    assert (code, json.loads(out)["due"]) == (0, "2026-08-22T11:00")


@pytest.mark.parametrize("kind", ["phan_anh", "kien_nghi", "hoi_dap", "khieu_nai", "to_cao"])
def test_the_command_knows_the_end_of_every_track_by_both_names(kind: str) -> None:
    ends = []
    for step in ("answer", "resolution"):
        code, out = run("--kind", kind, "--step", step, "--from", "2026-11-20T09:00", "--json")
        assert code == 0, out
        ends.append(json.loads(out)["due"])
    assert ends[0] == ends[1]


def test_the_command_speaks_to_people() -> None:
    code, out = run("--kind", "hoi_dap", "--step", "answer", "--from", "2026-11-20")
    assert code == 0
    assert out.splitlines()[-1] == "Hạn: hết Thứ Tư 25/11/2026."


def test_the_command_keeps_the_law_of_the_day() -> None:
    code, out = run(
        *("--kind", "khieu_nai", "--step", "acceptance", "--from", "2026-08-20T09:00"),
        *("--received", "2026-06-30", "--json"),
    )
    assert (code, json.loads(out)["due"]) == (0, "2026-09-03")


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("--kind", "x", "--step", "answer", "--from", "2026-11-20"), "Không có loại đơn"),
        (("--kind", "hoi_dap", "--step", "x", "--from", "2026-11-20"), "không có bước"),
        (("--kind", "hoi_dap", "--step", "answer", "--from", "hôm qua"), "cần dạng"),
        (("--kind", "hoi_dap", "--step", "answer", "--urgency", "asap"), "asap"),
    ],
)
def test_the_command_refuses_with_a_sentence(args: tuple[str, ...], complaint: str) -> None:
    code, out = run(*args)
    assert code != 0
    assert complaint in out
    assert "Traceback" not in out
