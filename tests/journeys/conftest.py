"""An installation for each journey: the demonstration ward, seeded once for a run and then copied."""

import fcntl
import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests import postgres
from tests.database import ENGINES, shared_folder
from tests.journeys.live import Installation


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def install(engine, tmp_path, tmp_path_factory) -> Iterator[Callable[..., Installation]]:
    """`install(telegram, ZALO_APP_ID="…")`: an installation, to be entered, on a database of its own."""
    folder = shared_folder(tmp_path_factory, f"seeded-{engine}")
    seeded = _seeded(engine, folder)
    with ExitStack() as until_the_end:
        if engine == "sqlite":
            for part in folder.glob("live.db*"):
                shutil.copy(part, tmp_path)
            database = f"sqlite:///{tmp_path}/live.db"
        else:
            copied = postgres.fresh_database(template=seeded["database"])
            database = until_the_end.enter_context(copied)
        shutil.copytree(folder / "uploads", tmp_path / "uploads")

        def install_(telegram=None, **more: str) -> Installation:
            made = Installation(database, tmp_path, telegram, **seeded["keys"], **more)
            made.password = seeded["password"]
            return made

        yield install_


def _seeded(engine: str, folder: Path) -> dict:
    """What `flask prepare --demo` made of an empty database, for whichever test process came first."""
    told = folder / "told.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            postgres.until_the_end(_seeding(engine, folder, told))
        return json.loads(told.read_text())


@contextmanager
def _seeding(engine: str, folder: Path, told: Path) -> Iterator[None]:
    own = nullcontext(f"sqlite:///{folder}/live.db")
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": Fernet.generate_key().decode(),
    }
    with own if engine == "sqlite" else postgres.fresh_database() as database:
        said = Installation(database, folder, **keys).flask("prepare", "--demo")
        password = re.search(r"mật khẩu: (\S+)", said)[1]
        told.write_text(json.dumps({"database": database, "password": password, "keys": keys}))
        try:
            yield
        finally:
            told.unlink()
