"""Days, hours, numbers and telephones as pages write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.worktime.words import WEEKDAYS
from web.phrases import (
    day,
    days_left,
    file_size,
    hour,
    machine_time,
    moment,
    number,
    phone_link,
    short_day,
    short_moment,
)

FRIDAY = datetime(2026, 8, 28, 10, 0, tzinfo=UTC)


def test_an_instant_is_shown_on_the_vietnamese_clock():
    assert moment(FRIDAY) == "Thứ Sáu 28/8/2026, 17:00"
    assert short_moment(FRIDAY) == "28/8/2026, 17:00"
    assert hour(FRIDAY) == "17:00"
    assert machine_time(FRIDAY) == "2026-08-28T17:00+07:00"


def test_late_evening_in_utc_is_the_next_day_here():
    late = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert moment(late) == "Thứ Sáu 1/1/2027, 00:00"
    assert day(late) == "Thứ Sáu 1/1/2027"


def test_a_date_stays_that_date():
    assert day(date(2026, 11, 22)) == "Chủ nhật 22/11/2026"
    assert short_day(date(2026, 2, 7)) == "7/2/2026"
    assert machine_time(date(2026, 2, 7)) == "2026-02-07"


@given(st.dates())
def test_weekdays_follow_one_another(on: date):
    if on == date.max:
        return
    today, tomorrow = (day(d).rpartition(" ")[0] for d in (on, on + timedelta(days=1)))
    assert WEEKDAYS.index(tomorrow) == (WEEKDAYS.index(today) + 1) % 7


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (2, "còn 2 ngày làm việc"),
        (0, "hạn trong hôm nay"),
        (-3, "quá hạn 3 ngày làm việc"),
    ],
)
def test_what_is_left(left: int, words: str):
    assert days_left(left) == words


def test_numbers_and_sizes():
    assert number(1_234_567) == "1.234.567"
    assert number(999) == "999"
    assert file_size(0) == "1 KB"
    assert file_size(850_000) == "850 KB"
    assert file_size(999_999) == "1000 KB"
    assert file_size(1_234_567) == "1,2 MB"


def test_a_telephone_can_dial():
    assert phone_link("024 1234.5678") == "02412345678"
    assert phone_link("+84 (24) 1234") == "+84241234"
