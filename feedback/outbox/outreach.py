"""A message that did not arrive goes the person's next way: another chat of theirs, a call, or paper.

Another chat is used only when the ward knows that it is the same person (`citizen_id`): a telephone
number that somebody typed proves nothing. Calls and papers are rows for a person to do and tick off.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback import clock
from feedback.db import Base, choice, db
from feedback.labels import Labelled
from feedback.outbox import mail
from feedback.outbox.channel import CHATS, Delivery
from feedback.outbox.enqueue import say_to
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from feedback.outbox.window import Policy
from feedback.people.models import Channel, Contact
from feedback.wards.models import ChannelAccount
from feedback.wards.setup import setup_of

VIA = ":via:"  # in the key of a message that is sent another way
INVITATIONS = (
    "dialogue.",
    "reception.",
)  # notices to single residents that may be about no petition


class Means(Labelled):
    """How a person of the ward reaches the resident."""

    PHONE = "phone", "Gọi điện"
    PAPER = "paper", "Tổ trưởng đưa giấy"


class Outreach(Base):
    """One thing to tell a resident by telephone or on paper, since a message did not arrive."""

    __tablename__ = "outreach"
    __table_args__ = (sa.Index("ix_outreach_open", "ward_id", "done_at", "id"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    outbox_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox.id"), unique=True)
    petition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"))
    means: Mapped[Means] = mapped_column(choice(Means))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))


def pass_on(row: Delivery, *, has_phone: bool, email: str = "") -> str:
    """Send a failed notice the next way, once for each way; the words for that way, or "".

    `has_phone`: whether the ward has a number to call; `email`: the address the resident gave. Call in
    the transaction that settles the row. What was sent another way and failed, too, goes on from there.
    """
    failed = db.session.get(OutboxRow, row.id)
    if failed is None:
        return ""
    policy = Policy.of(setup_of(failed.ward_id).settings)
    tried = failed.key.count(VIA)
    for way in policy.next_ways:
        if way == "chat" and not tried and (other := other_chat(row)):
            return _resent(failed, other)
        if way == "email" and (letters := _letters(failed, email)):
            return _resent(failed, letters)
        if way == "paper" or (way == "phone" and has_phone):
            means = Means(way)
            _ask(failed, means)
            return means.label
    return ""


def to_other_chat(row: Delivery) -> str:
    """Send what is about no petition (an invitation, an appointment) to the person's other chat; its channel."""
    failed = db.session.get(OutboxRow, row.id)
    if failed is None or VIA in failed.key or not failed.notice.startswith(INVITATIONS):
        return ""
    other = other_chat(row) if goes_to_chats(failed.ward_id) else None
    return _resent(failed, other) if other else ""


def goes_to_chats(ward_id: int) -> bool:
    """Whether the ward lets a message that did not arrive go to the person's other chat."""
    return "chat" in Policy.of(setup_of(ward_id).settings).next_ways


def _resent(failed: OutboxRow, to: Contact) -> str:
    said = Prompt.from_json(failed.body)
    key = f"{failed.key}{VIA}{to.id}"
    say_to(to, said, notice=failed.notice, key=key, petition_id=failed.petition_id)
    return to.channel.label


def _letters(failed: OutboxRow, email: str) -> Contact | None:
    """The contact for letters to the address the resident gave, unless that is what failed."""
    if not email or failed.channel is Channel.EMAIL:
        return None
    contact_id = mail.contact_of(failed.ward_id, email)
    contact = db.session.get(Contact, contact_id) if contact_id else None
    return contact if contact is not None and contact.unreachable_at is None else None


def _ask(failed: OutboxRow, means: Means) -> None:
    known = (
        sa.select(Outreach.id)
        .join(OutboxRow, OutboxRow.id == Outreach.outbox_id)
        .where(
            sa.or_(
                Outreach.outbox_id == failed.id,
                sa.and_(
                    Outreach.petition_id == failed.petition_id,
                    Outreach.done_at.is_(None),
                    OutboxRow.notice == failed.notice,
                ),
            )
        )
    )
    if db.session.scalar(known.limit(1)) is None:  # one call for all parts of a long answer
        db.session.add(
            Outreach(
                ward_id=failed.ward_id,
                outbox_id=failed.id,
                petition_id=failed.petition_id,
                means=means,
                created_at=clock.now(),
            )
        )
        db.session.flush()


def other_chat(row: Delivery) -> Contact | None:
    """The chat this person was heard from last, beside the one that failed."""
    citizen = sa.select(Contact.citizen_id).where(Contact.id == row.contact_id).scalar_subquery()
    account = sa.and_(
        ChannelAccount.channel == Contact.channel, ChannelAccount.name == Contact.account
    )
    query = (
        sa.select(Contact)
        .join(ChannelAccount, account)
        .where(
            Contact.citizen_id == citizen,
            Contact.id != row.contact_id,
            Contact.channel.in_(CHATS),
            Contact.unreachable_at.is_(None),
            ChannelAccount.is_enabled,
        )
    )
    return db.session.scalars(query.order_by(Contact.last_heard_at.desc()).limit(1)).first()
