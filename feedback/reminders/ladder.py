"""The ladder of reminders as data: `ladder.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from feedback.errors import Misconfigured
from feedback.reminders.models import To

SOURCE = Path(__file__).with_name("ladder.toml")
ACCEPTANCE, ANSWER = "acceptance", "answer"


@dataclass(frozen=True, slots=True)
class Rung:
    """When somebody is reminded, who, and in which words. Exactly one of `share`, `days`, `moved`.

    `share` of the working time has gone, or `days` working days lie between the date and now.
    """

    name: str
    of: str
    to: tuple[To, ...]
    words: str
    share: float | None = None
    days: int | None = None
    moved: bool = False
    weekly: bool = False
    tells_resident: bool = False

    @property
    def is_late(self) -> bool:
        """The date has passed."""
        return self.days is not None and self.days >= 0

    @property
    def escalates(self) -> bool:
        """Somebody hears of it besides the one whose work it is."""
        return bool(set(self.to) - {To.HANDLER, To.CLERK, To.DECIDER})


@dataclass(frozen=True)
class Ladder:
    """`morning`: local time of the digests. `rungs`, from the mildest to the gravest of each date."""

    morning: time
    rungs: tuple[Rung, ...]

    def of(self, step: str) -> tuple[Rung, ...]:
        """The timed rungs of a date."""
        of = ACCEPTANCE if step == ACCEPTANCE else ANSWER
        return tuple(rung for rung in self.rungs if rung.of == of and not rung.moved)

    def rung(self, name: str) -> Rung | None:
        """None for a rung of an earlier ladder."""
        return next((rung for rung in self.rungs if rung.name == name), None)

    @property
    def moved(self) -> Rung:
        return next(rung for rung in self.rungs if rung.moved)

    def weight(self, name: str) -> int:
        """How grave a rung is, beside others."""
        names = [rung.name for rung in self.rungs]
        return names.index(name) if name in names else -1


@cache
def ladder() -> Ladder:
    """The shipped ladder, the same for every ward. Raises Misconfigured."""
    return read(tomllib.loads(SOURCE.read_text(encoding="utf-8")))


def read(data: dict[str, Any]) -> Ladder:
    """A ladder from its table. Raises Misconfigured naming the rung that makes no sense."""
    rungs = tuple(_rung(row) for row in data["rung"])
    names = [rung.name for rung in rungs]
    if len(set(names)) < len(names) or sum(rung.moved for rung in rungs) != 1:
        raise Misconfigured("Thang nhắc việc: tên các bậc phải khác nhau và có đúng một bậc moved.")
    return Ladder(data["morning"], rungs)


def _rung(row: dict[str, Any]) -> Rung:
    name = row.get("name")
    try:
        rung = Rung(**(row | {"to": tuple(To(to) for to in row["to"])}))
    except (TypeError, ValueError, KeyError) as error:
        raise Misconfigured(f"Thang nhắc việc, bậc {name}: {error}") from error
    when = (rung.share is not None) + (rung.days is not None) + rung.moved
    if when != 1 or rung.of not in (ACCEPTANCE, ANSWER) or not rung.to or len(rung.name) > 32:
        raise Misconfigured(f"Thang nhắc việc, bậc {name}: cần một thời điểm và người nhận.")
    return rung
