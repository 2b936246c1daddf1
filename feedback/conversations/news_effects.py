"""What a turn does about announcements and joined chats. Like `effects.py`; all raise Refusal."""

from collections.abc import Callable
from typing import Any

from feedback import clock
from feedback.broadcast import subscriptions, topics
from feedback.conversations.people import Chat
from feedback.db import db
from feedback.messages import say
from feedback.outbox.enqueue import say_to
from feedback.outbox.prompt import Choice, Prompt
from feedback.people import persons
from feedback.people.models import Contact
from feedback.wards.setup import setup_of

Result = dict[str, Any]


def subscribe(chat: Chat, topic: str) -> Result:
    is_new = subscriptions.subscribe(chat.contact.id, topic)
    return {"is_new": is_new, "name": topics.name(topic, setup_of(chat.ward_id))}


def unsubscribe(chat: Chat, topic: str | None = None) -> Result:
    """One topic, or all."""
    return _ended(chat, subscriptions.unsubscribe(chat.contact.id, [topic] if topic else None))


def stop_news(chat: Chat, broadcast_id: int) -> Result:
    return _ended(chat, subscriptions.stop(chat.contact.id, broadcast_id))


def join_code(chat: Chat) -> Result:
    return {"code": persons.new_code(chat.contact.id)}


def join_chats(chat: Chat, code: str) -> Result:
    """Both chats are one person's from now on; the other one is told, and may part again."""
    other = db.session.get_one(Contact, persons.join(chat.contact.id, code))
    text = say(
        "news.joined_there", setup_of(chat.ward_id).texts, channel=chat.contact.channel.label
    )
    key = f"joined:{chat.contact.id}:{other.id}:{clock.now():%Y%m%d%H%M%S}"
    say_to(other, Prompt(text, (Choice("Tách ra", "part"),)), notice="news.joined_there", key=key)
    return {"channel": other.channel.label}


def tell_joined(chat: Chat, other_id: int) -> None:
    """Both chats hear that one number joined them, and may part again."""
    other = db.session.get_one(Contact, other_id)
    own, part = setup_of(chat.ward_id).texts, (Choice("Tách ra", "part"),)
    key = f"joined:{chat.contact.id}:{other.id}:{clock.now():%Y%m%d%H%M%S}"
    for to, there in ((chat.contact, other), (other, chat.contact)):
        text = say("news.joined_by_phone", own, channel=there.channel.label)
        said = Prompt(text, part)
        say_to(to, said, notice="news.joined_by_phone", key=f"{key}:{to.id}")


def part_chats(chat: Chat) -> Result:
    return {"was_joined": persons.part(chat.contact.id)}


EFFECTS: dict[str, Callable[..., Result]] = {
    effect.__name__: effect
    for effect in (subscribe, unsubscribe, stop_news, join_code, join_chats, part_chats)
}


def _ended(chat: Chat, which: list[str]) -> Result:
    setup = setup_of(chat.ward_id)
    names = [topics.name(topic, setup) for topic in which]
    return {"names": names, "again": which[0] if which else topics.WARD}
