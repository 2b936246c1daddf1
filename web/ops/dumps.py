"""The database as one file, consistent while the ward goes on working, and back again."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from os import defpath
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from config import Settings
from feedback.db import db
from feedback.errors import Refusal

NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}


class DumpFailed(Refusal):
    """The database could not be copied or brought back."""


def engine_of(settings: Settings) -> str:
    return "sqlite" if settings.is_sqlite else "postgresql"


def dump(settings: Settings, target: Path) -> None:
    """Write the whole database to `target`, a new file. Raises DumpFailed."""
    if settings.is_sqlite:
        # What was deleted is not in the copy: VACUUM leaves free pages behind.
        with closing(sqlite3.connect(_file(settings), timeout=60)) as source:
            source.execute("VACUUM INTO ?", [str(target)])
    else:
        _run("pg_dump", settings, "--format=custom", f"--file={target}")


def load(settings: Settings, source: Path) -> None:
    """Put the copy in the place of an empty database. Raises DumpFailed."""
    db.session.remove()
    db.engine.dispose()
    if settings.is_sqlite:
        place = _file(settings)
        fresh = place.with_name(place.name + ".restored")
        shutil.copyfile(source, fresh)
        for rest in ("-wal", "-shm"):
            place.with_name(place.name + rest).unlink(missing_ok=True)
        fresh.replace(place)
    else:
        wanted = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
        _run("pg_restore", settings, *wanted, str(source))


def is_empty() -> bool:
    """Whether no ward lives in the present database; tables may be there."""
    if not sa.inspect(db.engine).has_table("ward"):
        return True
    with db.engine.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM ward")) == 0


def is_sound(copy: Path) -> bool:
    """Whether the copy is a whole database."""
    if copy.name != NAMES["sqlite"]:
        return copy.stat().st_size > 0
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as connection:
        return connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def _file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _run(name: str, settings: Settings, *arguments: str) -> None:
    """One of PostgreSQL's own programs; the password is neither in its arguments nor printed."""
    program = shutil.which(name)
    if program is None:
        raise DumpFailed(
            f"Máy này chưa có chương trình {name} của PostgreSQL. Cài gói postgresql-client "
            "(cùng phiên bản với máy chủ cơ sở dữ liệu) rồi chạy lại."
        )
    url = make_url(settings.database_url)
    address = url.set(drivername="postgresql", password=None).render_as_string()
    done = subprocess.run(  # noqa: S603  our own arguments, no shell
        [program, f"--dbname={address}", *arguments],
        env={"PATH": defpath, "PGPASSWORD": str(url.password or ""), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["?"]
        raise DumpFailed(f"{name} không làm xong: {said[0]}")
