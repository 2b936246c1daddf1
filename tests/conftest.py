import os
from tempfile import gettempdir

import tests.fuzzing  # noqa: F401  its profile holds before any test is read

os.environ.setdefault("XDG_RUNTIME_DIR", gettempdir())  # a library complains on stderr without it

pytest_plugins = ["tests.database", "tests.world", "tests.browser"]


def pytest_unconfigure() -> None:
    from tests import postgres

    postgres.leave()
