"""The chat with the bot: what came in, and where each conversation stands."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import Base, choice
from feedback.labels import Labelled
from feedback.people.models import Channel
from feedback.sealing import Sealed


class InboundState(Labelled):
    """How far a stored message has come."""

    NEW = "new", "Chờ xử lý"
    DONE = "done", "Đã xử lý"
    IGNORED = "ignored", "Không cần xử lý"
    FAILED = "failed", "Lỗi, cần người xem"


class InboundRow(Base):
    """One message as it arrived, stored before anything else happens to it."""

    __tablename__ = "inbound"
    __table_args__ = (
        sa.UniqueConstraint("channel", "account", "message_id"),
        sa.Index("ix_inbound_todo", "state", "id"),
        sa.Index(
            "ix_inbound_sender",
            "sender",
            "id",
            sqlite_where=sa.text("state = 'new'"),
            postgresql_where=sa.text("state = 'new'"),
        ),
        sa.Index("ix_inbound_chat", "sender", "id"),
    )

    channel: Mapped[Channel] = mapped_column(choice(Channel))
    account: Mapped[str] = mapped_column(sa.String(40))
    message_id: Mapped[str] = mapped_column(sa.String(120))
    sender: Mapped[str] = mapped_column(sa.String(120), default="")
    album: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    payload: Mapped[str] = mapped_column(Sealed)  # JSON of Inbound, or the raw body when ignored
    state: Mapped[InboundState] = mapped_column(choice(InboundState))
    note: Mapped[str] = mapped_column(default="")  # why ignored, or the last error
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Conversation(Base):
    """Where the chat with one contact stands: flow, step, and the slots filled so far."""

    __tablename__ = "conversation"
    __table_args__ = (sa.UniqueConstraint("contact_id"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"))
    flow: Mapped[str | None] = mapped_column(sa.String(32))
    step: Mapped[str | None] = mapped_column(sa.String(32))
    slots: Mapped[str | None] = mapped_column(Sealed)  # JSON
    confusions: Mapped[int] = mapped_column(default=0)
    needs_person_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
