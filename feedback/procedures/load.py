"""The shipped procedures: every `*.toml` here (but for `grounds.toml`), checked whole on load.

A file is `kinds = […]` and rows `[[limit]]`; a row holds for all of the file's kinds unless it
names its own. The fields of a row are those of `limits.Limit`, its lengths those of `Length`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from feedback.procedures.limits import (
    URGENCIES,
    Confidence,
    Event,
    Length,
    Limit,
    Pausing,
    Procedures,
    Unit,
)
from feedback.procedures.refusals import BadProcedure

_HERE = Path(__file__).parent
_NEEDED = {
    "step": str,
    "name": str,
    "counted_from": Event,
    "lengths": list,
    "article": str,
    "source": str,
    "confidence": Confidence,
    "applies_from": date,
}
_OPTIONAL = {"applies_to": date, "legal": bool, "pauses": Pausing, "before": bool, "kinds": list}
_LENGTH_NEEDED = {"amount": int, "unit": Unit}
_LENGTH_OPTIONAL = {"urgency": str, "when": list, "extended_to": list, "cap_days": int}


@lru_cache(maxsize=1)
def shipped() -> Procedures:
    """The procedures that come with the program. Raises BadProcedure."""
    files = sorted(path for path in _HERE.glob("*.toml") if path.name != "grounds.toml")
    return Procedures(
        tuple(limit for file in files for limit in read(file.name, file.read_text("utf-8")))
    )


def read(name: str, text: str) -> list[Limit]:
    """The limits of one file. Raises BadProcedure naming file, row and field."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProcedure(f"{name}: {error}") from error
    kinds = table.get("kinds")
    if not kinds or not isinstance(kinds, list):
        raise BadProcedure(f"{name}: kinds: at least one kind is needed")
    limits = []
    for number, row in enumerate(table.get("limit", []), start=1):
        where = f"{name}: limit {number} ({row.get('step', '?')})"
        limits += list(_limits(where, row, kinds))
    _refuse_overlaps(name, limits)
    return limits


def _limits(where: str, row: Mapping[str, Any], kinds: list[str]) -> Iterator[Limit]:
    values = _checked(where, row, _NEEDED, _OPTIONAL)
    own_kinds = values.pop("kinds", kinds)
    if strange := set(own_kinds) - set(kinds):
        raise BadProcedure(f"{where}: kinds: {sorted(strange)} not among the file's {kinds}")
    values["lengths"] = tuple(
        _length(f"{where}: length {number}", length)
        for number, length in enumerate(values["lengths"], start=1)
    )
    for kind in own_kinds:
        limit = Limit(kind=kind, **values)
        _check(where, limit)
        yield limit


def _length(where: str, row: Mapping[str, Any]) -> Length:
    values = _checked(where, row, _LENGTH_NEEDED, _LENGTH_OPTIONAL)
    values["when"] = frozenset(values.get("when", ()))
    values["extended_to"] = tuple(values.get("extended_to", ()))
    length = Length(**values)
    totals = (length.amount, *length.extended_to)
    if length.amount <= 0 or sorted(set(totals)) != list(totals):
        raise BadProcedure(f"{where}: amount and extended_to must grow from above 0: {totals}")
    if length.urgency not in {None, *URGENCIES}:
        raise BadProcedure(f"{where}: urgency: {length.urgency!r} is none of {sorted(URGENCIES)}")
    return length


def _checked(
    where: str, row: Mapping[str, Any], needed: Mapping[str, type], optional: Mapping[str, type]
) -> dict[str, Any]:
    if missing := needed.keys() - row.keys():
        raise BadProcedure(f"{where}: missing {', '.join(sorted(missing))}")
    if strange := row.keys() - needed.keys() - optional.keys():
        raise BadProcedure(f"{where}: unknown {', '.join(sorted(strange))}")
    types = {**needed, **optional}
    return {key: _typed(f"{where}: {key}", value, types[key]) for key, value in row.items()}


def _typed(where: str, value: Any, wanted: type) -> Any:
    if issubclass(wanted, str) and wanted is not str:
        try:
            return wanted(value)
        except ValueError:
            choices = ", ".join(str(member) for member in wanted)  # type: ignore[attr-defined]
            raise BadProcedure(f"{where}: {value!r} is none of {choices}") from None
    if type(value) is not wanted or value in ("", []):
        raise BadProcedure(f"{where}: {value!r} is no {wanted.__name__} or is empty")
    return value


def _check(where: str, limit: Limit) -> None:
    if limit.applies_to is not None and limit.applies_to < limit.applies_from:
        raise BadProcedure(f"{where}: applies_to comes before applies_from")
    if limit.legal == (limit.confidence is Confidence.DESIGN):
        raise BadProcedure(f"{where}: confidence D is for service levels (legal = false), only")
    if limit.legal and limit.pauses is Pausing.WARD:
        raise BadProcedure(f"{where}: the ward's own wait stops no legal clock")
    if limit.pauses is not Pausing.NONE and any(row.cap_days for row in limit.lengths):
        raise BadProcedure(f"{where}: a capped limit cannot pause")
    for urgency in URGENCIES:
        if not any(row.urgency in (None, urgency) and not row.when for row in limit.lengths):
            raise BadProcedure(f"{where}: no length for urgency {urgency} without options")


def _refuse_overlaps(name: str, limits: list[Limit]) -> None:
    for index, one in enumerate(limits):
        for other in limits[index + 1 :]:
            same = (one.kind, one.step) == (other.kind, other.step)
            if same and (one.applies_on(other.applies_from) or other.applies_on(one.applies_from)):
                raise BadProcedure(
                    f"{name}: two rows for {one.kind}/{one.step} hold on the same day"
                )
