import os
from pathlib import Path
from tempfile import gettempdir

import tests.fuzzing  # noqa: F401  its profile holds before any test is read

_own = Path(gettempdir()) / f"ward-tests-{os.getuid()}"
_own.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_own))  # a library of the tests' server warns without

pytest_plugins = ["tests.database", "tests.world", "tests.lived", "tests.browser"]


def pytest_collection_modifyitems(config, items) -> None:
    """A browser sees what the pages' own tests got from both databases: it looks at one of them."""
    again = {
        item for item in items if item.get_closest_marker("browser") and "postgresql" in item.name
    }
    items[:] = [item for item in items if item not in again]
    config.hook.pytest_deselected(items=list(again))


def pytest_unconfigure() -> None:
    from tests import postgres

    postgres.leave()
