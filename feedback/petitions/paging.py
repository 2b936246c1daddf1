"""Pages by key, forwards and backwards: the cost of a page does not depend on how deep it lies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from feedback.errors import BadInput

Row = TypeVar("Row")
CAP = 500  # nobody reads an exact number of more, and counting is what a list costs

_MARK = re.compile(r"([fb])(\d{1,18})(?:\.(-?\d{1,17}))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the marks of the pages after and before (pass one as `after`).

    `count_capped`: how many rows there are in all, at least; `is_more`: there may be more of them than
    were counted ("500+").
    """

    rows: Sequence[Row]
    next: str | None
    previous: str | None
    count_capped: int
    is_more: bool = False

    @property
    def count_words(self) -> str:
        return f"{self.count_capped}{'+' if self.is_more else ''}"


@dataclass(frozen=True)
class Mark:
    """Beyond which row a page begins, forwards or backwards. `at`: its instant, where rows go by one."""

    is_back: bool
    id: int
    at: datetime | None = None

    def __str__(self) -> str:
        at = "" if self.at is None else f".{(self.at - _EPOCH) // _TICK}"
        return f"{'b' if self.is_back else 'f'}{self.id}{at}"

    @classmethod
    def read(cls, text: str | None) -> "Mark | None":
        """Raises BadInput for anything that is not a mark."""
        if not text:
            return None
        found = _MARK.fullmatch(text)
        if found is None:
            raise BadInput("Trang này không còn nữa; vui lòng xem lại từ đầu danh sách.")
        at = None if found[3] is None else _EPOCH + int(found[3]) * _TICK
        return cls(found[1] == "b", int(found[2]), at)


@dataclass(frozen=True)
class Order:
    """How rows follow one another: by id, or by an instant and then id; latest first unless `rising`.

    `name`: the attribute of a row that holds the instant.
    """

    id: Any
    at: Any = None
    name: str = ""
    rising: bool = False

    def beyond(self, mark: Mark | None) -> list[Any]:
        """Conditions for the rows beyond a mark."""
        if mark is None:
            return []
        key: Any = self.id
        here: Any = mark.id
        if self.at is not None:
            key, here = sa.tuple_(self.at, self.id), sa.tuple_(mark.at or _EPOCH, mark.id)
        return [key > here if self.rising is not mark.is_back else key < here]

    def by(self, mark: Mark | None) -> list[Any]:
        """ORDER BY in the direction of reading."""
        rises = self.rising is not (mark is not None and mark.is_back)
        columns = (self.id,) if self.at is None else (self.at, self.id)
        return [column.asc() if rises else column.desc() for column in columns]

    def mark(self, row: Any, *, is_back: bool) -> str:
        return str(Mark(is_back, row.id, getattr(row, self.name) if self.name else None))


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
