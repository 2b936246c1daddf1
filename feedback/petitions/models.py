"""A petition and everything that hangs on it. Statuses and actions: `lifecycle.py`."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback import clock
from feedback.db import Base, choice
from feedback.documents.models import StoredFile
from feedback.labels import Labelled
from feedback.people.models import Channel, Officer, Party, Position
from feedback.sealing import Sealed
from feedback.wards.models import Field, Neighbourhood


class Kind(Labelled):
    """What the words are in law. Only an official decides it; the rest is a proposal."""

    PHAN_ANH = "phan_anh", "Phản ánh"
    KIEN_NGHI = "kien_nghi", "Kiến nghị"
    HOI_DAP = "hoi_dap", "Hỏi đáp thủ tục"
    KHEN_NGOI = "khen_ngoi", "Khen ngợi, cảm ơn"
    KHIEU_NAI = "khieu_nai", "Khiếu nại"
    TO_CAO = "to_cao", "Tố cáo"


_IN_LAW = (Kind.KHIEU_NAI, Kind.TO_CAO)
_CALLED = {
    Kind.PHAN_ANH: "phản ánh",
    Kind.KIEN_NGHI: "kiến nghị",
    Kind.HOI_DAP: "câu hỏi",
    Kind.KHEN_NGOI: "lời khen",
    Kind.KHIEU_NAI: "khiếu nại",
    Kind.TO_CAO: "nội dung",  # what accuses is not named where others may read
}


def called(kind: Kind, proposed: Kind, *, is_restricted: bool, is_accepted: bool = False) -> str:
    """How a sentence names it: by its kind, or by what it may be in law until an official has decided."""
    if is_restricted:
        return _CALLED[Kind.TO_CAO]
    is_open = kind is Kind.PHAN_ANH and proposed in _IN_LAW and not is_accepted
    return _CALLED[proposed if is_open else kind]


class Urgency(Labelled):
    """How fast the ward promises to act (service levels in `feedback/procedures`)."""

    URGENT = "urgent", "Khẩn"
    QUICK = "quick", "Xử lý ngay"
    NORMAL = "normal", "Bình thường"
    COMPLEX = "complex", "Phức tạp"


class Status(Labelled):
    """Where a petition stands. Overdue is never a status: it follows from the date."""

    RECEIVED = "received", "Mới tiếp nhận"
    ACCEPTED = "accepted", "Đã tiếp nhận"
    ASSIGNED = "assigned", "Đang phân công"
    IN_PROGRESS = "in_progress", "Đang xử lý"
    WAITING_CITIZEN = "waiting_citizen", "Chờ bổ sung thông tin"
    COORDINATING = "coordinating", "Đang phối hợp"
    AWAITING_APPROVAL = "awaiting_approval", "Chờ duyệt trả lời"
    ANSWERED = "answered", "Đã trả lời"
    REOPENED = "reopened", "Xử lý lại"
    CLOSED = "closed", "Đã hoàn thành"
    TRANSFERRED = "transferred", "Chuyển cơ quan khác"
    REJECTED = "rejected", "Từ chối"
    MERGED = "merged", "Trùng – Đã gộp"
    # A complaint or an accusation, once an official has called it so:
    AWAITING_SIGNATURE = "awaiting_signature", "Chờ đơn có chữ ký"
    SIGNED = "signed", "Đã nhận đơn, chờ thụ lý"
    ADMITTED = "admitted", "Đã thụ lý, đang giải quyết"
    SUSPENDED = "suspended", "Tạm đình chỉ"
    RESOLVED = "resolved", "Đã giải quyết"
    NOT_ADMITTED = "not_admitted", "Không thụ lý"
    DISCONTINUED = "discontinued", "Đình chỉ giải quyết"
    WITHDRAWN = "withdrawn", "Đã rút đơn"


STOPPED = (Status.WAITING_CITIZEN, Status.AWAITING_SIGNATURE, Status.SUSPENDED)  # no date runs


USUAL = {"kind": Kind.PHAN_ANH, "urgency": Urgency.NORMAL, "channel": Channel.WEB}


def _rare(column: str, usual: str) -> sa.Index:
    """An index of what most petitions are not; a query must say so to use it."""
    where = sa.text(f"{column} <> '{usual}'")
    return sa.Index(
        f"ix_petition_ward_{column}",
        "ward_id",
        column,
        "id",
        sqlite_where=where,
        postgresql_where=where,
    )


class Petition(Base):
    """What a resident asked, who answers for it and until when.

    Instants are UTC. `head` is accountable (the ward chair), `handler` does the work through
    `handler_position`; `handler_for` is the absent officer for whom the handler stands in.
    `is_restricted`: may hold an accusation; seen by the chair and the one officer who handles it.
    `is_above_ward`: it accuses the chair or a vice-chair, so the superior decides and no leader sees it.
    """

    __tablename__ = "petition"
    __table_args__ = (
        sa.UniqueConstraint("ward_id", "year", "seq"),
        sa.Index("ix_petition_ward_status", "ward_id", "status", "id"),
        sa.Index("ix_petition_ward_field", "ward_id", "field_id", "id"),
        sa.Index("ix_petition_ward_neighbourhood", "ward_id", "neighbourhood_id", "id"),
        sa.Index("ix_petition_ward_handler", "ward_id", "handler_id", "id"),
        sa.Index("ix_petition_ward_newest", "ward_id", "id"),
        sa.Index("ix_petition_ward_received", "ward_id", "received_at", "id"),
        *(_rare(column, usual) for column, usual in USUAL.items()),
        sa.Index(
            "ix_petition_ward_flagged",
            "ward_id",
            "id",
            sqlite_where=sa.text("is_flagged = 1"),
            postgresql_where=sa.text("is_flagged"),
        ),
        sa.Index("ix_petition_ward_department", "ward_id", "department_id", "id"),
        sa.Index(
            "ix_petition_ward_helping",
            "ward_id",
            "helping_department_id",
            "id",
            sqlite_where=sa.text("helping_department_id IS NOT NULL"),
            postgresql_where=sa.text("helping_department_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_petition_ward_wish",
            "ward_id",
            "id",
            sqlite_where=sa.text("wish_id IS NOT NULL"),
            postgresql_where=sa.text("wish_id IS NOT NULL"),
        ),
        sa.Index("ix_petition_work", "handler_id", "is_open", "due_at", "id"),
        sa.Index("ix_petition_ward_work", "ward_id", "is_open", "due_at", "id"),
        sa.Index("ix_petition_phone_hash", "phone_hash"),
        sa.Index(
            "ix_petition_silent",
            "answered_at",
            "id",
            sqlite_where=sa.text(f"status = '{Status.ANSWERED}'"),
            postgresql_where=sa.text(f"status = '{Status.ANSWERED}'"),
        ),
        sa.Index(
            "ix_petition_handler_for",
            "handler_for_id",
            "is_open",
            "due_at",
            "id",
            sqlite_where=sa.text("handler_for_id IS NOT NULL"),
            postgresql_where=sa.text("handler_for_id IS NOT NULL"),
        ),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    year: Mapped[int]
    seq: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)  # "BD-2026-000123"
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)  # secret of the tracking link
    submission_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    status: Mapped[Status] = mapped_column(choice(Status))
    is_open: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    proposed_kind: Mapped[Kind] = mapped_column(choice(Kind))  # the resident's or the machine's
    urgency: Mapped[Urgency] = mapped_column(choice(Urgency))
    field_id: Mapped[int] = mapped_column(sa.ForeignKey("field.id"))

    title: Mapped[str] = mapped_column(sa.String(160))
    text: Mapped[str]
    folded: Mapped[str]  # number, title, text, address: accents folded, for search

    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    happened_at: Mapped[datetime | None]

    channel: Mapped[Channel] = mapped_column(choice(Channel))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    citizen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("citizen.id"), index=True)
    reporter_name: Mapped[str | None] = mapped_column(
        Sealed, deferred=True, deferred_group="reporter"
    )
    reporter_phone: Mapped[str | None] = mapped_column(
        Sealed, deferred=True, deferred_group="reporter"
    )
    reporter_email: Mapped[str | None] = mapped_column(
        Sealed, deferred=True, deferred_group="reporter"
    )
    reporter_address: Mapped[str | None] = mapped_column(
        Sealed, deferred=True, deferred_group="reporter"
    )
    phone_hash: Mapped[str | None] = mapped_column(sa.String(40))
    is_anonymous: Mapped[bool] = mapped_column(default=False)  # wish: hide me from the handlers
    may_publish: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    consented_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    complained_officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    is_restricted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    is_above_ward: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    # The six "rõ": person, work, responsibility, time, result, authority.
    head_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    handler_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    handler_position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    handler_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))  # in charge
    helping_department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    route_reason: Mapped[str]
    work: Mapped[str]
    responsibility: Mapped[str]
    expected_result: Mapped[str]
    authority: Mapped[str]

    received_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # of the answer; null only when the status table says why
    late_at: Mapped[datetime | None]  # the first instant at which that date is missed
    accepted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]  # when it became the turn of whom it waits for
    transfers: Mapped[int] = mapped_column(default=0)
    was_handed_back: Mapped[bool] = mapped_column(default=False)
    is_flagged: Mapped[bool] = mapped_column(default=False)  # passed on more than twice
    reopened: Mapped[int] = mapped_column(default=0)
    # The entry of the timeline that asks for more time, while the wish is open.
    wish_id: Mapped[int | None] = mapped_column(sa.BigInteger())
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"), index=True)
    ended_reason: Mapped[str | None]  # of a rejection or transfer, as the resident reads it
    transferred_to: Mapped[str | None] = mapped_column(sa.String(200))

    field: Mapped[Field] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    head: Mapped[Officer] = relationship(foreign_keys=[head_id])
    handler: Mapped[Officer] = relationship(foreign_keys=[handler_id])
    handler_position: Mapped[Position] = relationship()
    handler_for: Mapped[Officer | None] = relationship(foreign_keys=[handler_for_id])
    timeline: Mapped[list["TimelineEntry"]] = relationship(order_by="TimelineEntry.id")
    files: Mapped[list[StoredFile]] = relationship(order_by="StoredFile.id")
    deadlines: Mapped[list["Deadline"]] = relationship(order_by="Deadline.id")
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.id")
    proceeding: Mapped["Proceeding | None"] = relationship()
    representatives: Mapped[list["Representative"]] = relationship(order_by="Representative.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def called(self) -> str:
        """How a sentence names it: "phản ánh", "câu hỏi", "khiếu nại"…"""
        return called(
            self.kind,
            self.proposed_kind,
            is_restricted=self.is_restricted,
            is_accepted=self.accepted_at is not None,
        )


class TimelineEntry(Base):
    """One thing that happened. `is_public`: the resident may see it. Rows are never changed
    (but for the time of a draft that saves itself)."""

    __tablename__ = "timeline_entry"
    __table_args__ = (sa.Index("ix_timeline_petition", "petition_id", "id"),)

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(32))
    from_status: Mapped[Status | None] = mapped_column(choice(Status))
    to_status: Mapped[Status] = mapped_column(choice(Status))
    party: Mapped[Party] = mapped_column(choice(Party))
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    acting_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    is_public: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    officer: Mapped[Officer | None] = relationship(foreign_keys=[officer_id])
    acting_for: Mapped[Officer | None] = relationship(foreign_keys=[acting_for_id])


class Deadline(Base):
    """One limit of a petition: which step, until when, and the trace that explains the date.

    `look_at`: when the ladder of reminders has something to say about it next; None when it has said
    all. `is_stopped`: a pause is open, so the date does not run.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        sa.UniqueConstraint("petition_id", "step", "round"),
        sa.Index(
            "ix_deadline_look",
            "look_at",
            sqlite_where=sa.text("met_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL"),
        ),
    )

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    step: Mapped[str] = mapped_column(sa.String(32))  # acceptance, answer, processing_notice…
    round: Mapped[int] = mapped_column(default=0)  # petition.reopened when it was set
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    article: Mapped[str] = mapped_column(default="")
    trace: Mapped[list[Any]] = mapped_column(default=list)
    met_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    is_stopped: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class Pause(Base):
    """A clock stood still, from an instant to an instant.

    With the number of a decision to suspend it is a clock of law, without one the ward's own.
    """

    __tablename__ = "pause"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str]
    decision: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")


class Extension(Base):
    """A date was moved, by whom, why, and from what to what; `decision`: by which written document."""

    __tablename__ = "extension"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), index=True)
    at: Mapped[datetime]
    amount: Mapped[int] = mapped_column(server_default="0")  # in the limit's own unit
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    reason: Mapped[str]
    step: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    decision: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))


class Proceeding(Base):
    """What the law's clocks of a complaint or an accusation run on. Local days; numbers of documents as
    printed on them. It begins with the signed petition: nothing sent online has a row here.

    `criteria`: codes of what makes it complex (`feedback/procedures/grounds.py`), found on admission.
    `people`: how many make it, as one; five or more are spoken for by representatives.
    `outcome`: what ended it, as the action's name, with the `ground` where the law lists them.
    """

    __tablename__ = "proceeding"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), unique=True)
    signed_on: Mapped[date]  # received by the ward on
    came_by: Mapped[Channel] = mapped_column(choice(Channel))
    is_remote: Mapped[bool] = mapped_column(default=False)
    people: Mapped[int] = mapped_column(default=1)
    admitted_on: Mapped[date | None]
    admission: Mapped[str] = mapped_column(sa.String(80), default="")  # "12/TB-UBND"
    criteria: Mapped[list[str]] = mapped_column(default=list)
    ended_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(sa.String(32), default="")
    ground: Mapped[str] = mapped_column(sa.String(32), default="")
    decision: Mapped[str] = mapped_column(sa.String(80), default="")


class Representative(Base):
    """One of the up to five people who speak for a group. `contact_id`: where notices reach them."""

    __tablename__ = "representative"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), index=True)
    name: Mapped[str] = mapped_column(Sealed)
    address: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))


class Part(Base):
    """One letter with several contents: `part_id` is a case that was split off `petition_id`."""

    __tablename__ = "part"
    __table_args__ = (sa.UniqueConstraint("petition_id", "part_id"),)

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), unique=True)


class AnswerState(Labelled):
    """Where a drafted answer stands."""

    DRAFT = "draft", "Bản thảo"
    SUBMITTED = "submitted", "Chờ duyệt"
    RETURNED = "returned", "Trả lại"
    APPROVED = "approved", "Đã duyệt"


class Answer(Base):
    """One answer, from draft to approval. The newest row of a petition is the current one."""

    __tablename__ = "answer"

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[AnswerState] = mapped_column(choice(AnswerState))
    text: Mapped[str]
    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    decided_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]

    __mapper_args__ = {"version_id_col": version}


class Rating(Base):
    """The resident's mark for one answer: 1 (very bad) to 5 (very good), with reasons."""

    __tablename__ = "rating"
    __table_args__ = (sa.UniqueConstraint("petition_id", "round"),)

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    round: Mapped[int] = mapped_column(default=0)
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(default=list)
    comment: Mapped[str] = mapped_column(default="")
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    at: Mapped[datetime]


class Follow(Base):
    """A further contact that is told what happens to a petition (another reporter of a merged one)."""

    __tablename__ = "follow"
    __table_args__ = (sa.UniqueConstraint("petition_id", "contact_id"),)

    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"))
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"))
