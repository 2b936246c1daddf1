"""People: residents with their contacts, officers, and the positions officers hold."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import UTC, Base, choice
from feedback.labels import Labelled
from feedback.sealing import Sealed


class Role(Labelled):
    """What a position may do; `feedback/people/permissions.py` says what that is."""

    CHAIR = "chair", "Chủ tịch UBND"
    VICE_CHAIR = "vice_chair", "Phó Chủ tịch UBND"
    CLERK = "clerk", "Cán bộ tiếp nhận"
    DEPARTMENT_HEAD = "department_head", "Lãnh đạo đơn vị"
    OFFICER = "officer", "Chuyên viên xử lý"
    NEIGHBOURHOOD_HEAD = "neighbourhood_head", "Tổ trưởng tổ dân phố"
    SUPERVISOR = "supervisor", "Giám sát"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


class Channel(Labelled):
    """Where words come from and go to."""

    WEB = "web", "Trang web"
    TELEGRAM = "telegram", "Telegram"
    ZALO = "zalo", "Zalo"
    CONSOLE = "console", "Cửa sổ lệnh (thử)"
    EMAIL = "email", "Thư điện tử"
    PHONE = "phone", "Điện thoại"
    PAPER = "paper", "Đơn giấy"
    DESK = "desk", "Trực tiếp tại phường"
    RECEPTION = "reception", "Buổi tiếp công dân"


class Party(Labelled):
    """Who did something."""

    CITIZEN = "citizen", "Người dân"
    OFFICER = "officer", "Cán bộ"
    SYSTEM = "system", "Hệ thống"


class Officer(Base):
    """A person who works for the ward. Knows no password: logins live in `web/accounts`."""

    __tablename__ = "officer"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"), index=True)
    full_name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str | None] = mapped_column(Sealed)
    email: Mapped[str | None] = mapped_column(sa.String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    tenures: Mapped[list["Tenure"]] = relationship(back_populates="officer")


class Position(Base):
    """A post in the ward, which outlives the people who hold it. Fields are delegated to posts."""

    __tablename__ = "position"
    __table_args__ = (sa.UniqueConstraint("ward_id", "code"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(160))
    role: Mapped[Role] = mapped_column(choice(Role))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    is_active: Mapped[bool] = mapped_column(default=True)

    tenures: Mapped[list["Tenure"]] = relationship(back_populates="position")


class Tenure(Base):
    """An officer holds a position from a day to a day (inclusive; open end = still holds it)."""

    __tablename__ = "tenure"

    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    position: Mapped[Position] = relationship(back_populates="tenures")
    officer: Mapped[Officer] = relationship(back_populates="tenures")


class Citizen(Base):
    """A resident as far as we know them: never required, never public."""

    __tablename__ = "citizen"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"), index=True)
    name: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    created_at: Mapped[datetime]


class Contact(Base):
    """One identity on one channel: where a reply goes. `address` is the provider's id of the chat."""

    __tablename__ = "contact"
    __table_args__ = (
        sa.UniqueConstraint("channel", "account", "address"),
        sa.Index("ix_contact_officer_channel", "officer_id", "channel", unique=True),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    account: Mapped[str] = mapped_column(sa.String(40))
    address: Mapped[str] = mapped_column(sa.String(120))
    citizen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("citizen.id"), index=True)
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))  # their own chat
    display_name: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    phone_proven_at: Mapped[datetime | None] = mapped_column(UTC)  # vouched for by the channel
    email: Mapped[str | None] = mapped_column(Sealed)
    last_heard_at: Mapped[datetime | None]
    unreachable_at: Mapped[datetime | None] = mapped_column(UTC)
    unreachable_reason: Mapped[str | None]
    created_at: Mapped[datetime]


class LinkCode(Base):
    """The one-time code by which an officer links their own chat; only its fingerprint is kept."""

    __tablename__ = "link_code"

    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(sa.String(40), unique=True)
    expires_at: Mapped[datetime]


class OfficeGroup(Base):
    """A group chat of officials, or one topic of it, that hears of new work: a department's, or all of it.

    `contact_id`: where it is written to. Nobody acts as the group; a button there asks who pressed it.
    """

    __tablename__ = "office_group"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"), index=True)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), unique=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    linked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    linked_at: Mapped[datetime]
    digest_on: Mapped[date | None]  # the last working morning it was told what waits


class GroupCode(Base):
    """The one-time code by which a group is linked; only its fingerprint is kept."""

    __tablename__ = "group_code"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(sa.String(40), unique=True)
    expires_at: Mapped[datetime]


class ChatCode(Base):
    """The one-time code by which a resident joins two chats; only its fingerprint is kept."""

    __tablename__ = "chat_code"

    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(sa.String(40), unique=True)
    expires_at: Mapped[datetime]


class Permission(StrEnum):
    """The rights a role can hold. One right guards one kind of act, everywhere."""

    SEE_OWN = "see_own"
    SEE_NEIGHBOURHOOD = "see_neighbourhood"
    SEE_DEPARTMENT = "see_department"
    SEE_WARD = "see_ward"
    SEE_ANONYMISED = "see_anonymised"
    UNMASK = "unmask"
    INTAKE = "intake"
    ENTER_FOR_OTHERS = "enter_for_others"
    ASSIGN = "assign"
    HANDLE = "handle"
    APPROVE = "approve"
    APPROVE_FOR_CHAIR = "approve_for_chair"
    DECIDE = "decide"
    SET_OWN_SUBSTITUTE = "set_own_substitute"
    SET_ANY_SUBSTITUTE = "set_any_substitute"
    DELEGATE = "delegate"
    SETTINGS = "settings"
    HOLD_DIALOGUE = "hold_dialogue"
    ANNOUNCE = "announce"
    ANNOUNCE_OWN = "announce_own"  # to one's own neighbourhood, about one's unit's fields
