"""What somebody owes because of a session, until when, and who was reminded of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback import clock
from feedback.db import Base, choice
from feedback.dialogue.models import Dialogue
from feedback.labels import Labelled
from feedback.people.models import Position


class Duty(Labelled):
    """The label says what is owed."""

    ANNOUNCE = "announce", "Thông báo buổi đối thoại"
    CONFIRM = "confirm", "Xác nhận đã loan báo trong tổ"
    PREPARE = "prepare", "Chuẩn bị trả lời câu hỏi"
    PUBLISH = "publish", "Công bố kết quả"
    REPORT = "report", "Báo cáo UBND và Ủy ban MTTQ phường"
    KEEP = "keep", "Thực hiện cam kết"


class DutyRow(Base):
    """One duty with its date. `key` names it, so that it is written once; `due_at` follows the session.

    `look_at`: when the ladder of reminders has something to say next; None when all is said.
    """

    __tablename__ = "dialogue_duty"
    __table_args__ = (
        sa.Index(
            "ix_dialogue_duty_look",
            "look_at",
            sqlite_where=sa.text("met_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL"),
        ),
        sa.Index(
            "ix_dialogue_duty_owner",
            "position_id",
            "due_at",
            sqlite_where=sa.text("met_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL"),
        ),
    )

    dialogue_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(60), unique=True)
    duty: Mapped[Duty] = mapped_column(choice(Duty))
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"))
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    words: Mapped[str] = mapped_column(default="")
    article: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(default=clock.now)

    dialogue: Mapped[Dialogue] = relationship()
    position: Mapped[Position] = relationship()


class DutyReminder(Base):
    """One person is told, once, how one date of a duty stands."""

    __tablename__ = "dialogue_duty_reminder"
    __table_args__ = (sa.UniqueConstraint("duty_id", "rung", "due_at", "officer_id"),)

    duty_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue_duty.id"))
    rung: Mapped[str] = mapped_column(sa.String(32))
    due_at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    at: Mapped[datetime]
