"""The counting itself: one query, grouped finely enough that every table is a sum of its rows.

The cost follows the petitions received in the period (an index by ward and receipt leads), not the size
of the table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any, NamedTuple

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.indicators.figures import NOTHING, Figures
from feedback.people.models import Channel
from feedback.petitions.columns import plain
from feedback.petitions.models import Kind, Petition, Rating, Status
from feedback.petitions.outcome import Outcome, counted, last_mark, within

LONGEST = 13  # months


class Cell(NamedTuple):
    """What shares month, unit, field and handler. `month` is its first day inside the period."""

    month: date
    department_id: int | None
    field_id: int
    handler_id: int
    figures: Figures


@dataclass(frozen=True)
class Tally:
    """The counted petitions of a ward received from a local day to a local day, inclusive."""

    starts_on: date
    ends_on: date
    at: datetime
    cells: tuple[Cell, ...]

    @property
    def total(self) -> Figures:
        return reduce(Figures.__add__, (cell.figures for cell in self.cells), NOTHING)

    def by(self, key: Callable[[Cell], Any]) -> dict[Any, Figures]:
        """Sums by month, unit, field or handler: `tally.by(lambda cell: cell.field_id)`."""
        found: dict[Any, Figures] = defaultdict(Figures)
        for cell in self.cells:
            found[key(cell)] += cell.figures
        return dict(found)


def tally(
    ward_id: int, starts_on: date, ends_on: date, department_ids: Iterable[int] | None = None
) -> Tally:
    """Count as of now; of some units only, if named. Raises ValueError beyond `LONGEST` months."""
    now = clock.now()
    months = months_in(starts_on, ends_on)
    if len(months) > LONGEST:
        raise ValueError(f"{len(months)} months")
    month: Any = sa.literal(0)
    if len(months) > 1:
        ends = [(plain.received_at < _midnight(first), n) for n, first in enumerate(months[1:])]
        month = sa.case(*ends, else_=len(months) - 1)
    rows = sa.select(
        month.label("month"),
        plain.department_id,
        plain.field_id,
        plain.handler_id,
        *(_sum(condition).label(name) for name, condition in _columns(now).items()),
        sa.func.coalesce(sa.func.sum(last_mark()), 0).label("marks"),
    ).where(_received(ward_id, starts_on, ends_on), counted())
    if department_ids is not None:
        rows = rows.where(plain.department_id.in_(list(department_ids)))
    rows = rows.group_by(sa.text("1"), plain.department_id, plain.field_id, plain.handler_id)
    cells = [
        Cell(months[row.month], row.department_id, row.field_id, row.handler_id, _figures(row))
        for row in db.session.execute(rows)
    ]
    return Tally(starts_on, ends_on, now, tuple(cells))


class Intake(NamedTuple):
    """How much came in of one kind over one channel; `is_sealed` of what may be an accusation."""

    kind: Kind
    channel: Channel
    is_sealed: bool
    received: int
    settled: int
    passed_on: int
    refused: int


def intake(ward_id: int, starts_on: date, ends_on: date) -> list[Intake]:
    """Everything received in the period but duplicates, by kind and channel: for the periodic report."""
    settled = plain.status.in_((Status.ANSWERED, Status.CLOSED, Status.RESOLVED))
    rows = (
        sa.select(
            plain.kind,
            plain.channel,
            sa.or_(plain.is_restricted, plain.kind == Kind.TO_CAO).label("is_sealed"),
            sa.func.count(),
            _sum(settled),
            _sum(plain.status == Status.TRANSFERRED),
            _sum(plain.status == Status.REJECTED),
        )
        .where(_received(ward_id, starts_on, ends_on), plain.status != Status.MERGED)
        .group_by(plain.kind, plain.channel, sa.text("3"))
    )
    return [
        Intake(kind, channel, bool(is_sealed), *map(int, numbers))
        for kind, channel, is_sealed, *numbers in db.session.execute(rows)
    ]


def months_in(starts_on: date, ends_on: date) -> Sequence[date]:
    """The first day of each calendar month of a period, the period's own first day for its first."""
    found, day = [], starts_on
    while day <= ends_on:
        found.append(day)
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return found


def _columns(now: datetime) -> dict[str, Any]:
    outcomes = ("on_time", "late", "overdue", "running", "away", "unhappy")
    rated = sa.exists().where(Rating.petition_id == Petition.id).correlate(Petition)
    return {
        "received": sa.true(),
        **{name: within(Outcome(name), now) for name in outcomes},
        "rated": rated,
        "reopened": plain.reopened > 0,
    }


def _figures(row: Any) -> Figures:
    return Figures(**{f.name: int(getattr(row, f.name)) for f in fields(Figures)})


def _sum(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _received(ward_id: int, starts_on: date, ends_on: date) -> Any:
    return sa.and_(
        plain.ward_id == ward_id,
        plain.received_at >= _midnight(starts_on),
        plain.received_at < _midnight(ends_on + timedelta(days=1)),
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock.ZONE)
