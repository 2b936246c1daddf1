"""What a turn does about meetings: book the chair's time, register for a session, ask, vote. All raise Refusal."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from feedback import links
from feedback.conversations.people import Chat
from feedback.db import db
from feedback.dialogue import commitments, queries, questions, seats
from feedback.dialogue.codes import show_code
from feedback.dialogue.models import Mode
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import NotFound
from feedback.petitions.models import Kind
from feedback.reception import slots
from feedback.reception.models import Visit
from feedback.text import clip
from feedback.wards.setup import setup_of

Result = dict[str, Any]
SHOWN = 4  # answers of a session told in a chat; the rest is on its page


def book_reception(
    chat: Chat, key: str, day_id: int, slot: int, subject: str, name: str, is_accusation: bool
) -> Result:
    """The chair's time; the appointment itself is told by its own notice."""
    visit = slots.book(
        slots.Booking(
            day_id,
            name,
            subject,
            chat.contact.channel,
            kind=Kind.TO_CAO if is_accusation else Kind.KIEN_NGHI,
            slot=slot,
            phone=chat.contact.phone,
            contact_id=chat.contact.id,
            submission_key=f"chat:{chat.id}:{key}",
        )
    )
    return {"visit": visit.id, "code": show_code(visit.code)}


def cancel_reception(chat: Chat, visit_id: int) -> Result:
    visit = db.session.get(Visit, visit_id)
    if visit is None or visit.contact_id != chat.contact.id:
        raise NotFound
    slots.cancel(visit)
    return {}


def register_for_session(chat: Chat, key: str, dialogue_id: int, name: str, people: int) -> Result:
    """A seat or a place in the queue; its code is told by its own notice."""
    if own := _own(chat, dialogue_id):
        return {"registration": own.id, "is_seated": own.state is Seat.SEATED}
    dialogue = queries.public(chat.ward_id, dialogue_id)
    wish = seats.Wish(
        dialogue.id,
        name,
        chat.contact.channel,
        phone=chat.contact.phone,
        people=people,
        is_online=dialogue.mode is Mode.ONLINE,
        contact_id=chat.contact.id,
        submission_key=f"chat:{chat.id}:{key}",
    )
    row = seats.register(wish)
    return {"registration": row.id, "is_seated": row.state is Seat.SEATED}


def leave_session(chat: Chat, registration_id: int) -> Result:
    row = db.session.get(Registration, registration_id)
    if row is None or row.contact_id != chat.contact.id:
        raise NotFound
    seats.leave(row)
    return {}


def ask_in_session(
    chat: Chat, key: str, dialogue_id: int, text: str, name: str, is_anonymous: bool
) -> Result:
    """A question beforehand, or, while the session goes on, a raised hand with words."""
    asked = questions.ask(
        questions.Asked(
            queries.public(chat.ward_id, dialogue_id).id,
            text,
            chat.contact.channel,
            name=name or None,
            phone=chat.contact.phone,
            is_anonymous=is_anonymous,
            registration=_own(chat, dialogue_id),
            contact_id=chat.contact.id,
            submission_key=f"chat:{chat.id}:{key}",
        )
    )
    return {"link": links.question(asked.token)}


def vote_in_session(chat: Chat, question_id: int) -> Result:
    """One voice; the same person's on the web, if they registered here, is the same voice."""
    asked = db.session.get(Question, question_id)
    if asked is None or asked.dialogue.ward_id != chat.ward_id:
        raise NotFound
    own = _own(chat, asked.dialogue_id)
    voter = f"r:{own.id}" if own else f"c:{chat.contact.id}"
    is_new = questions.vote(asked, voter)
    return {"is_new": is_new, "question": clip(asked.text, 120), "votes": asked.votes}


def session_results(chat: Chat, dialogue_id: int) -> Result:
    row = queries.public(chat.ward_id, dialogue_id)
    settled = [q for q in questions.public(row) if q.settled_at]
    promised = [p for p in commitments.of_ward(chat.ward_id) if p.dialogue_id == row.id]
    return {
        "title": row.title,
        "answers": [(clip(q.text, 120), q.state.label, clip(q.outcome, 200)) for q in settled][
            :SHOWN
        ],
        "more": max(0, len(settled) - SHOWN),
        "promises": [
            (clip(p.text, 160), p.position.title, f"{p.due_on:%d/%m/%Y}", commitments.standing(p))
            for p in promised
        ][:SHOWN],
        "link": links.dialogue(setup_of(chat.ward_id).slug, row.id),
    }


EFFECTS: dict[str, Callable[..., Result]] = {
    effect.__name__: effect
    for effect in (
        book_reception,
        cancel_reception,
        register_for_session,
        leave_session,
        ask_in_session,
        vote_in_session,
        session_results,
    )
}


def _own(chat: Chat, dialogue_id: int) -> Registration | None:
    """This chat's registration for a session, unless it was given up."""
    query = sa.select(Registration).where(
        Registration.dialogue_id == dialogue_id,
        Registration.contact_id == chat.contact.id,
        Registration.state != Seat.LEFT,
    )
    return db.session.scalars(query.limit(1)).first()
