"""Claiming and settling: each row by one sender, each lane in order, nothing called sent too early."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.broadcast.models import Broadcast, BroadcastState
from feedback.db import db, transaction
from feedback.outbox import delivery
from feedback.outbox.channel import (
    AccountRefused,
    Moved,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.enqueue import answer_button, say_to_all
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.outcome import Outcome, outcome_of
from feedback.outbox.prompt import Prompt
from feedback.people.models import Contact
from tests.feedback.outbox.parts import make_account, make_contact, rows, say, states

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


def claim(account, by="me", most=30, resting=()):
    with transaction():
        return delivery.claim(account, by, most, resting)


def settle(row, by="me", tell=lambda *_: None, **outcome):
    with transaction():
        delivery.settle(by, [(row, Outcome(**outcome))], tell)


def fail(row, error, by="me", tell=lambda *_: None):
    with transaction():
        delivery.settle(by, [(row, outcome_of(row, error, clock.now(), 1.0))], tell)


def fresh(contact):
    db.session.expire_all()
    return db.session.get(Contact, contact.id)


def texts(claimed):
    return [prompt.text for _, prompt in claimed]


def test_a_claimed_row_is_nobody_elses(account, contact):
    say(contact, "một")
    assert texts(claim(account)) == ["một"]
    assert claim(account, by="other") == []
    assert states() == ["sending"]


def test_only_the_first_of_a_lane_is_claimed(account, world, contact):
    other = make_contact(world, "1002")
    say(contact, "một", "hai")
    say(other, "ba")
    assert texts(claim(account)) == ["một", "ba"]
    assert claim(account) == []


def test_the_next_of_a_lane_comes_when_the_first_is_settled(account, contact):
    say(contact, "một", "hai")
    (row, _), *_ = claim(account)
    settle(row, state=OutboxState.SENT, provider_id="77")
    assert texts(claim(account)) == ["hai"]
    assert [(r.state, r.provider_id) for r in rows()][0] == (OutboxState.SENT, "77")


@pytest.mark.parametrize("error", [PermanentFailure("no"), UnknownOutcome("?")])
def test_a_failed_or_unknown_one_holds_up_nobody(account, contact, error):
    say(contact, "một", "hai")
    (row, _), *_ = claim(account)
    fail(row, error)
    assert texts(claim(account)) == ["hai"]


def test_one_that_is_tried_again_holds_up_its_lane(account, contact, time):
    say(contact, "một", "hai")
    (row, _), *_ = claim(account)
    fail(row, TemporaryFailure("busy"))
    assert claim(account) == []
    time.shift(2)
    assert texts(claim(account)) == ["một"]


def test_one_whose_time_has_not_come_holds_up_nobody(account, contact, time):
    say(contact, "sau", not_before=clock.now() + timedelta(seconds=15))
    say(contact, "ngay")
    assert texts(claim(account)) == ["ngay"]
    time.shift(15)
    assert claim(account) == []  # the other one is under way
    settle(delivery_of("ngay"), state=OutboxState.SENT)
    assert texts(claim(account)) == ["sau"]


def delivery_of(text):
    db.session.rollback()
    columns = sa.select(*delivery._COLUMNS).where(OutboxRow.key == f"{text}:1")
    return delivery.Delivery(*db.session.execute(columns).one())


def test_a_resting_lane_and_another_account_are_left_alone(account, world, contact):
    say(contact, "một")
    assert claim(account, resting=["telegram:main:1001"]) == []
    assert not delivery.has_due(make_account(world, "second"), [])
    assert delivery.has_due(account, [])


def test_the_oldest_go_first_and_no_more_than_asked(account, world, time):
    for no in range(5):
        say(make_contact(world, f"20{no}"), f"tin {no}")
        time.shift(1)
    assert texts(claim(account, most=2)) == ["tin 0", "tin 1"]


def test_waits_grow_and_end(account, contact, time):
    say(contact, "một")
    waits = []
    while True:
        ((row, _),) = claim(account)
        fail(row, TemporaryFailure("busy"))
        (stored,) = rows()
        if stored.state is not OutboxState.QUEUED:
            break
        waits.append((stored.not_before - clock.now()).total_seconds())
        time.shift(waits[-1])
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert (stored.state, stored.tries) == (OutboxState.FAILED, 12)


@pytest.mark.parametrize(
    "error",
    [
        TemporaryFailure("slow down", retry_after=30),
        TemporaryFailure("down", whole_account=True),
        AccountRefused("401"),
    ],
)
def test_what_is_not_about_the_message_costs_it_no_try(account, contact, time, error):
    say(contact, "một", "hai")
    for _ in range(20):
        time.shift(30)
        (((row, prompt)),) = claim(account)
        assert prompt.text == "một"
        fail(row, error)
    assert [(row.state, row.tries) for row in rows()] == [(OutboxState.QUEUED, 0)] * 2


def test_after_a_week_even_that_is_given_up(account, contact, time):
    say(contact, "một")
    time.shift(timedelta(days=7, seconds=1))
    ((row, _),) = claim(account)
    fail(row, TemporaryFailure("down", whole_account=True))
    assert states() == ["failed"]


def test_the_provider_says_when_to_come_back(account, contact, time):
    say(contact, "một")
    ((row, _),) = claim(account)
    fail(row, TemporaryFailure("slow down", retry_after=30))
    time.shift(29)
    assert claim(account) == []
    time.shift(1)
    assert texts(claim(account)) == ["một"]


def test_somebody_unreachable_is_marked_once(account, contact, time):
    say(contact, "một", "hai")
    first = clock.now()
    for _ in range(2):
        ((row, _),) = claim(account)
        fail(row, PermanentFailure("bot was blocked by the user", unreachable=True))
        time.shift(60)
    stored = fresh(contact)
    assert stored.unreachable_at == first
    assert stored.unreachable_reason == "bot was blocked by the user"
    assert states() == ["failed", "failed"]


def test_a_chat_that_moved_takes_its_queue_along(account, contact):
    say(contact, "một", "hai")
    ((row, _),) = claim(account)
    fail(row, Moved("-1002"))
    assert fresh(contact).address == "-1002"
    ((row, prompt),) = claim(account)
    assert (row.recipient, prompt.text) == ("-1002", "một")
    assert [r.lane for r in rows()] == ["telegram:main:-1002"] * 2


def test_a_chat_that_moved_to_one_we_know_joins_it(account, world, contact):
    make_contact(world, "-1002")
    say(contact, "một")
    ((row, _),) = claim(account)
    fail(row, Moved("-1002"))
    ((row, _),) = claim(account)
    assert row.recipient == "-1002"
    assert fresh(contact).address == "1001"


def test_a_button_is_answered_once_or_not_at_all(account, contact):
    with transaction():
        answer_button(contact, "cb", key="cb")
    ((row, _),) = claim(account)
    told = []
    fail(row, TemporaryFailure("busy"), tell=lambda *each: told.append(each))
    assert (states(), told) == (["failed"], [])


def test_what_a_dead_sender_had_under_way_is_unknown(account, contact):
    say(contact, "một", "hai")
    claim(account, by="dead")
    with transaction():
        assert delivery.abandon(account, except_by="me") == 1
    assert states() == ["unknown", "queued"]
    assert texts(claim(account)) == ["hai"]


def test_what_i_have_under_way_is_not_abandoned(account, contact):
    say(contact, "một")
    claim(account)
    with transaction():
        assert delivery.abandon(account, except_by="me") == 0
        assert delivery.abandon(None, before=clock.now() - timedelta(minutes=10)) == 0


def test_who_sent_it_knows_better_than_who_gave_it_up(account, contact):
    say(contact, "một")
    ((row, _),) = claim(account)
    with transaction():
        delivery.abandon(account, except_by="other")
    assert states() == ["unknown"]
    settle(row, state=OutboxState.SENT, provider_id="5")
    assert states() == ["sent"]


def test_a_stranger_settles_nothing(account, contact):
    say(contact, "một")
    ((row, _),) = claim(account)
    settle(row, by="other", state=OutboxState.FAILED)
    assert states() == ["sending"]


def test_somebody_is_told_what_will_not_arrive(account, contact):
    say(contact, "một")
    ((row, _),) = claim(account)
    told = []
    fail(
        row, PermanentFailure("no"), tell=lambda row, outcome: told.append((row.id, outcome.error))
    )
    assert told == [(row.id, "no")]


def test_that_it_cannot_be_told_undoes_nothing(account, contact):
    def broken(*_):
        db.session.execute(sa.text("SELECT nonsense FROM nowhere"))

    say(contact, "một")
    ((row, _),) = claim(account)
    fail(row, PermanentFailure("no", unreachable=True), tell=broken)
    assert states() == ["failed"]
    assert fresh(contact).unreachable_at


def test_a_row_no_key_opens_stops_no_other(account, world, contact):
    say(contact, "một")
    say(make_contact(world, "1002"), "hai")
    with transaction():
        db.session.execute(sa.text("UPDATE outbox SET body = 'x' WHERE key = 'một:1'"))
    assert [prompt and prompt.text for _, prompt in claim(account)] == [None, "hai"]


def news(contact, key="news") -> None:
    """A broadcast's message to this contact."""
    with transaction():
        row = Broadcast(
            ward_id=contact.ward_id,
            state=BroadcastState.SENDING,
            topics=[],
            text="",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        say_to_all([(contact, key)], Prompt(key), notice="test", broadcast_id=row.id)


def claimed(account, most=10, resting=()) -> list[str]:
    with transaction():
        return [prompt.text for _, prompt in delivery.claim(account, "me", most, resting)]


def test_what_is_said_to_one_person_goes_before_every_broadcast(world, account, contact):
    other = make_contact(world, "1002")
    news(contact, "news to a")
    news(other, "news to b")
    say(contact, "answer to a")
    assert claimed(account, 1) == ["answer to a"]
    assert claimed(account) == ["news to b"]  # the lane of a is taken


def test_a_broadcast_that_waits_for_its_next_try_holds_up_no_answer(account, contact, time):
    news(contact)
    with transaction():
        [(row, _)] = delivery.claim(account, "me", 1, ())
        failed = outcome_of(row, TemporaryFailure("busy"), clock.now(), 1.0)
        delivery.settle("me", [(row, failed)])
    say(contact, "answer")
    assert claimed(account) == ["answer"]


def test_a_claim_says_who_is_known_to_take_nothing(account, contact):
    say(contact, "hello")
    with transaction():
        db.session.get_one(Contact, contact.id).unreachable_at = clock.now()
        [(row, _)] = delivery.claim(account, "me", 1, ())
    assert row.is_unreachable
