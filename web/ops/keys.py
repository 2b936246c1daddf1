"""Keys of the sealed columns: re-sealing every row with the newest one.

Batches are short transactions, and a value the newest key opens is left alone: the work can be broken
off and begun again at any time, while the ward goes on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from feedback.db import Base, db, transaction
from feedback.sealing import Sealed, fingerprint, is_newest, seal, unseal

BATCH = 200


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns; `marks`: (sealed column, its fingerprint column)."""

    table: sa.Table
    columns: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]


@dataclass
class Done:
    """How many rows were looked at and changed, and how many values no key opens."""

    seen: int = 0
    changed: int = 0
    lost: int = 0


def sealed_tables() -> Iterator[SealedTable]:
    """Every table with sealed columns, found in the models."""
    for table in Base.metadata.sorted_tables:
        columns = tuple(c.name for c in table.columns if isinstance(c.type, Sealed))
        marks = tuple(
            (column, mark.name)
            for mark in table.columns
            if mark.name.endswith("_hash")
            for column in columns
            if column in (mark.name[:-5], f"reporter_{mark.name[:-5]}")
        )
        if columns:
            yield SealedTable(table, columns, marks)


def rotate(each: SealedTable, progress: Callable[[int], None] = lambda _seen: None) -> Done:
    """Seal the table's rows with the newest key; `progress` is told how many rows have been seen."""
    done, last = Done(), 0
    while True:
        with transaction():
            rows = _rows(each, last)
            changes = [change for row in rows if (change := _change(each, row, done))]
            _write(each, changes)
        if not rows:
            return done
        done.seen += len(rows)
        done.changed += len(changes)
        last = rows[-1]["id"]
        progress(done.seen)


def count(each: SealedTable) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(each.table)) or 0


def opens(each: SealedTable) -> bool:
    """Whether some key opens the table's newest row; True when it has none."""
    row = (
        db.session.execute(_query(each).order_by(each.table.c.id.desc()).limit(1))
        .mappings()
        .first()
    )
    try:
        for name in each.columns:
            if row and row[name] is not None:
                unseal(row[name])
    except InvalidToken:
        return False
    return True


def _query(each: SealedTable) -> sa.Select[Any]:
    sealed = [sa.type_coerce(each.table.c[name], sa.Text).label(name) for name in each.columns]
    marks = [each.table.c[mark] for _, mark in each.marks]
    return sa.select(each.table.c.id, *sealed, *marks)


def _rows(each: SealedTable, after: int) -> list[Any]:
    query = _query(each).where(each.table.c.id > after).order_by(each.table.c.id).limit(BATCH)
    return list(db.session.execute(query.with_for_update()).mappings())


def _change(each: SealedTable, row: Any, done: Done) -> dict[str, Any]:
    """The row with its sealed columns and marks as they should be; empty when they are already."""
    fresh, plain = dict(row), {}
    for name in each.columns:
        if row[name] is None:
            continue
        try:
            plain[name] = unseal(row[name])
        except InvalidToken:
            done.lost += 1
            continue
        if not is_newest(row[name]):
            fresh[name] = seal(plain[name])
    for name, mark in each.marks:
        if row[mark] is not None and name in plain:
            fresh[mark] = fingerprint(plain[name])
    return {f"new_{name}": value for name, value in fresh.items()} if fresh != row else {}


def _write(each: SealedTable, changes: list[dict[str, Any]]) -> None:
    names = [*each.columns, *(mark for _, mark in each.marks)]
    update = (
        sa.update(each.table)
        .where(each.table.c.id == sa.bindparam("new_id"))
        .values({name: sa.bindparam(f"new_{name}", type_=sa.Text()) for name in names})
    )
    if changes:
        db.session.connection().execute(update, changes)
