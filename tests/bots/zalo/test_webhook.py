"""POST /webhooks/zalo: proven first, stored once, answered 200 whatever happens behind."""

import json
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bots import webhook
from bots.zalo import account as accounts
from bots.zalo import spool
from feedback import clock
from feedback.audit import AuditRow
from feedback.conversations import engine, erasure, inbox
from feedback.conversations.models import Conversation, InboundRow, InboundState
from feedback.db import db, transaction
from feedback.documents.models import StoredFile
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.petitions.models import Petition, TimelineEntry
from feedback.wards.models import ChannelAccount
from tests.bots.zalo.parts import make_account, use_settings
from tests.bots.zalo_server import APP_ID, OA_ID, OA_KEY, ZaloServer, signed

URL = "/webhooks/zalo"
FOLDER = Path(__file__).parents[2] / "payloads" / "zalo"
ALL = sorted(path.stem for path in FOLDER.glob("*.json"))
USER = "246845883529197922"


def event(number: int, name="user_send_text", **message) -> dict:
    return {
        "app_id": APP_ID,
        "event_name": name,
        "timestamp": str(1772589600000 + number * 1000),
        "sender": {"id": USER},
        "recipient": {"id": OA_ID},
        "message": {"msg_id": f"m{number}", **message},
    }


def press(number: int, payload: str) -> dict:
    return event(number, text=f"#{payload}")


def at(number: int, lat: float, lng: float) -> dict:
    point = {
        "type": "location",
        "payload": {"coordinates": {"latitude": str(lat), "longitude": str(lng)}},
    }
    return event(number, "user_send_location", attachments=[point])


@pytest.fixture
def post(client, world, app, monkeypatch):
    use_settings(app, monkeypatch)
    make_account(world)

    def send(body, headers=None):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        stamp = json.loads(data)["timestamp"] if headers is None else ""
        return client.post(URL, data=data, headers=headers or signed(data, stamp))

    return send


def rows() -> list[InboundRow]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(InboundRow).order_by(InboundRow.id)))


def said() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxRow.notice).order_by(OutboxRow.id)))


@pytest.mark.parametrize("header", ["", "mac=", "mac=" + "0" * 64, "bí mật"])
def test_a_wrong_signature_is_refused_before_the_body_is_parsed(post, monkeypatch, header):
    monkeypatch.setattr(webhook, "_take_in", lambda *_: pytest.fail("the body was parsed"))
    header = header.encode().decode("latin-1")
    assert post(b"{not json", {"X-ZEvent-Signature": header}).status_code == 403
    assert post(b"{not json", {"X-Other": "1"}).status_code == 403
    assert rows() == []


def test_without_any_key_there_is_no_webhook(post, app, monkeypatch):
    use_settings(app, monkeypatch, zalo_oa_secret_key="", zalo_app_secret="")
    body = json.dumps(event(1, text="a")).encode()
    assert post(body, signed(body, event(1)["timestamp"], "")).status_code == 403


def test_without_its_own_key_the_secret_of_the_application_counts(post, app, monkeypatch):
    use_settings(app, monkeypatch, zalo_oa_secret_key="", zalo_app_secret="s")
    body = json.dumps(event(1, text="Đèn hỏng")).encode()
    assert post(body, signed(body, event(1)["timestamp"], "s")).status_code == 200


def test_a_huge_body_is_413(post):
    body = b'{"timestamp":"1","x":"' + b"a" * (webhook.LARGEST + 1) + b'"}'
    assert post(body, signed(body, "1")).status_code == 413


@pytest.mark.parametrize("name", ALL)
def test_every_recorded_event_is_answered_200_and_stored_once(post, world, name):
    body = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    account = webhook.events.account_of(body)
    make_account(world, account)
    for _ in range(3):
        assert post(body).status_code == 200
    (row,) = rows()
    assert row.account == account
    assert (row.state is InboundState.IGNORED) == bool(row.note) or row.note == "withdrawn"


def test_an_account_nobody_connected_is_stored_with_the_reason(post):
    assert post({**event(1, text="a"), "recipient": {"id": "77"}}).status_code == 200
    (row,) = rows()
    assert (row.state, row.account) == (InboundState.IGNORED, "77")
    assert "not connected" in row.note


def test_an_account_that_is_switched_off_hears_nothing(post):
    with transaction():
        db.session.execute(sa.update(ChannelAccount).values(is_enabled=False))
    accounts.forget()
    post(event(1, text="Đèn hỏng ở đầu ngõ"))
    assert rows()[0].state is InboundState.IGNORED
    assert said() == []


def test_two_accounts_are_told_apart(post, world):
    make_account(world, "77")
    post(event(1, text="Xin chào"))
    post({**event(1, text="Xin chào"), "recipient": {"id": "77"}})
    assert [row.account for row in rows()] == [OA_ID, "77"]
    assert len(db.session.scalars(sa.select(Contact)).all()) == 2


def test_the_last_event_is_noted(post):
    post(event(1, text="Xin chào"))
    assert clock.now() - db.session.scalar(sa.select(ChannelAccount.last_event_at)) < timedelta(
        minutes=1
    )


def report(post) -> None:
    assert post(event(1, text="Đèn đường trước nhà văn hóa bị hỏng")).status_code == 200
    assert post(at(2, 21.03, 105.81)).status_code == 200


def sending() -> str:
    body = db.session.scalars(sa.select(OutboxRow.body).order_by(OutboxRow.id.desc())).first()
    return next(c for c in json.loads(body)["choices"] if c["label"] == "Gửi")["payload"]


def test_the_whole_report_however_often_each_event_comes(post):
    report(post)
    payload = sending()
    for _ in range(5):
        assert post(press(3, payload)).status_code == 200
        report(post)
    assert said() == ["chat.ask_place", "chat.summary", "petition.received"]
    (petition,) = db.session.scalars(sa.select(Petition))
    assert petition.channel is Channel.ZALO
    assert db.session.scalars(sa.select(Contact.address)).one() == USER


def test_the_same_event_twenty_times_at_once(bare_app, post):
    report(post)
    data = json.dumps(press(3, sending())).encode()
    db.session.remove()
    codes, start = [], threading.Barrier(20)

    def deliver():
        client = bare_app.test_client()
        start.wait()
        headers = signed(data, json.loads(data)["timestamp"])
        codes.append(client.post(URL, data=data, headers=headers).status_code)

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [200] * 20
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Petition.id)).all()) == 1


def test_a_follower_is_greeted_and_one_who_leaves_is_marked(post):
    follow = {"oa_id": OA_ID, "follower": {"id": USER}, "event_name": "follow"}
    post({**follow, "timestamp": "1772589600000"})
    assert said() == ["chat.hello"]
    post({**follow, "event_name": "unfollow", "timestamp": "1772589700000"})
    assert db.session.scalars(sa.select(Contact.unreachable_at)).one() is not None
    post(event(3, text="Xin chào"))
    db.session.rollback()
    assert db.session.scalars(sa.select(Contact.unreachable_at)).one() is None


def test_whatever_fails_in_the_answer_it_is_200_and_waits(post, monkeypatch):
    monkeypatch.setattr(engine, "take_turn", lambda *_a, **_k: 1 / 0)
    assert post(event(1, text="Đèn hỏng ở đầu ngõ")).status_code == 200
    assert rows()[0].state is InboundState.NEW


def test_while_the_database_is_away_events_wait_on_disk(post, app, monkeypatch):
    """Zalo sends again neither what was answered nor what was refused."""

    def breaks(*_args):
        raise sa.exc.OperationalError("insert", {}, Exception("disk full"))

    root = app.config["SETTINGS"].upload_dir
    with monkeypatch.context() as patch:
        patch.setattr(accounts, "lately_known", breaks)
        for number in (1, 2, 1):
            assert post(event(number, text="Đèn hỏng ở đầu ngõ")).status_code == 200
        assert spool.take_in(root, webhook.take_in_zalo) == 0
    assert rows() == []
    assert spool.take_in(root, webhook.take_in_zalo) == 2
    assert spool.take_in(root, webhook.take_in_zalo) == 0
    assert len(rows()) == 2


def test_a_slow_provider_behind_does_not_slow_the_answer(post):
    begun = time.monotonic()
    for number in range(5):
        post(event(number, text=f"Đèn hỏng ở đầu ngõ {number}"))
    assert (time.monotonic() - begun) / 5 < 1


# Media


@pytest.fixture
def picture(app, monkeypatch):
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    with ZaloServer() as zalo:
        use_settings(app, monkeypatch, zalo_openapi_base_url=zalo.url)
        yield zalo, zalo.picture(out.getvalue())


def image(number, url):
    attachments = [{"type": "image", "payload": {"url": url, "thumbnail": url}}]
    return event(number, "user_send_image", attachments=attachments)


def test_a_photo_is_fetched_and_redrawn(post, picture):
    _zalo, url = picture
    post(event(1, text="Đèn đường trước nhà văn hóa bị hỏng"))
    post(image(2, url))
    assert inbox.handle_pending() == 1
    (file,) = db.session.scalars(sa.select(StoredFile))
    assert (file.media_type, file.width, file.height) == ("image/jpeg", 40, 30)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:5432/",
        "https://zdn.vn.evil.example/a.jpg",
        "https://evil.example/zdn.vn",
        "https://user@f6.photo.talk.zdn.vn/a.jpg",
        "https://f6.photo.talk.zdn.vn:8443/a.jpg",
        "file:///etc/passwd",
        "ftp://f6.photo.talk.zdn.vn/a.jpg",
        "https://[::1/",
        "",
    ],
)
def test_files_come_from_zalo_only(post, monkeypatch, url):
    monkeypatch.setattr("requests.Session.get", lambda *_a, **_k: pytest.fail("it was asked for"))
    post(event(1, text="Đèn đường trước nhà văn hóa bị hỏng"))
    post(image(2, url))
    inbox.handle_pending()
    assert db.session.scalars(sa.select(StoredFile)).all() == []
    assert "chat.file_refused" in said()


def test_zalos_own_hosts_are_allowed():
    from bots.zalo.files import is_allowed

    for url in (
        "https://f6.photo.talk.zdn.vn/a.jpg",
        "http://f18-zpg.zdn.vn/b",
        "https://zalo-api.zadn.vn/s",
    ):
        assert is_allowed(url, "https://openapi.zalo.me")


def test_a_file_that_is_gone_is_asked_for_again(post, picture):
    zalo, url = picture
    zalo.media.clear()
    zalo.fail(webhook_fault(404), path="/media/1.jpg")
    post(image(1, url))
    inbox.handle_pending()
    assert "chat.file_refused" in said()


def webhook_fault(status):
    from tests.bots.telegram_server import server_error

    return server_error(status)


# Withdrawal


def withdraw() -> dict:
    return {
        "app_id": APP_ID,
        "oa_id": OA_ID,
        "user_id": USER,
        "event_name": "user_withdraw",
        "timestamp": "1772589900000",
    }


def test_who_withdraws_is_forgotten_and_that_is_written_down(post, app):
    post({**event(0, "user_submit_info"), "info": {"name": "Trần Thị Dân", "phone": "84912345678"}})
    report(post)
    post(press(3, sending()))
    post(event(4, text="Cống trước nhà tôi cũng tắc, tôi là Trần Thị Dân"))
    for _ in range(3):
        assert post(withdraw()).status_code == 200
    db.session.rollback()
    (contact,) = db.session.scalars(sa.select(Contact))
    assert (contact.display_name, contact.phone, contact.phone_hash) == (None, None, None)
    assert contact.address == f"withdrawn:{contact.id}"
    (petition,) = db.session.scalars(sa.select(Petition))
    assert (petition.reporter_name, petition.reporter_phone, petition.phone_hash) == (None,) * 3
    assert petition.is_anonymous
    assert "Đèn đường" in petition.text
    for model, column in ((InboundRow, "payload"), (OutboxRow, "body"), (Conversation, "slots")):
        for words in db.session.scalars(sa.select(getattr(model, column))):
            assert "Dân" not in (words or "")
            assert "Đèn" not in (words or "")
    for column in (InboundRow.sender, OutboxRow.recipient, OutboxRow.lane):
        assert USER not in " ".join(db.session.scalars(sa.select(column)))
    assert "đã rút lại dữ liệu" in " ".join(
        db.session.scalars(sa.select(TimelineEntry.text).where(TimelineEntry.action == "withdrawn"))
    )
    assert db.session.scalars(sa.select(AuditRow.action)).all().count("person.withdrawn") == 1
    assert all(row.state.value != "queued" for row in db.session.scalars(sa.select(OutboxRow)))


def test_files_of_who_withdrew_leave_the_disk(post, app, picture):
    _zalo, url = picture
    root = app.config["SETTINGS"].upload_dir
    post(image(1, url))
    inbox.handle_pending()
    path = root / db.session.scalars(sa.select(StoredFile.path)).one()
    db.session.rollback()
    assert path.is_file()
    post(withdraw())
    assert erasure.remove_files(root) == 1
    assert not path.exists()
    assert db.session.scalars(sa.select(StoredFile)).all() == []


def test_who_comes_back_is_somebody_new(post):
    post(event(1, text="Xin chào"))
    post(withdraw())
    post(event(5, text="Xin chào lại"))
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Contact)).all()) == 2


def test_a_failed_deletion_is_tried_again(post, monkeypatch):
    post(event(1, text="Xin chào"))
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "erase", lambda _id: 1 / 0)
        assert post(withdraw()).status_code == 200
    with transaction():
        db.session.execute(sa.update(InboundRow).values(next_try_at=None))
    inbox.handle_pending()
    db.session.rollback()
    assert db.session.scalars(sa.select(Contact.unreachable_reason)).one() == "withdrew"


def test_the_key_is_nowhere_in_the_answers(post):
    for body in (event(1, text="a"), withdraw()):
        assert OA_KEY not in post(body).text
