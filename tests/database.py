"""Both databases for every test that touches one: SQLite in a file, and a real PostgreSQL.

`app` runs the test once for each engine. Tables and the folder of files are emptied after each test, so no
test sees another's; ids go on counting, so no test may rely on them.
"""

import contextvars
import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from flask import Flask, current_app, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from psycopg.pq import TransactionStatus

from config import Settings
from feedback.db import Base, db
from tests import postgres
from tests.web import lint
from wsgi import create_app

FIELD_KEY = Fernet.generate_key().decode()
Made = TypeVar("Made")
ENGINES = os.environ.get("TEST_ENGINES", "sqlite,postgresql").split(",")


def make_settings(**changes: object) -> Settings:
    """Settings for tests; anything may be overridden."""
    values: dict[str, object] = {
        "secret_key": "test-" * 10,
        "field_keys": (FIELD_KEY,),
        "public_url": "http://ward.test",
        "rate_limits": False,
        "telegram_bot_token": "123456:TEST",
        "telegram_webhook_secret": "telegram-secret",
        **changes,
    }
    return Settings(**values)


class FreshClient(FlaskClient):
    """A client whose every request gets its own contexts, as on a real server, and whose every
    page is linted."""

    def open(self, *args, **kwargs):
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.rollback()
        lint.lint_response(response)
        return response


def _own_database(engine: str, folder: Path, shared: Path) -> str:
    """The address of a database of this test process: a copy of the one that the first of them migrated."""
    migrated = made_once(shared, lambda: _migrated(engine, shared))
    if engine == "sqlite":
        shutil.copy(shared / "migrated.db", folder / "test.db")
        return f"sqlite:///{folder}/test.db"
    return postgres.until_the_end(postgres.fresh_database(template=migrated))


@contextmanager
def _migrated(engine: str, folder: Path) -> Iterator[str]:
    own = nullcontext(f"sqlite:///{folder}/migrated.db")
    with own if engine == "sqlite" else postgres.fresh_database() as url:
        with create_app(make_settings(database_url=url)).app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()  # closed, SQLite's file is whole, and PostgreSQL's may be copied
        yield url


def _build(url: str, folder: Path, compiled: Path) -> Flask:
    app = create_app(make_settings(database_url=url, upload_dir=folder / "uploads"))
    app.test_client_class = FreshClient
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    with app.app_context():
        _notice_writes(app)
        if db.engine.dialect.name == "sqlite":
            _turn_around(db.engine)
        else:
            _keep_plans(db.engine)
    return app


def shared_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that the test processes of this run share."""
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder.mkdir(exist_ok=True)
    return folder


def made_once(folder: Path, making: Callable[[], AbstractContextManager[Made]]) -> Made:
    """What `making()` gave whichever test process came here first; it is left when that one ends."""
    told = folder / "told.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            postgres.until_the_end(_told(told, making()))
        return json.loads(told.read_text())


@contextmanager
def _told(told: Path, making: AbstractContextManager[Made]) -> Iterator[None]:
    with making as made:
        told.write_text(json.dumps(made))
        try:
            yield
        finally:
            told.unlink()


@pytest.fixture(scope="session")
def _apps() -> Iterator[dict[str, Flask]]:
    in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="ward-test-", dir=in_memory))
    yield {"folder": folder}
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=ENGINES)
def bare_app(request: pytest.FixtureRequest, _apps, tmp_path_factory) -> Iterator[Flask]:
    """The application on an empty, migrated database; no context is pushed."""
    engine = request.param
    if engine not in _apps:
        migrated = shared_folder(tmp_path_factory, f"migrated-{engine}")
        url = _own_database(engine, _apps["folder"], migrated)
        compiled = shared_folder(tmp_path_factory, "pages")
        lint.share(shared_folder(tmp_path_factory, "sound"))
        _apps[engine] = _build(url, _apps["folder"], compiled)
    app = _apps[engine]
    yield app
    with app.app_context():
        empty_tables()
    shutil.rmtree(app.config["SETTINGS"].upload_dir, ignore_errors=True)


@pytest.fixture
def app(bare_app: Flask) -> Iterator[Flask]:
    """The application with a context, so tests may call verbs and query."""
    with bare_app.app_context():
        yield bare_app
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


_WRITTEN = re.compile(r"\bINSERT (?:OR \w+ )?INTO \"?(\w+)")


def _notice_writes(app: Flask) -> None:
    """Note on the application which tables were written to. Not by an event of the engine: with one,
    SQLAlchemy looks for listeners around every statement."""
    written = app.extensions["written"] = set()

    def note(statement, _values) -> None:
        if "INSERT" in statement:  # most only read
            written.update(_WRITTEN.findall(statement))

    _hear(note, setattr)


def _hear(note: Callable[[str, Any], None], put: Callable[[Any, str, Any], None]) -> None:
    """Let it know of every statement on its way to the driver."""
    dialect = db.engine.dialect

    def hearing(execute):
        def heard(cursor, statement, values, *more) -> None:
            note(statement, values)
            execute(cursor, statement, values, *more)

        return heard

    for name in ("do_execute", "do_executemany"):
        put(dialect, name, hearing(getattr(dialect, name)))


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Each statement that the database is asked meanwhile, with its values; marks of transactions left out."""
    asked: list[tuple[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        _hear(lambda *said: asked.append(said), patch.setattr)
        yield asked


def _turn_around(engine: sa.Engine) -> None:
    """Let SQLite give what nobody put in order the other way round, so that nothing may rely on it.

    PostgreSQL gives such rows mostly as they were written, and now and then not: between the two, what
    relies on an order it did not ask for is found each time and not once in a hundred.
    """
    sa.event.listen(
        engine, "connect", lambda raw, _: raw.execute("PRAGMA reverse_unordered_selects=ON")
    )
    engine.dispose()


def _keep_plans(engine: sa.Engine) -> None:
    """Let PostgreSQL plan a statement once and not in each test: psycopg, undoing a transaction, has it
    forget all plans, for a table made in it might be gone."""

    def undo(connection) -> None:
        if connection.pgconn.transaction_status != TransactionStatus.IDLE:
            connection.pgconn.exec_(b"ROLLBACK")

    engine.dialect.do_rollback = undo
    sa.event.listen(engine, "connect", lambda raw, _: setattr(raw, "prepared_max", 1_000))
    engine.dispose()


def others_write(app: Flask) -> None:
    """Call where another process works on the test's database: all its tables are emptied then."""
    app.extensions["written"].update(Base.metadata.tables)


def written_tables() -> list[sa.Table]:
    """Those written to since the last emptying, in an order that suits their references."""
    written = current_app.extensions["written"]
    return [table for table in _in_order() if table.name in written]


@cache
def _in_order() -> list[sa.Table]:
    return Base.metadata.sorted_tables


def empty_tables() -> None:
    """Delete every row of every table that was written to, in one transaction."""
    db.session.remove()
    unchecked([f"DELETE FROM {table.name}" for table in reversed(written_tables())])
    current_app.extensions["written"].clear()


def unchecked(statements: Iterable[str], fills: Iterable[str] = ()) -> None:
    """Run them in one transaction in which no reference is looked at, in one round trip. `fills`: the
    tables they write to; they pass by what notices it."""
    current_app.extensions["written"].update(fills)
    with closing(db.engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        if db.engine.dialect.name == "sqlite":
            begin = ["PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"]
            end = ["COMMIT", "PRAGMA foreign_keys=ON"]
            connection.executescript("; ".join([*begin, *statements, *end]))
        else:
            connection.autocommit = True  # what is sent together is one transaction
            first = "SET LOCAL session_replication_role = replica"
            connection.execute("; ".join([first, *statements]))
            connection.autocommit = False
