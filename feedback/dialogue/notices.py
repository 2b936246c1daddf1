"""What is told about a session: to who registered, to who asked, to the heads of neighbourhoods.

Everything is a row in the outbox, in the transaction of what happened. Who has no chat reads their own
page, and stands on the list of people to be called.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.dialogue.codes import show_code
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration, Seat
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.directory import table_of
from feedback.people.models import Contact, Role
from feedback.text import clip
from feedback.wards.setup import setup_of
from feedback.worktime.words import minute_name

Buttons = Callable[[Registration], Sequence[Choice]]


def no_buttons(_: Registration) -> Sequence[Choice]:
    return ()


def to_one(
    registration: Registration,
    dialogue: Dialogue,
    block: str,
    *,
    buttons: Buttons = no_buttons,
    **values: Any,
) -> None:
    """Tell one registered person, once for each edition of the session."""
    if registration.contact_id is None:
        return
    text = say(
        f"dialogue.{block}",
        setup_of(dialogue.ward_id).texts,
        **_about(dialogue),
        code=show_code(registration.code),
        people=registration.people,
        link=links.registration(registration.token),
        **values,
    )
    enqueue.say_to(
        registration.contact_id,
        Prompt(text, tuple(buttons(registration))),
        notice=f"dialogue.{block}",
        key=f"dialogue:{dialogue.id}:{block}:{dialogue.sequence}:{registration.id}",
    )


def to_registered(
    dialogue: Dialogue,
    block: str,
    *,
    only_present: bool = False,
    buttons: Buttons = no_buttons,
    **values: Any,
) -> int:
    """Tell everybody registered who has a chat; how many."""
    query = sa.select(Registration).where(
        Registration.dialogue_id == dialogue.id,
        Registration.state != Seat.LEFT,
        Registration.contact_id.is_not(None),
    )
    if only_present:
        query = query.where(Registration.checked_in_at.is_not(None))
    rows = db.session.scalars(query.order_by(Registration.id)).all()
    for row in rows:
        to_one(row, dialogue, block, buttons=buttons, **values)
    return len(rows)


def to_heads(dialogue: Dialogue, block: str) -> None:
    """Tell the heads of the neighbourhoods concerned, as officers; of a private session nobody."""
    if not dialogue.of_kind.is_public:
        return
    table = table_of(dialogue.ward_id)
    concerned = {row.neighbourhood_id for row in dialogue.concerned}
    link, own = links.desk_dialogue(dialogue.id), table.setup.texts
    text = say(f"dialogue.{block}", own, **_about(dialogue), link=link)
    for officer_id, position_id in table.with_role(Role.NEIGHBOURHOOD_HEAD):
        if table.setup.posts[position_id].neighbourhood_id in concerned:
            key = f"dialogue:{dialogue.id}:{block}:{dialogue.sequence}"
            to_officer(officer_id, text, notice=f"dialogue.{block}", key=key)


def to_officer(officer_id: int, text: str, *, notice: str, key: str) -> None:
    """To every chat the officer has linked; without one they see it on their page."""
    query = sa.select(Contact).where(
        Contact.officer_id == officer_id, Contact.unreachable_at.is_(None)
    )
    for contact in db.session.scalars(query.order_by(Contact.id)):
        enqueue.say_to(contact, Prompt(text), notice=notice, key=f"{key}:{officer_id}:{contact.id}")


def to_author(question: Question, block: str, **values: Any) -> None:
    """Tell who asked what has become of the question, once for each of its states."""
    if question.contact_id is None:
        return
    text = say(
        f"dialogue.{block}",
        setup_of(question.dialogue.ward_id).texts,
        **_about(question.dialogue),
        question=clip(question.text, 200),
        link=links.question(question.token),
        **values,
    )
    enqueue.say_to(
        question.contact_id,
        Prompt(text),
        notice=f"dialogue.{block}",
        key=f"question:{question.id}:{block}:{question.version}",
    )


def _about(dialogue: Dialogue) -> dict[str, Any]:
    return {
        "ward": setup_of(dialogue.ward_id).name,
        "title": dialogue.title,
        "when": minute_name(clock.local(dialogue.starts_at)),
        "where": where(dialogue),
        "online": dialogue.online_url,
    }


def where(dialogue: Dialogue) -> str:
    """The place as it is said; of an online session that it is one."""
    return dialogue.place or "Trực tuyến"
