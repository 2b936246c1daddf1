"""`flask telegram poll` and `flask telegram set-webhook`. The HTTP client is loaded only when one runs."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup

from bots.telegram import account as accounts
from bots.telegram import updates
from bots.telegram.account import Bot
from config import Settings

if TYPE_CHECKING:
    from bots.telegram.api import BotApi

telegram = AppGroup("telegram", help="Connect a Telegram bot.")

PORTS = (443, 80, 88, 8443)  # of a webhook
OFFICIAL = "api.telegram.org"
MENU = {
    "phananh": "Gửi phản ánh",
    "tracuu": "Tra cứu phản ánh",
    "nhantin": "Nhận tin của tổ, của phường",
    "huy": "Hủy việc đang làm dở",
    "trogiup": "Hướng dẫn",
}
OFFICIALS = {
    "viec": "Việc của tôi",
    "duyet": "Văn bản chờ tôi duyệt",
    "nhapho": "Nhập hộ người dân",
    "loanbao": "Loan báo cho bà con trong tổ",
    "huylienket": "Hủy liên kết với tài khoản cán bộ",
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
    from bots.telegram.polling import Failed, poll

    bot, api = _connect(account)
    try:
        api.call("deleteWebhook", drop_pending_updates=False)
        _introduce(bot, api)
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
    from bots.telegram.api import Failed

    bot, api = _connect(account)
    url = f"{_settings().public_url}/webhooks/telegram/{bot.name}"
    _check_webhook(url, bot)
    try:
        api.call(
            "setWebhook",
            url=url,
            secret_token=bot.secret,
            allowed_updates=list(updates.KINDS),
            max_connections=40,
        )
        _introduce(bot, api)
    except Failed as error:
        raise click.ClickException(WHY.get(error.code, str(error))) from None
    click.echo(f"Telegram sẽ gửi tin nhắn tới {url}")


def _introduce(bot: "Bot", api: "BotApi") -> None:
    """The menus of commands, and under which name people find the bot. Raises Failed.

    Officers' own chats show theirs first; who links later sees them after the next start.
    """
    from bots.telegram.api import Failed

    api.call("setMyCommands", commands=_listed(MENU))
    for address in accounts.chats_of_officers(bot):
        scope = {"type": "chat", "chat_id": int(address)}
        try:
            api.call("setMyCommands", commands=_listed(OFFICIALS | MENU), scope=scope)
        except Failed as error:
            if error.code != 400:  # a chat Telegram no longer knows
                raise
    accounts.keep_public_name(bot, str(api.call("getMe").get("username") or ""))


def _listed(menu: dict[str, str]) -> list[dict[str, str]]:
    return [{"command": name, "description": words} for name, words in menu.items()]


def _connect(name: str) -> "tuple[Bot, BotApi]":
    from bots.telegram.api import BotApi

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
