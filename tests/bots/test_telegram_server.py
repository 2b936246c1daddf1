"""The stand-in answers python-telegram-bot as Telegram would: what other tests build on."""

import asyncio

import pytest
from telegram import Bot, error

from tests.bots.telegram_server import (
    TOKEN,
    TelegramServer,
    bad_request,
    blocked,
    migrated,
    reset,
    too_many,
)


@pytest.fixture
def telegram():
    with TelegramServer() as running:
        yield running


def call(telegram: TelegramServer, *steps, token=TOKEN):
    """Await the steps, each given the bot, in one loop; the last one's result."""

    async def go():
        bot = Bot(token, base_url=telegram.api_url, base_file_url=telegram.file_url)
        async with bot:
            for step in steps:
                result = await step(bot)
        return result

    return asyncio.run(go())


def test_it_takes_a_message_and_remembers_it(telegram):
    sent = call(telegram, lambda bot: bot.send_message(1001, "Xin chào"))
    assert sent.message_id > 1000
    assert telegram.said("1001") == ["Xin chào"]


def test_it_takes_a_photo_with_its_bytes(telegram):
    call(telegram, lambda bot: bot.send_photo(1001, b"\xff\xd8jpeg", caption="Ảnh"))
    (photo,) = telegram.taken("1001")
    assert (photo.text, list(photo.files.values())) == ("Ảnh", [b"\xff\xd8jpeg"])


def test_updates_wait_until_they_are_confirmed(telegram):
    first = telegram.write("1001", text="một")
    telegram.press("1001", "send")
    updates = call(telegram, lambda bot: bot.get_updates())
    assert [update.update_id for update in updates] == [
        first["update_id"],
        updates[1].update_id,
    ]
    assert updates[1].callback_query.data == "send"
    rest = call(telegram, lambda bot: bot.get_updates(offset=updates[0].update_id + 1))
    assert [update.update_id for update in rest] == [updates[1].update_id]


def test_a_photo_can_be_downloaded(telegram):
    photo = telegram.photo(b"\xff\xd8jpeg")

    async def download(bot):
        file = await bot.get_file(photo[0]["file_id"])
        return bytes(await file.download_as_bytearray())

    assert call(telegram, download) == b"\xff\xd8jpeg"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (too_many(7), error.RetryAfter),
        (blocked(), error.Forbidden),
        (bad_request(), error.BadRequest),
        (migrated(-1002), error.ChatMigrated),
        (reset(accepts=False), error.NetworkError),
    ],
)
def test_it_fails_as_told_once(telegram, fault, expected):
    telegram.fail(fault, chat="1001")
    with pytest.raises(expected):
        call(telegram, lambda bot: bot.send_message(1001, "một"))
    call(telegram, lambda bot: bot.send_message(1001, "hai"))
    assert telegram.said() == ["hai"]


def test_a_wrong_token_is_refused(telegram):
    with pytest.raises(error.InvalidToken):
        call(telegram, lambda bot: bot.send_message(1001, "một"), token="1:OTHER")


def test_limits_are_kept_when_asked():
    with TelegramServer(keeps_limits=True) as telegram:
        with pytest.raises(error.RetryAfter):
            call(telegram, *[lambda bot: bot.send_message(1001, "nhanh")] * 2)
        assert telegram.said() == ["nhanh"]
