"""The departments, fields of work and danger words a new ward starts with: `fields.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from feedback.text import nfc

SOURCE = Path(__file__).with_name("fields.toml")
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
    """A reason for "Khẩn": the words that show it, whom to call, what to do until help comes."""

    code: str
    phones: tuple[str, ...]
    advice: str
    words: tuple[str, ...]
    field: int | None = None  # the field it speaks for, when it speaks for one


@dataclass(frozen=True)
class Catalogue:
    departments: tuple[DepartmentSeed, ...]
    fields: tuple[FieldSeed, ...]
    dangers: tuple[Danger, ...]
    quiet: tuple[str, ...]  # phrases that look dangerous and are not

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
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return Catalogue(
        departments=tuple(DepartmentSeed(**row) for row in data["departments"]),
        fields=tuple(_field(row) for row in data["fields"]),
        dangers=tuple(_danger(row) for row in data["dangers"]),
        quiet=words(data["quiet"]["words"]),
    )


def _field(row: dict[str, Any]) -> FieldSeed:
    row = row | {"partners": tuple(row.get("partners", ())), "keywords": words(row["keywords"])}
    return FieldSeed(**row)


def _danger(row: dict[str, Any]) -> Danger:
    return Danger(**(row | {"phones": tuple(row["phones"]), "words": words(row["words"])}))
