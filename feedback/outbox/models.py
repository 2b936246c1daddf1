"""Every word that leaves the house, one row for each provider call, and each job's last run."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import Base, choice
from feedback.labels import Labelled
from feedback.people.models import Channel
from feedback.sealing import Sealed

PERSONAL = 0  # the priority of what is said to one person; anything higher waits for it
BROADCAST = 1


class OutboxState(Labelled):
    """What became of a message. It is never "sent" until the provider said so."""

    QUEUED = "queued", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    FAILED = "failed", "Không gửi được"
    UNKNOWN = "unknown", "Không rõ kết quả"
    CANCELLED = "cancelled", "Đã thu hồi"


class OutboxRow(Base):
    """One provider call to make. Rows to one recipient go by priority, then in the order of their ids.

    `key` makes enqueueing idempotent. `lane` is "<channel>:<account>:<recipient>".
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_due", "state", "channel", "account", "priority", "not_before", "id"),
        sa.Index("ix_outbox_lane", "lane", "state", "id"),
        sa.Index("ix_outbox_broadcast", "broadcast_id", "state"),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    account: Mapped[str] = mapped_column(sa.String(40))
    recipient: Mapped[str] = mapped_column(sa.String(120))
    lane: Mapped[str] = mapped_column(sa.String(180))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))
    petition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"), index=True)
    broadcast_id: Mapped[int | None] = mapped_column(sa.ForeignKey("broadcast.id"))
    priority: Mapped[int] = mapped_column(default=PERSONAL, server_default="0")
    notice: Mapped[str] = mapped_column(sa.String(40))  # which message text this is
    body: Mapped[str] = mapped_column(Sealed)  # JSON of Prompt: text, choices, file key
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState))
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(sa.String(80))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(sa.String(120))
    error: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class JobRun(Base):
    """The last run of each scheduled job; `/healthz` reads it."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(sa.String(60), unique=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]
