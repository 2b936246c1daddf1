"""One turn: what a message means where the conversation stands, done, said and remembered.

The meaning is decided by pure functions (`flows`); this module brings them the facts and carries out
what they decide. Runs inside the caller's transaction.
"""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.conversations import hints, people
from feedback.conversations.effects import EFFECTS
from feedback.conversations.flows import respond
from feedback.conversations.inbound import Inbound
from feedback.conversations.models import Conversation
from feedback.conversations.turn import (
    Area,
    Case,
    Choices,
    Kept,
    Refused,
    Say,
    Scene,
    Slots,
    Standing,
    Turn,
)
from feedback.db import db
from feedback.errors import Refusal
from feedback.messages import say
from feedback.outbox.enqueue import answer_button, say_to
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.models import Contact
from feedback.petitions.guards import REOPEN_DAYS
from feedback.petitions.models import Follow, Petition, Status
from feedback.text import clip, show_phone
from feedback.wards.models import Neighbourhood, Ward
from feedback.wards.setup import Setup, setup_of

CASES = 8  # petitions of one person a chat knows about
TITLE = 70  # characters of a petition's title in a list
PATIENCE = 2  # misunderstandings in a row before a person is asked to look


@dataclass(frozen=True)
class Place:
    """What every chat of a ward may need, kept with the ward's set-up."""

    words: dict[str, str]
    areas: tuple[Area, ...]


def take_turn(
    contact: Contact,
    conversation: Conversation,
    inbound: Inbound,
    *,
    turn: int,
    kept: tuple[Kept, ...] = (),
    refused: tuple[Refused, ...] = (),
) -> str:
    """Answer one message: effects, outbox rows, and where the conversation stands now.

    `turn` is the number of the stored message: a turn that is repeated after a crash says and does the
    same under the same keys. Returns why nothing was answered, or "".
    """
    setup = setup_of(conversation.ward_id)
    standing, memo = _read(conversation)
    if inbound.phone and not people.keep_phone(contact, inbound.phone):
        inbound = replace(inbound, phone=None, unread="contact")
    scene = Scene(
        turn=turn,
        now=clock.now(),
        ward_code=setup.code,
        areas=_place(setup).areas,
        cases=_cases(contact, setup),
        kept=kept,
        refused=refused,
        phone=show_phone(contact.phone) if contact.phone else "",
        memo=memo,
        hint=hints.about,
    )
    answer, values = _done(respond(standing, inbound, scene), contact, conversation, standing)
    if answer.ignored:
        return answer.ignored
    answer = _with_person(answer, conversation)
    choices = _say(answer, values, contact, setup, turn)
    _write(conversation, answer, memo | answer.memo | values.get("memo", {}), choices, standing)
    return ""


def acknowledge(contact: Contact, callback_id: str, turn: int) -> None:
    """Take the waiting sign off a pressed button."""
    answer_button(contact, callback_id, key=f"chat:{turn}:button")


def apologise(contact: Contact, conversation: Conversation, turn: int) -> None:
    """Say once that a message could not be read, and have a person look."""
    conversation.needs_person_at = conversation.needs_person_at or clock.now()
    setup = setup_of(conversation.ward_id)
    _say(Turn(says=(Say("failed"),)), {}, contact, setup, turn)


def _done(
    turn: Turn, contact: Contact, conversation: Conversation, standing: Standing
) -> tuple[Turn, dict[str, Any]]:
    """Carry out the turn's effect; when it is refused, the turn that counts instead."""
    if turn.effect is None:
        return turn, {}
    try:
        with db.session.begin_nested():
            values = EFFECTS[turn.effect.do](contact, conversation, **turn.effect.values)
        return turn, values
    except Refusal as refusal:
        instead = turn.otherwise or standing.stay(Say("refused"))
        return instead, {"sentence": refusal.sentence}


def _with_person(turn: Turn, conversation: Conversation) -> Turn:
    """Count misunderstandings; at the second in a row a person is asked to look."""
    conversation.confusions = conversation.confusions + 1 if turn.is_confused else 0
    if conversation.confusions == PATIENCE:
        turn = replace(turn.after(Say("person_soon")), wants_person=True)
    if turn.wants_person and conversation.needs_person_at is None:
        conversation.needs_person_at = clock.now()
    return turn


def _say(
    turn: Turn, values: dict[str, Any], contact: Contact, setup: Setup, key: int
) -> Choices | None:
    """Queue everything the turn says; the buttons offered last, None when nothing was said."""
    words = _place(setup).words
    choices: Choices | None = None
    for no, each in enumerate(turn.says):
        prompt = Prompt(
            say(f"chat.{each.block}", **{**words, **each.values, **values}),
            tuple(Choice(label, payload) for label, payload in each.choices),
            ask_location=each.ask_location,
            ask_phone=each.ask_phone,
        )
        say_to(contact, prompt, notice=f"chat.{each.block}", key=f"chat:{key}:{no}")
        choices = each.choices
    return choices


def _read(conversation: Conversation) -> tuple[Standing, Slots]:
    data = json.loads(conversation.slots) if conversation.slots else {}
    standing = Standing(
        conversation.flow,
        conversation.step,
        data.get("slots", {}),
        tuple((label, payload) for label, payload in data.get("choices", ())),
    )
    return standing, data.get("memo", {})


def _write(
    conversation: Conversation, turn: Turn, memo: Slots, choices: Choices | None, before: Standing
) -> None:
    offered = before.choices if choices is None and turn.flow else choices or ()
    data = {"slots": turn.slots, "choices": offered, "memo": memo}
    conversation.flow, conversation.step = turn.flow, turn.step
    conversation.slots = json.dumps(data, ensure_ascii=False)
    conversation.updated_at = clock.now()


def _place(setup: Setup) -> Place:
    """The ward's words and neighbourhoods, read once for each state of its set-up."""
    place = setup.memory.get(Place)
    if place is None:
        ward = db.session.get_one(Ward, setup.ward_id)
        areas = db.session.execute(
            sa.select(Neighbourhood.id, Neighbourhood.number, Neighbourhood.name)
            .where(Neighbourhood.ward_id == ward.id, Neighbourhood.is_active)
            .order_by(Neighbourhood.number)
        )
        place = Place(
            {
                "ward": ward.name,
                "hotline": ward.hotline,
                "address": ward.address,
                "office_hours": ward.office_hours,
            },
            tuple(Area(*row) for row in areas),
        )
        setup.memory[Place] = place
    return place


def _cases(contact: Contact, setup: Setup) -> tuple[Case, ...]:
    """The person's newest petitions, with those they follow because theirs were merged into them."""
    followed = sa.select(Follow.petition_id).where(Follow.contact_id == contact.id)
    rows = db.session.execute(
        sa.select(
            Petition.id,
            Petition.number,
            Petition.title,
            Petition.status,
            Petition.is_open,
            Petition.answered_at,
            Petition.token,
        )
        .where(sa.or_(Petition.contact_id == contact.id, Petition.id.in_(followed)))
        .order_by(Petition.id.desc())
        .limit(CASES)
    )
    days = int(setup.settings.get("reopen_days", REOPEN_DAYS))
    since = clock.now() - timedelta(days=days)
    return tuple(
        Case(
            id,
            number,
            clip(title, TITLE),
            status,
            is_open,
            status in (Status.ANSWERED, Status.CLOSED) and bool(at and at >= since),
            token,
        )
        for id, number, title, status, is_open, at, token in rows
    )
