"""What every edit of a ward's set-up does: ask for the right, hold the ward, leave a trace."""

from typing import Any

import sqlalchemy as sa

from feedback import audit
from feedback.db import db
from feedback.errors import BadInput, NotAllowed
from feedback.people.actor import Actor
from feedback.people.models import Party, Permission
from feedback.text import fold, squeeze, tokens
from feedback.wards.models import Ward

SUBJECT = "ward"  # of the audit rows of every edit


def begin(ward_id: int, by: Actor, right: Permission = Permission.SETTINGS) -> Ward:
    """The ward, its row locked: two edits at once follow one another. Raises NotAllowed."""
    is_own = by.ward_id == ward_id and by.has(right)
    if by.party is not Party.SYSTEM and not is_own:
        raise NotAllowed
    locked = sa.select(Ward).where(Ward.id == ward_id).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def note(action: str, ward_id: int, by: Actor, **detail: Any) -> None:
    """Write down who changed what; `detail` is what the history page shows."""
    audit.record(action, SUBJECT, ward_id, ward_id=ward_id, officer_id=by.officer_id, detail=detail)


def required(name: str, typed: str, sentence: str, longest: int) -> str:
    """What was typed, cleaned. Raises BadInput when there is nothing or too much."""
    clean = squeeze(typed)
    if not clean:
        raise BadInput(fields={name: sentence})
    if len(clean) > longest:
        raise BadInput(fields={name: f"Nhiều nhất {longest} ký tự."})
    return clean


def free_code(name: str, taken: set[str]) -> str:
    """A code nobody has, made of a name: 'chuyen_vien_van_hoa', then '…_2'."""
    stem = "_".join(tokens(fold(name)))[:36]
    codes = (stem if no == 1 else f"{stem}_{no}" for no in range(1, len(taken) + 2))
    return next(code for code in codes if code not in taken)
