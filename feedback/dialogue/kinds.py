"""The kinds of dialogue as data: `kinds.toml`. Numbers of days are rules that hold from a day on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from feedback.labels import Labelled
from feedback.worktime.calendar import Calendar

SOURCE = Path(__file__).with_name("kinds.toml")


class Convener(Labelled):
    """Who calls a session together, and so announces it and owes its results."""

    WARD = "ward", "UBND phường"
    NEIGHBOURHOOD = "neighbourhood", "Tổ trưởng tổ dân phố"


class Unit(Labelled):
    CALENDAR_DAYS = "calendar_days", "ngày"
    WORKING_DAYS = "working_days", "ngày làm việc"


@dataclass(frozen=True)
class Term:
    """So many days before or after a day, by an article. `words`: how the rule is said."""

    days: int
    unit: Unit
    article: str
    words: str

    def before(self, on: date, calendar: Calendar) -> date:
        """The latest day that keeps this distance before `on`."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.add_working_days(on, -self.days)
        return on - timedelta(days=self.days)

    def after(self, on: date, calendar: Calendar) -> date:
        """The latest day within this distance after `on`."""
        if self.unit is Unit.WORKING_DAYS:
            return calendar.add_working_days(on, self.days)
        return on + timedelta(days=self.days)


@dataclass(frozen=True)
class Rule:
    """What holds for a kind from a local day on. No `publication`: results are not made public."""

    starts_on: date
    notice: Term
    source: str
    confidence: str
    publication: Term | None = None
    report: Term | None = None


@dataclass(frozen=True)
class DialogueKind:
    """One kind of dialogue. `rules`, newest first."""

    key: str
    name: str
    short: str
    purpose: str
    convened_by: Convener
    is_public: bool
    reports_commitments: bool
    chairs: str
    invited: tuple[str, ...]
    papers: tuple[str, ...]
    article: str
    rules: tuple[Rule, ...]
    is_yearly: bool = False

    def rule(self, on: date) -> Rule:
        """What holds on a local day; before the first rule, that one."""
        return next((rule for rule in self.rules if rule.starts_on <= on), self.rules[-1])


@cache
def kinds() -> Mapping[str, DialogueKind]:
    """Every kind by its key, in the order of the file. Raises ValueError, TypeError for a wrong entry."""
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {key: _kind(key, row) for key, row in data.items()}


def _kind(key: str, row: dict[str, Any]) -> DialogueKind:
    rules = sorted((_rule(each) for each in row["rule"]), key=lambda r: r.starts_on, reverse=True)
    plain = {name: value for name, value in row.items() if name != "rule"}
    return DialogueKind(
        key=key,
        rules=tuple(rules),
        **plain
        | {
            "convened_by": Convener(plain["convened_by"]),
            "invited": tuple(plain["invited"]),
            "papers": tuple(plain["papers"]),
        },
    )


def _rule(row: dict[str, Any]) -> Rule:
    terms: dict[str, Any] = {
        name: Term(**row[name] | {"unit": Unit(row[name]["unit"])})
        for name in ("notice", "publication", "report")
        if name in row
    }
    return Rule(**row | terms)
