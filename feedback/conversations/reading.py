"""A conversation as people of the ward read it, and their own words in it.

Everything said by both sides, in order; what may hold an accusation is not shown here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from feedback import audit, clock
from feedback.conversations import hints
from feedback.conversations.content import is_empty
from feedback.conversations.flows import person, report
from feedback.conversations.inbound import Inbound
from feedback.conversations.models import Conversation, InboundRow, InboundState
from feedback.db import db
from feedback.documents.models import StoredFile
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.channel import CALLBACK, CHATS
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Prompt
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Contact
from feedback.petitions import actions
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Petition
from feedback.petitions.visibility import may_be_told_in_chat
from feedback.text import clip, squeeze

MOST = 200  # messages of each side
LONGEST = 2000
HIDDEN = "(Nội dung được giữ kín.)"


@dataclass(frozen=True)
class Waiting:
    """A chat in which somebody of the ward is to look."""

    id: int
    name: str
    channel: str
    since: datetime | None
    words: str


@dataclass(frozen=True)
class Message:
    """One thing said. `notes`: buttons pressed, files, places; `state`: what became of ours."""

    at: datetime
    is_ours: bool
    text: str
    notes: tuple[str, ...] = ()
    state: str = ""


def waiting(ward_id: int, limit: int = 50) -> list[Waiting]:
    """Chats that wait for a person, longest first, each with what was said last."""
    rows = db.session.execute(
        sa.select(Conversation, Contact)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.ward_id == ward_id, Conversation.needs_person_at.is_not(None))
        .order_by(Conversation.needs_person_at)
        .limit(limit)
    ).all()
    return [
        Waiting(
            conversation.id,
            contact.display_name or "Không nêu tên",
            contact.channel.label,
            conversation.needs_person_at,
            _last_words(contact),
        )
        for conversation, contact in rows
    ]


def of(conversation_id: int, by: Actor) -> tuple[Conversation, Contact]:
    """A conversation of the actor's ward. Raises NotFound."""
    row = db.session.execute(
        sa.select(Conversation, Contact)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Conversation.id == conversation_id, Conversation.ward_id == by.ward_id)
    ).one_or_none()
    if row is None or row[1].officer_id is not None:
        raise NotFound
    return row[0], row[1]


def transcript(contact: Contact) -> list[Message]:
    """Both sides in the order in which it was said, the newest last."""
    ours = _ours(contact)
    labels = {choice.payload: choice.label for _, prompt in ours for choice in prompt.choices}
    messages = [
        Message(row.created_at, True, prompt.text, _drawn(prompt), _state(row))
        for row, prompt in ours
    ]
    messages += [_theirs(row, labels) for row in _inbound(contact, MOST)]
    return sorted(messages, key=lambda message: message.at)[-MOST:]


def files(conversation: Conversation) -> Sequence[StoredFile]:
    """What was sent in this chat and kept, newest first."""
    query = sa.select(StoredFile).where(StoredFile.conversation_id == conversation.id)
    return db.session.scalars(query.order_by(StoredFile.id.desc()).limit(MOST)).all()


def answer(conversation_id: int, *, by: Actor, text: str, key: str) -> None:
    """A person's words in the chat; from now on the program keeps quiet there. Once for each `key`."""
    conversation, contact = of(conversation_id, by)
    words = _checked(text, contact)
    _speak(contact, "chat.from_officer", words, by, key=key)
    _listen(conversation, case_id=None)
    audit.record(
        "chat.answered",
        "conversation",
        conversation.id,
        ward_id=conversation.ward_id,
        officer_id=by.officer_id,
    )


def finish(conversation_id: int, *, by: Actor) -> None:
    """Nobody needs to look any more; the program answers again."""
    conversation, _ = of(conversation_id, by)
    conversation.needs_person_at, conversation.confusions = None, 0
    if conversation.flow == person.FLOW:
        conversation.flow = conversation.step = None
    conversation.updated_at = clock.now()
    db.session.flush()


def write_about(petition: Petition, *, by: Actor, text: str, key: str) -> None:
    """The same from a petition's page, with a note on its timeline; answers are added to it."""
    contact = chat_of(petition)
    if contact is None or Action.NOTE not in allowed_actions(petition, by):
        raise NotAllowed
    words = _checked(text, contact)
    sent = _speak(
        contact, "chat.about_case", words, by, key=key, petition=petition, number=petition.number
    )
    if not sent:
        return
    actions.note(petition, by=by, text=f"Nhắn người dân qua {contact.channel.label}: {words}")
    conversation = db.session.scalars(
        sa.select(Conversation).where(Conversation.contact_id == contact.id)
    ).one_or_none()
    if conversation is not None:
        _listen(conversation, case_id=petition.id)


def chat_of(petition: Petition) -> Contact | None:
    """The chat in which the reporter can be written to; None when there is none, or it is sealed."""
    if petition.contact_id is None or not may_be_told_in_chat(petition):
        return None
    contact = db.session.get(Contact, petition.contact_id)
    if contact is None or contact.channel not in CHATS or contact.unreachable_at is not None:
        return None
    return contact


def _speak(
    contact: Contact,
    block: str,
    words: str,
    by: Actor,
    *,
    key: str,
    petition: Petition | None = None,
    **values: Any,
) -> int:
    table = table_of(contact.ward_id)
    held = table.posts_of.get(by.officer_id or 0, ())
    text = say(
        block,
        table.setup.texts,
        name=table.name(by.officer_id or 0),
        title=table.setup.posts[held[0]].title if held else "",
        text=words,
        **values,
    )
    return enqueue.say_to(
        contact,
        Prompt(text),
        notice=block,
        key=f"desk:{contact.id}:{key}",
        petition_id=petition.id if petition else None,
    )


def _listen(conversation: Conversation, *, case_id: int | None) -> None:
    """The next words are for a person. A report under way goes on: the answer may belong to it."""
    conversation.needs_person_at, conversation.confusions = None, 0
    conversation.updated_at = clock.now()
    data = json.loads(conversation.slots) if conversation.slots else {}
    is_writing = conversation.flow == report.FLOW and not is_empty(data.get("slots", {}))
    if not is_writing:
        conversation.flow, conversation.step = person.FLOW, "talk"
        slots = {"case": case_id, "asked": clock.now().isoformat(timespec="milliseconds")}
        conversation.slots = json.dumps({**data, "slots": slots, "choices": []}, ensure_ascii=False)
    db.session.flush()


def _checked(text: str, contact: Contact) -> str:
    words = squeeze(text)
    if not words:
        raise BadInput(fields={"text": "Xin viết lời nhắn."})
    if len(words) > LONGEST:
        raise BadInput(fields={"text": f"Nhiều nhất {LONGEST} ký tự."})
    if contact.unreachable_at is not None:
        raise BadInput("Người dân đã chặn cuộc trò chuyện; xin liên hệ bằng cách khác.")
    return words


def _inbound(contact: Contact, most: int) -> list[Any]:
    rows = db.session.execute(
        sa.select(InboundRow.payload, InboundRow.received_at)
        .where(
            InboundRow.sender == contact.address,
            InboundRow.channel == contact.channel,
            InboundRow.account == contact.account,
            InboundRow.state != InboundState.IGNORED,
        )
        .order_by(InboundRow.id.desc())
        .limit(most)
    ).all()
    return list(rows)


def _theirs(row: Any, labels: dict[str, str]) -> Message:
    inbound = Inbound.from_json(row.payload)
    notes = [f"Tệp: {file.name}" for file in inbound.files]
    if inbound.button:
        notes.append(f"Bấm: {labels.get(inbound.button, inbound.button)}")
    if inbound.place:
        notes.append(f"Vị trí: {inbound.place.lat:.5f}, {inbound.place.lng:.5f}")
    if inbound.phone:
        notes.append("Chia sẻ số điện thoại")
    if inbound.unread:
        notes.append("Tin hệ thống không đọc được")
    return Message(inbound.sent_at or row.received_at, False, _shown(inbound.text), tuple(notes))


def _shown(text: str) -> str:
    return HIDDEN if text and hints.about(text).is_accusation else text


def _ours(contact: Contact) -> list[tuple[OutboxRow, Prompt]]:
    lane = enqueue.lane(contact.channel, contact.account, contact.address)
    rows = db.session.scalars(
        sa.select(OutboxRow)
        .where(OutboxRow.lane == lane, OutboxRow.notice != CALLBACK)
        .order_by(OutboxRow.id.desc())
        .limit(MOST)
    )
    found = []
    for row in rows:
        try:
            found.append((row, Prompt.from_json(row.body)))
        except (InvalidToken, ValueError, KeyError):
            continue
    return found


def _drawn(prompt: Prompt) -> tuple[str, ...]:
    if not prompt.choices:
        return ()
    return (" ".join(f"[{choice.label}]" for choice in prompt.choices),)


def _state(row: OutboxRow) -> str:
    return "" if row.state is OutboxState.SENT else row.state.label


def _last_words(contact: Contact) -> str:
    for row in _inbound(contact, 5):
        text = Inbound.from_json(row.payload).text
        if text:
            return clip(_shown(text), 120)
    return ""
