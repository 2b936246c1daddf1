"""Polling, setting the webhook, and fetching files, against a stand-in for the Bot API."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from bots.telegram import account as accounts
from bots.telegram import polling
from bots.telegram.api import BotApi, Failed
from bots.telegram.updates import COMMANDS
from feedback import clock
from feedback.conversations import inbox
from feedback.conversations.models import InboundRow, InboundState
from feedback.db import db, transaction
from feedback.documents.models import StoredFile
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.wards.models import ChannelAccount
from tests.bots.telegram_server import TelegramServer, refused, reset, server_error, too_many

DAN = "1001"


@pytest.fixture
def telegram(app, monkeypatch):
    with TelegramServer() as server:
        settings = replace(
            app.config["SETTINGS"],
            telegram_api_base_url=server.api_url,
            telegram_file_base_url=server.file_url,
        )
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        yield server


@pytest.fixture
def poll(app, world, telegram, monkeypatch):
    monkeypatch.setattr(polling, "HOLD", 0)
    monkeypatch.setattr(polling.time, "sleep", lambda _seconds: None)

    def run(rounds=1):
        bot = accounts.find("main", app.config["SETTINGS"])
        polling.poll(bot, api(telegram), rounds)

    return run


def api(telegram) -> BotApi:
    return BotApi(telegram.token, api_url=telegram.api_url, file_url=telegram.file_url)


def said() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutboxRow.notice).order_by(OutboxRow.id)))


def cursor() -> str | None:
    db.session.rollback()
    return db.session.scalar(sa.select(ChannelAccount.cursor))


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(file, "JPEG")
    return file.getvalue()


def test_polled_messages_are_answered(telegram, poll):
    telegram.write(DAN, text="Đèn đường trước nhà văn hóa bị hỏng")
    telegram.write(DAN, location={"latitude": 21.03, "longitude": 105.81})
    poll()
    assert said() == ["chat.summary"]  # both were there at once, so nothing was left to ask


def test_the_cursor_is_kept_and_nothing_comes_twice(telegram, poll):
    last = telegram.write(DAN, text="alo")
    poll()
    assert cursor() == str(last["update_id"] + 1)
    telegram.write(DAN, text="menu")
    poll(2)
    assert said() == ["chat.hello", "chat.menu"]
    offsets = [call.params["offset"] for call in telegram.calls if call.method == "getUpdates"]
    assert offsets[:2] == [0, last["update_id"] + 1]


def test_after_a_crash_before_the_cursor_was_kept_updates_come_again_and_stop(telegram, poll):
    telegram.write(DAN, text="alo")
    poll()
    with transaction():
        db.session.execute(sa.update(ChannelAccount).values(cursor=None))
    poll()
    assert said() == ["chat.hello"]


def test_an_old_cursor_is_not_trusted(telegram, poll):
    """After a quiet week Telegram may number updates anew, and lower."""
    telegram.write(DAN, text="alo")
    poll()
    with transaction():
        long_ago = clock.now() - timedelta(days=8)
        db.session.execute(
            sa.update(ChannelAccount).values(cursor="999999", last_event_at=long_ago)
        )
    telegram.write(DAN, text="menu")
    poll()
    assert said() == ["chat.hello", "chat.menu"]


def test_unknown_updates_move_the_cursor_too(telegram, poll):
    telegram.push(teleportation={})
    poll()
    assert cursor()
    assert db.session.scalars(sa.select(InboundRow.state)).all() == [InboundState.IGNORED]


@pytest.mark.parametrize("fault", [server_error(502), too_many(1), reset(accepts=False)])
def test_trouble_that_may_pass_is_waited_out(telegram, poll, fault):
    telegram.write(DAN, text="alo")
    telegram.fail(fault, method="getUpdates")
    poll(2)
    assert said() == ["chat.hello"]


@pytest.mark.parametrize(
    "fault", [refused(409, "Conflict: terminated by other getUpdates request")]
)
def test_a_conflict_ends_polling(telegram, poll, fault):
    telegram.fail(fault, method="getUpdates")
    with pytest.raises(Failed):
        poll()


def test_the_command_explains_a_conflict(telegram, app, world):
    telegram.fail(refused(409, "Conflict"), method="getUpdates")
    result = app.test_cli_runner().invoke(args=["telegram", "poll"])
    assert result.exit_code == 1
    assert "Another program is reading" in result.output
    assert [call.method for call in telegram.calls] == [
        "deleteWebhook",
        "setMyCommands",
        "getMe",
        "getUpdates",
    ]


def test_without_a_ward_the_command_says_what_to_do(telegram, app):
    result = app.test_cli_runner().invoke(args=["telegram", "poll"])
    assert result.exit_code == 1
    assert "make a ward first" in result.output


def test_the_token_is_never_in_an_error(telegram):
    telegram.fail(reset(accepts=False), method="getUpdates")
    with pytest.raises(Failed) as raised:
        api(telegram).call("getUpdates")
    assert telegram.token not in repr(raised.value)
    assert raised.value.__suppress_context__


def test_set_webhook_tells_where_what_and_the_secret(telegram, app, world):
    result = app.test_cli_runner().invoke(args=["telegram", "set-webhook"])
    assert result.exit_code == 0, result.output
    assert telegram.webhook["url"] == "http://ward.test/webhooks/telegram/main"
    assert telegram.webhook["secret_token"] == "telegram-secret"
    assert set(telegram.webhook["allowed_updates"]) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }
    assert [call.method for call in telegram.calls[-2:]] == ["setMyCommands", "getMe"]
    db.session.rollback()
    assert db.session.scalar(sa.select(ChannelAccount.public_name)) == "phuong_bot"


@pytest.mark.parametrize(
    ("public_url", "is_taken"),
    [
        ("http://phuong.example.vn", False),
        ("https://phuong.example.vn:5000", False),
        ("https://phuong.example.vn", True),
        ("https://phuong.example.vn:8443", True),
    ],
)
def test_telegram_itself_takes_only_https(app, monkeypatch, world, public_url, is_taken):
    calls = []
    monkeypatch.setattr(BotApi, "call", lambda _self, method, **more: calls.append(method) or {})
    settings = replace(app.config["SETTINGS"], public_url=public_url)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    result = app.test_cli_runner().invoke(args=["telegram", "set-webhook"])
    assert (result.exit_code == 0) is is_taken
    assert calls == (["setWebhook", "setMyCommands", "getMe"] if is_taken else [])
    if not is_taken:
        assert "flask telegram poll" in result.output


def test_a_secret_telegram_would_refuse_is_refused_here(app, monkeypatch, world):
    settings = replace(app.config["SETTINGS"], telegram_webhook_secret="bí mật")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    result = app.test_cli_runner().invoke(args=["telegram", "set-webhook"])
    assert result.exit_code == 1
    assert "TELEGRAM_WEBHOOK_SECRET" in result.output


def send_photo(telegram, poll, data: bytes, **more) -> None:
    telegram.write(DAN, photo=telegram.photo(data), **more)
    poll()
    inbox.handle_pending()


def test_a_photo_is_fetched_cleaned_and_kept(telegram, poll, app):
    send_photo(telegram, poll, jpeg(), caption="Rác chưa ai dọn ở đầu ngõ")
    (file,) = db.session.scalars(sa.select(StoredFile))
    assert (file.media_type, file.width, file.height) == ("image/jpeg", 64, 48)
    assert (app.config["SETTINGS"].upload_dir / file.path).is_file()
    assert said() == ["chat.ask_place"]


def test_a_disguised_file_is_refused_by_name_and_the_words_kept(telegram, poll):
    send_photo(telegram, poll, b"MZ" + b"\0" * 500, caption="Rác chưa ai dọn ở đầu ngõ")
    assert said() == ["chat.file_refused", "chat.ask_place"]
    assert db.session.scalars(sa.select(StoredFile)).all() == []


def test_a_file_too_large_is_not_even_asked_for(telegram, poll):
    telegram.write(
        DAN,
        caption="Nước ngập cả phố",
        video={"file_id": "v", "file_unique_id": "u", "file_size": 94_000_000, "duration": 9},
    )
    poll()
    inbox.handle_pending()
    assert said() == ["chat.file_refused", "chat.ask_place"]
    assert not [call for call in telegram.calls if call.method == "getFile"]


@pytest.mark.parametrize("fault", [server_error(), reset(accepts=False), too_many(1)])
def test_a_file_telegram_cannot_give_now_is_asked_for_later(telegram, poll, fault):
    telegram.fail(fault, method="getFile")
    send_photo(telegram, poll, jpeg(), caption="Rác chưa ai dọn ở đầu ngõ")
    assert said() == []
    with transaction():
        db.session.execute(sa.update(InboundRow).values(next_try_at=None))
    inbox.handle_pending()
    assert said() == ["chat.ask_place"]
    assert len(db.session.scalars(sa.select(StoredFile)).all()) == 1


def test_a_file_telegram_forgot_is_named(telegram, poll):
    telegram.fail(refused(400, "Bad Request: wrong file_id"), method="getFile")
    send_photo(telegram, poll, jpeg(), caption="Rác chưa ai dọn ở đầu ngõ")
    assert said() == ["chat.file_refused", "chat.ask_place"]


def test_the_main_account_is_made_once(app, world):
    for _ in range(2):
        bot = accounts.find("main", app.config["SETTINGS"])
        assert (bot.name, bot.token, bot.secret) == ("main", "123456:TEST", "telegram-secret")
    (row,) = db.session.scalars(sa.select(ChannelAccount))
    assert (row.ward_id, row.channel) == (world.ward.id, Channel.TELEGRAM)
    assert "123456:TEST" not in repr(bot)


def test_without_a_token_there_is_no_account(app, world):
    settings = replace(app.config["SETTINGS"], telegram_bot_token="")
    assert accounts.find("main", settings) is None
    assert accounts.find("other", app.config["SETTINGS"]) is None


def test_officers_see_their_own_commands_in_their_own_chats(telegram, app, world):
    app.test_cli_runner().invoke(args=["telegram", "set-webhook"])
    with transaction():
        own = {"ward_id": world.ward.id, "channel": Channel.TELEGRAM, "account": "main"}
        for address, officer_id in (("501", world.an.id), ("502", None), ("503", world.chair.id)):
            db.session.add(
                Contact(**own, address=address, officer_id=officer_id, created_at=clock.now())
            )
    db.session.rollback()
    telegram.calls.clear()
    telegram.fail(refused(400, "chat not found"), chat="501", method="setMyCommands")
    result = app.test_cli_runner().invoke(args=["telegram", "set-webhook"])
    assert result.exit_code == 0, result.output
    menus = [call.params for call in telegram.calls if call.method == "setMyCommands"]
    assert [menu.get("scope", {}).get("chat_id") for menu in menus] == [None, 501, 503]
    names = [[command["command"] for command in menu["commands"]] for menu in menus]
    assert "viec" not in names[0]
    assert names[2][:3] == ["viec", "duyet", "nhapho"]
    assert set(names[0]) < set(names[2])
    assert {*names[0], *names[2]} <= COMMANDS.keys()
