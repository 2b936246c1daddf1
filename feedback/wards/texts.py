"""A ward's own words for messages: written, checked, taken back; the history is in the audit."""

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import NotFound
from feedback.messages import catalogue
from feedback.people.actor import Actor
from feedback.wards import edits
from feedback.wards.models import WardText


def write(message: str, text: str, *, by: Actor) -> bool:
    """Say a message in the ward's own words; whether that is new. The standard words take it back.

    Raises NotAllowed, NotFound, BadInput naming places that are missing or unknown.
    """
    ward = edits.begin(by.ward_id or 0, by)
    found = catalogue.find(message)
    if found is None:
        raise NotFound("Không có câu này.")
    clean = catalogue.check(found, text)
    row = _row(ward.id, message)
    if clean == (row.text if row else found.standard):
        return False
    if clean == found.standard:
        return restore(message, by=by)
    before = row.text if row else found.standard
    if row is None:
        row = WardText(ward_id=ward.id, message=message)
        db.session.add(row)
    row.text = clean
    db.session.flush()
    edits.note("texts.written", ward.id, by, message=message, text=clean, before=before)
    return True


def restore(message: str, *, by: Actor) -> bool:
    """Back to the standard words; whether the ward had others. Raises NotAllowed."""
    ward = edits.begin(by.ward_id or 0, by)
    row = _row(ward.id, message)
    if row is None:
        return False
    before = row.text
    db.session.delete(row)
    db.session.flush()
    edits.note("texts.restored", ward.id, by, message=message, before=before)
    return True


def _row(ward_id: int, message: str) -> WardText | None:
    query = sa.select(WardText).where(WardText.ward_id == ward_id, WardText.message == message)
    return db.session.scalars(query).one_or_none()
