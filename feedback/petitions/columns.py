"""A petition's columns, and the same as SQLite's planner finds no index for them.

A list names the one condition whose index is to lead; every other condition is written on `Shy` columns.
SQLite guesses badly among a dozen indexes that all begin with the ward; PostgreSQL knows its rows and is
left alone.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.operators import custom_op

from feedback.db import db
from feedback.petitions.models import Petition


class _Shy:
    """`shy.status` is `+petition.status` in SQLite: the same value, without an index."""

    def __getattr__(self, name: str) -> Any:
        return _unindexed(name) if is_sqlite() else getattr(Petition, name)


@cache
def _unindexed(name: str) -> Any:
    column = getattr(Petition, name).expression
    return sa.UnaryExpression(column, operator=custom_op("+"), type_=column.type)


plain: Any = Petition
shy: Any = _Shy()


def is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
