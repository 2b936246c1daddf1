import os
from pathlib import Path
from tempfile import gettempdir

import tests.fuzzing  # noqa: F401  its profile holds before any test is read

_own = Path(gettempdir()) / f"ward-tests-{os.getuid()}"
_own.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_own))  # a library of the tests' server warns without

pytest_plugins = ["tests.database", "tests.world", "tests.browser"]


def pytest_unconfigure() -> None:
    from tests import postgres

    postgres.leave()
