"""Stored files: photos and papers that belong to a petition, or wait for one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import Base, choice
from feedback.labels import Labelled


class FileUse(Labelled):
    """Why a file is kept."""

    EVIDENCE = "evidence", "Ảnh, tài liệu người dân gửi"
    ADDED = "added", "Tài liệu bổ sung"
    RESULT = "result", "Minh chứng kết quả"
    INTERNAL = "internal", "Tài liệu nội bộ"
    ANNOUNCED = "announced", "Ảnh kèm thông báo"


class StoredFile(Base):
    """One file on disk under UPLOAD_DIR. `petition_id` is empty while a chat has not finished."""

    __tablename__ = "stored_file"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    petition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("conversation.id"), index=True
    )
    dialogue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dialogue.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)  # unguessable, in its address
    use: Mapped[FileUse] = mapped_column(choice(FileUse))
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.String(200))
    width: Mapped[int | None]
    height: Mapped[int | None]
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    taken_at: Mapped[datetime | None]
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    created_at: Mapped[datetime]
