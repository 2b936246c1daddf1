"""What an official typed into a paper's form, read as the paper takes it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from feedback import clock
from feedback.errors import BadInput
from feedback.papers.forms import Ask
from feedback.papers.inputs import Item, Official, Opinion
from feedback.text import nfc, squeeze

LONGEST = 20_000


def read(asks: Iterable[Ask], typed: Mapping[str, str]) -> dict[str, Any]:
    """Values by name; what was left empty and may be is left out. Raises BadInput naming every wrong one."""
    values, wrong = {}, {}
    for ask in asks:
        try:
            value = _value(ask, typed.get(ask.name, ""))
        except BadInput as refusal:
            wrong[ask.name] = refusal.sentence
        else:
            if value is not None:
                values[ask.name] = value
    if wrong:
        raise BadInput(fields=wrong)
    return values


def _value(ask: Ask, raw: str) -> Any:
    words = squeeze(nfc(raw))
    if not words:
        if ask.is_optional:
            return None
        raise BadInput(f"Xin điền: {_named(ask)}.")
    if len(words) > LONGEST:
        raise BadInput(f"Nhiều nhất {LONGEST} ký tự.")
    try:
        return READERS[ask.shape](words)
    except ValueError:
        raise BadInput(
            f"Xin xem lại: {_named(ask)}. {EXAMPLES.get(ask.shape, '')}".strip()
        ) from None


def _named(ask: Ask) -> str:
    return ask.label[:1].lower() + ask.label[1:]


def _day(words: str) -> date:
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(words, shape).date()  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
    raise ValueError(words)


def _moment(words: str) -> datetime:
    day, _, hour = words.replace("T", " ").replace(",", " ").partition(" ")
    at = time.fromisoformat(hour.strip().zfill(5))
    return datetime.combine(_day(day), at, clock.ZONE)


def _count(words: str) -> int:
    number = int(words)
    if not 1 <= number <= 50:
        raise ValueError(words)
    return number


def _parts(line: str, most: int) -> list[str]:
    return [part.strip() for part in line.split("|", most - 1)]


def _official(line: str) -> Official:
    return Official(*_parts(line, 3))


def _opinion(line: str) -> Opinion:
    who, _, text = line.partition("|") if "|" in line else line.partition(":")
    if not text.strip():
        raise ValueError(line)
    return Opinion(who.strip(), text.strip())


def _lines(read_line: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    return lambda words: tuple(read_line(line) for line in words.splitlines() if line.strip())


READERS: dict[str, Callable[[str], Any]] = {
    "line": lambda words: " ".join(words.split()),
    "text": str,
    "yes": lambda words: True,
    "number": _count,
    "day": _day,
    "moment": _moment,
    "items": _lines(lambda line: Item(*_parts(line, 3))),
    "official": _official,
    "officials": _lines(_official),
    "opinions": _lines(_opinion),
}
EXAMPLES = {
    "day": "Ví dụ 28/08/2026.",
    "moment": "Ví dụ 28/08/2026 14:30.",
    "number": "Ghi bằng số.",
    "opinions": "Mỗi dòng: ai nói | nói gì.",
}
