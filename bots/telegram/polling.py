"""Long polling: updates fetched, stored, answered, and how far we have come."""

import logging
import time
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bots.telegram import account as accounts
from bots.telegram import updates
from bots.telegram.account import Bot
from bots.telegram.api import BotApi, Failed
from feedback import clock
from feedback.conversations import inbox
from feedback.conversations.inbound import Ignored, Inbound
from feedback.db import transaction
from feedback.people.models import Channel

log = logging.getLogger(__name__)

HOLD = 25  # seconds Telegram holds a poll open
LONGEST_PAUSE = 30.0  # seconds between tries while Telegram or the database is away
# After a quiet week Telegram numbers updates anew, perhaps lower: then an old cursor would skip them.
FORGET_CURSOR = timedelta(days=6)


def poll(bot: Bot, api: BotApi, rounds: int | None = None) -> None:
    """Take updates in as they come, for ever or so many rounds. Raises Failed for what won't pass."""
    offset = _start(bot)
    pause = 1.0
    while rounds is None or rounds > 0:
        rounds = None if rounds is None else rounds - 1
        try:
            told = api.call(
                "getUpdates",
                patience=HOLD,
                offset=offset,
                timeout=HOLD,
                allowed_updates=list(updates.KINDS),
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
    stored: dict[str, Inbound] = {}  # one of each sender's: what came together is answered together
    for update in told:
        read = updates.parse(update, bot.name)
        if isinstance(read, Ignored):
            inbox.set_aside(Channel.TELEGRAM, bot.name, read, str(update)[:1000])
        elif inbox.receive(read) is not None:
            stored[read.sender] = read
    offset = max(int(str(update["update_id"])) for update in told) + 1
    with transaction():
        accounts.keep_cursor(bot, offset)
    for inbound in stored.values():
        inbox.handle(inbound)
    return offset


def _start(bot: Bot) -> int:
    """Where to go on; from what Telegram still holds when the cursor may be out of date."""
    is_fresh = bot.last_event_at and clock.now() - bot.last_event_at < FORGET_CURSOR
    return int(bot.cursor) if bot.cursor and is_fresh else 0


def _brief(error: Exception) -> str:
    return str(error) if isinstance(error, Failed) else type(error).__name__
