"""Words for a loudspeaker: numbers, hours and days as they are said, sentences short enough to be heard."""

import re
from datetime import date, datetime

from feedback import clock
from feedback.worktime.words import WEEKDAYS

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_MOST = 9999
_FIGURES = re.compile(r"\d+")


def number(n: int) -> str:
    """'hai nghìn không trăm hai mươi sáu', for 0 to 9999."""
    if not 0 <= n <= _MOST:
        raise ValueError(n)
    if n < 10:
        return _DIGITS[n]
    if n < 100:
        return _tens(n)
    if n < 1000:
        return _hundreds(n)
    thousands, rest = divmod(n, 1000)
    said = f"{_DIGITS[thousands]} nghìn"
    return f"{said} {_hundreds(rest)}" if rest else said


def hour(at: datetime) -> str:
    """'tám giờ ba mươi phút sáng', on the Vietnamese wall clock."""
    local = clock.local(at)
    minutes = f" {number(local.minute)} phút" if local.minute else ""
    return f"{number((local.hour - 1) % 12 + 1)} giờ{minutes} {_part(local.hour)}"


def day(on: date) -> str:
    """'Thứ Bảy, ngày mười hai, tháng mười hai, năm hai nghìn không trăm hai mươi sáu'"""
    weekday = WEEKDAYS[on.weekday()]
    month = "tư" if on.month == 4 else number(on.month)
    first = "mồng " if on.day <= 10 else ""
    return f"{weekday}, ngày {first}{number(on.day)}, tháng {month}, năm {number(on.year)}"


def digits(text: str) -> str:
    """A telephone number or a code, one sign after the other: 'không, chín, một…'"""
    return ", ".join(_DIGITS[int(c)] if c.isdecimal() else c for c in text if c.isalnum())


def in_words(text: str) -> str:
    """A text with every number in words; of a longer one, its digits."""
    return _FIGURES.sub(lambda found: _said(found.group()), text)


def _said(figures: str) -> str:
    has_front_zero = len(figures) > 1 and figures.startswith("0")
    return digits(figures) if len(figures) > 4 or has_front_zero else number(int(figures))


def _tens(n: int) -> str:
    ten, one = divmod(n, 10)
    said = "mười" if ten == 1 else f"{_DIGITS[ten]} mươi"
    if one == 0:
        return said
    if one == 5:
        return f"{said} lăm"
    if one == 1 and ten > 1:
        return f"{said} mốt"
    if one == 4 and ten > 1:
        return f"{said} tư"
    return f"{said} {_DIGITS[one]}"


def _hundreds(n: int) -> str:
    """Below a thousand, the hundreds always said: 'không trăm hai mươi sáu'."""
    hundred, rest = divmod(n, 100)
    said = f"{_DIGITS[hundred]} trăm"
    if rest == 0:
        return said
    return f"{said} linh {_unit(rest)}" if rest < 10 else f"{said} {_tens(rest)}"


def _unit(n: int) -> str:
    return "tư" if n == 4 else _DIGITS[n]


def _part(hour_: int) -> str:
    if hour_ < 11:
        return "sáng"
    if hour_ < 13:
        return "trưa"
    return "chiều" if hour_ < 18 else "tối"
