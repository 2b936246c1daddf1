"""Sending to Telegram: one call for one row, and what each way to fail means."""

import asyncio
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from telegram import Bot, LinkPreviewOptions, Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bots.telegram import render
from feedback.documents.attach import by_key
from feedback.outbox.channel import (
    Account,
    AccountRefused,
    Delivery,
    DeliveryFailure,
    Moved,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.prompt import Prompt

warnings.filterwarnings("ignore", message=".*attribute `retry_after` will be of type")
# httpcore looks for sniffio on disk about ten times a request: a quarter of what a message costs us.
sys.modules.setdefault("sniffio", None)
MiB = 1024 * 1024
LARGEST_PHOTO, LARGEST_FILE = 10 * MiB, 50 * MiB
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")

# What Telegram says when nothing will ever reach this chat (lower case, parts of its sentences).
GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights",
    "message thread not found",
    "topic_deleted",
    "topic_closed",
)
NOT_A_PHOTO = ("photo_invalid_dimensions", "image_process_failed", "photo_ext_invalid")


@dataclass(frozen=True)
class Attachment:
    """A stored file as it is sent."""

    path: Path
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_photo(self) -> bool:
        """Telegram shows it as a photo: not too large, not too long and thin."""
        width, height = self.width or 1, self.height or 1
        return (
            self.media_type in PHOTO_TYPES
            and self.size <= LARGEST_PHOTO
            and width + height <= 10_000
            and max(width, height) <= 20 * min(width, height)
        )


FindFile = Callable[[str], Attachment | None]  # by the key of a stored file; may use the database


class NotHandedOver(NetworkError):
    """The request never left: no connection."""


class HttpError(NetworkError):
    """An answer that is not in the Bot API's own form: a server error, or a proxy's refusal."""

    def __init__(self, code: int):
        super().__init__(f"HTTP {code}")
        self.code = code


API_ANSWERS = (400, 401, 403, 404, 409)  # and 429 with its retry_after; 2xx


class Wire(HTTPXRequest):
    """Telegram's own request class, which also tells whether a failed request had left the house."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            if isinstance(
                error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
            ):
                raise NotHandedOver(str(error)) from error
            raise
        is_api = code < 300 or code in API_ANSWERS or b"retry_after" in payload
        if not is_api:
            raise HttpError(code)
        return code, payload


class TelegramSender:
    """One bot. `seconds`: how long Telegram may take to answer one call."""

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        file_url: str,
        find_file: FindFile,
        seconds: float = 20.0,
    ):
        self._token = token
        self._urls = {"base_url": api_url, "base_file_url": file_url}
        self._find_file, self._seconds = find_file, seconds

    async def open(self) -> None:
        wire = Wire(
            connection_pool_size=64,
            connect_timeout=min(5.0, self._seconds),
            pool_timeout=min(5.0, self._seconds),
            read_timeout=self._seconds,
            write_timeout=self._seconds,
            media_write_timeout=3 * self._seconds,
        )
        await wire.initialize()  # of the bot itself would ask Telegram who it is
        self._wire = wire
        self._bot = Bot(self._token, **self._urls, request=wire, get_updates_request=wire)

    async def close(self) -> None:
        await self._wire.shutdown()

    async def who(self) -> str:
        try:
            me = await self._bot.get_me()
        except TelegramError as error:
            raise meaning(error) from error
        return f"@{me.username}"

    async def send(self, row: Delivery, prompt: Prompt) -> str:
        """See feedback.outbox.channel.ChannelSender."""
        try:
            if row.is_callback:
                words = prompt.text[:200] or None
                await self._bot.answer_callback_query(row.detail["callback_id"], text=words)
                return ""
            message = await self._say(row.recipient, prompt)
        except TelegramError as error:
            raise meaning(error) from error
        except (KeyError, TypeError, ValueError) as error:
            raise UnknownOutcome("an answer that makes no sense") from error
        return str(message.message_id)

    async def _say(self, recipient: str, prompt: Prompt) -> Message:
        """`recipient`: a chat, or a topic of a group as "-1001234/5"."""
        chat, _, topic = recipient.partition("/")
        markup = render.markup(prompt, is_private=not chat.startswith("-"))
        if prompt.file_key:
            return await self._send_file(chat, topic, prompt, markup)
        return await self._bot.send_message(
            chat,
            render.words(prompt),
            message_thread_id=int(topic) if topic else None,
            reply_markup=markup,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _send_file(
        self, chat: str, topic: str, prompt: Prompt, markup: render.Markup
    ) -> Message:
        file = await asyncio.to_thread(self._find_file, prompt.file_key or "")
        if file is None or not file.path.is_file():
            raise PermanentFailure("the file is gone")
        if file.size > LARGEST_FILE:
            raise PermanentFailure("the file is larger than Telegram takes")
        more: dict[str, Any] = {"caption": prompt.text or None, "filename": file.name}
        more |= {"reply_markup": markup, "message_thread_id": int(topic) if topic else None}
        data = await asyncio.to_thread(file.path.read_bytes)
        if file.is_photo:
            try:
                return await self._bot.send_photo(chat, data, **more)
            except BadRequest as error:
                if not _says(error, NOT_A_PHOTO):
                    raise
        return await self._bot.send_document(chat, data, **more)


def meaning(error: TelegramError) -> DeliveryFailure:
    """What an error says about the message: the channel's knowledge, in the outbox's words."""
    words = str(error)
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait if isinstance(wait, int) else wait.total_seconds()
            return TemporaryFailure(words, retry_after=max(float(seconds), 1.0))
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case InvalidToken():
            return AccountRefused("Telegram does not know this token")
        case Forbidden():
            return PermanentFailure(words, unreachable=True)
        case BadRequest():
            return PermanentFailure(words, unreachable=_says(error, GONE))
        case NotHandedOver():
            return TemporaryFailure(words, whole_account=True)
        case HttpError(code=504):  # behind the gateway the message may have arrived
            return UnknownOutcome(words)
        case HttpError(code=429):
            return TemporaryFailure(words, retry_after=5.0)
        case HttpError():
            return TemporaryFailure(words) if error.code >= 500 else PermanentFailure(words)
        case _:  # no answer, half an answer, or one that makes no sense
            return UnknownOutcome(words)


def sender_for(app: Flask, account: Account) -> TelegramSender | None:
    """The sender of an account of this application; None when nobody gave it a token."""
    settings = app.config["SETTINGS"]
    token = account.credentials.get("token") or settings.telegram_bot_token

    def find_file(key: str) -> Attachment | None:
        with app.app_context():
            row = by_key(key)
            if row is None:
                return None
            path = settings.upload_dir / row.path
            return Attachment(path, row.name, row.media_type, row.size, row.width, row.height)

    if not token:
        return None
    return TelegramSender(
        token,
        api_url=settings.telegram_api_base_url,
        file_url=settings.telegram_file_base_url,
        find_file=find_file,
    )


def _says(error: TelegramError, sentences: tuple[str, ...]) -> bool:
    return any(sentence in str(error).lower() for sentence in sentences)
