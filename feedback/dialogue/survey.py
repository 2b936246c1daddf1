"""Three questions to who was there, one tap each: a tap is kept at once, a second one corrects it."""

from dataclasses import dataclass

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.registration_models import Registration, Survey
from feedback.errors import BadInput, WrongState
from feedback.outbox.prompt import Choice
from feedback.text import squeeze

QUESTIONS = {
    "heard": "Ông/Bà được báo trước đủ sớm, đủ rõ không?",
    "answered": "Các câu trả lời có rõ ràng, đúng điều người dân hỏi không?",
    "believed": "Ông/Bà có tin các lời hứa sẽ được thực hiện không?",
}
MARKS = {5: "Rất tốt", 4: "Tốt", 3: "Tạm được", 2: "Chưa tốt", 1: "Rất chưa tốt"}
LONGEST = 1000
ASKED = frozenset({Status.HELD, Status.PUBLISHED, Status.CLOSED})


@dataclass(frozen=True)
class Mood:
    """The average of each question, 1 to 5, of those who answered it; how many answered anything."""

    count: int
    heard: float | None = None
    answered: float | None = None
    believed: float | None = None


def mark(registration: Registration, question: str, value: int) -> Survey:
    """One tap of somebody who was there. Raises WrongState, BadInput."""
    row = _row(registration)
    if question not in QUESTIONS or value not in MARKS:
        raise BadInput(fields={question: "Xin chọn một mức."})
    setattr(row, question, value)
    db.session.flush()
    return row


def comment(registration: Registration, words: str) -> Survey:
    """What they want to say besides. Raises WrongState."""
    row = _row(registration)
    row.comment = squeeze(words)[:LONGEST]
    db.session.flush()
    return row


def of(registration: Registration) -> Survey | None:
    """What they have said so far."""
    query = sa.select(Survey).filter_by(registration_id=registration.id)
    return db.session.scalars(query).first()


def buttons(registration_id: int, question: str) -> tuple[Choice, ...]:
    """The marks of one question in a chat, best first."""
    return tuple(
        Choice(words, f"survey:{registration_id}:{question}:{value}")
        for value, words in MARKS.items()
    )


def mood(dialogue: Dialogue) -> Mood:
    """What those who were there said."""
    averages = (sa.func.avg(getattr(Survey, name)) for name in QUESTIONS)
    query = sa.select(sa.func.count(), *averages).where(Survey.dialogue_id == dialogue.id)
    count, *found = db.session.execute(query).one()
    return Mood(count, *(None if each is None else round(float(each), 1) for each in found))


def _row(registration: Registration) -> Survey:
    """Their sheet, locked; a new one at the first tap. Raises WrongState."""
    if registration.checked_in_at is None or registration.dialogue.status not in ASKED:
        raise WrongState("Chỉ hỏi ý kiến người đã dự, sau khi buổi đối thoại kết thúc.")
    known = sa.select(Survey).filter_by(registration_id=registration.id).with_for_update()
    row = db.session.scalars(known).first()
    if row is None:
        row = Survey(registration_id=registration.id, dialogue_id=registration.dialogue_id)
        row.comment = ""
        db.session.add(row)
    row.at = clock.now()
    return row
