"""Where files lie: under a root directory, named by what is in them.

    ab/cd/abcd….jpg        the file, named by the SHA-256 of its content
    ab/cd/abcd….thumb.jpg  beside a photo, 320 px

The same content is stored once. Nothing here is served directly: pages check who asks first.
"""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from feedback import clock
from feedback.documents.images import thumbnail
from feedback.documents.intake import CleanFile
from feedback.errors import NotFound

_PATH = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{60}(\.thumb)?\.[a-z0-9]{2,5}")


def save(root: Path, file: CleanFile) -> str:
    """Store durably; returns the path relative to the root. Raises OSError when the disk does."""
    relative = place_of(file)
    if file.is_image:
        _write_once(root / thumbnail_of(relative), lambda: thumbnail(file.data))
    _write_once(root / relative, lambda: file.data)
    return relative


def place_of(file: CleanFile) -> str:
    """Where this content lies, relative to the root."""
    return place(file.sha256, file.suffix)


def place(sha256: str, suffix: str) -> str:
    """The same for a content of which only the hash is at hand."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.{suffix}"


def thumbnail_of(relative: str) -> str:
    """'ab/cd/abcd….jpg' -> 'ab/cd/abcd….thumb.jpg'."""
    return relative.rpartition(".")[0] + ".thumb.jpg"


def path_of(root: Path, relative: str) -> Path:
    """Raises NotFound for a path `save` did not make, or a file that is not there."""
    path = root / relative
    if not _PATH.fullmatch(relative) or not path.is_file():
        raise NotFound("Không tìm thấy tệp này.")
    return path


def open_file(root: Path, relative: str) -> BinaryIO:
    return path_of(root, relative).open("rb")


def _write_once(path: Path, content: Callable[[], bytes]) -> None:
    """Temporary file, fsync, rename: a reader, or a crash, never sees half a file."""
    if path.exists():
        # Young again, so that no clean-up takes it before its new row is there.
        os.utime(path, (clock.now().timestamp(),) * 2)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content())
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for directory in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync(directory)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
