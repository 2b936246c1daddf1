"""Events that could not be stored, kept as files until they can.

Zalo does not send again what was answered, nor what was refused; so while the database is away the
bytes, whose sender was proven, wait on disk. They are removed when they are stored.
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger("zalo")

FOLDER = "zalo-events"
MOST = 10_000  # files; more than a day's events of a large ward


def keep(root: Path, body: bytes) -> None:
    """Write the bytes of one event; the same event twice is one file. Raises OSError."""
    folder = root / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sum(1 for _ in folder.iterdir()) >= MOST:
        raise OSError("too many events wait on disk")
    name = hashlib.sha256(body).hexdigest()
    half = folder / f"{name}.half"
    half.write_bytes(body)
    half.rename(folder / f"{name}.json")


def take_in(root: Path, store: Callable[[bytes], object]) -> int:
    """Store what waits, oldest first; how many that was. Stops at the first that fails."""
    waiting = sorted((root / FOLDER).glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    for done, path in enumerate(waiting):
        try:
            store(path.read_bytes())
        except Exception:
            log.exception("%s events still wait on disk", len(waiting) - done)
            return done
        path.unlink(missing_ok=True)
    return len(waiting)
