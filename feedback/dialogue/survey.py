"""Three questions to who was there, one tap each."""

from dataclasses import dataclass

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.registration_models import Registration, Survey
from feedback.errors import BadInput, WrongState
from feedback.text import squeeze

QUESTIONS = {
    "heard": "Ông/Bà được báo trước đủ sớm, đủ rõ không?",
    "answered": "Các câu trả lời có rõ ràng, đúng điều người dân hỏi không?",
    "believed": "Ông/Bà có tin các lời hứa sẽ được thực hiện không?",
}
MARKS = {5: "Rất tốt", 4: "Tốt", 3: "Tạm được", 2: "Chưa tốt", 1: "Rất chưa tốt"}
_ASKED = frozenset({Status.HELD, Status.PUBLISHED, Status.CLOSED})


@dataclass(frozen=True)
class Mood:
    """The average of each question, 1 to 5, and how many answered."""

    count: int
    heard: float = 0.0
    answered: float = 0.0
    believed: float = 0.0


def fill_in(
    registration: Registration, *, heard: int, answered: int, believed: int, comment: str = ""
) -> Survey:
    """Somebody who was there says how it was; a second time corrects the first."""
    if registration.checked_in_at is None or registration.dialogue.status not in _ASKED:
        raise WrongState("Chỉ hỏi ý kiến người đã dự, sau khi buổi đối thoại kết thúc.")
    marks = {"heard": heard, "answered": answered, "believed": believed}
    wrong = {name: "Xin chọn một mức." for name, mark in marks.items() if mark not in MARKS}
    if wrong:
        raise BadInput(fields=wrong)
    known = sa.select(Survey).filter_by(registration_id=registration.id).with_for_update()
    row = db.session.scalars(known).first()
    if row is None:
        row = Survey(registration_id=registration.id, dialogue_id=registration.dialogue_id)
        db.session.add(row)
    for name, mark in marks.items():
        setattr(row, name, mark)
    row.comment, row.at = squeeze(comment)[:1000], clock.now()
    db.session.flush()
    return row


def mood(dialogue: Dialogue) -> Mood:
    """What those who were there said."""
    averages = (sa.func.avg(getattr(Survey, name)) for name in QUESTIONS)
    query = sa.select(sa.func.count(), *averages).where(Survey.dialogue_id == dialogue.id)
    count, *found = db.session.execute(query).one()
    return Mood(count, *(round(float(each), 1) for each in found)) if count else Mood(0)
