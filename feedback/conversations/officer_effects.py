"""What an officer does from a chat, through the same verbs as on the page.

Each takes the chat and the turn's values and returns what the messages may show. All raise Refusal.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from feedback.conversations import desk
from feedback.conversations.content import text_of
from feedback.conversations.people import Chat
from feedback.conversations.turn import Slots
from feedback.db import db
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput, NotAllowed, Refusal, WrongState
from feedback.messages import say
from feedback.outbox.enqueue import say_to
from feedback.outbox.prompt import Prompt
from feedback.people import chats
from feedback.people.models import Permission
from feedback.petitions import actions, approval, guards, notices
from feedback.petitions.intake import Submission
from feedback.petitions.intake import submit as take_in
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Answer, AnswerState, Petition
from feedback.petitions.tidings import answer_mark
from feedback.text import normal_phone
from feedback.wards.setup import setup_of

Result = dict[str, Any]

MOVED_ON = "Hồ sơ {number} nay đã ở bước “{status}” nên việc vừa bấm không còn làm được. Không có gì thay đổi."
OTHER_WORDS = (
    "Bản trả lời của {number} đã được sửa sau tin nhắn này. Mời Ông/Bà mở hồ sơ xem bản mới."
)


def link(chat: Chat, code: str) -> Result:
    """The chat becomes its officer's own; one of theirs it replaces is told so."""
    officer, replaced = chats.link(chat.contact.id, code)
    chat.contact.officer_id = officer.id
    setup = setup_of(chat.ward_id)
    for contact_id in replaced:
        key = f"relinked:{contact_id}:{chat.contact.id}:{officer.id}:{chat.version}"
        say_to(
            contact_id, Prompt(say("officer.moved", setup.texts)), notice="officer.moved", key=key
        )
    return {"name": officer.full_name, "unit": setup.name}


def unlink(chat: Chat) -> Result:
    chats.unlink(chat.contact.id, by_officer_id=chat.contact.officer_id)
    chat.contact.officer_id = None
    return {}


def act(chat: Chat, do: str, case_id: int, **values: Any) -> Result:
    """One verb by its name, on a petition that stands as the button meant it."""
    actor = desk.actor_of(chat)
    petition = desk.petition(case_id, actor)
    try:
        ACTS[do](petition, by=actor, **values)
    except (WrongState, NotAllowed) as refusal:
        raise _explained(refusal, petition) from None
    return _now(petition)


def draft(chat: Chat, case_id: int, slots: Slots) -> Result:
    """Keep the words held so far as the draft, and the files as what was done."""
    actor = desk.actor_of(chat)
    petition = desk.petition(case_id, actor)
    words = text_of(slots)
    try:
        if words:
            actions.draft(petition, by=actor, text=words)
        elif Action.DRAFT not in allowed_actions(petition, actor):
            raise WrongState
    except (WrongState, NotAllowed) as refusal:
        raise _explained(refusal, petition) from None
    for file in _files(chat, slots):
        file.petition_id, file.use = petition.id, FileUse.RESULT
        file.uploaded_by_id = actor.officer_id
    db.session.flush()
    db.session.expire(petition, ["files"])
    needs_photo = guards.is_proven(petition, actor) or ""
    return _now(petition) | {"preview": _preview(petition), "needs_photo": needs_photo}


def sign(chat: Chat, case_id: int, mark: str, do: str, **values: Any) -> Result:
    """Decide over exactly the words whose mark the button carries."""
    actor = desk.actor_of(chat)
    petition = desk.petition(case_id, actor)
    answer = _newest(petition)
    if answer is not None and answer_mark(answer) != mark and answer.state is AnswerState.SUBMITTED:
        raise WrongState(OTHER_WORDS.format(number=petition.number))
    return act(chat, do, case_id, **values)


def submit(chat: Chat, case_id: int, mark: str) -> Result:
    """Lay the draft before whoever signs it; where none must, send it."""
    actor = desk.actor_of(chat)
    petition = desk.petition(case_id, actor)
    answer = _newest(petition)
    if answer is None or answer.state is AnswerState.APPROVED:
        raise BadInput(MOVED_ON.format(number=petition.number, status=petition.status.label))
    if answer_mark(answer) != mark and answer.state is not AnswerState.SUBMITTED:
        raise WrongState(OTHER_WORDS.format(number=petition.number))
    do = "send_answer" if approval.is_sent_by_handler(petition) else "submit_answer"
    return act(chat, do, case_id, text=answer.text)


def enter(chat: Chat, slots: Slots) -> Result:
    """A petition typed for somebody else, inside the officer's own neighbourhoods."""
    actor = desk.actor_of(chat)
    area = slots.get("area")
    if not actor.has(Permission.INTAKE) and area not in actor.neighbourhood_ids:
        raise NotAllowed
    lat, lng = slots.get("spot") or (None, None)
    petition = take_in(
        Submission(
            ward_id=chat.ward_id,
            text=text_of(slots),
            neighbourhood_id=area,
            address=slots.get("address", ""),
            lat=lat,
            lng=lng,
            name=slots.get("name") or None,
            phone=normal_phone(slots.get("phone") or "") or None,
            consented=True,
            channel=chat.contact.channel,
            entered_by=actor,
            files=[file.id for file in _files(chat, slots)],
            submission_key=f"chat:{chat.id}:{slots['key']}",
        )
    )
    setup = setup_of(petition.ward_id)
    return {
        "number": petition.number,
        "handler": notices.who(setup, petition.handler_id, petition.handler_position_id),
        "due": notices.when(petition.due_at),
    }


ACTS: dict[str, Callable[..., Petition]] = {
    verb.__name__: verb
    for verb in (
        actions.accept,
        actions.assign,
        actions.take,
        actions.hand_back,
        actions.ask,
        actions.note,
        actions.consulted,
        actions.submit_answer,
        actions.send_answer,
        actions.approve,
        actions.return_answer,
        actions.recall,
        actions.extend,
        actions.ask_more_time,
        actions.grant_more_time,
        actions.refuse_more_time,
    )
}
EFFECTS: dict[str, Callable[..., Result]] = {
    f"officer_{effect.__name__}": effect
    for effect in (link, unlink, act, draft, sign, submit, enter)
}


def _explained(refusal: Refusal, petition: Petition) -> Refusal:
    """A sentence that says how the petition stands, unless there was a better one."""
    if refusal.sentence not in (WrongState.default, NotAllowed.default):
        return refusal
    return WrongState(MOVED_ON.format(number=petition.number, status=petition.status.label))


def _now(petition: Petition) -> Result:
    answer = _newest(petition)
    return {
        "number": petition.number,
        "status": petition.status.label,
        "due": notices.when(petition.due_at),
        "handler": setup_of(petition.ward_id).officers.get(petition.handler_id, ""),
        "mark": answer_mark(answer) if answer else "",
    }


def _preview(petition: Petition) -> str:
    answer = _newest(petition)
    return notices.answer_preview(petition, answer) if answer else ""


def _newest(petition: Petition) -> Answer | None:
    return db.session.scalars(
        sa.select(Answer)
        .where(Answer.petition_id == petition.id)
        .order_by(Answer.id.desc())
        .limit(1)
    ).first()


def _files(chat: Chat, slots: Slots) -> list[StoredFile]:
    query = sa.select(StoredFile).where(
        StoredFile.id.in_(slots.get("files", [])), StoredFile.conversation_id == chat.id
    )
    return list(db.session.scalars(query.order_by(StoredFile.id)))
