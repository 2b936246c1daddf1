"""The forms as data: `forms/<key>.toml`, each with editions that hold from a day to a day.

A ward corrects a form through `ward.settings["papers"]["forms"][key]`: any of `CORRECTABLE`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from feedback.errors import BadInput, NotFound
from feedback.papers.signing import Authority, Capacity

FOLDER = Path(__file__).parent / "forms"
CORRECTABLE = frozenset(
    {"suffix", "authority", "signers", "title", "subject", "body", "annex", "recipients", "size"}
)


@dataclass(frozen=True)
class Column:
    """One column of a register; `width` is a share of the page's width."""

    title: str
    width: float
    note: str = ""


@dataclass(frozen=True)
class Ask:
    """One thing to be asked before the form is complete. `shape`: a reader in `papers/asking.py`."""

    name: str
    label: str
    shape: str = "line"
    hint: str = ""
    is_optional: bool = False


@dataclass(frozen=True)
class Offer:
    """For which petitions a form is offered, who may give it out, and what it asks.

    `kinds`: empty for all that may be printed. `statuses`: groups of `papers/offers.py`. `issuers`:
    "handle", "decide" (who decides for the ward) or "nobody": printed, never issued.
    """

    statuses: tuple[str, ...]
    issuers: str
    kinds: tuple[str, ...] = ()
    when: str = ""
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True)
class Form:
    """One form as it stands on a day. `title`, `subject`, `body`, `annex`, `recipients` and the names in
    `signatures` are templates over the fields of its input.

    `suffix` follows the number ("TB-UBND") and names its series; empty: the paper has no number.
    `signatures` stand in place of the ward's own sign block; a cell has `title` (lines), `note`, `name`.
    """

    key: str
    name: str
    input: str
    title: str
    subject: str
    body: str
    article: str
    confidence: str
    starts_on: date
    ends_on: date | None = None
    code: str = ""
    source: str = ""
    suffix: str = ""
    authority: Authority = Authority.CHAIR
    signers: tuple[Capacity, ...] = (Capacity.CHAIR, Capacity.DEPUTY)
    is_citizens: bool = False  # the resident's own petition: national heading only
    may_be_collective: bool = False  # the ward says whether it is signed "TM. ỦY BAN NHÂN DÂN"
    is_addressed: bool = False  # "Kính gửi" under the title
    is_dated: bool = True  # place and date beside the number
    is_landscape: bool = False
    is_corner_shown: bool = False  # the code stands in the corner, as the decree prints it
    size: float = 14
    recipients: tuple[str, ...] = ()
    signatures: tuple[tuple[Mapping[str, str], ...], ...] | None = None
    annex: str = ""  # stands on a page of its own
    columns: tuple[Column, ...] = ()
    offer: Offer | None = None  # without one it is given out by its own page

    @property
    def series(self) -> str:
        """Name of its numbers: papers with one suffix share one series."""
        return f"paper:{self.suffix}" if self.suffix else ""

    def corrected(self, changes: Mapping[str, Any]) -> "Form":
        """With the ward's own words. Raises BadInput for a name that may not be changed."""
        unknown = sorted(set(changes) - CORRECTABLE)
        if unknown:
            raise BadInput(f"Mẫu “{self.name}” không có phần: {', '.join(unknown)}.")
        return replace(self, **{name: _typed(name, value) for name, value in changes.items()})


def form(key: str, on: date) -> Form:
    """The edition in force on a local day. Raises NotFound."""
    for edition in editions(key):
        if edition.starts_on <= on and (edition.ends_on is None or on <= edition.ends_on):
            return edition
    raise NotFound(f"Không có mẫu “{key}” cho ngày {on:%d/%m/%Y}.")


def keys() -> list[str]:
    """Every form there is."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def editions(key: str) -> tuple[Form, ...]:
    """All editions of a form, newest first. Raises NotFound; ValueError names a wrong entry."""
    if key not in keys():
        raise NotFound(f"Không có mẫu “{key}”.")
    data = tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    shared = {name: value for name, value in data.items() if name != "edition"}
    rows = [_read(key, {**shared, **edition}) for edition in data["edition"]]
    rows.sort(key=lambda row: row.starts_on, reverse=True)
    for newer, older in zip(rows, rows[1:], strict=False):
        if older.ends_on is None or older.ends_on >= newer.starts_on:
            raise ValueError(f"{key}.toml: two editions on {newer.starts_on}")
    return tuple(rows)


def _read(key: str, row: Mapping[str, Any]) -> Form:
    unknown = set(row) - {field.name for field in fields(Form)}
    if unknown:
        raise ValueError(f"{key}.toml: unknown {sorted(unknown)}")
    return Form(key=key, **{name: _typed(name, value) for name, value in row.items()})


def _typed(name: str, value: Any) -> Any:
    """TOML's and JSON's lists and strings as the types of `Form`."""
    if name == "authority":
        return Authority(value)
    if name == "signers":
        return tuple(Capacity(each) for each in value)
    if name == "columns":
        return tuple(Column(**each) for each in value)
    if name == "offer":
        return _offer(value)
    if name == "signatures":
        return tuple(tuple(row) for row in value)
    return tuple(value) if isinstance(value, list) else value


def _offer(row: Mapping[str, Any]) -> Offer:
    lists = {name: tuple(row[name]) for name in ("statuses", "kinds") if name in row}
    asks = tuple(Ask(**each) for each in row.get("asks", ()))
    return Offer(**{**row, **lists, "asks": asks})
