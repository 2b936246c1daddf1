"""Officers' own chats: linked by a one-time code, unlinked from either side; one on each channel.

A linked chat acts with its officer's rights, so it ends with them: who leaves, or is locked out, is
unlinked. Nothing here commits.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.people.directory import table_of
from feedback.people.models import Channel, Contact, LinkCode, Officer
from feedback.sealing import fingerprint, fingerprints

LIFE = timedelta(minutes=10)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look like another
LENGTH = 8  # 31⁸: nobody guesses it in ten minutes

WRONG = "Mã liên kết không đúng hoặc đã hết hạn. Ông/Bà lấy mã mới ở trang Tài khoản."
TAKEN = "Cuộc trò chuyện này đang gắn với một cán bộ khác. Gõ “hủy liên kết” trước, rồi làm lại."


def new_code(officer_id: int) -> str:
    """A code for this officer, as it is shown once: 'K7QM-4XWT'. An earlier one no longer works."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    db.session.execute(sa.delete(LinkCode).where(LinkCode.officer_id == officer_id))
    db.session.add(
        LinkCode(officer_id=officer_id, code_hash=fingerprint(code), expires_at=clock.now() + LIFE)
    )
    db.session.flush()
    return f"{code[:4]}-{code[4:]}"


def link(contact_id: int, typed: str) -> tuple[Officer, list[int]]:
    """Give this chat to the officer whose code was typed; also the chats of theirs it replaces.

    The code is used up. Raises BadInput, the same for a wrong, a late and another ward's code.
    """
    contact = db.session.get_one(Contact, contact_id, populate_existing=True)
    officer = _owner_of(typed, contact.ward_id)
    if contact.officer_id not in (None, officer.id):
        raise BadInput(TAKEN)
    others = [each for each in of(officer.id) if each.channel is contact.channel]
    replaced = [each.id for each in others if each.id != contact_id]
    for each in others:
        each.officer_id = None
    db.session.flush()
    contact.officer_id = officer.id
    _note("chat.linked", contact, officer.id, officer.id)
    db.session.flush()
    return officer, replaced


def unlink(contact_id: int, *, by_officer_id: int | None) -> bool:
    """Take the chat away from its officer; False when it was nobody's."""
    contact = db.session.get(Contact, contact_id, populate_existing=True)
    if contact is None or contact.officer_id is None:
        return False
    _note("chat.unlinked", contact, contact.officer_id, by_officer_id)
    contact.officer_id = None
    db.session.flush()
    return True


def unlink_all(officer_id: int, *, by_officer_id: int | None = None) -> int:
    """The same for every chat of an officer, and their code; how many chats."""
    db.session.execute(sa.delete(LinkCode).where(LinkCode.officer_id == officer_id))
    return sum(unlink(each.id, by_officer_id=by_officer_id) for each in of(officer_id))


def unlink_departed() -> int:
    """Unlink everybody who left: inactive, or without a position today. How many chats."""
    linked = sa.select(Officer).where(
        Officer.id.in_(sa.select(Contact.officer_id).where(Contact.officer_id.is_not(None)))
    )
    return sum(
        unlink_all(officer.id) for officer in db.session.scalars(linked).all() if not works(officer)
    )


def works(officer: Officer) -> bool:
    """Whether they hold a position of the ward today."""
    return officer.is_active and officer.id in table_of(officer.ward_id).posts_of


def of(officer_id: int) -> Sequence[Contact]:
    """The chats an officer has linked."""
    query = sa.select(Contact).where(Contact.officer_id == officer_id).order_by(Contact.id)
    return db.session.scalars(query).all()


@dataclass
class Whom:
    """What it takes to say something to somebody."""

    id: int
    ward_id: int
    channel: Channel
    account: str
    address: str


WHOM = sa.select(*(getattr(Contact, name) for name in Whom.__annotations__))

_REACHING = (
    WHOM.join(Officer, Officer.id == Contact.officer_id)
    .where(
        Contact.officer_id.in_(sa.bindparam("officers", expanding=True)),
        Officer.is_active,
        Contact.unreachable_at.is_(None),
    )
    .order_by(Contact.id)
)


def reaching(officer_ids: Iterable[int]) -> list[Whom]:
    """The chats in which these officers can be told something now."""
    found = db.session.execute(_REACHING, {"officers": list(set(officer_ids))})
    return [Whom(*row) for row in found]


def _owner_of(typed: str, ward_id: int) -> Officer:
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    used = (
        sa.delete(LinkCode)
        .where(LinkCode.code_hash.in_(fingerprints(code)))
        .returning(LinkCode.officer_id, LinkCode.expires_at)
    )
    row = db.session.execute(used).one_or_none()
    officer = db.session.get(Officer, row.officer_id) if row else None
    if row is None or officer is None or row.expires_at <= clock.now():
        raise BadInput(WRONG)
    if officer.ward_id != ward_id or not works(officer):
        raise BadInput(WRONG)
    return officer


def _note(action: str, contact: Contact, officer_id: int, by_officer_id: int | None) -> None:
    audit.record(
        action,
        "officer",
        officer_id,
        ward_id=contact.ward_id,
        officer_id=by_officer_id,
        detail={"channel": contact.channel.value},
    )
