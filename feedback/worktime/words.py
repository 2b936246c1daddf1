"""How a day and an hour are said in Vietnamese."""

from datetime import date, datetime

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def day_month(on: date) -> str:
    """'Thứ Hai 31/8'."""
    return f"{WEEKDAYS[on.weekday()]} {on.day}/{on.month}"


def day_name(on: date) -> str:
    """'Thứ Hai 31/8/2026'."""
    return f"{WEEKDAYS[on.weekday()]} {on.day}/{on.month}/{on.year}"


def minute_name(at: datetime) -> str:
    """'16:00 Thứ Sáu 21/8/2026', of a local time."""
    return f"{at.hour:02}:{at.minute:02} {day_name(at)}"
