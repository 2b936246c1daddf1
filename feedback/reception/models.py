"""Receiving residents: the timetable's rules, the days, who came and what became of it."""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import Base, choice
from feedback.labels import Labelled
from feedback.people.models import Channel, Officer, Position
from feedback.petitions.models import Kind, Petition
from feedback.sealing import Sealed


class DayKind(Labelled):
    REGULAR = "regular", "Định kỳ"
    EXTRAORDINARY = "extraordinary", "Đột xuất"


class Mode(Labelled):
    IN_PERSON = "in_person", "Trực tiếp"
    ONLINE = "online", "Trực tuyến"


class DayStatus(Labelled):
    """Where a day of reception stands."""

    PLANNED = "planned", "Chưa công bố"
    PUBLISHED = "published", "Đã công bố"
    OPEN = "open", "Đang tiếp"
    HELD = "held", "Đã tiếp"
    CANCELLED = "cancelled", "Đã hủy"  # an extraordinary one only: a regular one is moved


class VisitState(Labelled):
    """Where a resident stands who booked or came."""

    BOOKED = "booked", "Đã đăng ký"
    WAITING = "waiting", "Đang chờ"
    INSIDE = "inside", "Đang được tiếp"
    DONE = "done", "Đã tiếp xong"
    REFUSED = "refused", "Từ chối tiếp"
    ABSENT = "absent", "Không đến"
    LEFT = "left", "Đã hủy đăng ký"


class ReceptionRule(Base):
    """On which days the chair receives: an RRULE from a local day on, and how such a day looks."""

    __tablename__ = "reception_rule"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"), index=True)
    rule: Mapped[str] = mapped_column(sa.String(200))
    opens: Mapped[time]
    closes: Mapped[time]
    slot_minutes: Mapped[int]
    place: Mapped[str] = mapped_column(sa.String(300))
    attending: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))


class ReceptionDay(Base):
    """One half-day or day of reception. Instants are UTC.

    `planned_on`: where its rule put it, before holidays moved it. `sequence` grows with every
    postponement. `last_number` counts the queue. `checklist` (online): key -> {"at", "by"}.
    """

    __tablename__ = "reception_day"
    __table_args__ = (
        sa.UniqueConstraint("rule_id", "planned_on"),
        sa.CheckConstraint("opens_at < closes_at", name="order"),
        sa.CheckConstraint("slot_minutes > 0", name="slot"),
        sa.Index("ix_reception_day_ward", "ward_id", "opens_at"),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reception_rule.id"))
    planned_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[DayKind] = mapped_column(choice(DayKind))
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    status: Mapped[DayStatus] = mapped_column(choice(DayStatus))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    slot_minutes: Mapped[int]
    place: Mapped[str] = mapped_column(sa.String(300))
    attending: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[str] = mapped_column(default="")
    online_url: Mapped[str] = mapped_column(sa.String(300), default="")
    online_ground: Mapped[str] = mapped_column(sa.String(32), default="")
    checklist: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sequence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")  # of the last postponement, or of calling it
    last_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    is_by_chair: Mapped[bool] = mapped_column(default=False)
    notice_sign: Mapped[str] = mapped_column(sa.String(60), default="")  # of the conclusions notice
    remind_at: Mapped[datetime | None]

    received_by: Mapped[Officer | None] = relationship(foreign_keys=[received_by_id])
    events: Mapped[list["ReceptionEvent"]] = relationship(order_by="ReceptionEvent.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def capacity(self) -> int:
        """How many can book."""
        return int((self.closes_at - self.opens_at).total_seconds() // 60 // self.slot_minutes)


class Visit(Base):
    """A resident who booked (`slot`, counted from 0) or came (`number` in the queue), and the entry in
    Sổ tiếp công dân.

    One slot and one number go to one visit: the unique keys decide. `token` is the secret of their page.
    """

    __tablename__ = "reception_visit"
    __table_args__ = (
        sa.UniqueConstraint("day_id", "slot"),
        sa.UniqueConstraint("day_id", "number"),
        sa.UniqueConstraint("day_id", "code"),
        sa.Index("ix_reception_visit_day", "day_id", "state"),
        sa.Index("ix_reception_visit_phone", "day_id", "phone_hash"),
    )

    day_id: Mapped[int] = mapped_column(sa.ForeignKey("reception_day.id"))
    code: Mapped[str] = mapped_column(sa.String(8))
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    state: Mapped[VisitState] = mapped_column(choice(VisitState))
    slot: Mapped[int | None]
    number: Mapped[int | None]
    name: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[str | None] = mapped_column(sa.String(40))
    address: Mapped[str | None] = mapped_column(Sealed)
    id_number: Mapped[str | None] = mapped_column(Sealed)
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    people: Mapped[int] = mapped_column(default=1)  # with the same matter
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    subject: Mapped[str]
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    submission_key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    booked_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    phoned_at: Mapped[datetime | None]  # told by telephone what was new then
    phoned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))

    summary: Mapped[str] = mapped_column(default="")  # what was said, as written down
    decided_before: Mapped[str] = mapped_column(sa.String(300), default="")
    is_ours: Mapped[bool] = mapped_column(default=True)
    guided_to: Mapped[str] = mapped_column(sa.String(300), default="")
    taken_by: Mapped[str] = mapped_column(sa.String(300), default="")
    remarks: Mapped[str] = mapped_column(sa.String(300), default="")
    ground: Mapped[str] = mapped_column(sa.String(32), default="")  # of a refusal
    refused_on: Mapped[date | None]
    notice_sign: Mapped[str] = mapped_column(sa.String(60), default="")  # of 01/TCD
    conclusion: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"))
    petition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"), index=True)

    day: Mapped[ReceptionDay] = relationship()
    position: Mapped[Position | None] = relationship()
    petition: Mapped[Petition | None] = relationship()


class ReceptionEvent(Base):
    """One thing that happened to a day. Rows are never changed; `detail["overrides"]` as in dialogue."""

    __tablename__ = "reception_event"
    __table_args__ = (sa.Index("ix_reception_event_day", "day_id", "id"),)

    day_id: Mapped[int] = mapped_column(sa.ForeignKey("reception_day.id"))
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(32))
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    text: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    has_override: Mapped[bool] = mapped_column(default=False)

    officer: Mapped[Officer | None] = relationship()
