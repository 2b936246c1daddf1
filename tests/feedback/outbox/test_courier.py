"""The sender of one account: what it sends, in which order, and what is written down about it."""

import asyncio
import random

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox.channel import (
    AccountRefused,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.courier import LOOK_EVERY, ROUND
from feedback.outbox.models import OutboxRow
from feedback.people.models import Contact
from feedback.wards.models import ChannelAccount
from tests.feedback.outbox.parts import (
    FakeSender,
    make_account,
    make_contact,
    make_courier,
    rounds,
    rows,
    say,
    states,
)
from tests.fuzzing import SHARED, examples

MONDAY = "2026-11-23 08:00+07:00"


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(world):
    return make_account(world)


@pytest.fixture
def contact(world):
    return make_contact(world)


@pytest.fixture
def sender():
    return FakeSender()


def stored(account) -> ChannelAccount:
    db.session.rollback()
    return db.session.get(ChannelAccount, account.id)


def test_it_sends_and_writes_down_that_it_did(account, contact, sender):
    say(contact, "một")
    asyncio.run(rounds(make_courier(account, sender)))
    assert sender.took == [("1001", "một")]
    assert states() == ["sent"]


def test_one_chat_gets_one_message_a_second(account, contact, sender, time):
    async def story():
        courier = make_courier(account, sender)
        await rounds(courier, 3)
        assert sender.took == [("1001", "một")]
        time.shift(1)
        await rounds(courier, 3)

    say(contact, "một", "hai", "ba")
    asyncio.run(story())
    assert sender.took == [("1001", "một"), ("1001", "hai")]


def test_many_chats_are_served_at_once_up_to_the_limit(account, world, sender, time):
    async def story():
        courier = make_courier(account, sender)
        for _ in range(10):
            await rounds(courier)
            time.shift(0.1)
        assert len(sender.took) == 30
        for _ in range(10):
            await rounds(courier)
            time.shift(0.1)

    for no in range(45):
        say(make_contact(world, str(no)), f"tin {no}")
    asyncio.run(story())
    assert len(sender.took) == 45


def test_it_looks_again_soon_while_all_places_are_taken_and_rarely_when_nothing_waits(
    account, world, sender, time
):
    """Looking rarely, it came up to a tenth of a second late for a place, each second."""

    async def story():
        courier = make_courier(account, sender)
        waits = set()
        for _ in range(6):  # the thirty places, none under way any more
            waits.add(await courier.turn())
            await courier.idle()
            time.shift(0.1)
        assert (len(sender.took), waits) == (30, {ROUND})
        for _ in range(20):
            await rounds(courier)
            time.shift(0.1)
        assert len(sender.took) == 45
        assert await courier.turn() == LOOK_EVERY
        say(make_contact(world, "x"), "thêm một")
        sender.fail("x", TemporaryFailure("connection refused", whole_account=True))
        await rounds(courier)
        assert await courier.turn() == LOOK_EVERY, "nothing is asked of who is down"

    for no in range(45):
        say(make_contact(world, str(no)), f"tin {no}")
    asyncio.run(story())


def test_no_transaction_is_open_while_the_provider_is_on_the_line(account, contact, sender):
    async def story():
        sender.hold = asyncio.Event()
        courier = make_courier(account, sender)
        await courier.turn()
        with transaction():  # nobody holds the database
            db.session.execute(sa.update(OutboxRow).values(notice="seen"))
        sender.hold.set()
        await courier.idle()
        await courier.turn()

    say(contact, "một")
    asyncio.run(story())
    assert states() == ["sent"]


def test_an_answer_that_never_comes_is_unknown(account, contact, sender):
    async def story():
        sender.hold = asyncio.Event()
        await rounds(make_courier(account, sender, send_limit=0.01))

    say(contact, "một")
    asyncio.run(story())
    assert states() == ["unknown"]


def test_an_error_nobody_foresaw_is_unknown(account, contact, sender):
    sender.fail("1001", ZeroDivisionError())
    say(contact, "một")
    asyncio.run(rounds(make_courier(account, sender)))
    assert states() == ["unknown"]


def test_a_second_worker_waits_for_the_lease(account, contact, sender, time):
    async def story():
        first, second = make_courier(account, sender, "a"), make_courier(account, sender, "b")
        await first.turn()
        say(contact, "một")
        await rounds(second)
        assert sender.took == []
        time.shift(16)  # the first one has died
        await rounds(second)

    asyncio.run(story())
    assert sender.took == [("1001", "một")]


def test_the_successor_of_a_dead_sender_resends_nothing(account, contact, sender, time):
    async def story():
        dead = FakeSender(hold=asyncio.Event())
        await make_courier(account, dead, "dead").turn()
        time.shift(16)
        await rounds(make_courier(account, sender, "heir"), 2)
        assert states() == ["unknown", "sent"]

    say(contact, "một", "hai")
    asyncio.run(story())
    assert sender.took == [("1001", "hai")]


def test_an_account_switched_off_sends_nothing_but_settles_what_it_sent(
    account, contact, sender, time
):
    async def story():
        courier = make_courier(account, sender)
        await courier.turn()
        await courier.idle()
        with transaction():
            db.session.execute(sa.update(ChannelAccount).values(is_enabled=False))
        time.shift(6)
        await rounds(courier)

    say(contact, "một", "hai")
    asyncio.run(story())
    assert states() == ["sent", "queued"]


def test_a_provider_that_is_down_is_left_alone_and_loses_nothing(account, world, sender, time):
    async def story():
        courier = make_courier(account, sender)
        await rounds(courier)
        time.shift(0.9)
        await rounds(courier)
        assert sender.took == []
        time.shift(5.1)
        await rounds(courier, 2)

    for who in "123":
        say(make_contact(world, who), f"tin {who}")
    sender.fail("1", TemporaryFailure("connection refused", whole_account=True))
    asyncio.run(story())
    assert states() == ["sent"] * 3
    assert [row.tries for row in rows()] == [1] * 3


def test_a_refused_account_says_so_until_it_is_mended(account, contact, sender, time):
    async def story():
        courier = make_courier(account, sender)
        await rounds(courier)
        time.shift(6)
        sender.fail("1001", AccountRefused("401"))
        await rounds(courier, 2)
        assert "401" in stored(account).last_error
        time.shift(6)
        await rounds(courier, 2)
        time.shift(6)
        await courier.turn()

    sender.fail("1001", AccountRefused("401"))
    say(contact, "một")
    asyncio.run(story())
    assert states() == ["sent"]
    assert stored(account).last_error is None
    assert stored(account).last_sent_at


def test_it_stops_in_good_order(account, contact, sender):
    async def story():
        sender.hold, stop = asyncio.Event(), asyncio.Event()
        courier = make_courier(account, sender)
        running = asyncio.create_task(courier.run(stop))
        while not courier._under_way:
            await asyncio.sleep(0)
        stop.set()
        await asyncio.sleep(0)
        sender.hold.set()
        await running

    say(contact, "một", "hai")
    asyncio.run(story())
    assert states() == ["sent", "queued"]
    assert stored(account).sender_lease_by is None


def test_what_does_not_answer_in_time_is_unknown_when_it_stops(
    account, contact, sender, monkeypatch
):
    async def story():
        sender.hold, stop = asyncio.Event(), asyncio.Event()
        courier = make_courier(account, sender)
        running = asyncio.create_task(courier.run(stop))
        while not courier._under_way:
            await asyncio.sleep(0)
        stop.set()
        await running

    monkeypatch.setattr("feedback.outbox.courier.PATIENCE", 0.01)
    say(contact, "một")
    asyncio.run(story())
    assert states() == ["unknown"]


def test_a_round_that_fails_forgets_no_outcome(account, contact, sender, monkeypatch):
    async def story():
        courier = make_courier(account, sender)
        await courier.turn()
        await courier.idle()
        with monkeypatch.context() as broken:
            broken.setattr(courier, "_exchange", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await courier.turn()
        await courier.turn()

    say(contact, "một")
    asyncio.run(story())
    assert states() == ["sent"]


ERRORS = {
    "busy": lambda: TemporaryFailure("500"),
    "slow down": lambda: TemporaryFailure("429", retry_after=3),
    "down": lambda: TemporaryFailure("refused", whole_account=True),
    "blocked": lambda: PermanentFailure("403", unreachable=True),
    "bad": lambda: PermanentFailure("400"),
    "silent": lambda: UnknownOutcome("timeout"),
    "odd": lambda: ValueError("?"),
}


class RandomSender(FakeSender):
    """Fails by chance; an unknown outcome may or may not have been taken."""

    def __init__(self, seed: int):
        super().__init__()
        self.random = random.Random(seed)

    async def send(self, row, prompt):
        await asyncio.sleep(0)
        kind = self.random.choice([*ERRORS, "ok", "ok", "ok"])
        if kind == "ok" or (kind in ("silent", "odd") and self.random.random() < 0.5):
            self.took.append((row.recipient, prompt.text))
        if kind != "ok":
            raise ERRORS[kind]()
        return "1"


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=SHARED,
)
@given(seed=st.integers(0, 10**6), chats=st.integers(1, 6), each=st.integers(1, 4), data=st.data())
def test_whatever_happens_each_message_ends_and_none_is_sent_twice(
    world, account, seed, chats, each, data
):
    sender = RandomSender(seed)
    deaths = set(data.draw(st.lists(st.integers(0, 30), max_size=4)))

    async def story(time):
        courier = make_courier(account, sender, by="worker 0")
        for no in range(2000):
            await courier.turn()
            if no in deaths:  # killed between send and settle; another worker takes over
                await courier.idle()
                courier = make_courier(account, sender, by=f"worker {no + 1}")
                time.shift(16)
            await courier.idle()
            if set(states()) <= {"sent", "failed", "unknown"}:
                return
            time.shift(1 + no // 5)
        raise AssertionError(states())

    with transaction():
        db.session.execute(sa.delete(OutboxRow))
        db.session.execute(sa.update(ChannelAccount).values(sender_lease_until=None))
        db.session.execute(sa.delete(Contact))
    for no in range(chats):
        say(make_contact(world, str(no)), *[f"{no}-{i}" for i in range(each)])
    with time_machine.travel(MONDAY, tick=False) as time:
        asyncio.run(story(time))
    took = [words for _, words in sender.took]
    for row in rows():
        text = row.key.removesuffix(":1")
        expected = {"sent": (1,), "failed": (0,), "unknown": (0, 1)}[row.state.value]
        assert took.count(text) in expected
    for no in range(chats):
        order = [text for who, text in sender.took if who == str(no)]
        assert order == sorted(order)


def test_who_blocked_us_is_not_tried_again_and_that_is_told(world, account, contact, sender):
    told = []
    say(contact, "news")
    with transaction():
        db.session.get_one(Contact, contact.id).unreachable_at = clock.now()
    asyncio.run(rounds(make_courier(account, sender, tell=lambda *news: told.append(news))))
    assert sender.took == []
    assert states() == ["failed"]
    assert [(row.recipient, outcome.is_unreachable) for row, outcome in told] == [("1001", True)]
