"""From which day to which day a page looks, read from its address."""

from datetime import date, timedelta

from flask import request

from feedback.errors import BadInput

LONGEST = 366  # days


def chosen(starts_on: date, ends_on: date) -> tuple[date, date]:
    """`from` and `to` of the address, else these. Raises BadInput naming the field."""
    first = _day("from") or starts_on
    last = _day("to") or max(ends_on, first)
    if last < first:
        raise BadInput(fields={"to": "Ngày cuối phải sau ngày đầu."})
    if last - first > timedelta(days=LONGEST):
        raise BadInput(fields={"to": "Mỗi lần xem nhiều nhất một năm."})
    return first, last


def _day(name: str) -> date | None:
    raw = request.args.get(name, "").strip()
    if not raw:
        return None
    return typed_day(raw, name)


def typed_day(raw: str, name: str) -> date:
    """'28/08/2026' or '2026-08-28' as somebody typed it. Raises BadInput naming the field."""
    try:
        if "/" in raw:
            day, month, year = raw.split("/")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(raw.strip())
    except ValueError:
        raise BadInput(fields={name: "Ngày ghi như 28/08/2026."}) from None
