"""Who is reminded of what: one row for each person and rung, for one date."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import Base, choice
from feedback.labels import Labelled
from feedback.people.models import Officer
from feedback.petitions.models import Petition


class To(Labelled):
    """Whom a rung turns to; the label ends the sentence "Ông/Bà nhận tin này vì …"."""

    HANDLER = "handler", "là người phụ trách hồ sơ"
    CLERK = "clerk", "là cán bộ tiếp nhận của phường"
    DEPARTMENT_HEAD = "department_head", "là lãnh đạo đơn vị chủ trì"
    VICE_CHAIR = "vice_chair", "là Phó Chủ tịch phụ trách"
    CHAIR = "chair", "là người đứng đầu, chịu trách nhiệm chung"
    BRIEFING = "briefing", "chủ trì giao ban tuần"
    DECIDER = "decider", "là người quyết định đề nghị gia hạn đang chờ"
    SUPERIOR = "superior", "theo dõi phường này thay cơ quan cấp trên"


class Reminder(Base):
    """One person is told, once, how one date of a petition stands.

    `step` and `due_at` name the date; the reminder holds as long as that date does (`cleared_at` once
    it was seen not to). `at`: when the rung was reached; an ordinary one is told on the first working
    morning from then on. `for_id`: the absent officer for whom the person stands in. `told_at`: when
    it was put into a message (or, for people without a chat, on their page); `digest_on`: in the digest
    of which local day, None when it was told at once.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("petition_id", "rung", "due_at", "officer_id"),
        sa.Index(
            "ix_reminder_standing",
            "officer_id",
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        ),
        sa.Index("ix_reminder_digest", "officer_id", "digest_on"),
    )

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    rung: Mapped[str] = mapped_column(sa.String(32))
    step: Mapped[str] = mapped_column(sa.String(32))
    due_at: Mapped[datetime]
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    relation: Mapped[To] = mapped_column(choice(To))
    is_urgent: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    digest_on: Mapped[date | None]
    cleared_at: Mapped[datetime | None]

    petition: Mapped[Petition] = relationship()
    officer: Mapped[Officer] = relationship(foreign_keys=[officer_id])
    stands_in_for: Mapped[Officer | None] = relationship(foreign_keys=[for_id])
