"""Sending to Zalo: one message for one row, in the way that is open, and what each way to fail means."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask

from bots.zalo import clients, render, sdk
from bots.zalo.books import Books, Plan
from bots.zalo.sdk.errors import (
    ZaloBadRequest,
    ZaloException,
    ZaloHTTPError,
    ZaloNeedsAdministrator,
    ZaloNoAnswer,
    ZaloNotHandedOver,
    ZaloOAAuthTokenExpiredException,
    ZaloRecipientRefused,
    ZaloTryLater,
)
from bots.zalo.sdk.messages import ZaloAttachment, ZaloMessageBody
from bots.zalo.sdk.pictures import shrunk
from bots.zalo.sdk.wire import Wire
from bots.zalo.tokens import TokenBusy, TokenLost
from feedback.documents.attach import by_key
from feedback.outbox import tokens
from feedback.outbox.channel import (
    Account,
    AccountRefused,
    Delivery,
    DeliveryFailure,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.prompt import Prompt
from feedback.outbox.window import Way

log = logging.getLogger("zalo")

THREADS = 24  # calls under way at once
MiB = 1024 * 1024
LARGEST_FILE = 5 * MiB
FILES = (".pdf", ".doc", ".docx", ".csv")
PICTURES = ("image/jpeg", "image/png", "image/webp")
COVERED = "in the template"
TOO_LATE = "Quá hạn nhắn tin trên Zalo (người dân chưa nhắn lại trong thời gian cho phép)."

T = TypeVar("T")


@dataclass(frozen=True)
class Attachment:
    """A stored file as it is sent."""

    path: Path
    name: str
    media_type: str
    size: int


FindFile = Callable[[str], Attachment | None]  # by the key of a stored file


class ZaloSender:
    """One Official Account. See feedback.outbox.channel.ChannelSender."""

    def __init__(self, client: sdk.oa.Client, *, books: Books, find_file: FindFile):
        self._client, self._books, self._find_file = client, books, find_file

    async def open(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="zalo")

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def who(self) -> str:
        try:
            told = await self._away(self._client.get_oa)
        except ZaloException as error:
            raise meaning(error) from error
        return str(told["data"]["name"])

    async def send(self, row: Delivery, prompt: Prompt) -> str:
        return await self._away(self._send, row, prompt)

    async def _away(self, function: Callable[..., T], *args: Any) -> T:
        """In a thread of our own, so that nothing waits for Zalo but this message."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    def _send(self, row: Delivery, prompt: Prompt) -> str:
        pause = self._client.wire.rate.pause()
        if pause > 0:
            raise TemporaryFailure("as fast as Zalo allows", retry_after=pause)
        plan = self._planned(row)
        if plan is None:
            raise PermanentFailure(TOO_LATE)
        try:
            try:
                return self._handed_over(row, prompt, plan)
            except ZaloRecipientRefused as error:
                later = self._books.instead(row, plan) if error.is_too_late else None
                if later is None:
                    raise
                return self._handed_over(row, prompt, later)
        except ZaloException as error:
            failure = meaning(error, plan.way)
        except DeliveryFailure as error:
            failure = error
        if not isinstance(failure, UnknownOutcome):
            self._books.give_back(row)
        raise failure

    def _planned(self, row: Delivery) -> Plan | None:
        """Whatever goes wrong in our own house, nothing was said yet."""
        try:
            return self._books.plan(row)
        except Exception as error:
            log.exception("message %s was not planned", row.id)
            raise TemporaryFailure(f"not planned: {type(error).__name__}") from None

    def _handed_over(self, row: Delivery, prompt: Prompt, plan: Plan) -> str:
        """The one call that says something. Raises ZaloException."""
        if plan.covered:
            return COVERED
        if plan.way is Way.TEMPLATE:
            told = self._client.send_template(row.recipient, plan.template_id, plan.values)
        else:
            body = self._body(row, prompt, plan.texts)
            kind = "anonymous" if render.is_anonymous(row.recipient) else "consultant"
            told = self._client.send_message(render.recipient(row.recipient), body, category=kind)
            self._booked(row, plan, told)
        try:
            return str(told["data"]["message_id"])
        except (KeyError, TypeError):
            raise UnknownOutcome("an answer that makes no sense") from None

    def _booked(self, row: Delivery, plan: Plan, told: dict[str, Any]) -> None:
        """Write down what it cost; the message is gone, and must not look unsent for want of that."""
        try:
            self._books.paid(row, plan, is_free="quota" in (told.get("data") or {}))
        except Exception:
            log.exception("what message %s cost was not written down", row.id)

    def _body(self, row: Delivery, prompt: Prompt, own: Mapping[str, str]) -> ZaloMessageBody:
        if prompt.file_key:
            return self._with_file(prompt)
        return render.body(prompt, own, has_buttons=not render.is_anonymous(row.recipient))

    def _with_file(self, prompt: Prompt) -> ZaloMessageBody:
        """Upload first: whatever goes wrong then, nothing was said yet."""
        file = self._find_file(prompt.file_key or "")
        if file is None or not file.path.is_file():
            raise PermanentFailure("the file is gone")
        data = file.path.read_bytes()
        try:
            if file.media_type in PICTURES:
                return self._picture(data, file, prompt)
            if file.path.suffix not in FILES or len(data) > LARGEST_FILE:
                raise PermanentFailure("Zalo takes no such file")
            told = self._client.upload_file(data, "file", file.name, file.media_type)
            return ZaloMessageBody(
                attachment=ZaloAttachment("file", {"token": told["data"]["token"]})
            )
        except (ZaloNoAnswer, KeyError, TypeError) as error:
            raise TemporaryFailure(f"upload: {error}") from None

    def _picture(self, data: bytes, file: Attachment, prompt: Prompt) -> ZaloMessageBody:
        try:
            small, media_type = shrunk(data)
        except ValueError as error:
            raise PermanentFailure(str(error)) from None
        told = self._client.upload_file(small, "image", file.name, media_type)
        element = {"media_type": "image", "attachment_id": told["data"]["attachment_id"]}
        payload = {"template_type": "media", "elements": [element]}
        return ZaloMessageBody(prompt.text or None, ZaloAttachment("template", payload))


def meaning(error: ZaloException, way: Way = Way.FREE) -> DeliveryFailure:
    """What an error says about the message: the channel's knowledge, in the outbox's words."""
    words = str(error)
    match error:
        case TokenBusy():
            return TemporaryFailure(words, whole_account=True)
        case TokenLost() | ZaloOAAuthTokenExpiredException():
            return AccountRefused("Zalo không nhận mã truy cập: cần xin lại quyền")
        case ZaloNeedsAdministrator() if way is Way.FREE:
            return AccountRefused(words)
        case ZaloNeedsAdministrator():  # what is paid is not possible; free replies go on
            return PermanentFailure(words)
        case ZaloTryLater():
            return TemporaryFailure(words, retry_after=error.retry_after)
        case ZaloRecipientRefused():
            return PermanentFailure(words, unreachable=error.is_gone)
        case ZaloBadRequest():
            return PermanentFailure(words)
        case ZaloNotHandedOver():
            return TemporaryFailure(words, whole_account=True)
        case ZaloHTTPError(code=504) | ZaloNoAnswer():  # it may have arrived
            return UnknownOutcome(words)
        case ZaloHTTPError(code=429):
            return TemporaryFailure(words, retry_after=5.0)
        case ZaloHTTPError(code=401 | 403):
            return AccountRefused(words)
        case ZaloHTTPError():
            return TemporaryFailure(words) if error.code >= 500 else PermanentFailure(words)
        case _:  # an error nobody has described: surely not taken
            return TemporaryFailure(words)


def sender_for(app: Flask, account: Account, wire: Wire | None = None) -> ZaloSender | None:
    """The sender of an account of this application; None while it has no tokens."""
    settings = app.config["SETTINGS"]
    if tokens.of(account.id) is None or not settings.zalo_app_id:
        return None

    def find_file(key: str) -> Attachment | None:
        with app.app_context():
            row = by_key(key)
            if row is None:
                return None
            return Attachment(settings.upload_dir / row.path, row.name, row.media_type, row.size)

    client = clients.for_account(app, account.id, wire)
    return ZaloSender(client, books=Books(app, account), find_file=find_file)
