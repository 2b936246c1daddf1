"""`flask telegram poll` and `flask telegram set-webhook`."""

import logging
import re
import time
from datetime import timedelta
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from bots.telegram import account as accounts
from bots.telegram import updates
from bots.telegram.account import Bot
from bots.telegram.api import BotApi, Failed
from config import Settings
from feedback import clock
from feedback.conversations import inbox
from feedback.conversations.inbound import Ignored
from feedback.db import transaction
from feedback.people.models import Channel

log = logging.getLogger(__name__)

telegram = AppGroup("telegram", help="Connect a Telegram bot.")

WANTED = list(updates.KINDS)
HOLD = 25  # seconds Telegram holds a poll open
LONGEST_PAUSE = 30.0  # seconds between tries while Telegram is away
PORTS = (443, 80, 88, 8443)  # of a webhook
OFFICIAL = "api.telegram.org"
# After a quiet week Telegram numbers updates anew, perhaps lower: then an old cursor would skip them.
FORGET_CURSOR = timedelta(days=6)
MENU = {
    "phananh": "Gửi phản ánh",
    "tracuu": "Tra cứu phản ánh",
    "huy": "Hủy việc đang làm dở",
    "trogiup": "Hướng dẫn",
}
WHY = {
    401: "Telegram does not know this token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN.",
    404: "Telegram does not know this token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN.",
    409: "Another program is reading this bot's messages (409 Conflict): a second `flask telegram poll`, "
    "or a webhook set meanwhile. Stop the other one and start again.",
}


@telegram.command("poll")
@click.option("--account", default=accounts.MAIN, show_default=True)
def poll_command(account: str) -> None:
    """Fetch messages by long polling; needs no public address."""
    bot, api = _connect(account)
    try:
        api.call("deleteWebhook", drop_pending_updates=False)
        click.echo("Đang nhận tin nhắn từ Telegram. Ctrl-C để dừng.")
        poll(bot, api)
    except Failed as error:
        raise click.ClickException(WHY.get(error.code, str(error))) from None
    except KeyboardInterrupt:
        click.echo("Đã dừng.")


@telegram.command("set-webhook")
@click.option("--account", default=accounts.MAIN, show_default=True)
def set_webhook_command(account: str) -> None:
    """Tell Telegram to post messages to PUBLIC_URL."""
    bot, api = _connect(account)
    url = f"{_settings().public_url}/webhooks/telegram/{bot.name}"
    _check_webhook(url, bot)
    try:
        api.call(
            "setWebhook",
            url=url,
            secret_token=bot.secret,
            allowed_updates=WANTED,
            max_connections=40,
        )
        commands = [{"command": name, "description": words} for name, words in MENU.items()]
        api.call("setMyCommands", commands=commands)
    except Failed as error:
        raise click.ClickException(WHY.get(error.code, str(error))) from None
    click.echo(f"Telegram sẽ gửi tin nhắn tới {url}")


def poll(bot: Bot, api: BotApi, rounds: int | None = None) -> None:
    """Take updates in as they come, for ever or so many rounds. Raises Failed for what won't pass."""
    offset = _start(bot)
    pause = 1.0
    while rounds is None or rounds > 0:
        rounds = None if rounds is None else rounds - 1
        try:
            told = api.call(
                "getUpdates", patience=HOLD, offset=offset, timeout=HOLD, allowed_updates=WANTED
            )
            pause = 1.0
            if told:
                offset = take_in(bot, told)
        except (Failed, SQLAlchemyError) as error:
            if isinstance(error, Failed) and not error.may_pass:
                raise
            log.warning("polling: %s; again in %.0f s", _brief(error), pause)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def take_in(bot: Bot, told: list[dict[str, object]]) -> int:
    """Store updates, remember how far we have come, then answer; the next offset."""
    stored = []
    for update in told:
        read = updates.parse(update, bot.name)
        if isinstance(read, Ignored):
            inbox.set_aside(Channel.TELEGRAM, bot.name, read, str(update)[:1000])
        elif inbox.receive(read) is not None:
            stored.append(read)
    offset = max(int(str(update["update_id"])) for update in told) + 1
    with transaction():
        accounts.keep_cursor(bot, offset)
    for inbound in stored:
        inbox.handle(inbound)
    return offset


def _start(bot: Bot) -> int:
    """Where to go on; from what Telegram still holds when the cursor may be out of date."""
    is_fresh = bot.last_event_at and clock.now() - bot.last_event_at < FORGET_CURSOR
    return int(bot.cursor) if bot.cursor and is_fresh else 0


def _brief(error: Exception) -> str:
    return str(error) if isinstance(error, Failed) else type(error).__name__


def _connect(name: str) -> tuple[Bot, BotApi]:
    settings = _settings()
    bot = accounts.find(name, settings)
    if bot is None or not bot.token:
        raise click.ClickException(
            "No such bot, or no ward yet. Put the token from @BotFather into TELEGRAM_BOT_TOKEN "
            "and make a ward first (`make run` makes a demonstration ward)."
        )
    api = BotApi(
        bot.token,
        api_url=settings.telegram_api_base_url,
        file_url=settings.telegram_file_base_url,
    )
    return bot, api


def _check_webhook(url: str, bot: Bot) -> None:
    """Raises click.ClickException saying what to change."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", bot.secret):
        raise click.ClickException(
            "TELEGRAM_WEBHOOK_SECRET must be 1 to 256 letters, digits, _ or -. Make one: "
            "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    parts = urlsplit(url)
    if urlsplit(_settings().telegram_api_base_url).hostname != OFFICIAL:
        return  # one's own Bot API server takes any address
    if parts.scheme != "https" or (parts.port or 443) not in PORTS:
        raise click.ClickException(
            f"Telegram posts only to https addresses on port {', '.join(map(str, PORTS))}; PUBLIC_URL "
            f"is {_settings().public_url}. Put the ward behind https and set PUBLIC_URL, or use "
            "`flask telegram poll`, which needs no public address."
        )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
