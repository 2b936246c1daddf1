import gc
import os
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from tempfile import gettempdir

import time_machine

gc.disable()  # what is read while tests are collected stays: looking through it took a fifth of that time
_own = Path(gettempdir()) / f"ward-tests-{os.getuid()}"
_own.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_own))  # a library of the tests' server warns without

pytest_plugins = [
    "tests.fuzzing",  # its profile holds before any test is read
    "tests.database",
    "tests.world",
    "tests.lived",
    "tests.browser",
    "tests.web.screen",
]


def pytest_configure() -> None:
    """TEST_AT=2027-02-05T23:58+07:00 lets the tests of this process live on another day."""
    if "TEST_AT" in os.environ:
        another_day = datetime.fromisoformat(os.environ["TEST_AT"])
        time_machine.travel(another_day, tick=True).start()


def pytest_collection_modifyitems(config, items) -> None:
    """A browser sees what the pages' own tests got from both databases: it looks at one of them."""
    again = {item for item in items if _is_looking(item) and "postgresql" in item.name}
    config.hook.pytest_deselected(items=list(again))
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = _dealt([item for item in items if item not in again], processes)


def _is_looking(item) -> bool:
    return item.get_closest_marker("browser") is not None


def _is_slow(item) -> bool:
    return item.get_closest_marker("slow") is not None


def _is_journey(item) -> bool:
    return "install" in item.fixturenames


def _is_waiting(item) -> bool:
    """Whether it starts programs, which its process has to load, and mostly waits for them."""
    return _is_journey(item) or item.get_closest_marker("programs") is not None


def _dealt(items: list, processes: int) -> list:
    """What takes long comes first, so that nothing long is left for the end.

    `--dist worksteal` cuts the list into a part for each process. What mostly waits for other programs
    begins the first half of them; what looks at pages in a browser, finding it open, and what lives
    through a year begin the others.
    """
    waiting = sorted(filter(_is_waiting, items), key=_is_journey, reverse=True)
    others = [item for item in items if not _is_waiting(item)]
    looking = [item for item in others if _is_looking(item)]
    busy = looking + [item for item in others if _is_slow(item) and not _is_looking(item)]
    first = {*waiting, *busy}
    rest = [item for item in items if item not in first]
    journeys = (processes + 1) // 2
    turns = [waiting[turn::journeys] for turn in range(journeys)]
    heads = [*turns, *_cut(busy, max(1, processes - journeys))]
    dealt = []
    for no, head in enumerate(heads):
        size = (len(items) - len(dealt)) // (len(heads) - no)
        own = max(0, size - len(head))
        dealt += head + rest[:own]
        del rest[:own]
    return dealt + rest


def _cut(items: list, parts: int) -> list[list]:
    """In parts of about the same length, in order."""
    marks = [len(items) * no // parts for no in range(parts + 1)]
    return [items[begin:end] for begin, end in pairwise(marks)]


def pytest_collection_finish() -> None:
    """Looking through ten thousand tests and the whole program for garbage took an eighth of the time."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure() -> None:
    from tests import postgres

    postgres.leave()
