"""A session of dialogue and everything that hangs on it. Statuses and actions: `lifecycle.py`."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import Base, choice
from feedback.dialogue.kinds import DialogueKind, kinds
from feedback.labels import Labelled
from feedback.people.models import Officer
from feedback.wards.models import Neighbourhood


class Status(Labelled):
    """Where a session stands."""

    DRAFT = "draft", "Đang chuẩn bị"
    ANNOUNCED = "announced", "Đã thông báo"
    QUESTIONS = "questions", "Đang nhận câu hỏi"
    LIVE = "live", "Đang diễn ra"
    HELD = "held", "Đã họp, chờ kết quả"
    PUBLISHED = "published", "Đã công bố kết quả"
    CLOSED = "closed", "Đã hoàn thành"
    CANCELLED = "cancelled", "Đã hủy"


class Mode(Labelled):
    """How people take part."""

    IN_PERSON = "in_person", "Trực tiếp"
    ONLINE = "online", "Trực tuyến"
    BOTH = "both", "Trực tiếp và trực tuyến"


class Dialogue(Base):
    """One session. Instants are UTC.

    `uid` and `sequence` name it in calendars; `sequence` grows whenever those who were told must be told
    again. `seats`: None is no limit; `seats_taken` is counted by the database alone (`seats.py`).
    `remind_at`: when the registered are to be reminded next. `online_url` is shown to the registered only.
    """

    __tablename__ = "dialogue"
    __table_args__ = (
        sa.CheckConstraint("seats IS NULL OR seats_taken <= seats", name="seats"),
        sa.CheckConstraint("starts_at < ends_at", name="order"),
        sa.Index("ix_dialogue_ward", "ward_id", "starts_at"),
        sa.Index(
            "ix_dialogue_remind",
            "remind_at",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        ),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    uid: Mapped[str] = mapped_column(sa.String(32), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(sa.String(32))
    status: Mapped[Status] = mapped_column(choice(Status))

    title: Mapped[str] = mapped_column(sa.String(200))
    theme: Mapped[str] = mapped_column(default="")
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    access: Mapped[str] = mapped_column(default="")  # wheelchairs, parking, sign language
    languages: Mapped[str] = mapped_column(sa.String(120), default="")  # '' is Vietnamese alone
    online_url: Mapped[str] = mapped_column(sa.String(300), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    agenda: Mapped[list[str]] = mapped_column(default=list)
    presiding: Mapped[list[str]] = mapped_column(default=list)  # "Nguyễn Thị Hoa – Chủ tịch UBND"
    seats: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0)
    petition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"))
    repeats: Mapped[str] = mapped_column(sa.String(200), default="")  # an RRULE

    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    updated_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")  # why it was cancelled or moved last
    conclusion: Mapped[str] = mapped_column(default="")  # the chair's, for minutes and results
    remind_at: Mapped[datetime | None]

    concerned: Mapped[list["Reach"]] = relationship(order_by="Reach.id")
    events: Mapped[list["DialogueEvent"]] = relationship(order_by="DialogueEvent.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def of_kind(self) -> DialogueKind:
        return kinds()[self.kind]

    @property
    def is_public(self) -> bool:
        """Whether residents may know of it."""
        return self.of_kind.is_public and self.status is not Status.DRAFT


class Reach(Base):
    """A neighbourhood a session concerns, and whether its people have been told there.

    A move takes the confirmation back; the history keeps it.
    """

    __tablename__ = "dialogue_reach"
    __table_args__ = (sa.UniqueConstraint("dialogue_id", "neighbourhood_id"),)

    dialogue_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue.id"))
    neighbourhood_id: Mapped[int] = mapped_column(sa.ForeignKey("neighbourhood.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    told_at: Mapped[datetime | None]  # when it was read out, as the head says
    where: Mapped[str] = mapped_column(sa.String(300), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))

    neighbourhood: Mapped[Neighbourhood] = relationship()
    confirmed_by: Mapped[Officer | None] = relationship(foreign_keys=[confirmed_by_id])


class DialogueEvent(Base):
    """One thing that happened to a session. Rows are never changed.

    `detail["overrides"]`: the legal gates that were passed against the rule, each with its article and
    the reason given.
    """

    __tablename__ = "dialogue_event"
    __table_args__ = (sa.Index("ix_dialogue_event_dialogue", "dialogue_id", "id"),)

    dialogue_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue.id"))
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(32))
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    text: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    has_override: Mapped[bool] = mapped_column(default=False)

    officer: Mapped[Officer | None] = relationship()
