"""Which chats are one person's: two that proved the same number, or one whose code was typed in the other.

A number somebody typed proves nothing, and a number two people share would show one the other's answers:
only what a provider vouches for counts as proof, and only for a while, since numbers change hands.
"""

import re
import secrets
from datetime import timedelta

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.people.chats import LETTERS, LIFE
from feedback.people.models import Channel, ChatCode, Citizen, Contact
from feedback.sealing import fingerprint, fingerprints

# Channels whose own card of a contact names the number of that very account. Zalo's form may be typed
# over, as far as is known, so it is not here.
VOUCHES = frozenset({Channel.TELEGRAM, Channel.CONSOLE})
PROOF_LASTS = timedelta(days=180)
WRONG = "Mã nối không đúng hoặc đã hết hạn. Ông/Bà lấy mã mới ở cuộc trò chuyện kia."
SAME = "Mã này lấy ở chính cuộc trò chuyện này. Ông/Bà mở cuộc trò chuyện kia rồi gõ mã."
_CODE = re.compile(r"^([A-Z2-9]{3})-([A-Z2-9]{3})$")


def new_code(contact_id: int) -> str:
    """A code that joins this chat to the one in which it is typed: 'K7Q-4XW'; good for LIFE."""
    code = "".join(secrets.choice(LETTERS) for _ in range(6))
    db.session.execute(sa.delete(ChatCode).where(ChatCode.contact_id == contact_id))
    row = ChatCode(
        contact_id=contact_id, code_hash=fingerprint(f"chat:{code}"), expires_at=clock.now() + LIFE
    )
    db.session.add(row)
    db.session.flush()
    return f"{code[:3]}-{code[3:]}"


def code_in(text: str) -> str | None:
    """'k7q-4xw' -> 'K7Q4XW'; None when it is no code."""
    found = _CODE.match(text.strip().upper())
    return found[1] + found[2] if found else None


def join(contact_id: int, code: str) -> int:
    """Make this chat and the one that showed the code one person's; the other's id. Raises BadInput."""
    query = sa.select(ChatCode).where(ChatCode.code_hash.in_(fingerprints(f"chat:{code}")))
    row = db.session.scalars(query).one_or_none()
    here = db.session.get_one(Contact, contact_id, populate_existing=True)
    other = db.session.get(Contact, row.contact_id, populate_existing=True) if row else None
    if row is None or other is None or row.expires_at <= clock.now():
        raise BadInput(WRONG)
    if other.id == here.id:
        raise BadInput(SAME)
    if other.ward_id != here.ward_id:
        raise BadInput(WRONG)
    db.session.delete(row)
    _unify(here, other, "code")
    return other.id


def part(contact_id: int) -> bool:
    """This chat is its own person again; False when it was joined to none."""
    contact = db.session.get_one(Contact, contact_id, populate_existing=True)
    if contact.citizen_id is None:
        return False
    contact.citizen_id = None
    audit.record("chat.parted", "contact", contact.id, ward_id=contact.ward_id)
    db.session.flush()
    return True


def proved_number(contact_id: int, phone: str) -> int | None:
    """Join this chat, whose provider vouched for the number, to another that proved it; the other's id."""
    here = db.session.get_one(Contact, contact_id, populate_existing=True)
    query = sa.select(Contact).where(
        Contact.ward_id == here.ward_id,
        Contact.id != here.id,
        Contact.phone_hash.in_(fingerprints(phone)),
        Contact.phone_proven_at > clock.now() - PROOF_LASTS,
    )
    other = db.session.scalars(query.order_by(Contact.phone_proven_at.desc())).first()
    if other is None or (here.citizen_id and here.citizen_id == other.citizen_id):
        return None
    _unify(here, other, "phone")
    return other.id


def _unify(here: Contact, other: Contact, how: str) -> None:
    """Both get one resident; what was joined to either stays joined."""
    ids = {each for each in (other.citizen_id, here.citizen_id) if each}
    if not ids:
        citizen = Citizen(ward_id=here.ward_id, created_at=clock.now())
        db.session.add(citizen)
        db.session.flush()
        ids = {citizen.id}
    kept, *rest = sorted(ids)
    here.citizen_id = other.citizen_id = kept
    db.session.flush()
    if rest:
        moved = sa.update(Contact).where(Contact.citizen_id.in_(rest)).values(citizen_id=kept)
        db.session.execute(moved.execution_options(synchronize_session=False))
    detail = {"how": how, "with": other.id}
    audit.record("chat.joined", "contact", here.id, ward_id=here.ward_id, detail=detail)
    db.session.flush()
