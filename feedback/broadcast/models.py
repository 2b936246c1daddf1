"""Who wants which announcements, and the announcements that go to many."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import UTC, Base, choice
from feedback.labels import Labelled


class BroadcastState(Labelled):
    """Where an announcement stands."""

    DRAFT = "draft", "Đang soạn"
    SCHEDULED = "scheduled", "Chờ đến giờ gửi"
    SENDING = "sending", "Đang gửi"
    PAUSED = "paused", "Tạm dừng"
    DONE = "done", "Đã gửi xong"
    CANCELLED = "cancelled", "Đã hủy"


class Subscription(Base):
    """A chat asked for announcements about a topic (`topics.py`). Consent is the asking, with its time.

    Ended, the row stays: it says when; asked for again, it holds the newer consent.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        sa.UniqueConstraint("contact_id", "topic"),
        sa.Index("ix_subscription_ward", "ward_id", "contact_id", "topic"),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"))
    topic: Mapped[str] = mapped_column(sa.String(30))
    consented_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Broadcast(Base):
    """One announcement to everybody subscribed to one of its `topics`.

    `cursor`: the last contact that was looked at; those after it are still to be reached. `skipped`: how
    many were left out, by reason (`Skip`). `buttons`: [label, payload] under the message; `link`:
    [label, address]. What became of each message stands in its outbox row (`broadcast_id`).
    """

    __tablename__ = "broadcast"
    __table_args__ = (
        sa.Index("ix_broadcast_ward", "ward_id", "id"),
        sa.Index("ix_broadcast_state", "state", "starts_at"),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[BroadcastState] = mapped_column(choice(BroadcastState))
    topics: Mapped[list[str]] = mapped_column(default=list)
    text: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    dialogue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dialogue.id"))
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    link: Mapped[list[str]] = mapped_column(default=list)
    is_urgent: Mapped[bool] = mapped_column(default=False)  # may go out at any hour
    cursor: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    audience: Mapped[int] = mapped_column(default=0)  # chats subscribed when it began
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    starts_at: Mapped[datetime | None]  # not before
    started_at: Mapped[datetime | None]
    expanded_at: Mapped[datetime | None]  # when the last message was queued
    finished_at: Mapped[datetime | None] = mapped_column(UTC)

    __mapper_args__ = {"version_id_col": version}


class Skip(Labelled):
    """Why somebody subscribed gets no message."""

    UNREACHABLE = "unreachable", "Đã chặn hoặc không còn dùng"
    TWICE = "twice", "Người này đã nhận ở cuộc trò chuyện khác"
    SWITCHED_OFF = "switched_off", "Kênh đang tắt"
