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
from feedback.broadcast import subscriptions, topics
from feedback.conversations import (
    answers,
    desk,
    group_effects,
    hints,
    meeting_effects,
    news_effects,
    officer_effects,
    opinion_effects,
    people,
    spreading_effects,
)
from feedback.conversations.effects import EFFECTS as RESIDENTS
from feedback.conversations.effects import SEALED
from feedback.conversations.flows import respond
from feedback.conversations.inbound import Inbound
from feedback.conversations.meetings import WardMeetings
from feedback.conversations.people import Chat
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
from feedback.people import persons
from feedback.petitions.guards import REOPEN_DAYS
from feedback.petitions.lifecycle import SETTLED
from feedback.petitions.models import Petition
from feedback.text import clip, show_phone
from feedback.wards.models import Neighbourhood, Ward
from feedback.wards.setup import Setup, at_version

EFFECTS = (
    RESIDENTS
    | news_effects.EFFECTS
    | officer_effects.EFFECTS
    | meeting_effects.EFFECTS
    | opinion_effects.EFFECTS
    | spreading_effects.EFFECTS
    | group_effects.EFFECTS
)
CASES = 8  # petitions of one person a chat knows about
TITLE = 70  # characters of a petition's title in a list
PATIENCE = 2  # misunderstandings in a row before a person is asked to look

_newest = (
    sa.select(
        Petition.id,
        Petition.number,
        Petition.title,
        Petition.status,
        Petition.is_open,
        Petition.answered_at,
        Petition.token,
        Petition.is_restricted,
    )
    .where(Petition.contact_id == sa.bindparam("contact", type_=sa.BigInteger))
    .order_by(Petition.id.desc())
    .limit(CASES)
)


@dataclass(frozen=True)
class Place:
    """What every chat of a ward may need, kept with the ward's set-up."""

    words: dict[str, str]
    areas: tuple[Area, ...]


def take_turn(
    chat: Chat,
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
    setup = at_version(chat.ward_id, chat.setup_version)
    standing, memo = _read(chat)
    proves = inbound.channel in persons.VOUCHES
    if inbound.phone and not chat.keep_phone(inbound.phone, is_proven=proves):
        inbound = replace(inbound, phone=None, unread="contact")
    scene = Scene(
        turn=turn,
        now=clock.now(),
        ward_code=setup.code,
        areas=_place(setup).areas,
        kept=kept,
        refused=refused,
        phone=show_phone(chat.contact.phone) if chat.contact.phone else "",
        memo=memo,
        hint=hints.about,
        find_cases=tuple if chat.is_stranger else lambda: _cases(chat, setup),
        find_answers=lambda text: answers.find(text, setup),
        find_news=lambda: _news(chat, setup),
        find_fields=lambda: tuple((each.id, each.name) for each in setup.fields.values()),
        meetings=WardMeetings(chat),
        seat=desk.seat_of(chat),
    )
    answer, values = _done(respond(standing, inbound, scene), chat, standing)
    if answer.ignored:
        people.keep_contact(chat)
        return answer.ignored
    answer = _with_person(answer, chat)
    choices = _say(answer, values, chat, setup, turn)
    _move(chat, answer, memo | answer.memo | values.get("memo", {}), choices, standing)
    people.keep(chat)
    if inbound.phone and proves and chat.contact.phone:
        other_id = persons.proved_number(chat.contact.id, chat.contact.phone)
        if other_id:
            news_effects.tell_joined(chat, other_id)
    return ""


def acknowledge(chat: Chat, callback_id: str, turn: int) -> None:
    """Take the waiting sign off a pressed button."""
    answer_button(chat.contact, callback_id, key=f"chat:{turn}:button")


def apologise(chat: Chat, turn: int) -> None:
    """Say once that a message could not be read, and have a person look."""
    chat.ask_for_person()
    setup = at_version(chat.ward_id, chat.setup_version)
    _say(Turn(says=(Say("failed"),)), {}, chat, setup, turn)
    people.keep(chat)


def _done(turn: Turn, chat: Chat, standing: Standing) -> tuple[Turn, dict[str, Any]]:
    """Carry out the turn's effect; when it is refused, the turn that counts instead."""
    if turn.effect is None:
        return turn, {}
    try:
        with db.session.begin_nested():
            values = EFFECTS[turn.effect.do](chat, **turn.effect.values)
        return turn, values
    except Refusal as refusal:
        instead = turn.otherwise or standing.stay(Say("refused"))
        return instead, {"sentence": refusal.sentence}


def _with_person(turn: Turn, chat: Chat) -> Turn:
    """Count misunderstandings; at the second in a row a person is asked to look."""
    chat.confusions = chat.confusions + 1 if turn.is_confused else 0
    if chat.confusions == PATIENCE:
        turn = replace(turn.after(Say("person_soon")), wants_person=True)
    if turn.wants_person:
        chat.ask_for_person()
    return turn


def _say(turn: Turn, values: dict[str, Any], chat: Chat, setup: Setup, key: int) -> Choices | None:
    """Queue everything the turn says; the buttons offered last, None when nothing was said."""
    words = _place(setup).words
    choices: Choices | None = None
    for no, each in enumerate(turn.says):
        name = each.block if "." in each.block else f"chat.{each.block}"
        choices = tuple((label, payload.format_map(values)) for label, payload in each.choices)
        prompt = Prompt(
            say(name, setup.texts, **{**words, **each.values, **values}),
            tuple(Choice(label, payload) for label, payload in choices),
            ask_location=each.ask_location,
            ask_phone=each.ask_phone,
            url=each.url,
        )
        say_to(chat.contact, prompt, notice=name, key=f"chat:{key}:{no}")
    return choices


def _read(chat: Chat) -> tuple[Standing, Slots]:
    data = json.loads(chat.slots) if chat.slots else {}
    standing = Standing(
        chat.flow,
        chat.step,
        data.get("slots", {}),
        tuple((label, payload) for label, payload in data.get("choices", ())),
    )
    return standing, data.get("memo", {})


def _move(chat: Chat, turn: Turn, memo: Slots, choices: Choices | None, before: Standing) -> None:
    offered = before.choices if choices is None and turn.flow else choices or ()
    data = {"slots": turn.slots, "choices": offered, "memo": memo}
    chat.flow, chat.step = turn.flow, turn.step
    chat.slots = json.dumps(data, ensure_ascii=False)


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


def _news(chat: Chat, setup: Setup) -> tuple[tuple[str, str], ...]:
    held = subscriptions.of(chat.contact.id)
    return tuple((topic, topics.name(topic, setup)) for topic in held)


def _cases(chat: Chat, setup: Setup) -> tuple[Case, ...]:
    """The person's own newest petitions. One they only follow is another reporter's secret."""
    rows = chat.connection.execute(_newest, {"contact": chat.contact.id})
    days = int(setup.settings.get("reopen_days", REOPEN_DAYS))
    since = clock.now() - timedelta(days=days)
    return tuple(
        Case(
            row.id,
            row.number,
            SEALED if row.is_restricted else clip(row.title, TITLE),
            row.status,
            row.is_open,
            row.status in SETTLED and bool(row.answered_at and row.answered_at >= since),
            row.token,
        )
        for row in rows
    )
