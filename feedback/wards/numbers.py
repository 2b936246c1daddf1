"""Gap-free numbers, one series per ward, name and year.

The series' row stays locked until the transaction ends, so numbers follow one another without gaps
however many submit at once: take the number late, and roll back with it.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback.db import db
from feedback.wards.models import NumberSeries


def _counting(insert: Any) -> Any:
    row = insert(NumberSeries).values(
        ward_id=sa.bindparam("ward"),
        name=sa.bindparam("series"),
        year=sa.bindparam("in_year"),
        last=1,
    )
    return row.on_conflict_do_update(
        index_elements=["ward_id", "name", "year"], set_={"last": NumberSeries.last + 1}
    ).returning(NumberSeries.last)


_count = {"sqlite": _counting(sqlite.insert), "postgresql": _counting(postgresql.insert)}


def take(ward_id: int, name: str, year: int) -> int:
    """The next number of a series, from 1."""
    statement = _count[db.session.get_bind().dialect.name]
    values = {"ward": ward_id, "series": name, "in_year": year}
    return int(db.session.execute(statement, values).scalar_one())


def petition_number(ward_code: str, year: int, seq: int) -> str:
    """BD-2026-000123: plain ASCII, so it can be typed on any phone."""
    return f"{ward_code}-{year}-{seq:06d}"
