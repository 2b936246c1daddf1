"""The departments, fields of work and danger words a new ward starts with: two TOML files beside this."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from feedback.text import nfc

SOURCE = Path(__file__).with_name("fields.toml")
DANGERS = Path(__file__).with_name("dangers.toml")
OTHER = 25  # "Khác / không rõ": what no other field claims


@dataclass(frozen=True)
class DepartmentSeed:
    code: str
    name: str


@dataclass(frozen=True)
class FieldSeed:
    """One lĩnh vực. `urgency` is a value of petitions' Urgency; `restricted` means chair only."""

    no: int
    code: str
    name: str
    short: str
    department: str
    partners: tuple[str, ...]
    keywords: tuple[str, ...]
    urgency: str
    photo_after_required: bool = False
    restricted: bool = False
    provider: str = ""  # who really does the work, when the ward only passes it on


@dataclass(frozen=True)
class Danger:
    """A reason for "Khẩn": the words that show it, whom to call, what to do until help comes.

    `hints` show it only beside other signs of danger.
    """

    code: str
    phones: tuple[str, ...]
    advice: str
    words: tuple[str, ...]
    hints: tuple[str, ...]
    field: int | None = None  # the field it speaks for, when it speaks for one


@dataclass(frozen=True)
class Catalogue:
    departments: tuple[DepartmentSeed, ...]
    fields: tuple[FieldSeed, ...]
    dangers: tuple[Danger, ...]
    quiet: tuple[str, ...]  # phrases that look dangerous and are not
    context: dict[str, tuple[str, ...]]  # "now", "over", "unreal": how a danger is spoken of
    cues: dict[str, tuple[str, ...]]  # words that together sound like danger
    any_danger: Danger  # what to do when no words of one are known

    def department(self, code: str) -> DepartmentSeed:
        return next(d for d in self.departments if d.code == code)

    def field(self, no: int) -> FieldSeed:
        return next(f for f in self.fields if f.no == no)


def words(listed: str) -> tuple[str, ...]:
    """'ổ gà, ổ voi\\nlún' -> ('ổ gà', 'ổ voi', 'lún'), each once, NFC."""
    phrases = (" ".join(nfc(p).split()) for line in listed.splitlines() for p in line.split(","))
    return tuple(dict.fromkeys(p for p in phrases if p))


@cache
def catalogue() -> Catalogue:
    data = _read(SOURCE) | _read(DANGERS)
    return Catalogue(
        departments=tuple(DepartmentSeed(**row) for row in data["departments"]),
        fields=tuple(_field(row) for row in data["fields"]),
        dangers=tuple(_danger(row) for row in data["dangers"]),
        quiet=words(data["quiet"]["words"]),
        context={says: words(listed) for says, listed in data["context"].items()},
        cues={of: words(listed) for of, listed in data["cues"].items()},
        any_danger=_danger(data["any_danger"]),
    )


def _read(source: Path) -> dict[str, Any]:
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _field(row: dict[str, Any]) -> FieldSeed:
    row = row | {"partners": tuple(row.get("partners", ())), "keywords": words(row["keywords"])}
    return FieldSeed(**row)


def _danger(row: dict[str, Any]) -> Danger:
    phrases = {key: words(row[key]) for key in ("words", "hints")}
    return Danger(**(row | {"phones": tuple(row["phones"])} | phrases))
