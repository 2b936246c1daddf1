"""The PyPI library `holidays`, put right where it is known to be wrong (see days.toml)."""

from datetime import date

import holidays
from holidays import HolidayBase

SWAPPED = date(2026, 1, 2)
MADE_UP = date(2026, 1, 10)


def vietnam(years: range) -> HolidayBase:
    found = holidays.country_holidays("VN", language="vi", years=years)
    found[SWAPPED] = "sang Thứ Bảy 10/1/2026"
    found.weekend_workdays.add(MADE_UP)
    return found
