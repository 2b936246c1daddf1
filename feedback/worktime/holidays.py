"""The days that differ from their weekday: starting data for a ward's editable table.

`days.toml` ships the years known at release, checked and corrected by hand; a year beyond it is
projected from the `holidays` library, which is slow to import and is therefore asked last.
To write a new year: `python -m feedback.worktime.holidays 2031`, correct it, add it to the file.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from feedback.labels import Labelled
from feedback.worktime.words import day_name

_FILE = Path(__file__).with_name("days.toml")
_COMPENSATORY = " (nghỉ bù)"
_SWAPPED = re.compile(r"thay cho ngày (\d\d)/(\d\d)/(\d{4})")
_LUNAR_NEW_YEAR = re.compile("Tết Nguyên Đán|29 Tết")


Window = tuple[time, time]


class DayKind(Labelled):
    """Why a day differs from its weekday. A make-up day is worked, and a day with hours of its own."""

    OFF = "off", "nghỉ lễ"
    COMPENSATORY = "compensatory", "nghỉ bù"
    SWAPPED = "swapped", "hoán đổi"
    MAKEUP = "makeup", "làm bù"
    HOURS = "hours", "giờ riêng"


@dataclass(frozen=True, slots=True)
class Day:
    """A local date, what it is, and who says so. `confirmed`: by a decision, not projected.

    `windows`: the office hours of a day that is worked in others than its weekday.
    """

    on: date
    name: str
    kind: DayKind = DayKind.OFF
    source: str = ""
    confirmed: bool = True
    windows: tuple[Window, ...] = ()

    @property
    def is_worked(self) -> bool:
        return self.kind in (DayKind.MAKEUP, DayKind.HOURS)

    @property
    def why(self) -> str:
        """'nghỉ lễ Quốc khánh', 'làm bù cho Thứ Hai 31/8/2026', '…, dự kiến' while in doubt.

        'giờ riêng 08:00–12:00: nghỉ chiều cuối năm'
        """
        hours = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in self.windows)
        what = f"{hours}: {self.name}" if self.kind is DayKind.HOURS else self.name
        return f"{self.kind.label} {what}{'' if self.confirmed else ', dự kiến'}"


def shipped_days(years: Iterable[int]) -> list[Day]:
    """Every day off, swapped or made up of these years, by date."""
    days = (day for year in sorted(set(years)) for day in _shipped().get(year) or project(year))
    return sorted(days, key=lambda day: day.on)


def shipped_years() -> range:
    """The years that `days.toml` holds."""
    return range(min(_shipped()), max(_shipped()) + 1)


def project(year: int) -> list[Day]:
    """What the `holidays` library expects of a year: never confirmed."""
    import holidays  # takes 90 ms: only for a year that is not shipped

    found = holidays.country_holidays("VN", language="vi", years=year)
    rows = [(on, *_read(name)) for on, name in found.items()]
    swapped = {_worked_instead(name): on for on, name in found.items()}
    for on in found.weekend_workdays:
        if on.year == year:
            rows.append((on, DayKind.MAKEUP, _made_up_for(swapped.get(on))))
    source = f"thư viện holidays {version('holidays')}, chưa có quyết định"
    return [Day(on, name, kind, source, confirmed=False) for on, kind, name in sorted(rows)]


def _read(name: str) -> tuple[DayKind, str]:
    """The library's Vietnamese name as a kind and the name the Labour Code Đ.112 uses."""
    if worked := _worked_instead(name):
        return DayKind.SWAPPED, f"sang {day_name(worked)}"
    if name.endswith(_COMPENSATORY):
        return DayKind.COMPENSATORY, name.removesuffix(_COMPENSATORY)
    return DayKind.OFF, "Tết Âm lịch" if _LUNAR_NEW_YEAR.search(name) else name


def _worked_instead(name: str) -> date | None:
    found = _SWAPPED.search(name)
    return date(*map(int, reversed(found.groups()))) if found else None


def _made_up_for(off: date | None) -> str:
    return f"cho {day_name(off)}" if off else "theo lịch hoán đổi"


@lru_cache(maxsize=1)
def _shipped() -> dict[int, list[Day]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {int(year): [_day(row, block) for row in block["days"]] for year, block in table.items()}


def _day(row: dict[str, Any], block: dict[str, Any]) -> Day:
    return Day(
        on=row["on"],
        name=row["name"],
        kind=DayKind(row.get("kind", "off")),
        source=row.get("source", block["source"]),
        confirmed=row.get("confirmed", block["confirmed"]),
    )


def _as_toml(year: int) -> str:
    days = project(year)
    rows = [f'  {{ on = {day.on}, kind = "{day.kind}", name = "{day.name}" }},' for day in days]
    head = [f"[{year}]", "confirmed = false", f'source = "{days[0].source}"', "days = ["]
    return "\n".join([*head, *rows, "]"])


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(_as_toml(int(year)) for year in sys.argv[1:]) + "\n")
