"""How pages write days, hours, numbers and telephone numbers: the filters of every template.

Instants come in UTC-aware and leave on the Vietnamese wall clock.
"""

from datetime import date, datetime

from flask import Flask

from feedback.clock import local
from feedback.dialogue.announcing import whom
from feedback.indicators.figures import percent
from feedback.text import hide_contacts, mask_phone, show_phone
from feedback.worktime.words import day_name


def moment(instant: datetime) -> str:
    """Thứ Sáu 28/8/2026, 17:00"""
    return f"{day(instant)}, {hour(instant)}"


def day(when: date) -> str:
    """Thứ Sáu 28/8/2026; takes a local date or an instant."""
    return day_name(_date(when))


def short_day(when: date) -> str:
    """28/8/2026; takes a local date or an instant."""
    on = _date(when)
    return f"{on.day}/{on.month}/{on.year}"


def short_moment(instant: datetime) -> str:
    """28/8/2026, 17:00: for tables, where the weekday is noise."""
    return f"{short_day(instant)}, {hour(instant)}"


def hour(instant: datetime) -> str:
    """17:00"""
    return f"{local(instant):%H:%M}"


def machine_time(when: date) -> str:
    """For <time datetime>: 2026-08-28T17:00+07:00, or 2026-08-28 for a date."""
    if isinstance(when, datetime):
        return local(when).isoformat(timespec="minutes")
    return when.isoformat()


def days_left(working_days: int) -> str:
    """Working days until a time limit; 0 is its last day, negative is past it."""
    if working_days > 0:
        return f"còn {working_days} ngày làm việc"
    if working_days == 0:
        return "hạn trong hôm nay"
    return f"quá hạn {-working_days} ngày làm việc"


def number(n: int) -> str:
    """12.345"""
    return f"{n:,}".replace(",", ".")


def file_size(n_bytes: int) -> str:
    """850 KB; 1,2 MB"""
    if n_bytes < 1_000_000:
        return f"{max(1, round(n_bytes / 1000))} KB"
    return f"{n_bytes / 1_000_000:.1f} MB".replace(".", ",")


def phone_link(phone: str) -> str:
    """What a telephone dials: digits only, with a leading + where there was one."""
    return "".join(c for c in phone if c.isdecimal() or c == "+")


def init_phrases(app: Flask) -> None:
    for phrase in (
        moment, day, short_day, short_moment, hour, machine_time, days_left, number, percent, file_size,
        phone_link, show_phone, mask_phone, hide_contacts, whom,
    ):  # fmt: skip
        app.add_template_filter(phrase)


def _date(when: date) -> date:
    return local(when).date() if isinstance(when, datetime) else when
