"""What a turn does in the world, through the verbs: each takes the chat and the turn's values.

Each returns what the messages may show; `memo` in it is remembered beyond the flow. All raise Refusal.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from feedback import clock, links
from feedback.conversations.content import text_of
from feedback.conversations.people import Chat
from feedback.conversations.turn import Slots
from feedback.db import db
from feedback.documents.models import StoredFile
from feedback.errors import BadInput, NotFound
from feedback.people.actor import CITIZEN
from feedback.people.models import Contact
from feedback.petitions import actions, notices, queries
from feedback.petitions.intake import Submission
from feedback.petitions.intake import submit as take_in
from feedback.petitions.models import Answer, AnswerState, Kind, Petition
from feedback.sealing import fingerprint
from feedback.text import clip, normal_phone
from feedback.wards.setup import setup_of

Result = dict[str, Any]

SEALED = "Nội dung được giữ kín"
SHOWN = 600  # characters of an answer
RIGHT_AFTER = timedelta(hours=1)  # so long a bare number belongs to the report just sent


def submit(chat: Chat, slots: Slots, kind: Kind | None = None) -> Result:
    """Send the report. The same slots send it once, however often this runs."""
    lat, lng = slots.get("spot") or (None, None)
    contact = chat.contact
    petition = take_in(
        Submission(
            ward_id=chat.ward_id,
            text=text_of(slots),
            kind=kind,
            neighbourhood_id=slots.get("area"),
            address=slots.get("address", ""),
            lat=lat,
            lng=lng,
            name=_name(chat),
            phone=contact.phone,
            is_anonymous=bool(slots.get("hidden")),
            consented=True,
            channel=contact.channel,
            contact_id=contact.id,
            files=slots.get("files", []),
            submission_key=f"chat:{chat.id}:{slots['key']}",
        )
    )
    chat.needs_person_at = None
    return {"number": petition.number, "memo": {"sent": [slots["key"], petition.number]}}


def submit_sealed(chat: Chat, slots: Slots) -> Result:
    """What sounds like an accusation is kept restricted."""
    done = submit(chat, slots, Kind.TO_CAO)
    is_above = sa.select(Petition.is_above_ward).where(Petition.number == done["number"])
    form = links.accusation_form(setup_of(chat.ward_id).slug)
    return {**done, "is_above": db.session.scalar(is_above), "form": form}


def add(chat: Chat, case_id: int, slots: Slots) -> Result:
    actions.add(_petition(case_id), by=CITIZEN, text=_words(slots), files=_files(chat, slots))
    return {}


def rate(chat: Chat, case_id: int, score: int, comment: str) -> Result:
    actions.rate(
        _petition(case_id), by=CITIZEN, score=score, comment=comment, channel=chat.contact.channel
    )
    return {}


def reopen(chat: Chat, case_id: int, slots: Slots) -> Result:
    petition = actions.reopen(_petition(case_id), by=CITIZEN, reason=_words(slots))
    for file in _files(chat, slots):
        file.petition_id = petition.id
    return {}


def track(chat: Chat, case_id: int) -> Result:
    return _shown(_petition(case_id))


def track_other(chat: Chat, number: str, phone: str) -> Result:
    return _shown(queries.by_number_and_phone(chat.ward_id, number, phone))


def keep_phone(chat: Chat, phone: str) -> Result:
    if not chat.keep_phone(phone):
        raise BadInput
    return {}


def phone_for_report(chat: Chat, phone: str) -> Result:
    """A bare number: the person's own, and that of the report they sent without one a moment ago."""
    normal = normal_phone(phone)
    if normal is None or not chat.keep_phone(phone):
        raise BadInput
    petition = db.session.scalars(
        sa.select(Petition)
        .where(
            Petition.contact_id == chat.contact.id,
            Petition.phone_hash.is_(None),
            Petition.received_at > clock.now() - RIGHT_AFTER,
            Petition.is_open,
        )
        .order_by(Petition.id.desc())
        .limit(1)
    ).first()
    if petition is None:
        return {"number": ""}
    actions.add(petition, by=CITIZEN, text="Người dân gửi số điện thoại liên hệ.")
    petition.reporter_phone, petition.phone_hash = normal, fingerprint(normal)
    db.session.flush()
    return {"number": petition.number}


EFFECTS: dict[str, Callable[..., Result]] = {
    effect.__name__: effect
    for effect in (
        submit,
        submit_sealed,
        add,
        rate,
        reopen,
        track,
        track_other,
        keep_phone,
        phone_for_report,
    )
}


def _name(chat: Chat) -> str | None:
    return db.session.scalar(sa.select(Contact.display_name).where(Contact.id == chat.contact.id))


def _petition(case_id: int) -> Petition:
    petition = db.session.get(Petition, case_id)
    if petition is None:
        raise NotFound
    return petition


def _words(slots: Slots) -> str:
    """The held words, with the place the person sent along, if any."""
    words = [text_of(slots)]
    if slots.get("spot"):
        lat, lng = slots["spot"]
        words.append(f"Vị trí: {lat:.6f}, {lng:.6f}")
    return "\n".join(filter(None, words))


def _files(chat: Chat, slots: Slots) -> list[StoredFile]:
    """The held files that are this conversation's own."""
    query = sa.select(StoredFile).where(
        StoredFile.id.in_(slots.get("files", [])), StoredFile.conversation_id == chat.id
    )
    return list(db.session.scalars(query.order_by(StoredFile.id)))


def _answer(petition: Petition) -> str:
    """What the ward answered last, or nothing."""
    approved = (Answer.petition_id == petition.id, Answer.state == AnswerState.APPROVED)
    query = sa.select(Answer.text).where(*approved).order_by(Answer.id.desc()).limit(1)
    return db.session.scalar(query) or ""


def _shown(petition: Petition) -> Result:
    setup = setup_of(petition.ward_id)
    return {
        "number": petition.number,
        "title": SEALED if petition.is_restricted else petition.title,
        "status": petition.status.label,
        "is_open": petition.is_open,
        "handler": notices.who(setup, petition.handler_id, petition.handler_position_id),
        "due": notices.when(petition.due_at),
        "reason": "" if petition.is_restricted else petition.ended_reason or "",
        "answer": "" if petition.is_restricted else clip(_answer(petition), SHOWN),
        "link": links.tracking(petition.token),
    }
