"""Sending through python-telegram-bot to the stand-in: each call right, each failure understood."""

import asyncio
from datetime import UTC, datetime

import pytest

from bots.telegram.channel import Attachment, TelegramSender
from feedback.outbox.channel import (
    CALLBACK,
    AccountRefused,
    Delivery,
    Moved,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.models import Channel
from tests.bots.telegram_server import (
    TOKEN,
    Fault,
    TelegramServer,
    bad_request,
    blocked,
    migrated,
    not_json,
    reset,
    server_error,
    silent,
    too_many,
    unauthorized,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def telegram():
    with TelegramServer() as running:
        yield running


def row(chat="1001", notice="test", **detail) -> Delivery:
    lane = f"telegram:main:{chat}"
    return Delivery(1, Channel.TELEGRAM, "main", chat, lane, notice, 1, NOW, detail)


def send(
    telegram,
    prompt,
    to=None,
    *,
    find_file=lambda _key: None,
    token=TOKEN,
    url=None,
    times=1,
    patience=20.0,
):
    """What `send` returned, in a loop of its own."""

    async def go():
        sender = TelegramSender(
            token,
            api_url=url or telegram.api_url,
            file_url=telegram.file_url,
            find_file=find_file,
            seconds=patience,
        )
        await sender.open()
        try:
            for _ in range(times):
                result = await sender.send(to or row(), prompt)
        finally:
            await sender.close()
        return result

    return asyncio.run(go())


def test_a_text_goes_out_as_it_is(telegram):
    provider_id = send(telegram, Prompt("Số <b>1</b> & *2* của Ông/Bà"))
    (call,) = telegram.taken("1001")
    assert call.text == "Số <b>1</b> & *2* của Ông/Bà"
    assert "parse_mode" not in call.params
    assert call.params["link_preview_options"] == {"is_disabled": True}
    assert provider_id == str(telegram.accepted[-1][0])


def test_buttons_carry_their_payload(telegram):
    send(telegram, Prompt("Gửi?", (Choice("Gửi", "send"), Choice("Sửa", "edit"))))
    (call,) = telegram.taken()
    assert [(b["text"], b["callback_data"]) for b in call.buttons] == [
        ("Gửi", "send"),
        ("Sửa", "edit"),
    ]


def test_a_place_is_asked_for_with_a_button_of_the_phone(telegram):
    send(telegram, Prompt("Ở đâu?", ask_location=True))
    assert telegram.taken()[0].buttons[0]["request_location"] is True


def test_a_pressed_button_is_answered(telegram):
    send(telegram, Prompt(""), row(notice=CALLBACK, callback_id="cb7"))
    (_, call) = telegram.accepted[-1]
    assert (call.method, call.params["callback_query_id"]) == ("answerCallbackQuery", "cb7")


def a_file(tmp_path, media_type="image/jpeg", name="anh.jpg", size=None, **more):
    path = tmp_path / name
    path.write_bytes(b"bytes of " + name.encode())
    file = Attachment(path, name, media_type, size or path.stat().st_size, **more)
    return lambda key: file if key == "k1" else None


def test_a_photo_is_sent_as_a_photo(telegram, tmp_path):
    send(telegram, Prompt("", file_key="k1"), find_file=a_file(tmp_path))
    (call,) = telegram.taken()
    assert (call.method, list(call.files.values())) == ("sendPhoto", [b"bytes of anh.jpg"])


@pytest.mark.parametrize(
    "file",
    [
        {"media_type": "application/pdf", "name": "quyet-dinh.pdf"},
        {"size": 11 * 1024 * 1024},
        {"width": 9000, "height": 1200},
        {"width": 2100, "height": 100},
    ],
)
def test_what_is_no_photo_to_telegram_is_sent_as_a_document(telegram, tmp_path, file):
    send(telegram, Prompt("", file_key="k1"), find_file=a_file(tmp_path, **file))
    assert telegram.taken()[0].method == "sendDocument"


@pytest.mark.parametrize("media_type", ["image/jpeg", "application/pdf"])
def test_a_file_for_a_topic_goes_into_it(telegram, tmp_path, media_type):
    file = a_file(tmp_path, media_type)
    send(telegram, Prompt("", file_key="k1"), row("-1001987654321/7"), find_file=file)
    (call,) = telegram.taken()
    assert (call.chat, str(call.params["message_thread_id"])) == ("-1001987654321", "7")


def test_a_photo_telegram_cannot_draw_is_sent_as_a_document(telegram, tmp_path):
    telegram.fail(bad_request("Bad Request: PHOTO_INVALID_DIMENSIONS"))
    send(telegram, Prompt("", file_key="k1"), find_file=a_file(tmp_path))
    assert [call.method for call in telegram.taken()] == ["sendDocument"]


def test_a_file_that_is_gone_or_too_large_is_a_permanent_failure(telegram, tmp_path):
    for find_file in (lambda _key: None, a_file(tmp_path, size=51 * 1024 * 1024)):
        with pytest.raises(PermanentFailure):
            send(telegram, Prompt("", file_key="k1"), find_file=find_file)
    assert telegram.calls == []


@pytest.mark.parametrize(
    ("fault", "expected", "more"),
    [
        (too_many(7), TemporaryFailure, {"retry_after": 7.0, "whole_account": False}),
        (Fault(status=429, body=b"nginx"), TemporaryFailure, {"retry_after": 5.0}),
        (blocked(), PermanentFailure, {"unreachable": True}),
        (bad_request(), PermanentFailure, {"unreachable": True}),
        (
            bad_request("Bad Request: message text is empty"),
            PermanentFailure,
            {"unreachable": False},
        ),
        (Fault(status=413, body=b"<html>"), PermanentFailure, {"unreachable": False}),
        (migrated(-1002), Moved, {"address": "-1002"}),
        (unauthorized(), AccountRefused, {}),
        (server_error(500), TemporaryFailure, {"whole_account": False}),
        (server_error(502), TemporaryFailure, {"whole_account": False}),
        (server_error(504), UnknownOutcome, {}),
        (not_json(), UnknownOutcome, {}),
        (Fault(body=b'{"ok": true, "result": {}}'), UnknownOutcome, {}),
        (silent(accepts=True), UnknownOutcome, {}),
        (silent(accepts=False), UnknownOutcome, {}),
        (reset(accepts=True), UnknownOutcome, {}),
        (reset(accepts=False), UnknownOutcome, {}),
    ],
)
def test_each_failure_is_understood(telegram, fault, expected, more):
    telegram.fail(fault)
    with pytest.raises(expected) as caught:
        send(telegram, Prompt("Xin chào"), patience=0.2 if fault.way == "silent" else 20.0)
    assert {name: getattr(caught.value, name) for name in more} == more
    assert len(telegram.taken()) == int(fault.accepts)


def test_a_provider_that_is_down_did_not_get_the_message(telegram):
    with TelegramServer() as gone:
        url = gone.api_url
    with pytest.raises(TemporaryFailure) as caught:
        send(telegram, Prompt("Xin chào"), url=url)
    assert caught.value.whole_account


def test_a_wrong_token_is_the_accounts_trouble_and_stays_secret(telegram):
    with pytest.raises(AccountRefused) as caught:
        send(telegram, Prompt("Xin chào"), token="999:WRONG")
    assert "999" not in str(caught.value)


def test_the_connection_is_kept_between_messages(telegram):
    send(telegram, Prompt("Xin chào"), times=3)
    assert telegram.connections == 1
