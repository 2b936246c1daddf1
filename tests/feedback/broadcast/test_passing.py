"""What did not arrive in one chat of a person goes to their other one: once, and only if they still ask for it."""

import asyncio

import pytest
import sqlalchemy as sa
import time_machine

from feedback.broadcast import subscriptions, topics, verbs
from feedback.db import db, transaction
from feedback.outbox.channel import PermanentFailure, UnknownOutcome
from feedback.outbox.enqueue import NEVER, say_to
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from feedback.people.models import Channel
from feedback.petitions import undelivered
from feedback.wards.models import Ward
from tests.feedback.broadcast.parts import (
    announce,
    fresh,
    make_account,
    make_chat,
    make_citizen,
    tick,
)
from tests.feedback.outbox.parts import FakeSender, make_courier, rounds
from tests.feedback.outbox.parts import make_account as telegram

BLOCKED = PermanentFailure("Forbidden: bot was blocked by the user", unreachable=True)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-23 08:00+07:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def two_chats(world):
    """One person on Telegram, subscribed and heard last there, and on Zalo."""
    make_account(world, Channel.ZALO)
    citizen = make_citizen(world)
    one = make_chat(world, 1, topic=topics.WARD, citizen=citizen)
    return one, make_chat(world, 2, citizen=citizen, channel=Channel.ZALO)


def send(world, account, *errors) -> FakeSender:
    """Everything queued for Telegram goes out; to chat 1 with these errors."""
    sender = FakeSender()
    sender.fail("1", *errors)
    asyncio.run(rounds(make_courier(account, sender, tell=undelivered.note)))
    return sender


def rows() -> list[tuple[str, str]]:
    db.session.rollback()
    query = sa.select(OutboxRow).order_by(OutboxRow.id)
    return [(row.recipient, row.state.value) for row in db.session.scalars(query)]


def test_an_announcement_goes_to_the_other_chat_and_says_so(world, two_chats):
    account = telegram(world)
    row = announce(world)
    tick()
    send(world, account, BLOCKED)
    assert rows() == [("1", "failed"), ("2", "queued")]
    failed, passed = db.session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id))
    assert failed.error.endswith("Đã gửi sang Zalo")
    assert (passed.broadcast_id, passed.priority, passed.body) == (row.id, 1, failed.body)
    tick()
    assert fresh(row).state.value == "sending"  # not over while the other chat waits


def test_what_may_have_arrived_is_not_said_again(world, two_chats):
    account = telegram(world)
    announce(world)
    tick()
    send(world, account, UnknownOutcome("timeout"))
    assert rows() == [("1", "unknown")]


def test_who_has_it_in_the_other_chat_already_gets_no_second(world, two_chats):
    account = telegram(world)
    one, two = two_chats
    with transaction():  # strangers to each other when it was queued
        db.session.get_one(type(one), two.id).citizen_id = None
        subscriptions.subscribe(two.id, topics.WARD)
    announce(world)
    tick()
    with transaction():
        db.session.get_one(type(one), two.id).citizen_id = one.citizen_id
    send(world, account, BLOCKED)
    assert sorted(rows()) == [("1", "failed"), ("2", "queued")]


def test_the_other_chat_failing_too_is_the_end(world, two_chats):
    account = telegram(world)
    announce(world)
    tick()
    send(world, account, BLOCKED)
    with transaction():
        db.session.execute(
            sa.update(OutboxRow)
            .where(OutboxRow.recipient == "2")
            .values(channel=Channel.TELEGRAM, account="main", recipient="1", lane="telegram:main:1")
        )
    send(world, account, BLOCKED)
    assert [state for _, state in rows()] == ["failed", "failed"]


@pytest.mark.parametrize("end", ["unsubscribed", "cancelled", "policy"])
def test_who_wants_no_more_of_it_gets_no_more(world, two_chats, end):
    account = telegram(world)
    row = announce(world)
    tick()

    async def story():
        sender = FakeSender(hold=asyncio.Event())
        sender.fail("1", BLOCKED)
        courier = make_courier(account, sender, tell=undelivered.note)
        await courier.turn()
        with transaction():
            if end == "unsubscribed":
                subscriptions.unsubscribe(two_chats[1].id)
            elif end == "cancelled":
                verbs.cancel(fresh_in(row), by=world.actor("clerk"))
            else:
                ward = db.session.get_one(Ward, world.ward.id)
                ward.settings = {**ward.settings, "channels": {"next_ways": ["phone"]}}
                ward.setup_version += 1
        sender.hold.set()
        await courier.idle()
        await courier.turn()

    asyncio.run(story())
    assert rows() == [("1", "failed")]


def fresh_in(row):
    return db.session.get_one(type(row), row.id, populate_existing=True)


def test_while_it_is_paused_what_goes_on_waits_too(world, two_chats):
    account = telegram(world)
    row = announce(world)
    tick()

    async def story():
        sender = FakeSender(hold=asyncio.Event())
        sender.fail("1", BLOCKED)
        courier = make_courier(account, sender, tell=undelivered.note)
        await courier.turn()
        with transaction():
            verbs.pause(fresh_in(row), by=world.actor("clerk"))
        sender.hold.set()
        await courier.idle()
        await courier.turn()

    asyncio.run(story())
    assert rows() == [("1", "failed"), ("2", "queued")]
    held = sa.select(OutboxRow.not_before).where(OutboxRow.recipient == "2")
    assert db.session.scalar(held) == NEVER


def test_an_invitation_to_one_person_goes_on_and_a_reply_of_the_chat_does_not(world, two_chats):
    account = telegram(world)
    with transaction():
        say_to(two_chats[0], Prompt("Mai họp"), notice="dialogue.moved", key="a")
        say_to(two_chats[0], Prompt("Chào Ông/Bà"), notice="chat.hello", key="b")
    send(world, account, BLOCKED)
    send(world, account, BLOCKED)
    assert ("2", "queued") in rows()
    keys = db.session.scalars(sa.select(OutboxRow.key).where(OutboxRow.recipient == "2")).all()
    assert keys == [f"a:1:via:{two_chats[1].id}:1"]
