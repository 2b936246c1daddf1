"""The ward: its neighbourhoods, departments, fields of work, who is given what, who stands in."""

import secrets
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import Base, choice
from feedback.people.models import Channel
from feedback.sealing import Sealed


def new_version() -> int:
    """A number no earlier state of the set-up had; unlike a count, also after a roll-back."""
    return secrets.randbits(62)


class Ward(Base):
    """A phường or xã. Several may share one installation; every row of theirs names its ward."""

    __tablename__ = "ward"

    code: Mapped[str] = mapped_column(
        sa.String(12), unique=True
    )  # "BD": prefix of petition numbers
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)  # "ba-dinh": in web addresses
    name: Mapped[str] = mapped_column(sa.String(120))  # "Phường Ba Đình"
    province_name: Mapped[str] = mapped_column(sa.String(120))
    official_code: Mapped[int | None]  # the ward's code in the national list of divisions
    address: Mapped[str] = mapped_column(default="")
    hotline: Mapped[str] = mapped_column(sa.String(30), default="")
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    office_hours: Mapped[str] = mapped_column(default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Another number after every change of the set-up (people, posts, fields, delegations, days…).
    setup_version: Mapped[int] = mapped_column(
        sa.BigInteger(), default=new_version, server_default="0"
    )
    created_at: Mapped[datetime]


class Neighbourhood(Base):
    """Tổ dân phố (in a phường) or thôn (in a xã)."""

    __tablename__ = "neighbourhood"
    __table_args__ = (sa.UniqueConstraint("ward_id", "number"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(120))
    streets: Mapped[str] = mapped_column(default="")  # streets and lanes in it, for recognition
    households: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)


class Department(Base):
    """Văn phòng, phòng chuyên môn, trung tâm, công an phường…: data, since provinces vary them."""

    __tablename__ = "department"
    __table_args__ = (sa.UniqueConstraint("ward_id", "code"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(160))
    is_active: Mapped[bool] = mapped_column(default=True)


class Field(Base):
    """Lĩnh vực: one of the ward's fields of work, with the words by which it is recognised."""

    __tablename__ = "field"
    __table_args__ = (sa.UniqueConstraint("ward_id", "no"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    no: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(160))
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    keywords: Mapped[list[str]] = mapped_column(default=list)
    urgency: Mapped[str | None] = mapped_column(sa.String(12))  # the ward's own usual Urgency
    photo_after_required: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)


class Delegation(Base):
    """By a numbered decision, a field and/or an area is given to a position, from a day to a day."""

    __tablename__ = "delegation"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"), index=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    field_id: Mapped[int | None] = mapped_column(sa.ForeignKey("field.id"))
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    decision_no: Mapped[str] = mapped_column(sa.String(60))


class Substitution(Base):
    """During an absence one officer stands in for another. No chains, nobody for themselves."""

    __tablename__ = "substitution"
    __table_args__ = (sa.CheckConstraint("absent_id <> substitute_id", name="not_self"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"), index=True)
    absent_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    declared_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    declared_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class DayRule(Base):
    """A day that differs from its weekday: off, swapped, compensatory, made up, or with other hours."""

    __tablename__ = "day_rule"
    __table_args__ = (sa.UniqueConstraint("ward_id", "day"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(sa.String(12))  # a DayKind, or "ordinary"
    # "08:00-12:00" of a day worked in hours of its own; several with commas between.
    windows: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    name: Mapped[str] = mapped_column(sa.String(160))
    source: Mapped[str] = mapped_column(default="")
    is_confirmed: Mapped[bool] = mapped_column(default=False)


class WardText(Base):
    """The ward's own words for one message ("petition.received"); without a row the standard ones."""

    __tablename__ = "ward_text"
    __table_args__ = (sa.UniqueConstraint("ward_id", "message"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    message: Mapped[str] = mapped_column(sa.String(80))
    text: Mapped[str]


class ChannelAccount(Base):
    """A bot or Official Account of a ward. Without credentials here, the settings' ones are used."""

    __tablename__ = "channel_account"
    __table_args__ = (sa.UniqueConstraint("channel", "name"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    name: Mapped[str] = mapped_column(sa.String(40))  # in the webhook's address
    # What people find it by: a bot's username, an Official Account's id.
    public_name: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    is_enabled: Mapped[bool] = mapped_column(default=True)
    credentials: Mapped[str | None] = mapped_column(Sealed)  # JSON: token, webhook_secret…
    cursor: Mapped[str | None] = mapped_column(sa.String(40))  # how far polling has come
    last_event_at: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    sender_lease_until: Mapped[datetime | None]  # one sender at a time per account
    sender_lease_by: Mapped[str | None] = mapped_column(sa.String(80))


class NumberSeries(Base):
    """A gap-free series of numbers: one row per ward, name and year, locked while it is counted up."""

    __tablename__ = "number_series"
    __table_args__ = (sa.UniqueConstraint("ward_id", "name", "year"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)
