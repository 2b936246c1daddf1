"""Group chats of officials, or topics of them: linked by a one-time code, told of work without its content.

Nothing here commits. Nobody acts as a group: a pressed button acts as whoever pressed it, if theirs is a
linked chat. A group's address is "-1001234", a topic's "-1001234/5".
"""

import secrets

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.actor import Actor
from feedback.people.chats import LENGTH, LETTERS, LIFE
from feedback.people.models import Contact, GroupCode, OfficeGroup, Permission
from feedback.sealing import fingerprint, fingerprints

WRONG = "Mã nhóm không đúng hoặc đã hết hạn. Ông/Bà lấy mã mới ở Thiết lập, Nhóm của cán bộ."


def new_code(department_id: int | None, *, by: Actor) -> str:
    """A code that links the group in which it is typed, as it is shown once. Raises NotAllowed."""
    _may(by)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    db.session.execute(sa.delete(GroupCode).where(GroupCode.made_by_id == by.officer_id))
    row = GroupCode(
        ward_id=by.ward_id,
        department_id=department_id,
        made_by_id=by.officer_id,
        code_hash=fingerprint(f"group:{code}"),
        expires_at=clock.now() + LIFE,
    )
    db.session.add(row)
    db.session.flush()
    return f"{code[:4]}-{code[4:]}"


def link(contact_id: int, typed: str) -> OfficeGroup:
    """Let this group hear of what the code was made for; the code is used up. Raises BadInput."""
    contact = db.session.get_one(Contact, contact_id, populate_existing=True)
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    query = sa.select(GroupCode).where(GroupCode.code_hash.in_(fingerprints(f"group:{code}")))
    row = db.session.scalars(query).one_or_none()
    if row is None or row.expires_at <= clock.now() or row.ward_id != contact.ward_id:
        raise BadInput(WRONG)
    db.session.delete(row)
    group = _of(contact_id) or OfficeGroup(ward_id=contact.ward_id, contact_id=contact_id)
    group.department_id, group.linked_by_id = row.department_id, row.made_by_id
    group.linked_at, contact.unreachable_at = clock.now(), None
    db.session.add(group)
    db.session.flush()
    _note("group.linked", group, row.made_by_id)
    return group


def leave(contact_id: int) -> bool:
    """Typed in the group itself: it hears of nothing more; False when it heard of nothing."""
    group = _of(contact_id)
    if group is None:
        return False
    _note("group.unlinked", group, None)
    db.session.delete(group)
    db.session.flush()
    return True


def unlink(group_id: int, *, by: Actor) -> None:
    """Raises NotAllowed, NotFound."""
    _may(by)
    group = db.session.get(OfficeGroup, group_id)
    if group is None or group.ward_id != by.ward_id:
        raise NotFound
    _note("group.unlinked", group, by.officer_id)
    db.session.delete(group)
    db.session.flush()


# Asked at almost every verb, so written once.
_OF_WARD = (
    sa.select(OfficeGroup, Contact)
    .join(Contact, Contact.id == OfficeGroup.contact_id)
    .where(OfficeGroup.ward_id == sa.bindparam("ward"))
    .order_by(OfficeGroup.id)
)


def of_ward(ward_id: int) -> list[tuple[OfficeGroup, Contact]]:
    """Every linked group and where it is written to, in the order of linking."""
    rows = db.session.execute(_OF_WARD, {"ward": ward_id})
    return [(group, contact) for group, contact in rows]


def hearing(ward_id: int, department_id: int | None) -> list[Contact]:
    """The groups that hear of this department's work: its own, else those of the whole ward."""
    found = [
        (group, contact)
        for group, contact in of_ward(ward_id)
        if contact.unreachable_at is None and group.department_id in (None, department_id)
    ]
    own = [contact for group, contact in found if group.department_id is not None]
    return own or [contact for _, contact in found]


def _of(contact_id: int) -> OfficeGroup | None:
    query = sa.select(OfficeGroup).where(OfficeGroup.contact_id == contact_id)
    return db.session.scalars(query).one_or_none()


def _may(by: Actor) -> None:
    if not by.has(Permission.SETTINGS):
        raise NotAllowed


def _note(action: str, group: OfficeGroup, officer_id: int | None) -> None:
    audit.record(
        action,
        "office_group",
        group.id,
        ward_id=group.ward_id,
        officer_id=officer_id,
        detail={"department_id": group.department_id},
    )
