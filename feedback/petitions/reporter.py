"""Who reported: shown masked, opened by a right and by an audit row."""

from dataclasses import dataclass

import sqlalchemy as sa

from feedback import audit
from feedback.db import db
from feedback.errors import NotAllowed
from feedback.people.actor import Actor
from feedback.people.models import Contact, Permission
from feedback.petitions.models import Petition
from feedback.petitions.visibility import can_see
from feedback.text import mask_name, mask_phone, show_phone

UNKNOWN = "Không nêu tên"


@dataclass(frozen=True)
class Reply:
    """How an answer reaches the reporter."""

    channel: str
    is_unreachable: bool = False
    reason: str = ""


def masked(petition: Petition) -> tuple[str, str]:
    """(name, phone) with most letters and digits hidden; empty words when not given."""
    name = mask_name(petition.reporter_name) if petition.reporter_name else UNKNOWN
    phone = mask_phone(petition.reporter_phone) if petition.reporter_phone else ""
    return (UNKNOWN, "") if petition.is_anonymous else (name, phone)


def may_reveal(petition: Petition, actor: Actor) -> bool:
    """UNMASK; where the reporter wished to stay hidden, only who takes petitions in or decides them."""
    if not (actor.has(Permission.UNMASK) and can_see(petition, actor)):
        return False
    return not petition.is_anonymous or actor.has(Permission.DECIDE)


def reveal(petition: Petition, *, by: Actor) -> list[tuple[str, str]]:
    """What the reporter told us about themselves, as (label, words), and a row that says who looked.

    Call in a transaction. Raises NotAllowed.
    """
    if not may_reveal(petition, by):
        raise NotAllowed
    audit.record(
        "reporter.revealed",
        "petition",
        petition.id,
        ward_id=petition.ward_id,
        officer_id=by.officer_id,
    )
    phone = petition.reporter_phone
    told = [
        ("Họ tên", petition.reporter_name),
        ("Điện thoại", show_phone(phone) if phone else None),
        ("Thư điện tử", petition.reporter_email),
        ("Địa chỉ", petition.reporter_address),
    ]
    return [(label, words) for label, words in told if words] or [("Họ tên", UNKNOWN)]


def reply_way(petition: Petition) -> Reply:
    """Where the answer goes."""
    if petition.contact_id is None:
        return Reply("trang tra cứu (người dân tự xem)")
    contact = db.session.execute(
        sa.select(Contact.channel, Contact.unreachable_at, Contact.unreachable_reason).where(
            Contact.id == petition.contact_id
        )
    ).one()
    return Reply(
        contact.channel.label, contact.unreachable_at is not None, contact.unreachable_reason or ""
    )
