"""The database: base class, column types, and the only commit.

Both engines run the same code. SQLite: WAL, synchronous=FULL, foreign keys on, and writers take the
write lock when they begin (`BEGIN IMMEDIATE`), queueing fairly inside one process, because SQLite's own
busy wait is unfair. PostgreSQL: READ COMMITTED with row locks where a verb says so.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC as _UTC
from datetime import datetime
from enum import Enum as PyEnum
from typing import Any, cast

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, orm
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.dml import UpdateBase

from feedback.errors import Stale

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UTC(sa.types.TypeDecorator[datetime]):
    """An aware instant; naive in SQLite, `timestamptz` in PostgreSQL, always aware in Python."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone")
        value = value.astimezone(_UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=_UTC) if value.tzinfo is None else value.astimezone(_UTC)


def choice(members: type[PyEnum]) -> sa.Enum:
    """The column type of a labelled enum: its value as short text."""
    return sa.Enum(
        members,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda cls: [member.value for member in cls],
    )


class Base(DeclarativeBase):
    """What every table has: a number as its key."""

    registry = orm.registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UTC(),
            str: sa.Text(),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
            list[str]: sa.JSON(),
        },
    )

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_open: ContextVar[sa.Connection | None] = ContextVar("open", default=None)
_sqlite_writers = threading.Lock()


@contextmanager
def transaction() -> Iterator[None]:
    """The only way to write: commit when the block ends, roll everything back when it raises.

    Whatever was read before is refreshed on next use, so a verb always decides on present rows.
    Raises Stale when somebody else changed a versioned row first, and RuntimeError when nested or when
    changes were made outside: both are programming errors.
    """
    session = db.session()
    if _writing.get():
        raise RuntimeError(
            "transaction() inside transaction(): verbs flush, only entry points commit"
        )
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside transaction()")
    if session.in_transaction():
        session.rollback()  # which expires everything, too
    else:
        session.expire_all()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    with _sqlite_writers if is_sqlite else nullcontext():
        token, before = _writing.set(True), _open.set(None)
        try:
            yield
            session.commit()
        except StaleDataError as error:
            session.rollback()
            raise Stale from error
        except BaseException:
            session.rollback()
            raise
        finally:
            _open.reset(before)
            _writing.reset(token)


def connected() -> sa.Connection:
    """What the present transaction runs on, for plain statements; asking the session costs as much as one."""
    known = _open.get()
    if known is None:
        known = db.session.connection()
        if _writing.get():
            _open.set(known)
    return known


def rows_touched(statement: UpdateBase) -> int:
    """Execute an update or delete of many rows past the session; how many there were."""
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("sa.CursorResult[Any]", done).rowcount


def is_writing() -> bool:
    """Whether a `transaction()` block is open here."""
    return _writing.get()


def prepare(engine: Engine) -> None:
    """Attach what each engine needs."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=20000",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Any) -> None:
        connection.execute("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")

    # Not a "begin" listener: with one, SQLAlchemy looks for listeners around every statement.
    engine.dialect.do_begin = begin  # type: ignore[assignment]
