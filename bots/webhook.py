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

from bots.telegram import account as telegram_account
from bots.telegram import updates
from feedback import logs
from feedback.conversations import inbox
from feedback.conversations.inbound import Ignored, Inbound
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
    answer = _take_in(Channel.TELEGRAM, account, updates.parse)
    telegram_account.heard(bot)
    return answer


def _take_in(channel: Channel, account: str, parse: Parse) -> Response:
    request.max_content_length = LARGEST  # beyond: 413
    body = request.get_data(cache=False)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return _plain("malformed", 400)
    read = parse(data, account)
    if isinstance(read, Ignored):
        ignored = read if read.message_id else replace(read, message_id=_digest(body))
        inbox.set_aside(channel, account, ignored, body.decode("utf-8", "replace")[:KEPT])
        return _plain("ignored")
    row_id = inbox.receive(read)
    if row_id is None:
        return _plain("known")
    with logs.bound(message=row_id):
        try:
            inbox.handle(read, row_id)
        except Exception:
            log.exception("the message is stored and waits for the worker")
    return _plain("ok")


def _digest(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()


def _plain(word: str, status: int = 200) -> Response:
    return Response(word, status, mimetype="text/plain")
