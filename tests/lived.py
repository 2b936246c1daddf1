"""A ward whose past takes long to make, lived through once for a file and copied back for each test."""

import dataclasses
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from feedback.db import db
from tests.database import unchecked, written_tables


@dataclasses.dataclass
class Copy:
    """What is kept of a story: what it told, its tables with their columns, its files."""

    app: Flask
    name: str
    told: bytes
    tables: dict[str, str]

    def keep(self) -> None:
        unchecked([f"CREATE TABLE {self.name}_{t} AS SELECT {c} FROM {t}" for t, c in self._each])
        if self._uploads.exists():
            shutil.copytree(self._uploads, self._files)

    def bring_back(self) -> Any:
        told = [f"INSERT INTO {t} ({c}) SELECT {c} FROM {self.name}_{t}" for t, c in self._each]
        unchecked(told, fills=self.tables)
        if self._files.exists():
            shutil.copytree(self._files, self._uploads)
        return pickle.loads(self.told)

    def drop(self) -> None:
        unchecked([f"DROP TABLE {self.name}_{table}" for table in self.tables])
        shutil.rmtree(self._files, ignore_errors=True)

    @property
    def _each(self):
        return self.tables.items()

    @property
    def _uploads(self) -> Path:
        return self.app.config["SETTINGS"].upload_dir

    @property
    def _files(self) -> Path:
        return self._uploads.with_name(self.name)


@pytest.fixture(scope="module")
def _copies() -> Iterator[dict[object, Copy]]:
    copies: dict[object, Copy] = {}
    yield copies
    for copy in copies.values():
        with copy.app.app_context():
            copy.drop()


@pytest.fixture
def lived(app, _copies) -> Callable[..., Any]:
    """`lived(story, *given)`: what `story(*given)` returns, its world let go, and the ward as it stood
    when the story was over."""

    def lived_(story: Callable[..., Any], *given: object) -> Any:
        if copy := _copies.get((app, story, given)):
            return copy.bring_back()
        told = pickle.dumps(story(*given))
        db.session.rollback()
        tables = {t.name: ", ".join(f'"{c.name}"' for c in t.columns) for t in written_tables()}
        copy = _copies[app, story, given] = Copy(app, f"kept{len(_copies)}", told, tables)
        copy.keep()
        return pickle.loads(told)

    return lived_
