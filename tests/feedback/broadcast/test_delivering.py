"""An announcement through the whole machine: the limit kept, a killed sender, everybody once."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback.broadcast import expansion
from feedback.broadcast.models import BroadcastState
from feedback.db import db
from feedback.outbox import channel
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.people.models import Channel
from tests.feedback.broadcast.parts import announce, crowd, fresh
from tests.feedback.outbox.parts import FakeSender, make_account, make_contact, make_courier, say

MONDAY = "2026-11-23 08:00+07:00"
PEOPLE = 2000
RATE = 1000  # a second; the shape of things does not depend on it


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _fast(app, monkeypatch):
    faster = replace(channel.LIMITS[Channel.TELEGRAM], per_second=RATE)
    monkeypatch.setitem(channel.LIMITS, Channel.TELEGRAM, faster)


async def work(courier, time, rounds: int) -> list[int]:
    """So many rounds a tenth of a second apart; how many messages each sent."""
    sent = []
    for _ in range(rounds):
        before = len(courier.sender.took)
        await courier.turn()
        await courier.idle()
        sent.append(len(courier.sender.took) - before)
        time.shift(timedelta(seconds=0.1))
        expansion.tick()
    return sent


def states() -> Counter:
    db.session.rollback()
    return Counter(db.session.scalars(sa.select(OutboxRow.state)))


def test_everybody_gets_it_once_though_the_sender_is_killed_halfway(world, time):
    account = make_account(world)
    crowd(world, PEOPLE)
    row = announce(world)
    expansion.tick()
    first = FakeSender()
    dying = make_courier(account, first, by="first")

    async def half() -> None:
        await work(dying, time, 4)
        first.hold = asyncio.Event()  # what is under way now is never answered
        await dying.turn()
        for task in dying._under_way:
            task.cancel()
        await asyncio.sleep(0)

    asyncio.run(half())
    assert 500 < len(first.took) < 1500
    db.session.rollback()
    time.shift(timedelta(seconds=20))  # its lease runs out
    second = FakeSender()
    asyncio.run(work(make_courier(account, second, by="second"), time, 40))
    reached = Counter(who for who, _ in first.took + second.took)
    unknown = states()[OutboxState.UNKNOWN]
    assert max(reached.values()) == 1
    assert len(reached) + unknown == PEOPLE
    assert 0 < unknown <= RATE // 4  # what leaves in a tenth of a second, at most at twice the pace
    assert fresh(row).state is BroadcastState.DONE


def test_the_limit_is_used_up_and_never_passed(world, time):
    account = make_account(world)
    crowd(world, PEOPLE)
    announce(world)
    expansion.tick()
    sent = asyncio.run(work(make_courier(account, FakeSender()), time, 22))
    per_second = [sum(sent[n : n + 10]) for n in range(len(sent) - 10)]
    assert max(per_second) <= RATE
    assert sum(sent[:20]) >= 0.95 * min(PEOPLE, 2 * RATE * (1 / 1.03))


def test_an_answer_asked_for_in_the_middle_goes_next(world, time):
    account = make_account(world)
    crowd(world, PEOPLE)
    announce(world)
    expansion.tick()
    sender = FakeSender()
    courier = make_courier(account, sender)
    asyncio.run(work(courier, time, 3))
    said = len(sender.took)
    say(make_contact(world, "555"), "Trả lời của Ông/Bà")
    asyncio.run(work(courier, time, 1))
    assert sender.took[said] == ("555", "Trả lời của Ông/Bà")
