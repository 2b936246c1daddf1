"""The periods a ward reports on: when each begins and ends is the law's (`periods.toml`), with its source."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from feedback.errors import NotFound


@dataclass(frozen=True)
class Period:
    """One period of a year's reports; both days are local and inclusive."""

    code: str
    name: str
    year: int
    starts_on: date
    ends_on: date
    article: str
    source: str
    confidence: str

    @property
    def words(self) -> str:
        return f"{self.name} năm {self.year}" if self.code != "year" else f"Năm {self.year}"


@cache
def periods(year: int) -> tuple[Period, ...]:
    """The periods of the reports of a year, in the order they end. Raises NotFound before the first rule."""
    rule = next((row for row in _editions() if row["starts_on"].year <= year), None)
    if rule is None:
        raise NotFound(f"Chưa có quy định kỳ báo cáo cho năm {year}.")
    found = [
        Period(
            row["code"],
            row["name"],
            year,
            date.fromisoformat(f"{year + row.get('from_year', 0)}-{row['from']}"),
            date.fromisoformat(f"{year}-{row['to']}"),
            rule["article"],
            rule["source"],
            rule["confidence"],
        )
        for row in rule["periods"]
    ]
    return tuple(sorted(found, key=lambda period: (period.ends_on, period.starts_on)))


def current(on: date) -> Period:
    """The quarter in which a local day falls."""
    for year in (on.year, on.year + 1):
        for period in periods(year):
            if period.code.startswith("q") and period.starts_on <= on <= period.ends_on:
                return period
    raise NotFound


def _editions() -> list[dict[str, Any]]:
    source = Path(__file__).with_name("periods.toml")
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["edition"]
    return sorted(rows, key=lambda row: row["starts_on"], reverse=True)
