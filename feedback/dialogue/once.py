"""Rows that a unique key admits once: the statement of the engine at hand."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback.db import Base, db

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def inserting(model: type[Base]) -> Any:
    """An insert that knows `on_conflict_…`."""
    return _INSERTS[db.session.get_bind().dialect.name](model.__table__)


def is_new(model: type[Base], **values: Any) -> bool:
    """Insert the row unless its unique key is taken; whether it was inserted."""
    insert = inserting(model).values(**values).on_conflict_do_nothing()
    return db.session.execute(insert.returning(model.__table__.c.id)).first() is not None


def changed(statement: sa.sql.dml.UpdateBase) -> int:
    """Execute a statement of rows the session need not follow; how many it changed."""
    done: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)
