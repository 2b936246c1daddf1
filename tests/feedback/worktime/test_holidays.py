"""The shipped days: against the library they came from, and against what was announced."""

import json
import subprocess
import sys
import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import holidays as library
import pytest

import feedback.worktime
from feedback.worktime.holidays import Day, DayKind, project, shipped_days, shipped_years
from tests.feedback.worktime.oracle import MADE_UP, SWAPPED

TOML = Path(feedback.worktime.__file__).with_name("days.toml")


def _by_date(*years: int) -> dict[date, Day]:
    return {day.on: day for day in shipped_days(years)}


@pytest.mark.parametrize("year", shipped_years())
def test_a_shipped_year_is_the_librarys_but_for_the_known_corrections(year: int) -> None:
    """Fails when `holidays` learns something new: read the notice, then correct days.toml.

    To see the library's year: `python -m feedback.worktime.holidays 2027`.
    """
    found = library.country_holidays("VN", language="vi", years=year)
    days = _by_date(year)
    off = {on for on, day in days.items() if not day.is_worked} - {SWAPPED}
    worked = {on for on, day in days.items() if day.is_worked} - {MADE_UP}
    assert off == set(found)
    assert worked == {on for on in found.weekend_workdays if on.year == year}


def test_the_library_still_lacks_the_swap_that_we_correct() -> None:
    found = library.country_holidays("VN", years=2026)
    assert SWAPPED not in found
    assert MADE_UP not in found.weekend_workdays
    assert _by_date(2026)[SWAPPED].kind is DayKind.SWAPPED
    assert _by_date(2026)[MADE_UP].kind is DayKind.MAKEUP


def test_2026_as_announced() -> None:
    weekdays_off = {on for on, day in _by_date(2026).items() if not day.is_worked}
    assert weekdays_off == {
        *(date(2026, 1, d) for d in (1, 2)),
        *(date(2026, 2, d) for d in range(16, 21)),
        *(date(2026, 4, d) for d in (26, 27, 30)),
        date(2026, 5, 1),
        date(2026, 8, 31),
        *(date(2026, 9, d) for d in (1, 2)),
        date(2026, 11, 24),
    }
    assert _by_date(2026)[date(2026, 4, 27)].why == "nghỉ bù Ngày Giỗ Tổ Hùng Vương"
    assert _by_date(2026)[date(2026, 8, 22)].why == "làm bù cho Thứ Hai 31/8/2026"


def test_2027_as_projected() -> None:
    assert set(_by_date(2027)) == {
        date(2027, 1, 1),
        *(date(2027, 2, d) for d in range(4, 11)),
        date(2027, 4, 16),
        date(2027, 4, 30),
        *(date(2027, 5, d) for d in (1, 3)),
        *(date(2027, 9, d) for d in (2, 3)),
        date(2027, 11, 24),
    }


def test_every_day_says_who_says_so_and_whether_it_is_settled() -> None:
    days = shipped_days(shipped_years())
    assert all(day.source and day.name for day in days)
    settled = {day.on.year for day in days if day.confirmed}
    assert settled == {2024, 2025, 2026}
    in_doubt = [day.on for day in days if day.on.year in settled and not day.confirmed]
    assert in_doubt == [date(2026, 11, 24)]
    assert _by_date(2026)[date(2026, 11, 24)].why == "nghỉ lễ Ngày Văn hóa Việt Nam, dự kiến"


@pytest.mark.parametrize("year", shipped_years())
def test_what_is_swapped_off_is_worked_on_another_day(year: int) -> None:
    kinds = [day.kind for day in shipped_days([year])]
    assert kinds.count(DayKind.SWAPPED) == kinds.count(DayKind.MAKEUP)


def test_days_come_by_date_once_each() -> None:
    days = [day.on for day in shipped_days([2027, 2024, 2026, 2026])]
    assert days == sorted(set(days))
    assert {on.year for on in days} == {2024, 2026, 2027}


def test_a_year_that_is_not_shipped_is_projected() -> None:
    days = shipped_days([2031])
    assert days == project(2031)
    assert not any(day.confirmed for day in days)
    assert date(2031, 1, 23) in {day.on for day in days}


def test_the_library_is_not_imported_for_shipped_years() -> None:
    code = (
        "import sys; from feedback.worktime.calendar import shipped_calendar; shipped_calendar();"
        "import json; print(json.dumps('holidays' in sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(out.stdout) is False


def test_a_new_year_is_printed_ready_to_paste() -> None:
    command = [sys.executable, "-m", "feedback.worktime.holidays", "2031", "2032"]
    out = subprocess.run(command, capture_output=True, text=True, check=True)
    table = tomllib.loads(out.stdout)
    assert [row["on"] for row in table["2031"]["days"]] == [day.on for day in project(2031)]
    assert table["2032"]["confirmed"] is False


def test_the_file_is_nfc() -> None:
    text = TOML.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
