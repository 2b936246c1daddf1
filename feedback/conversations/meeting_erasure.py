"""A person withdraws: their name and number leave the lists of sessions, appointments and drafts.

What they asked or said stays as the ward's record, without them. Somebody who was received stays in Sổ tiếp công
dân, which the law makes the ward keep (khoản 1 Điều 27 Nghị định số 154/2026/NĐ-CP).
"""

from typing import Any

import sqlalchemy as sa

from feedback.db import db
from feedback.dialogue import seats
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration
from feedback.publicity.models import Comment
from feedback.reception import slots
from feedback.reception.book import RECEIVED
from feedback.reception.models import Visit

NOBODY = "Đã rút dữ liệu cá nhân"


def erase(contact_id: int) -> None:
    """In the present transaction. Seats and times they held go to the next; again changes nothing."""
    for registration in _of(Registration, contact_id):
        seats.leave(registration)
    for visit in _of(Visit, contact_id):
        slots.cancel(visit)
    _unname(Registration, contact_id, name=NOBODY, phone=None, phone_hash=None)
    _unname(Question, contact_id, name=None, phone=None, is_anonymous=True)
    _unname(Comment, contact_id, name=None)
    unreceived = Visit.state.not_in(RECEIVED)
    nobody = {"name": NOBODY, "phone": None, "phone_hash": None, "address": None, "id_number": None}
    _unname(Visit, contact_id, unreceived, subject="", **nobody)


def _of(model: Any, contact_id: int) -> list[Any]:
    return list(db.session.scalars(sa.select(model).filter_by(contact_id=contact_id)))


def _unname(model: Any, contact_id: int, *conditions: Any, **values: Any) -> None:
    theirs = sa.update(model).where(model.contact_id == contact_id, *conditions)
    db.session.execute(theirs.values(**values).execution_options(synchronize_session="fetch"))
