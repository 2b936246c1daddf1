"""How soon a ward promises to take in and to answer: dated rows, `settings["service_levels"]`.

A level holds for petitions received from its day on; what was promised before stays promised. The rows are
only added to. Where the law ends the ward's freedom, a limit of the procedures says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from feedback import clock
from feedback.errors import BadInput, NotFound
from feedback.people.actor import Actor
from feedback.procedures.limits import Length, Limit, Procedures, ServiceLevel, Unit
from feedback.procedures.load import shipped
from feedback.wards import edits
from feedback.wards.setup import Setup

KEY = "service_levels"
STEPS = ("acceptance", "answer")
# By which limit of law each promise must be kept, where the kind has one.
CEILING = {"acceptance": "sorting", "answer": "liability"}
HOURS_A_DAY, WORKING_WEEK, WEEK = 8, 5, 7


@dataclass(frozen=True)
class Level:
    """A promise as it stands: `most` after an extension, `standard` as it ships."""

    kind: str
    step: str
    urgency: str | None
    name: str
    length: Length
    standard: Length
    since: date | None

    @property
    def is_own(self) -> bool:
        return self.since is not None

    @property
    def most(self) -> int | None:
        return self.length.extended_to[-1] if self.length.extended_to else None


def procedures_of(setup: Setup, received_on: date | None = None) -> Procedures:
    """The procedures for a petition received on a day (today), with the ward's levels of that day."""
    rows = _in_force(setup, received_on or clock.today())
    key = ("procedures", len(rows))  # rows are in the order of their days
    known: Procedures | None = setup.memory.get(key)
    if known is None:
        known = setup.memory[key] = shipped().override(map(_level, rows)) if rows else shipped()
    return known


def levels(setup: Setup, on: date | None = None) -> list[Level]:
    """Every promise the ward may change, as it holds for what is received on a day (today)."""
    day = on or clock.today()
    own = {
        _key(row): date.fromisoformat(row["from"]) for row in _in_force(setup, day) if "from" in row
    }
    return [
        Level(limit.kind, limit.step, length.urgency, limit.name, length, before,
              own.get((limit.kind, limit.step, length.urgency)))
        for limit, standard in _own_limits(procedures_of(setup, day), day)
        for length, before in zip(limit.lengths, standard.lengths, strict=True)
    ]  # fmt: skip


def find(setup: Setup, kind: str, step: str, urgency: str | None) -> Level:
    """Raises NotFound for a promise that is none, or is the law's."""
    for level in levels(setup):
        if (level.kind, level.step, level.urgency) == (kind, step, urgency):
            return level
    raise NotFound


def coming(setup: Setup) -> list[dict[str, Any]]:
    """Rows that will hold from a later day on."""
    return [row for row in _rows(setup) if row.get("from", "") > clock.today().isoformat()]


def set_level(
    level: Level, *, by: Actor, amount: int, unit: Unit, most: int | None, starts_on: date
) -> None:
    """Promise another length from a day on. Raises NotAllowed, BadInput past the law or into the past."""
    ward = edits.begin(by.ward_id or 0, by)
    _check(level, amount, unit, most, starts_on)
    row = {
        "kind": level.kind,
        "step": level.step,
        "urgency": level.urgency,
        "amount": amount,
        "unit": unit.value,
        "extended_to": [most] if most else [],
        "from": starts_on.isoformat(),
    }
    kept = [
        each
        for each in ward.settings.get(KEY, ())
        if (_key(each), each.get("from")) != (_key(row), row["from"])
    ]
    ward.settings = {**ward.settings, KEY: [*kept, row]}
    what = f"{level.name}, {words(level.kind, level.urgency)}"
    after = said(amount, unit, most)
    before = said(level.length.amount, level.length.unit, level.most)
    edits.note(
        "levels.changed",
        ward.id,
        by,
        what=what,
        before=before,
        after=after,
        **{"from": row["from"]},
    )


def said(amount: int, unit: Unit, most: int | None) -> str:
    """'7 ngày làm việc, gia hạn nhiều nhất đến 14 ngày làm việc'."""
    return f"{amount} {unit.label}" + (
        f", gia hạn nhiều nhất đến {most} {unit.label}" if most else ""
    )


KINDS = {
    "phan_anh": "phản ánh",
    "kien_nghi": "kiến nghị",
    "hoi_dap": "hỏi đáp",
    "khen_ngoi": "khen ngợi",
}
URGENCIES = {
    "urgent": "khẩn",
    "quick": "xử lý ngay",
    "normal": "bình thường",
    "complex": "phức tạp",
}


def words(kind: str, urgency: str | None) -> str:
    """'phản ánh khẩn'."""
    return f"{KINDS[kind]} {URGENCIES[urgency]}" if urgency else KINDS[kind]


def ceiling(level: Level) -> Limit | None:
    """The limit of law under which this promise must stay today."""
    found = shipped()
    if CEILING[level.step] not in found.steps(level.kind):
        return None
    return found.limit(level.kind, CEILING[level.step], clock.today())


def _check(level: Level, amount: int, unit: Unit, most: int | None, starts_on: date) -> None:
    if amount < 1:
        raise BadInput(fields={"amount": "Thời hạn phải lớn hơn 0."})
    if most is not None and most <= amount:
        raise BadInput(fields={"most": "Thời hạn sau gia hạn phải dài hơn thời hạn đầu."})
    if starts_on <= clock.today():
        raise BadInput(fields={"starts_on": "Chỉ áp dụng từ ngày mai trở đi: lời đã hứa thì giữ."})
    law = ceiling(level)
    if law is None:
        return
    allowed = law.lengths[0]
    if _days(most or amount, unit) > _days(allowed.amount, allowed.unit):
        name = (
            "most"
            if most and _days(amount, unit) <= _days(allowed.amount, allowed.unit)
            else "amount"
        )
        raise BadInput(
            fields={name: f"Không được quá {allowed.words} ({law.name}, {law.article})."}
        )


def _days(amount: int, unit: Unit) -> int:
    """About how many calendar days: enough to compare with a limit of law."""
    if unit is Unit.CALENDAR_DAYS:
        return amount
    working = ceil(amount / HOURS_A_DAY) if unit.is_hours else amount
    return ceil(working * WEEK / WORKING_WEEK)


def _own_limits(procedures: Procedures, day: date) -> Iterator[tuple[Limit, Limit]]:
    for kind in KINDS:
        for step in STEPS:
            limit = procedures.limit(kind, step, day)
            if not limit.legal:
                yield limit, shipped().limit(kind, step, day)


def _in_force(setup: Setup, on: date) -> list[dict[str, Any]]:
    return [row for row in _rows(setup) if row.get("from", "") <= on.isoformat()]


def _rows(setup: Setup) -> list[dict[str, Any]]:
    """In the order of their days; a row without a day holds from the beginning."""
    return sorted(setup.settings.get(KEY, ()), key=lambda row: row.get("from", ""))


def _level(row: dict[str, Any]) -> ServiceLevel:
    return ServiceLevel(
        kind=row["kind"],
        step=row["step"],
        amount=row["amount"],
        unit=Unit(row["unit"]),
        urgency=row.get("urgency"),
        extended_to=tuple(row.get("extended_to", ())),
    )


def _key(row: dict[str, Any]) -> tuple[str, str, str | None]:
    return row["kind"], row["step"], row.get("urgency")
