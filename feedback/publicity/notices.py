"""Told in chats: a draft is open for comments; what became of one's own comment and why."""

from collections.abc import Sequence

from feedback import broadcast, links
from feedback.broadcast import topics
from feedback.broadcast.verbs import may_announce
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.actor import Actor
from feedback.publicity.models import Comment, Consultation
from feedback.text import clip
from feedback.wards.setup import setup_of
from feedback.worktime.words import day_name


def of_opening(row: Consultation, *, by: Actor) -> bool:
    """To everybody who asked for the ward's news, once, with a button to comment; whether it went out."""
    setup, to = setup_of(row.ward_id), [topics.WARD]
    if not may_announce(by, to, setup):
        return False
    text = say(
        "publicity.opened",
        setup.texts,
        ward=setup.name,
        title=row.title,
        summary=clip(row.text, 500),
        until=day_name(row.closes_on),
        link=links.consultation(setup.slug, row.id),
    )
    buttons = (Choice("Góp ý", f"opinion:say:{row.id}"),)
    broadcast.send(row.ward_id, text, to, by=by, key=f"consultation:{row.id}", buttons=buttons)
    return True


def to_commenters(row: Consultation, comments: Sequence[Comment]) -> int:
    """To everybody who commented in a chat, one message for each comment; how many."""
    setup = setup_of(row.ward_id)
    told = [each for each in comments if each.contact_id is not None and each.taken is not None]
    for each in told:
        text = say(
            "publicity.explained",
            setup.texts,
            ward=setup.name,
            title=row.title,
            text=clip(each.text, 200),
            taken=each.taken.label if each.taken else "",
            answer=each.answer,
            link=links.consultation(setup.slug, row.id),
        )
        key = f"comment:{each.id}:explained"
        enqueue.say_to(each.contact_id or 0, Prompt(text), notice="publicity.explained", key=key)
    return len(told)
