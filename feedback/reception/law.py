"""The law of receiving residents as data: `rules.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from feedback import clock
from feedback.dialogue.kinds import Term, Unit
from feedback.worktime.calendar import Calendar

SOURCE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True)
class MonthlyDuty:
    """On how many days a month the chair receives in person."""

    days: int
    article: str
    words: str


@dataclass(frozen=True)
class Ground:
    """A reason the law lists. `is_written`: a refusal on it is owed on paper (01/TCD)."""

    key: str
    words: str
    article: str
    is_written: bool = False


@dataclass(frozen=True)
class Check:
    """One thing to be done for an online reception, so many working days or hours before it begins."""

    key: str
    words: str
    article: str
    working_days: int = 0
    hours: int = 0

    def latest(self, begins_at: datetime, calendar: Calendar) -> datetime:
        """Until when it must be done."""
        if self.working_days:
            on = calendar.add_working_days(clock.local(begins_at).date(), -self.working_days)
            return calendar.closes(on)
        return begins_at - timedelta(hours=self.hours)


def monthly_duty(on: date) -> MonthlyDuty:
    row = _holding("duty", on)
    return MonthlyDuty(row["days"], row["article"], row["words"])


def term(name: str, on: date) -> Term:
    """The distance in days that holds: "publication", "refusal", "result", "online_notice"."""
    row = _holding(name, on)["term"]
    return Term(**row | {"unit": Unit(row["unit"])})


@cache
def refusal_grounds() -> Mapping[str, Ground]:
    return _grounds("ground")


@cache
def online_grounds() -> Mapping[str, Ground]:
    return _grounds("online_ground")


@cache
def online_checks() -> Mapping[str, Check]:
    rows = _data()["online_check"]
    return {
        key: Check(key, row["words"], row["article"], **row["before"]) for key, row in rows.items()
    }


def rules() -> Iterator[Mapping[str, str]]:
    """Every rule and ground with its words, article and how sure we are of it ("confidence")."""
    for rows in _data().values():
        for row in rows.values() if isinstance(rows, dict) else rows:
            if "confidence" in row:
                yield {**row.get("term", {}), **row}


def _grounds(name: str) -> Mapping[str, Ground]:
    return {
        key: Ground(key, row["words"], row["article"], row.get("is_written", False))
        for key, row in _data()[name].items()
    }


def _holding(name: str, on: date) -> dict[str, Any]:
    """The rule of a local day; before the first, that one."""
    rows = sorted(_data()[name], key=lambda row: row["starts_on"], reverse=True)
    found: dict[str, Any] = next((row for row in rows if row["starts_on"] <= on), rows[-1])
    return found


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))
