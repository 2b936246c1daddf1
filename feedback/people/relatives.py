"""Who is close to an officer, as the officer declared it: so that nobody handles a petition of their own.

Only the officer reads what they declared; everybody else learns at most that they did. The program uses
it to keep people away from petitions, and never says why it does.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback import audit, clock
from feedback.db import Base, db
from feedback.errors import BadInput, NotFound
from feedback.people.actor import Actor
from feedback.people.kinship import Kinship
from feedback.people.models import Officer
from feedback.sealing import Sealed, fingerprints
from feedback.text import normal_phone, squeeze

LONGEST = 120
K = TypeVar("K")


class Relative(Base):
    """Somebody close to an officer. `colleague_id`: they work for the ward, too."""

    __tablename__ = "relative"

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    name: Mapped[str] = mapped_column(Sealed)
    relationship: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    colleague_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


def read(ward_id: int) -> Kinship:
    """As it stands in the database."""
    pairs: list[tuple[int, int]] = []
    phones: list[tuple[str, int]] = []
    own = sa.select(Officer.id, Officer.phone).where(
        Officer.ward_id == ward_id, Officer.phone.is_not(None)
    )
    phones += [(row.phone, row.id) for row in db.session.execute(own)]
    declared = sa.select(Relative.officer_id, Relative.colleague_id, Relative.phone).where(
        Relative.ward_id == ward_id, Relative.withdrawn_at.is_(None)
    )
    for row in db.session.execute(declared):
        if row.colleague_id:
            pairs += [(row.officer_id, row.colleague_id), (row.colleague_id, row.officer_id)]
        if row.phone:
            phones.append((row.phone, row.officer_id))
    hashed = [
        (print_, officer_id)
        for phone, officer_id in phones
        if (called := normal_phone(phone))
        for print_ in fingerprints(called)
    ]
    return Kinship(_sets(pairs), _sets(hashed))


def declare(
    *,
    by: Actor,
    name: str,
    relationship: str,
    phone: str = "",
    colleague_id: int | None = None,
) -> Relative:
    """An officer says who is close to them. Raises BadInput."""
    fields = {"name": squeeze(name), "relationship": squeeze(relationship)}
    wrong = {key: "Vui lòng điền mục này." for key, words in fields.items() if not words}
    wrong |= {key: "Quá dài." for key, words in fields.items() if len(words) > LONGEST}
    called = normal_phone(phone) if phone.strip() else None
    if phone.strip() and called is None:
        wrong["phone"] = "Số điện thoại chưa đúng."
    if colleague_id is not None and not _is_colleague(colleague_id, by):
        wrong["colleague_id"] = "Chọn một cán bộ khác của phường."
    if wrong:
        raise BadInput(fields=wrong)
    row = Relative(
        ward_id=by.ward_id,
        officer_id=by.officer_id,
        phone=called,
        colleague_id=colleague_id,
        declared_at=clock.now(),
        **fields,
    )
    db.session.add(row)
    db.session.flush()
    _note("relative.declared", row, by)
    return row


def withdraw(relative_id: int, *, by: Actor) -> None:
    """It no longer holds. Raises NotFound for somebody else's."""
    row = db.session.get(Relative, relative_id)
    if row is None or row.officer_id != by.officer_id or row.withdrawn_at is not None:
        raise NotFound
    row.withdrawn_at = clock.now()
    db.session.flush()
    _note("relative.withdrawn", row, by)


def own(by: Actor) -> list[Relative]:
    """What this officer has declared, oldest first."""
    query = sa.select(Relative).where(
        Relative.officer_id == by.officer_id, Relative.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Relative.id)))


def declarers(ward_id: int) -> frozenset[int]:
    """Officers who have declared somebody; who and how many stays with them."""
    query = sa.select(Relative.officer_id).where(
        Relative.ward_id == ward_id, Relative.withdrawn_at.is_(None)
    )
    return frozenset(db.session.scalars(query.distinct()))


def _is_colleague(officer_id: int, by: Actor) -> bool:
    officer = db.session.get(Officer, officer_id)
    return officer is not None and officer.ward_id == by.ward_id and officer.id != by.officer_id


def _note(action: str, row: Relative, by: Actor) -> None:
    audit.record(action, "relative", row.id, ward_id=row.ward_id, officer_id=by.officer_id)


def _sets(pairs: Iterable[tuple[K, int]]) -> dict[K, frozenset[int]]:
    found: dict[K, set[int]] = {}
    for key, officer_id in pairs:
        found.setdefault(key, set()).add(officer_id)
    return {key: frozenset(officers) for key, officers in found.items()}
