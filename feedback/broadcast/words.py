"""How an announcement reads in a chat."""

from collections.abc import Sequence
from typing import NamedTuple

from feedback.broadcast import topics
from feedback.broadcast.models import Broadcast
from feedback.db import db
from feedback.documents.models import StoredFile
from feedback.messages import say
from feedback.outbox.channel import LIMITS
from feedback.outbox.prompt import Choice, Prompt
from feedback.outbox.split import split
from feedback.people.models import Channel
from feedback.wards.setup import Setup

STOP = "Thôi nhận tin này"


def prompt_of(broadcast: Broadcast, setup: Setup) -> Prompt:
    """The message, the same for everybody; its last button ends the subscription."""
    file = db.session.get(StoredFile, broadcast.file_id) if broadcast.file_id else None
    buttons = tuple(Choice(label, payload) for label, payload in broadcast.buttons)
    link = tuple(broadcast.link)
    return Prompt(
        worded(broadcast.text, broadcast.topics, setup),
        (*buttons, Choice(STOP, f"news:stop:{broadcast.id}")),
        file_key=file.key if file else None,
        url=(link[0], link[1]) if len(link) == 2 else None,
    )


def worded(text: str, about: Sequence[str], setup: Setup) -> str:
    """The words with who speaks to whom."""
    scope = topics.names([each for each in about if each != topics.WARD], setup)
    return say("broadcast.announcement", setup.texts, ward=setup.name, scope=scope, text=text)


class Preview(NamedTuple):
    """What arrives on one channel: messages in their order, and the buttons under the last."""

    channel: Channel
    messages: tuple[str, ...]
    buttons: tuple[str, ...]
    has_picture: bool


def previews(broadcast: Broadcast, setup: Setup) -> list[Preview]:
    """As each channel would show it."""
    prompt = prompt_of(broadcast, setup)
    labels = [choice.label for choice in prompt.choices] + list(prompt.url or ())[:1]
    return [
        Preview(
            channel,
            tuple(split(prompt.text, LIMITS[channel].text)),
            tuple(labels),
            prompt.file_key is not None,
        )
        for channel in (Channel.ZALO, Channel.TELEGRAM)
    ]
