"""A ward whose past takes long to make, lived through once for a file and copied back for each test."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from feedback.db import db
from tests.database import unchecked, written_tables
from tests.world import World


@dataclasses.dataclass
class Copy:
    """What is kept of a story: its world by keys, and its tables with their columns."""

    app: Flask
    name: str
    world: dict[str, object]
    tables: dict[str, str]

    def keep(self) -> None:
        unchecked([f"CREATE TABLE {self.name}_{t} AS SELECT {c} FROM {t}" for t, c in self._each])

    def bring_back(self) -> World:
        told = [f"INSERT INTO {t} ({c}) SELECT {c} FROM {self.name}_{t}" for t, c in self._each]
        unchecked(told, fills=self.tables)
        return World(**{name: _read(part) for name, part in self.world.items()})

    def drop(self) -> None:
        unchecked([f"DROP TABLE {self.name}_{table}" for table in self.tables])

    @property
    def _each(self):
        return self.tables.items()


@pytest.fixture(scope="module")
def _copies() -> Iterator[dict[object, Copy]]:
    copies: dict[object, Copy] = {}
    yield copies
    for copy in copies.values():
        with copy.app.app_context():
            copy.drop()


@pytest.fixture
def lived(app, _copies) -> Callable[[Callable[[], World]], World]:
    """`lived(story)`: the world that `story()` returns, as it stood when the story was over."""

    def lived_(story: Callable[[], World]) -> World:
        if copy := _copies.get((app, story)):
            return copy.bring_back()
        world = story()
        db.session.rollback()
        keys = {
            field.name: _named(getattr(world, field.name)) for field in dataclasses.fields(World)
        }
        tables = {t.name: ", ".join(f'"{c.name}"' for c in t.columns) for t in written_tables()}
        copy = _copies[app, story] = Copy(app, f"kept_{story.__name__}", keys, tables)
        copy.keep()
        return world

    return lived_


def _named(part):
    """A row by its key; rows by name each by its own."""
    if isinstance(part, dict):
        return {name: _named(row) for name, row in part.items()}
    return type(part), part.id


def _read(part):
    if isinstance(part, dict):
        return {name: _read(row) for name, row in part.items()}
    return db.session.get_one(*part)
