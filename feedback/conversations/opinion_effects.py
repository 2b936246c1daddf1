"""What a turn does about residents' opinion: comment on a draft, ask for a dialogue, say how one was."""

from collections.abc import Callable
from typing import Any

from feedback.conversations.people import Chat
from feedback.db import db
from feedback.dialogue import requests, survey
from feedback.dialogue.registration_models import Registration
from feedback.errors import NotFound
from feedback.publicity import consulting

Result = dict[str, Any]


def comment_on_draft(chat: Chat, key: str, consultation_id: int, text: str, name: str) -> Result:
    row = consulting.in_ward(chat.ward_id, consultation_id)
    consulting.comment(
        row,
        text,
        channel=chat.contact.channel,
        name=name or None,
        contact_id=chat.contact.id,
        submission_key=f"chat:{chat.id}:{key}",
    )
    return {"title": row.title}


def ask_for_dialogue(chat: Chat, about: str, phone: str, name: str) -> Result:
    """One telephone is one voter, in whichever chat or on the web."""
    is_new = requests.ask_for(
        chat.ward_id, name=name, phone=phone, about=about, channel=chat.contact.channel
    )
    count = requests.count(chat.ward_id)
    return {"is_new": is_new, "asking": count.asking, "needed": count.needed}


def mark_session(chat: Chat, registration_id: int, question: str, mark: int) -> Result:
    survey.mark(_own(chat, registration_id), question, mark)
    return {}


def comment_session(chat: Chat, registration_id: int, words: str) -> Result:
    survey.comment(_own(chat, registration_id), words)
    return {}


EFFECTS: dict[str, Callable[..., Result]] = {
    effect.__name__: effect
    for effect in (comment_on_draft, ask_for_dialogue, mark_session, comment_session)
}


def _own(chat: Chat, registration_id: int) -> Registration:
    row = db.session.get(Registration, registration_id)
    if row is None or row.contact_id != chat.contact.id:
        raise NotFound
    return row
