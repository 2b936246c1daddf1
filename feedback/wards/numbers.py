"""Gap-free numbers, one series per ward, name and year.

The series' row stays locked until the transaction ends, so numbers follow one another without gaps
however many submit at once: take the number late, and roll back with it.
"""

import re
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback.db import connected, db
from feedback.statement import Plain
from feedback.wards.models import NumberSeries

DIGITS = 6
_DIGITS = sa.literal_column(str(DIGITS), sa.Integer)
_ZERO = sa.literal_column("'0'", sa.Text)

_NUMBER = re.compile(r"\s*([A-Za-z]{1,12})[-\s./]*(\d{4})[-\s./]*(\d{1,9})\s*")

_series = cast(sa.Table, NumberSeries.__table__)


def counting(insert: Any, ward_id: Any, name: Any, year: Any) -> Any:
    """The statement that counts a series up and returns `last`; `insert` is the dialect's own."""
    row = insert(_series).values(ward_id=ward_id, name=name, year=year, last=1)
    return row.on_conflict_do_update(
        index_elements=["ward_id", "name", "year"], set_={"last": _series.c.last + 1}
    ).returning(_series.c.last)


_key: list[Any] = [sa.bindparam(name) for name in ("of_ward", "of_name", "of_year")]
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_count = Plain({name: counting(insert, *_key) for name, insert in _INSERT.items()})


def take(ward_id: int, name: str, year: int, connection: sa.Connection | None = None) -> int:
    """The next number of a series, from 1."""
    connection = connection or connected()
    values = {"of_ward": ward_id, "of_name": name, "of_year": year}
    ((last,),) = _count.rows(connection, values)
    return int(last)


def give_back(ward_id: int, name: str, year: int, connection: sa.Connection | None = None) -> None:
    """Return the number taken last in this transaction, which still holds the series."""
    key = (_series.c.ward_id == ward_id, _series.c.name == name, _series.c.year == year)
    counted = sa.update(_series).where(*key).values(last=_series.c.last - 1)
    (connection or connected()).execute(counted)


def last(ward_id: int, name: str, year: int) -> int:
    """The newest number of a series; 0 before the first. Somebody may take the next at any moment."""
    query = sa.select(NumberSeries.last).filter_by(ward_id=ward_id, name=name, year=year)
    return db.session.scalar(query) or 0


def claim(ward_id: int, name: str, year: int, number: int) -> bool:
    """Take exactly this number, if it is the next one; False when somebody was first."""
    key = {"ward_id": ward_id, "name": name, "year": year}
    insert: Any = _INSERT[db.session.get_bind().dialect.name]
    db.session.execute(insert(NumberSeries).values(**key, last=0).on_conflict_do_nothing())
    counted = sa.update(NumberSeries).filter_by(**key, last=number - 1).values(last=number)
    options = {"synchronize_session": False}
    done = db.session.execute(counted.returning(NumberSeries.id), execution_options=options)
    return done.scalar() is not None


def petition_number(ward_code: str, year: int, seq: int) -> str:
    """BD-2026-000123: plain ASCII, so it can be typed on any phone."""
    return f"{number_prefix(ward_code, year)}{seq:0{DIGITS}d}"


def number_prefix(ward_code: str, year: int) -> str:
    """What the numbers of a ward's year begin with."""
    return f"{ward_code}-{year}-"


def normal_number(typed: str) -> str | None:
    """'bd 2026 123' as BD-2026-000123; None when it is no petition number."""
    found = _NUMBER.fullmatch(typed)
    return petition_number(found[1].upper(), int(found[2]), int(found[3])) if found else None


def petition_number_in_sql(prefix: Any, seq: Any) -> Any:
    """The same in PostgreSQL; `prefix`: all that stands before the digits."""
    digits = sa.cast(seq, sa.Text)
    return prefix + sa.func.lpad(digits, sa.func.greatest(_DIGITS, sa.func.length(digits)), _ZERO)
