"""An installation for each journey: the demonstration ward, seeded once for a run and then copied."""

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests import postgres
from tests.database import ENGINES, made_once, shared_folder
from tests.journeys.live import Installation


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def install(engine, tmp_path, tmp_path_factory) -> Iterator[Callable[..., Installation]]:
    """`install(telegram, ZALO_APP_ID="…")`: an installation, to be entered, on a database of its own."""
    folder = shared_folder(tmp_path_factory, f"seeded-{engine}")
    seeded = made_once(folder, lambda: _seeding(engine, folder))
    with ExitStack() as until_the_end:
        if engine == "sqlite":
            for part in folder.glob("live.db*"):
                shutil.copy(part, tmp_path)
            database = f"sqlite:///{tmp_path}/live.db"
        else:
            copied = postgres.fresh_database(template=seeded["database"])
            database = until_the_end.enter_context(copied)
        shutil.copytree(folder / "uploads", tmp_path / "uploads")

        def install_(telegram=None, **more) -> Installation:
            made = Installation(database, tmp_path, telegram, **seeded["keys"], **more)
            made.password = seeded["password"]
            return made

        yield install_


@contextmanager
def _seeding(engine: str, folder: Path) -> Iterator[dict]:
    """What `flask prepare --demo` makes of an empty database."""
    own = nullcontext(f"sqlite:///{folder}/live.db")
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": Fernet.generate_key().decode(),
    }
    with own if engine == "sqlite" else postgres.fresh_database() as database:
        said = Installation(database, folder, **keys).flask("prepare", "--demo")
        password = re.search(r"mật khẩu: (\S+)", said)[1]
        yield {"database": database, "password": password, "keys": keys}
