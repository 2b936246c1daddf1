"""The fault table, end to end: outbox, courier, python-telegram-bot, the wire, the stand-in.

For each way a send can go wrong: what the row says in the end, and how often Telegram took the message.
"""

import asyncio

import pytest
import sqlalchemy as sa
import time_machine

from bots.telegram.channel import Attachment, TelegramSender
from feedback.db import db, transaction
from feedback.outbox.courier import Courier
from feedback.outbox.enqueue import say_to
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from feedback.people.models import Contact
from tests.bots.telegram_server import (
    TelegramServer,
    bad_request,
    blocked,
    drip,
    migrated,
    not_json,
    reset,
    server_error,
    silent,
    too_many,
    unauthorized,
)
from tests.feedback.outbox.parts import (
    in_this_thread,
    make_account,
    make_contact,
    rounds,
    rows,
    say,
    states,
)

MONDAY = "2026-11-23 08:00+07:00"


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def telegram():
    with TelegramServer() as running:
        yield running


def live(
    account,
    telegram,
    time,
    *,
    seconds_passing=0,
    turns=4,
    find_file=lambda _key: None,
    patience=20.0,
):
    """Let a courier work, with so many seconds passing between its rounds.

    `patience`: real seconds it waits for an answer; short only where none will come.
    """

    async def story():
        sender = TelegramSender(
            telegram.token,
            api_url=telegram.api_url,
            file_url=telegram.file_url,
            find_file=find_file,
            seconds=patience,
        )
        await sender.open()
        courier = Courier(account, sender, by="me", in_db=in_this_thread, send_limit=2 * patience)
        for _ in range(turns):
            await rounds(courier)
            time.shift(seconds_passing)
        await sender.close()

    asyncio.run(story())


TABLE = {
    # fault: (how the first message ends, how often Telegram took it)
    "silence before it was taken": (silent(accepts=False), "unknown", 0),
    "silence after it was taken": (silent(accepts=True), "unknown", 1),
    "a torn connection before": (reset(accepts=False), "unknown", 0),
    "a torn connection after": (reset(accepts=True), "unknown", 1),
    "an answer cut off": (not_json(), "unknown", 1),
    "an answer that drips": (drip(0.05), "unknown", 1),
    "a gateway that gave up": (server_error(504), "unknown", 0),
    "a server error": (server_error(500), "sent", 1),
    "a bad gateway": (server_error(502), "sent", 1),
    "slow down": (too_many(3), "sent", 1),
    "blocked": (blocked(), "failed", 0),
    "no such chat": (bad_request(), "failed", 0),
    "nonsense from us": (bad_request("Bad Request: can't parse"), "failed", 0),
    "an unknown token, then mended": (unauthorized(), "sent", 1),
}
GONE = ("blocked", "no such chat")  # after these nothing more is tried


@pytest.mark.parametrize("case", TABLE)
def test_each_fault_ends_as_it_should_and_holds_up_nobody_for_good(telegram, world, time, case):
    fault, state, times = TABLE[case]
    account = make_account(world)
    say(make_contact(world), "một", "hai")
    telegram.fail(fault, chat="1001")
    patience = 0.6 if fault.way in ("silent", "drip") else 20.0
    live(account, telegram, time, seconds_passing=3, patience=patience)
    assert states() == [state, "failed" if case in GONE else "sent"]
    said = telegram.said("1001")
    assert said.count("một") == times
    assert said.count("hai") == (case not in GONE)
    assert said == sorted(said, key=["một", "hai"].index)


def test_slow_down_is_obeyed_to_the_second_and_by_that_chat_alone(telegram, world, time):
    account = make_account(world)
    say(make_contact(world), "một", "hai")
    say(make_contact(world, "1002"), "ba")
    telegram.fail(too_many(7), chat="1001")
    live(account, telegram, time, seconds_passing=2)
    assert telegram.said() == ["ba"]
    live(account, telegram, time, turns=1)
    assert telegram.said() == ["ba", "một"]


def test_somebody_who_blocked_the_bot_is_marked(telegram, world, time):
    account, contact = make_account(world), make_contact(world)
    say(contact, "một")
    telegram.fail(blocked())
    live(account, telegram, time, turns=1)
    db.session.expire_all()
    assert "blocked" in db.session.get(Contact, contact.id).unreachable_reason


def test_a_group_that_moved_is_followed(telegram, world, time):
    account, contact = make_account(world), make_contact(world, "-100")
    say(contact, "một", "hai")
    telegram.fail(migrated(-1002), chat="-100")
    live(account, telegram, time, seconds_passing=3)
    assert telegram.said("-1002") == ["một", "hai"]
    db.session.expire_all()
    assert db.session.get(Contact, contact.id).address == "-1002"


@pytest.mark.parametrize(
    "fault", [server_error(500), bad_request("PHOTO_BROKEN"), reset(accepts=True)]
)
def test_a_photo_that_fails_never_sends_the_text_again(telegram, world, time, tmp_path, fault):
    (tmp_path / "a.jpg").write_bytes(b"jpeg")
    account, contact = make_account(world), make_contact(world)
    with transaction():
        say_to(contact, Prompt("Đã sửa xong:", file_key="k1"), notice="answer", key="a")
    telegram.fail(fault, method="sendPhoto")
    file = Attachment(tmp_path / "a.jpg", "a.jpg", "image/jpeg", 4)
    live(account, telegram, time, seconds_passing=3, find_file=lambda _key: file)
    assert [call.method for call in telegram.taken()].count("sendMessage") == 1
    assert [call.method for call in telegram.taken()].count("sendPhoto") <= 1
    assert states()[0] == "sent"


def test_a_bot_nobody_knows_sends_nothing_and_loses_nothing(telegram, world, time):
    account = make_account(world)
    say(make_contact(world), "một")
    telegram.fail(*[unauthorized()] * 3)
    live(account, telegram, time, seconds_passing=60, turns=3)
    (row,) = rows()
    assert (row.state.value, row.tries) == ("queued", 0)
    live(account, telegram, time, turns=1)
    assert telegram.said() == ["một"]


def test_the_words_are_nowhere_in_what_is_written_down(telegram, world, time):
    account = make_account(world)
    say(make_contact(world), "Số điện thoại 0912345678")
    telegram.fail(bad_request("Bad Request: can't parse"))
    live(account, telegram, time, turns=1)
    stored = db.session.execute(sa.select(OutboxRow.error, OutboxRow.detail)).one()
    assert "0912" not in str(stored)
