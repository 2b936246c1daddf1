"""Ordered lists a ward keeps in its settings (rules of signing, questions and answers), a row at a time.

`mark_of` names a list as somebody saw it: who edits an older one is told so, instead of hitting another row.
The caller has locked the ward (`edits.begin`) and writes the note.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from feedback.errors import NotFound, Stale
from feedback.wards.models import Ward

Row = dict[str, Any]
MOST = 100  # rows of one list


def mark_of(rows: Sequence[Mapping[str, Any]]) -> str:
    said = json.dumps(list(rows), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def put(ward: Ward, key: str, row: Row, no: int | None, seen: str) -> Row | None:
    """Write a row at a place, at the end without one; what stood there. Raises Stale, NotFound."""
    rows = _rows(ward, key, no, seen)
    before = None if no is None else rows[no]
    if no is None:
        rows.append(row)
    else:
        rows[no] = row
    _keep(ward, key, rows)
    return before


def take_out(ward: Ward, key: str, no: int, seen: str) -> Row:
    """Remove the row at a place and return it. Raises Stale, NotFound."""
    rows = _rows(ward, key, no, seen)
    gone = rows.pop(no)
    _keep(ward, key, rows)
    return gone


def raise_up(ward: Ward, key: str, no: int, seen: str) -> Row:
    """Let a row change places with the one before it; the row. Raises Stale, NotFound."""
    rows = _rows(ward, key, no, seen)
    if no == 0:
        raise NotFound
    rows[no - 1], rows[no] = rows[no], rows[no - 1]
    _keep(ward, key, rows)
    return rows[no - 1]


def _rows(ward: Ward, key: str, no: int | None, seen: str) -> list[Row]:
    rows = list(ward.settings.get(key, ()))
    if mark_of(rows) != seen:
        raise Stale("Danh sách vừa được người khác sửa. Vui lòng xem bản mới rồi làm lại.")
    if no is not None and not 0 <= no < len(rows):
        raise NotFound
    return rows


def _keep(ward: Ward, key: str, rows: list[Row]) -> None:
    settings = {name: value for name, value in ward.settings.items() if name != key}
    ward.settings = {**settings, key: rows} if rows else settings
