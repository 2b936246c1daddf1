"""How a file that was taken in becomes a row: at once with its petition, or waiting for one."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.documents import intake, store
from feedback.documents.intake import CleanFile
from feedback.documents.models import FileUse, StoredFile


def receive(root: Path, name: str, data: bytes | BinaryIO) -> CleanFile:
    """Check and clean a file and put it on disk under `root`; call outside every transaction.

    The bytes are let go (`.data` is empty). Raises intake.FileRefused.
    """
    clean = intake.accept(name, data)
    store.save(root, clean)
    return replace(clean, data=b"")


def keep(
    ward_id: int,
    clean: CleanFile,
    use: FileUse,
    *,
    petition_id: int | None = None,
    conversation_id: int | None = None,
    uploaded_by_id: int | None = None,
    dialogue_id: int | None = None,
) -> StoredFile:
    """Add the row of a file that `receive` (or `store.save`) has put on disk."""
    lat, lng = clean.gps or (None, None)
    row = StoredFile(
        ward_id=ward_id,
        petition_id=petition_id,
        conversation_id=conversation_id,
        dialogue_id=dialogue_id,
        key=secrets.token_urlsafe(18),
        use=use,
        name=clean.name,
        media_type=clean.media_type,
        size=clean.size,
        sha256=clean.sha256,
        path=store.place_of(clean),
        width=clean.width,
        height=clean.height,
        lat=lat,
        lng=lng,
        taken_at=clean.taken_at,
        uploaded_by_id=uploaded_by_id,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def waiting(ward_id: int, keys: Iterable[str]) -> list[StoredFile]:
    """The files among these keys that belong to no petition and no chat yet, oldest first."""
    wanted = list(keys)
    if not wanted:
        return []
    query = sa.select(StoredFile).where(
        StoredFile.key.in_(wanted),
        StoredFile.ward_id == ward_id,
        StoredFile.petition_id.is_(None),
        StoredFile.conversation_id.is_(None),
        StoredFile.dialogue_id.is_(None),
    )
    return list(db.session.scalars(query.order_by(StoredFile.id)))


def by_key(key: str) -> StoredFile | None:
    return db.session.scalars(sa.select(StoredFile).where(StoredFile.key == key)).first()


def forget_waiting(
    before: datetime, *, in_chats: bool = False, ward_id: int | None = None
) -> list[str]:
    """Delete the rows of files that nobody sent on with a form (or in a chat) since then; of one ward, or all.

    Returns the paths no row names any more, for `erase` after the transaction.
    """
    late = sa.and_(
        StoredFile.petition_id.is_(None),
        StoredFile.dialogue_id.is_(None),
        StoredFile.use != FileUse.ANNOUNCED,
        StoredFile.conversation_id.is_not(None)
        if in_chats
        else StoredFile.conversation_id.is_(None),
        StoredFile.created_at < before,
        sa.true() if ward_id is None else StoredFile.ward_id == ward_id,
    )
    paths = set(db.session.scalars(sa.delete(StoredFile).where(late).returning(StoredFile.path)))
    still = sa.select(StoredFile.path).where(StoredFile.path.in_(paths))
    return sorted(paths - set(db.session.scalars(still)))


def erase(root: Path, paths: Iterable[str], before: datetime) -> None:
    """Remove files from disk that were last taken in before then; younger ones have an owner coming."""
    for path in paths:
        file = root / path
        if file.is_file() and file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
            (root / store.thumbnail_of(path)).unlink(missing_ok=True)
