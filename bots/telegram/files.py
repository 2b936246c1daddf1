"""Getting what residents send: asked for by its id, downloaded, checked, put on disk."""

from functools import lru_cache

from flask import current_app

from bots.telegram import account as accounts
from bots.telegram.api import BotApi, Failed
from feedback.conversations.fetching import Unavailable
from feedback.conversations.inbound import FileRef
from feedback.documents import attach
from feedback.documents.intake import LIMIT, CleanFile, FileRefused
from feedback.errors import Refusal

LARGEST = min(LIMIT, 20 * 1024 * 1024)  # Telegram gives bots no larger ones


def fetch(account: str, file: FileRef) -> CleanFile:
    """One file of a message. Raises Refusal when it will never do, Unavailable when later may."""
    settings = current_app.config["SETTINGS"]
    if file.size and file.size > LARGEST:
        raise FileRefused(file.name, "too_large")
    bot = accounts.find(account, settings)
    if bot is None:
        raise Unavailable("the account is switched off")
    api = _api(bot.token, settings.telegram_api_base_url, settings.telegram_file_base_url)
    return attach.receive(settings.upload_dir, file.name, download(api, file))


@lru_cache(maxsize=32)
def _api(token: str, api_url: str, file_url: str) -> BotApi:
    """One session per bot, kept open."""
    return BotApi(token, api_url=api_url, file_url=file_url)


def download(api: BotApi, file: FileRef) -> bytes:
    """The file's bytes. Raises FileRefused when Telegram will never give them, else Unavailable."""
    try:
        told = api.call("getFile", file_id=file.key)
        return api.download(told["file_path"], LARGEST)
    except Failed as error:
        if "too big" in error.words:
            raise FileRefused(file.name, "too_large") from None
        if error.code == 400:
            raise Refusal(
                f"Tệp “{file.name}” không còn tải về được. Ông/Bà vui lòng gửi lại."
            ) from None
        raise Unavailable(str(error)) from None
    except (KeyError, TypeError):
        raise Unavailable("getFile: an answer that makes no sense") from None
