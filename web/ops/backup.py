"""Backups: a folder with a consistent copy of the database, the uploads, and a list of what is in it.

    manifest.json     when, which database, and for each file its size and SHA-256
    database.sqlite   or database.dump (PostgreSQL's custom format)
    uploads/…         as under UPLOAD_DIR: names are hashes and say nothing

The folder appears under its name only when it is complete. The keys are never in it. The database is
copied first: a file is on disk before its row, so every row of the copy finds its file.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from config import Settings
from feedback import audit, clock
from feedback.db import db, transaction
from feedback.errors import Refusal
from feedback.outbox.models import OutboxRow, OutboxState
from web.ops import dumps

MANIFEST, UPLOADS = "manifest.json", "uploads"
_NAMED_BY_HASH = re.compile(r"[0-9a-f]{64}(\.thumb)?\.[a-z0-9]{2,5}")


class Unusable(Refusal):
    """A backup can't be made or brought back; the sentence says why."""


@dataclass(frozen=True)
class Entry:
    """One file of a backup: path inside the folder, bytes, SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Backup:
    """What `manifest.json` says. `made_at`: ISO, with its zone; `revision`: of the tables."""

    made_at: str
    engine: str
    revision: str
    files: tuple[Entry, ...]

    @property
    def size(self) -> int:
        return sum(each.size for each in self.files)


def make(settings: Settings, folder: Path) -> Backup:
    """Copy everything into `folder`, which must not be there. Raises Unusable, DumpFailed, OSError."""
    if folder.exists():
        raise Unusable(f"Đã có {folder}. Mỗi bản sao lưu nằm trong một thư mục mới.")
    if folder.is_relative_to(settings.upload_dir):
        raise Unusable("Không đặt bản sao lưu bên trong thư mục tệp tải lên.")
    with transaction():
        audit.record("backup.made", "installation")
    half = folder.with_name(folder.name + ".half")
    half.mkdir(mode=0o700, parents=True)
    try:
        made = _fill(settings, half)
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return made


def read(folder: Path) -> Backup:
    """The list of a backup, every file compared with it. Raises Unusable."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(Entry(**each) for each in found.pop("files"))
        backup = Backup(**found, files=files)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Unusable(f"{folder} không phải một bản sao lưu trọn vẹn.") from error
    for each in files:
        path = folder / each.path
        if ".." in Path(each.path).parts or not path.is_file() or _entry(folder, path) != each:
            raise Unusable(f"Tệp {each.path} trong bản sao lưu bị thiếu hoặc đã bị sửa.")
    return backup


def restore(settings: Settings, folder: Path) -> Backup:
    """Bring a backup into an empty installation. Raises Unusable, DumpFailed, OSError.

    Messages that waited when it was made may have been sent since: they end as of unknown outcome.
    """
    backup = read(folder)
    if backup.engine != dumps.engine_of(settings):
        raise Unusable(f"Bản sao lưu này là của {backup.engine}; DATABASE_URL chỉ một loại khác.")
    if not _is_known(backup.revision):
        raise Unusable("Bản sao lưu do một bản chương trình mới hơn tạo ra. Cập nhật rồi làm lại.")
    if not dumps.is_empty() or any(_uploads(settings.upload_dir)):
        raise Unusable(
            "Nơi này đang có dữ liệu. Chỉ khôi phục vào một bản cài đặt trống: "
            "đổi DATABASE_URL và UPLOAD_DIR, hoặc cất dữ liệu cũ đi chỗ khác."
        )
    try:
        for path in _uploads(folder / UPLOADS):
            _copy(path, settings.upload_dir / path.relative_to(folder / UPLOADS))
        dumps.load(settings, folder / dumps.NAMES[backup.engine])
    except BaseException:  # as empty as before, so that it can be tried again
        for path in _uploads(settings.upload_dir):
            path.unlink()
        raise
    _bring_up_to_date()
    return backup


def last_made() -> datetime | None:
    """When the newest backup was begun."""
    row = audit.AuditRow
    return db.session.scalar(sa.select(sa.func.max(row.at)).where(row.action == "backup.made"))


def _fill(settings: Settings, half: Path) -> Backup:
    began = clock.now()
    copy = half / dumps.NAMES[dumps.engine_of(settings)]
    dumps.dump(settings, copy)
    if not dumps.is_sound(copy):
        raise Unusable("Bản sao cơ sở dữ liệu vừa tạo không đọc được.")
    for path in _uploads(settings.upload_dir):
        with suppress(FileNotFoundError):  # taken back by its resident a moment ago
            _copy(path, half / UPLOADS / path.relative_to(settings.upload_dir))
    files = tuple(_entry(half, path) for path in sorted(half.rglob("*")) if path.is_file())
    made = Backup(
        began.isoformat(timespec="seconds"), dumps.engine_of(settings), _revision(), files
    )
    words = json.dumps(asdict(made), indent=1)
    (half / MANIFEST).write_text(words, encoding="utf-8")
    return made


def _uploads(root: Path) -> Iterator[Path]:
    """What is kept there: files named by their hash, nothing half written."""
    return (path for path in sorted(root.rglob("*")) if _NAMED_BY_HASH.fullmatch(path.name))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _entry(folder: Path, path: Path) -> Entry:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Entry(path.relative_to(folder).as_posix(), path.stat().st_size, digest)


def _revision() -> str:
    with db.engine.connect() as connection:
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def _is_known(revision: str) -> bool:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    return revision in {each.revision for each in scripts.walk_revisions()}


def _bring_up_to_date() -> None:
    from flask_migrate import upgrade

    upgrade()
    waiting = OutboxRow.state.in_((OutboxState.QUEUED, OutboxState.SENDING))
    with transaction():
        audit.record("backup.restored", "installation")
        db.session.execute(
            sa.update(OutboxRow)
            .where(waiting)
            .values(
                state=OutboxState.UNKNOWN, error="restored from a backup", settled_at=clock.now()
            )
            .execution_options(synchronize_session=False)
        )
