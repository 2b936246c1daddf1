"""Pages by key, forwards and backwards: the cost of a page does not depend on how deep it lies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from feedback.errors import BadInput

Row = TypeVar("Row")
CAP = 1000

_MARK = re.compile(r"([fb])(\d{1,18})(?:\.(-?\d{1,17}))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the marks of the pages after and before (pass one as `after`).

    `count_capped` counts no further than 1001; `count_words` says "1000+" then.
    """

    rows: Sequence[Row]
    next: str | None
    previous: str | None
    count_capped: int

    @property
    def count_words(self) -> str:
        return f"{CAP}+" if self.count_capped > CAP else str(self.count_capped)


@dataclass(frozen=True)
class Mark:
    """Beyond which row a page begins, forwards or backwards. `due_at` where rows go by date."""

    is_back: bool
    id: int
    due_at: datetime | None = None

    def __str__(self) -> str:
        due = "" if self.due_at is None else f".{(self.due_at - _EPOCH) // _TICK}"
        return f"{'b' if self.is_back else 'f'}{self.id}{due}"

    @classmethod
    def read(cls, text: str | None) -> "Mark | None":
        """Raises BadInput for anything that is not a mark."""
        if not text:
            return None
        found = _MARK.fullmatch(text)
        if found is None:
            raise BadInput("Trang này không còn nữa; vui lòng xem lại từ đầu danh sách.")
        ticks = found[3]
        due_at = None if ticks is None else _EPOCH + int(ticks) * _TICK
        return cls(found[1] == "b", int(found[2]), due_at)


@dataclass(frozen=True)
class Order:
    """How rows follow one another: newest first, or most urgent date first."""

    id: Any
    due_at: Any = None

    def beyond(self, mark: Mark | None) -> list[Any]:
        """Conditions for the rows beyond a mark."""
        if mark is None:
            return []
        if self.due_at is None:
            return [self.id > mark.id if mark.is_back else self.id < mark.id]
        keys, here = sa.tuple_(self.due_at, self.id), sa.tuple_(mark.due_at or _EPOCH, mark.id)
        return [keys < here if mark.is_back else keys > here]

    def by(self, mark: Mark | None) -> list[Any]:
        """ORDER BY in the direction of reading."""
        is_back = mark is not None and mark.is_back
        if self.due_at is None:
            return [self.id.asc() if is_back else self.id.desc()]
        columns = (self.due_at, self.id)
        return [c.desc() if is_back else c.asc() for c in columns]

    def mark(self, row: Any, *, is_back: bool) -> str:
        return str(Mark(is_back, row.id, None if self.due_at is None else row.due_at))


def cut(found: Sequence[Row], limit: int, mark: Mark | None, order: Order) -> tuple[Any, ...]:
    """(rows in reading order, next, previous) of `limit` + 1 rows read beyond a mark."""
    has_more = len(found) > limit
    rows = list(found[:limit])
    is_back = mark is not None and mark.is_back
    if is_back:
        rows.reverse()
    has_next, has_previous = (bool(rows), has_more) if is_back else (has_more, mark is not None)
    return (
        rows,
        order.mark(rows[-1], is_back=False) if rows and has_next else None,
        order.mark(rows[0], is_back=True) if rows and has_previous else None,
    )
