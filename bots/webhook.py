"""Messages by webhook, the same for every channel: verify, parse, store, answer, 200.

Who calls is proven before a byte of the body is read. Once a message is stored the provider gets its
200, whatever becomes of the answer: its retries are not our error handling.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from bots.telegram import account as telegram_account
from bots.telegram import updates
from bots.zalo import account as zalo_account
from bots.zalo import events, signature, spool
from config import Settings
from feedback.conversations import inbox
from feedback.conversations.inbound import Ignored, Inbound
from feedback.db import db
from feedback.people.models import Channel

log = logging.getLogger(__name__)

webhooks = Blueprint("webhooks", __name__)

LARGEST = 1024 * 1024  # bytes; a real update has a few thousand
KEPT = 64 * 1024  # characters kept of a body nobody could use
TELEGRAM_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name

Parse = Callable[[Any, str], Inbound | Ignored]


@webhooks.post("/webhooks/telegram/<account>")
def telegram(account: str) -> Response:
    bot = telegram_account.lately_known(account, current_app.config["SETTINGS"])
    if bot is None or not telegram_account.knows(bot, request.headers.get(TELEGRAM_SECRET, "")):
        return _plain("forbidden", 403)  # an unknown account looks like a wrong secret
    request.max_content_length = LARGEST  # beyond: 413
    answer = _take_in(request.get_data(), Channel.TELEGRAM, lambda _update: account, updates.parse)
    telegram_account.heard(bot)
    return answer


@webhooks.post("/webhooks/zalo")
def zalo() -> Response:
    """Events of every Official Account that granted the application its rights."""
    settings: Settings = current_app.config["SETTINGS"]
    request.max_content_length = LARGEST
    is_zalo = signature.fits(
        request.headers.get(signature.HEADER, ""),
        request.get_data(),
        app_id=settings.zalo_app_id,
        key=zalo_account.signing_key(settings),
    )
    if not is_zalo:
        return _plain("forbidden", 403)
    try:
        return take_in_zalo(request.get_data())
    except SQLAlchemyError:
        db.session.rollback()
        log.exception("an event waits on disk")
        spool.keep(settings.upload_dir, request.get_data())
        return _plain("kept")


def _of_known_account(event: Any, account: str) -> Inbound | Ignored:
    known = zalo_account.lately_known(account)
    if known is None:
        return Ignored("", f"Official Account {account or '?'} is not connected, or switched off")
    zalo_account.heard(known)
    return events.parse(event, account)


def take_in_zalo(body: bytes) -> Response:
    """Store and answer an event whose sender was proven before. Raises SQLAlchemyError."""
    return _take_in(body, Channel.ZALO, events.account_of, _of_known_account)


def _take_in(
    body: bytes, channel: Channel, account_of: Callable[[Any], str], parse: Parse
) -> Response:
    """Store a body and answer what is in it; what to tell the provider."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return _plain("malformed", 400)
    account = account_of(data)
    read = parse(data, account)
    if isinstance(read, Ignored):
        ignored = read if read.message_id else replace(read, message_id=_digest(body))
        inbox.set_aside(channel, account, ignored, body.decode("utf-8", "replace")[:KEPT])
        return _plain("ignored")
    return _plain("ok" if inbox.take_in(read) else "known")


def _digest(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()


def _plain(word: str, status: int = 200) -> Response:
    return Response(word, status, mimetype="text/plain")
