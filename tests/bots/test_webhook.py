"""The webhook: who calls is proven first, and once a message is stored the answer is 200."""

import json
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from bots import webhook
from bots.telegram import account as accounts
from feedback.conversations import engine, inbox
from feedback.conversations.models import InboundRow, InboundState
from feedback.db import db, transaction
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.petitions.models import Petition
from feedback.wards.models import ChannelAccount

PAYLOADS = Path(__file__).parents[1] / "payloads" / "telegram"
URL = "/webhooks/telegram/main"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "telegram-secret"}
CHAT = 5123456789
ALL = sorted(path.stem for path in PAYLOADS.glob("*.json"))


def payload(name: str) -> dict:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def update(number: int, **message) -> dict:
    person = {"id": CHAT, "is_bot": False, "first_name": "Dân"}
    chat = {"id": CHAT, "type": "private", "first_name": "Dân"}
    base = {"message_id": number, "date": 1772589600 + number, "chat": chat, "from": person}
    return {"update_id": 9000 + number, "message": {**base, **message}}


def press(number: int, data: str) -> dict:
    pressed = update(number, text="…")["message"]
    query = {"id": f"q{number}", "from": pressed["from"], "message": pressed, "data": data}
    return {"update_id": 9000 + number, "callback_query": {**query, "chat_instance": "1"}}


@pytest.fixture
def post(client, world):
    def send(body, headers=SECRET, url=URL):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(url, data=data, headers=headers, content_type="application/json")

    return send


def rows() -> list[InboundRow]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InboundRow).order_by(InboundRow.id)))


def said() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxRow.notice).order_by(OutboxRow.id)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Telegram-Bot-Api-Secret-Token": ""},
        {"X-Telegram-Bot-Api-Secret-Token": "telegram-secret "},
        {"X-Telegram-Bot-Api-Secret-Token": "Telegram-Secret"},
        {"X-Telegram-Bot-Api-Secret-Token": "bí mật"},
    ],
)
def test_a_wrong_secret_is_refused_before_the_body_is_read(post, monkeypatch, headers):
    monkeypatch.setattr(webhook, "_take_in", lambda *_: pytest.fail("the body was read"))
    encoded = {name: value.encode() for name, value in headers.items()}
    headers = {name: value.decode("latin-1") for name, value in encoded.items()}
    assert post(b"{not json", headers).status_code == 403
    assert rows() == []


def test_an_unknown_account_looks_the_same(post):
    answer = post(payload("text"), url="/webhooks/telegram/other")
    wrong = post(payload("text"), headers={})
    assert (
        (answer.status_code, answer.data) == (wrong.status_code, wrong.data) == (403, b"forbidden")
    )


def test_an_account_that_is_switched_off_is_unknown(post):
    assert post(payload("text")).status_code == 200
    with transaction():
        db.session.execute(sa.update(ChannelAccount).values(is_enabled=False))
    accounts.forget()  # as after a few seconds
    assert post(payload("text_reply")).status_code == 403


def test_without_a_secret_there_is_no_webhook(post, app, monkeypatch):
    from dataclasses import replace

    bare = replace(app.config["SETTINGS"], telegram_webhook_secret="")
    monkeypatch.setitem(app.config, "SETTINGS", bare)
    assert post(payload("text"), {"X-Telegram-Bot-Api-Secret-Token": ""}).status_code == 403


def test_an_account_of_its_own_has_its_own_secret(post, world):
    with transaction():
        db.session.add(
            ChannelAccount(
                ward_id=world.ward.id,
                channel=Channel.TELEGRAM,
                name="to-5",
                credentials='{"token": "9:X", "webhook_secret": "own"}',
            )
        )
    url = "/webhooks/telegram/to-5"
    assert post(payload("text"), url=url).status_code == 403
    own = {"X-Telegram-Bot-Api-Secret-Token": "own"}
    assert post(payload("text"), own, url).status_code == 200
    assert rows()[0].account == "to-5"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"update_id": ' + b"1" * 5000]
)
def test_a_malformed_body_is_400(post, body):
    assert post(body).status_code == 400
    assert rows() == []


def test_a_huge_body_is_413(post):
    assert post(b'{"x": "' + b"a" * (webhook.LARGEST + 1) + b'"}').status_code == 413


@pytest.mark.parametrize("body", [b"[]", b"5", b'"x"', b"null", b"{}", b'{"update_id": "a"}'])
def test_an_unknown_shape_is_stored_and_answered_200(post, body):
    assert post(body).status_code == 200
    assert post(body).status_code == 200
    (row,) = rows()
    assert row.state is InboundState.IGNORED
    assert row.note
    assert row.payload == body.decode()


@pytest.mark.parametrize("name", ALL)
def test_every_recorded_update_is_answered_200_and_stored_once(post, name):
    for _ in range(3):
        assert post(payload(name)).status_code == 200
    (row,) = rows()
    assert row.state in (InboundState.DONE, InboundState.IGNORED, InboundState.NEW)
    assert (row.state is InboundState.IGNORED) == bool(row.note)


def test_the_whole_report(post):
    assert post(update(1, text="Đèn đường trước nhà văn hóa bị hỏng")).status_code == 200
    assert post(update(2, location={"latitude": 21.03, "longitude": 105.81})).status_code == 200
    body = db.session.scalars(sa.select(OutboxRow.body).order_by(OutboxRow.id.desc())).first()
    send = next(c for c in json.loads(body)["choices"] if c["label"] == "Gửi")
    for _ in range(5):
        assert post(press(3, send["payload"])).status_code == 200
    assert said() == ["chat.ask_place", "chat.summary", "callback", "petition.received"]
    db.session.rollback()
    (petition,) = db.session.scalars(sa.select(Petition))
    assert petition.channel is Channel.TELEGRAM
    contact = db.session.scalars(sa.select(Contact)).one()
    assert (contact.address, contact.display_name) == (str(CHAT), "Dân")


def test_the_same_update_twenty_times_at_once(bare_app, post):
    post(update(1, text="Đèn đường trước nhà văn hóa bị hỏng"))
    post(update(2, location={"latitude": 21.03, "longitude": 105.81}))
    body = db.session.scalars(sa.select(OutboxRow.body).order_by(OutboxRow.id.desc())).first()
    send = next(c for c in json.loads(body)["choices"] if c["label"] == "Gửi")
    data = json.dumps(press(3, send["payload"])).encode()
    db.session.remove()
    codes, start = [], threading.Barrier(20)

    def deliver():
        client = bare_app.test_client()
        start.wait()
        codes.append(client.post(URL, data=data, headers=SECRET).status_code)

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [200] * 20
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Petition.id)).all()) == 1


def test_whatever_fails_in_the_answer_it_is_200_and_waits(post, monkeypatch):
    def breaks(*_args, **_kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(engine, "take_turn", breaks)
    assert post(update(1, text="Đèn hỏng ở đầu ngõ")).status_code == 200
    (row,) = rows()
    assert (row.state, row.tries, row.note) == (InboundState.NEW, 1, "RuntimeError: no")
    assert row.next_try_at is not None


def test_even_when_handling_cannot_begin(post, monkeypatch):
    def breaks(_inbound):
        raise RuntimeError("the database went away")

    monkeypatch.setattr(inbox, "_at_once", breaks)
    monkeypatch.setattr(inbox, "handle", breaks)
    assert post(update(1, text="Đèn hỏng ở đầu ngõ")).status_code == 200
    assert rows()[0].state is InboundState.NEW


def test_what_was_not_stored_is_no_200(post, monkeypatch):
    """Telegram must send again what we could not keep."""

    def breaks(_inbound, **_values):
        raise sa.exc.OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(inbox, "_stored", breaks)
    assert post(update(1, text="Đèn hỏng ở đầu ngõ")).status_code == 500


def test_personal_words_are_sealed_in_the_database(post):
    post(update(1, text="Tôi là Trần Thị Dân ở ngõ 5"))
    raw = db.session.execute(sa.text("SELECT payload FROM inbound")).scalar_one()
    assert "Dân" not in raw
    assert "Dân" in rows()[0].payload
