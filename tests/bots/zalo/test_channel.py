"""Sending end to end: outbox, courier, sender, the wire, the stand-in. Windows, prices, and every fault."""

import asyncio
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image

from bots.zalo.channel import sender_for
from bots.zalo.sdk.wire import Wire
from feedback import broadcast, clock
from feedback.broadcast import subscriptions
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.outbox import spending, templates
from feedback.outbox.courier import Courier
from feedback.outbox.enqueue import say_to
from feedback.outbox.outreach import Means, Outreach
from feedback.outbox.prompt import Choice, Prompt
from feedback.outbox.window import Way
from feedback.people.actor import SYSTEM
from feedback.people.models import Channel, Citizen, Contact
from feedback.petitions import calls, undelivered
from feedback.petitions.models import TimelineEntry
from feedback.wards.models import Ward
from tests.bots.telegram_server import drip, not_json, reset, server_error, silent
from tests.bots.zalo.parts import make_account, use_settings
from tests.bots.zalo_server import CS, OA_ID, TEMPLATE, ZaloServer, zalo_error
from tests.feedback.outbox.parts import in_this_thread, rounds, rows, say, states

MONDAY = "2026-11-23 08:00+07:00"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def zalo(app, monkeypatch):
    with ZaloServer() as running:
        use_settings(app, monkeypatch, **running.settings)
        yield running


@pytest.fixture
def account(world, zalo):
    return make_account(world, zalo=zalo)


def make_contact(world, address="1001", silent_for=HOUR, **more) -> Contact:
    """Somebody who last wrote so long ago."""
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=Channel.ZALO,
            account=OA_ID,
            address=address,
            created_at=clock.now(),
            last_heard_at=clock.now() - silent_for,
            **more,
        )
        db.session.add(contact)
    return contact


def pay(world, budget=10_000, **more) -> None:
    with transaction():
        ward = db.session.get_one(Ward, world.ward.id)
        policy = {"pays": True, "monthly_budget": budget, **more}
        ward.settings = {**ward.settings, "channels": policy}


def live(app, account, time, *, passing=0, turns=4, patience=10.0, tell=undelivered.note):
    """Let a courier work, with so many seconds passing between its rounds."""

    async def story():
        sender = sender_for(app, account, Wire(read=patience, whole=2 * patience))
        await sender.open()
        courier = Courier(
            account, sender, by="me", in_db=in_this_thread, tell=tell, send_limit=4 * patience
        )
        for _ in range(turns):
            await rounds(courier)
            time.shift(passing)
        await sender.close()

    asyncio.run(story())


TABLE = {
    # fault: (how the first message ends, how often Zalo took it)
    "silence before it was taken": (silent(accepts=False), "unknown", 0),
    "silence after it was taken": (silent(accepts=True), "unknown", 1),
    "a torn connection before": (reset(accepts=False), "unknown", 0),
    "a torn connection after": (reset(accepts=True), "unknown", 1),
    "an answer cut off": (not_json(), "unknown", 1),
    "an answer that drips": (drip(0.05), "unknown", 1),
    "a gateway that gave up": (server_error(504), "unknown", 0),
    "a server error": (server_error(500), "sent", 1),
    "a bad gateway": (server_error(502), "sent", 1),
    "HTTP 429": (server_error(429), "sent", 1),
    "HTTP 403": (server_error(403), "sent", 1),
    "too fast": (zalo_error(-32), "sent", 1),
    "a hiccup": (zalo_error(-200), "sent", 1),
    "an unknown error": (zalo_error(-9999), "sent", 1),
    "an expired token": (zalo_error(-220), "sent", 1),
    "an invalid token": (zalo_error(-216), "sent", 1),
    "the OA must be mended, then was": (zalo_error(-224), "sent", 1),
    "away or banned": (zalo_error(-227), "failed", 0),
    "does not want this kind": (zalo_error(-244), "failed", 0),
    "too late after all": (zalo_error(-230), "failed", 0),
    "nonsense from us": (zalo_error(-201, "text is invalid!"), "failed", 0),
    "the night rule": (zalo_error(-234), "failed", 0),
    "a closed API": (zalo_error(-240), "failed", 0),
}
GONE = ("away or banned",)  # after these nothing more is tried


@pytest.mark.parametrize("case", TABLE)
def test_each_fault_ends_as_it_should_and_holds_up_nobody_for_good(
    app, account, zalo, world, time, case
):
    fault, state, times = TABLE[case]
    say(make_contact(world), "một", "hai")
    zalo.fail(fault, to="1001")
    live(app, account, time, passing=6, patience=0.5 if fault.way in ("silent", "drip") else 10.0)
    assert states() == [state, "failed" if case in GONE else "sent"]
    said = zalo.said("1001")
    assert said.count("một") == times
    assert said.count("hai") == (case not in GONE)
    assert said == sorted(said, key=["một", "hai"].index)


def test_the_prompt_arrives_with_its_buttons(app, account, zalo, world, time):
    contact = make_contact(world)
    with transaction():
        prompt = Prompt("Mời đánh giá", (Choice("5 sao", "rate:5"),))
        say_to(contact, prompt, notice="n", key="k")
    live(app, account, time, turns=1)
    (call,) = zalo.taken()
    assert call.path == CS
    assert call.buttons == [{"title": "5 sao", "type": "oa.query.hide", "payload": "#rate:5"}]
    assert rows()[0].provider_id.startswith("out")


def test_a_long_answer_comes_whole_and_in_order(app, account, zalo, world, time):
    text = "Đơn vị đã kiểm tra hiện trường. " * 200
    contact = make_contact(world)
    with transaction():
        say_to(contact, Prompt(text), notice="n", key="k")
    live(app, account, time, passing=1, turns=6)
    said = zalo.said()
    assert len(said) > 3
    assert all(len(each) <= 2000 for each in said)
    assert " ".join(said).split() == text.split()


def test_who_is_not_logged_in_is_answered_in_their_conversation(app, account, zalo, world, time):
    say(make_contact(world, "anonymous:55:ad34bc"), "một")
    live(app, account, time, turns=1)
    (call,) = zalo.taken()
    assert call.path == "/v2.0/oa/message"
    assert call.body["recipient"] == {"anonymous_id": "55", "conversation_id": "ad34bc"}


def test_an_account_without_consent_sends_nothing_and_loses_nothing(
    app, account, zalo, world, time
):
    say(make_contact(world), "một")
    pair = zalo.access, zalo.refresh
    zalo.forget_consent()
    live(app, account, time, passing=60, turns=3)
    (row,) = rows()
    assert (row.state.value, row.tries) == ("queued", 0)
    zalo.access, zalo.refresh = pair
    time.shift(3700)
    live(app, account, time, turns=1)
    assert zalo.said() == ["một"]


def test_zalo_away_counts_no_tries(app, account, zalo, world, time):
    say(make_contact(world), "một")
    zalo.__exit__()
    live(app, account, time, passing=60, turns=3)
    (row,) = rows()
    assert (row.state.value, row.tries) == ("queued", 0)


def test_nothing_leaves_when_the_minute_is_used_up(app, account, zalo, world, time):
    zalo.per_minute = 1
    say(make_contact(world), "một")
    say(make_contact(world, "1002"), "hai")
    live(app, account, time, turns=1)
    before = len(zalo.calls)
    live(app, account, time, turns=1)
    assert len(zalo.said()) == 1, "whichever of the two was first"
    assert len(zalo.calls) <= before + 1
    assert sorted(states()) == ["queued", "sent"]
    assert [row.tries for row in rows() if row.state == "queued"] == [0]


def test_the_words_and_tokens_are_nowhere_in_what_is_written_down(
    app, account, zalo, world, time, caplog
):
    caplog.set_level("DEBUG")
    say(make_contact(world), "Số điện thoại 0912345678")
    zalo.fail(zalo_error(-201, f"bad {zalo.access}"))
    live(app, account, time, turns=1)
    told = f"{rows()[0].error} {caplog.text}"
    assert "0912345678" not in told
    assert zalo.access not in told


def test_a_failure_in_our_own_house_is_tried_again(app, account, zalo, world, time, monkeypatch):
    say(make_contact(world), "một")
    with monkeypatch.context() as patch:
        patch.setattr("bots.zalo.books.setup_of", lambda _ward: 1 / 0)
        live(app, account, time, passing=6, turns=1)
        assert states() == ["queued"]
    live(app, account, time, turns=1)
    assert zalo.said() == ["một"]


# Windows and money


def test_within_two_days_it_is_free(app, account, zalo, world, time):
    pay(world)
    say(make_contact(world, silent_for=47 * HOUR), "một")
    live(app, account, time, turns=1)
    assert states() == ["sent"]
    assert spending.spent(world.ward.id) == 0


def test_within_a_week_it_is_paid_and_written_down(app, account, zalo, world, time):
    pay(world)
    zalo.away("1001", hours=50)
    say(make_contact(world, silent_for=50 * HOUR), "một")
    live(app, account, time, turns=1)
    assert states() == ["sent"]
    (cost,) = db.session.scalars(sa.select(spending.MessageCost))
    assert (cost.way, cost.price, cost.outbox_id) == (Way.BILLED, 55, rows()[0].id)
    assert spending.spent(world.ward.id) == 55


def test_a_ward_that_does_not_pay_is_never_billed(app, account, zalo, world, time):
    zalo.away("1001", hours=50)
    say(make_contact(world, silent_for=50 * HOUR), "một")
    live(app, account, time, turns=1)
    assert states() == ["failed"]
    assert zalo.calls == []
    assert "Quá hạn" in rows()[0].error


def test_the_months_budget_is_kept(app, account, zalo, world, time):
    pay(world, budget=120)
    for number in range(4):
        zalo.away(f"{number}", hours=50)
        say(make_contact(world, f"{number}", silent_for=50 * HOUR), f"tin {number}")
    live(app, account, time, turns=2)
    assert sorted(states()) == ["failed", "failed", "sent", "sent"]
    assert spending.spent(world.ward.id) == 110


def test_what_zalo_says_it_cost_counts_more_than_what_we_thought(app, account, zalo, world, time):
    pay(world)
    zalo.is_free = False
    say(make_contact(world), "một")
    live(app, account, time, turns=1)
    assert spending.spent(world.ward.id) == 55
    zalo.is_free = True
    say(make_contact(world, "1002", silent_for=50 * HOUR), "hai")  # wrote again; we missed it
    live(app, account, time, turns=1)
    assert states() == ["sent", "sent"]
    assert spending.spent(world.ward.id) == 55


def test_what_was_said_stays_said_when_its_cost_cannot_be_written_down(
    app, account, zalo, world, time, monkeypatch
):
    def broken(*_args, **_more):
        raise OSError

    monkeypatch.setattr("bots.zalo.books.Books.paid", broken)
    say(make_contact(world), "một")
    live(app, account, time, turns=2)
    assert states() == ["sent"]
    assert len(zalo.calls) == 1


@pytest.mark.parametrize(
    ("fault", "state", "cost"),
    [
        (zalo_error(-201), "failed", 0),
        (reset(accepts=True), "unknown", 55),
        (zalo_error(-321), "failed", 0),
    ],
)
def test_what_surely_did_not_leave_is_not_paid_for(
    app, account, zalo, world, time, fault, state, cost
):
    pay(world)
    zalo.away("1001", hours=50)
    zalo.fail(fault)
    say(make_contact(world, silent_for=50 * HOUR), "một")
    live(app, account, time, turns=1)
    assert states() == [state]
    assert spending.spent(world.ward.id) == cost


@pytest.fixture
def answer(app, account, zalo, world):
    """An answered petition whose reporter has been silent for ten days."""
    pay(world)
    zalo.templates = {"77"}
    zalo.away("1001", hours=240)
    contact = make_contact(world, silent_for=240 * HOUR)
    petition = world.submit(channel=Channel.ZALO, contact_id=contact.id)
    with transaction():
        db.session.execute(sa.text("DELETE FROM outbox"))
        templates.set_mapping(account.id, {"petition.answered": "77", "petition.late": ""})

    def tell(text="Đã thay bóng đèn mới.", **more):
        with transaction():
            say_to(
                contact,
                Prompt(text, **more),
                notice="petition.answered",
                key="petition:1:answered",
                petition_id=petition.id,
            )
        return petition

    return tell


def test_after_a_week_a_template_tells_where_the_answer_stands(
    app, account, zalo, world, time, answer
):
    petition = answer()
    live(app, account, time, turns=1)
    (call,) = zalo.taken()
    assert call.path == TEMPLATE
    assert call.body["template_id"] == "77"
    said = call.body["template_data"]
    assert said["ma"] == petition.number
    assert said["ma_theo_doi"] == petition.token
    assert said.keys() == set(templates.suggested()["petition.answered"].parameters())
    assert spending.spent(world.ward.id) == 300
    assert states() == ["sent"]


def test_a_long_answer_is_one_template(app, account, zalo, world, time, answer):
    answer("Đơn vị đã kiểm tra hiện trường. " * 200, file_key="k")
    live(app, account, time, passing=1, turns=6)
    assert len(zalo.taken()) == 1
    assert set(states()) == {"sent"}
    assert [row.provider_id for row in rows()[1:]] == ["in the template"] * (len(rows()) - 1)
    assert spending.spent(world.ward.id) == 300


def test_too_late_after_all_takes_the_template(app, account, zalo, world, time, answer):
    """We thought the window was open; Zalo knows better."""
    with transaction():
        db.session.execute(sa.update(Contact).values(last_heard_at=clock.now() - HOUR))
    answer()
    live(app, account, time, turns=1)
    assert [call.path for call in zalo.calls] == [CS, TEMPLATE]
    assert states() == ["sent"]
    assert spending.spent(world.ward.id) == 300


def test_a_template_that_is_refused_goes_the_next_way(app, account, zalo, world, time, answer):
    zalo.templates = set()
    petition = answer()
    live(app, account, time, turns=1)
    assert states() == ["failed"]
    assert spending.spent(world.ward.id) == 0
    (task,) = open_tasks()
    assert (task.means, task.petition_id) == (Means.PHONE, petition.id)
    note = db.session.scalars(
        sa.select(TimelineEntry.text).where(TimelineEntry.action == "undelivered")
    ).one()
    assert "Gọi điện" in note


def test_the_next_way_is_another_chat_of_the_same_person(app, account, zalo, world, time, answer):
    make_telegram(world)
    petition = answer()
    with transaction():
        citizen = Citizen(ward_id=world.ward.id, created_at=clock.now())
        db.session.add(citizen)
        db.session.flush()
        db.session.execute(sa.update(Contact).values(citizen_id=citizen.id))
        templates.set_mapping(account.id, {})
    live(app, account, time, turns=2)
    failed, passed = rows()
    assert (failed.state.value, passed.state.value) == ("failed", "queued")
    assert (passed.channel, passed.body, passed.petition_id) == (
        Channel.TELEGRAM,
        failed.body,
        petition.id,
    )
    assert db.session.scalars(sa.select(Outreach)).all() == []


def test_a_typed_number_makes_nobody_the_same_person(app, account, zalo, world, time, answer):
    make_telegram(world)
    with transaction():
        db.session.execute(sa.update(Contact).values(phone="+84912345678", phone_hash="x"))
        templates.set_mapping(account.id, {})
    answer()
    live(app, account, time, turns=2)
    assert states() == ["failed"]
    assert len(open_tasks()) == 1


def make_telegram(world) -> None:
    from feedback.wards.models import ChannelAccount

    with transaction():
        own = {"ward_id": world.ward.id, "channel": Channel.TELEGRAM}
        db.session.add(ChannelAccount(**own, name="main"))
        db.session.add(Contact(**own, account="main", address="7", created_at=clock.now()))


def test_whoever_has_no_number_gets_paper_by_the_head(app, account, zalo, world, time, answer):
    with transaction():
        templates.set_mapping(account.id, {})
    answer()
    with transaction():
        db.session.execute(sa.text("UPDATE petition SET phone_hash = NULL"))
    live(app, account, time, turns=1)
    (task,) = open_tasks()
    assert task.means is Means.PAPER
    with transaction():
        calls.done(task.id, by=world.actor("clerk"))
    assert open_tasks() == []


def open_tasks() -> list[Outreach]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Outreach).where(Outreach.done_at.is_(None))))


def test_money_is_kept_for_answers_and_never_spent_on_a_broadcast(app, account, zalo, world, time):
    make_contact(world)
    with transaction():
        subscriptions.subscribe(db.session.scalar(sa.select(Contact.id)), "ward")
        broadcast.send(world.ward.id, "Tin chung", ["ward"], by=SYSTEM, key="b", is_urgent=True)
    time.shift(timedelta(days=3))
    broadcast.tick()
    live(app, account, time, turns=1)
    assert states() == ["failed"]
    assert spending.spent(world.ward.id) == 0
    assert zalo.said() == []


# Files


def photo(side=400, noise=False) -> bytes:
    image = Image.effect_noise((side, side), 120) if noise else Image.new("L", (side, side), 90)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=97)
    return out.getvalue()


def keep(app, world, data: bytes, name: str) -> str:
    clean = attach.receive(app.config["SETTINGS"].upload_dir, name, data)
    with transaction():
        return attach.keep(world.ward.id, clean, FileUse.RESULT).key


def test_a_photo_is_made_small_and_sent_as_one(app, account, zalo, world, time):
    key = keep(app, world, photo(2500, noise=True), "anh.jpg")
    contact = make_contact(world)
    with transaction():
        say_to(contact, Prompt("Đã xong", file_key=key), notice="n", key="k")
    live(app, account, time, passing=1)
    upload = next(call for call in zalo.calls if call.path.endswith("/upload/image"))
    assert len(upload.files["file"][2]) <= 1024 * 1024
    text, picture = zalo.taken()
    assert text.text == "Đã xong"
    element = picture.payload["elements"][0]
    assert (element["media_type"], "url" in element) == ("image", False)


def test_a_document_is_sent_as_a_file(app, account, zalo, world, time):
    key = keep(app, world, b"%PDF-1.4\n%%EOF\n", "tra loi.pdf")
    contact = make_contact(world)
    with transaction():
        say_to(contact, Prompt("", file_key=key), notice="n", key="k")
    live(app, account, time)
    (call,) = zalo.taken()
    assert call.payload["token"].startswith("file")


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        (server_error(500), "/v2.0/oa/upload/image"),
        (zalo_error(-210), "/v2.0/oa/upload/image"),
        (reset(accepts=True), "/v2.0/oa/upload/image"),
        (zalo_error(-100), CS),
        (reset(accepts=True), CS),
    ],
)
def test_a_photo_that_fails_never_sends_the_text_again(
    app, account, zalo, world, time, fault, path
):
    key = keep(app, world, photo(), "anh.jpg")
    contact = make_contact(world)
    with transaction():
        say_to(contact, Prompt("Đã sửa xong:", file_key=key), notice="answer", key="a")
    live(app, account, time, turns=1)
    zalo.fail(fault, path=path)
    live(app, account, time, passing=6)
    assert zalo.said().count("Đã sửa xong:") == 1
    assert sum(1 for call in zalo.taken() if call.payload) <= 1
    assert states()[0] == "sent"


def test_what_zalo_does_not_take_fails_and_says_so(app, account, zalo, world, time):
    key = keep(app, world, b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "phim.mp4")
    contact = make_contact(world)
    with transaction():
        say_to(contact, Prompt("", file_key=key), notice="n", key="k")
    live(app, account, time, turns=1)
    assert states() == ["failed"]
    assert zalo.taken() == []
