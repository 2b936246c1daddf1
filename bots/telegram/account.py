"""The bots we know: rows of channel accounts, and the one the settings speak of."""

import hmac
import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from config import Settings
from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel, Contact
from feedback.wards.models import ChannelAccount, Ward

MAIN = "main"  # the bot whose token stands in the settings
HEARD_EVERY = timedelta(minutes=1)  # how exactly "last event" is kept
KEPT = 5.0  # seconds until an account switched on or off is noticed

_lately: dict[str, tuple["Bot", float]] = {}

_named = sa.select(
    ChannelAccount.id,
    ChannelAccount.name,
    ChannelAccount.is_enabled,
    ChannelAccount.credentials,
    ChannelAccount.cursor,
    ChannelAccount.last_event_at,
).where(
    ChannelAccount.channel == sa.literal(Channel.TELEGRAM, ChannelAccount.channel.type),
    ChannelAccount.name == sa.bindparam("name", type_=sa.String),
)


@dataclass(frozen=True)
class Bot:
    """One bot. `secret` is what Telegram repeats in every webhook call; empty means no webhook."""

    id: int
    name: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    cursor: str | None = None
    last_event_at: datetime | None = None


def find(name: str, settings: Settings) -> Bot | None:
    """The enabled bot of this name; the main one is made when the settings hold its token."""
    row = _row(name)
    if row is None and name == MAIN and settings.telegram_bot_token and _made():
        row = _row(name)
    if row is None or not row.is_enabled:
        return None
    own: dict[str, Any] = json.loads(row.credentials) if row.credentials else {}
    return Bot(
        row.id,
        row.name,
        token=own.get("token") or settings.telegram_bot_token,
        secret=own.get("webhook_secret") or settings.telegram_webhook_secret,
        cursor=row.cursor,
        last_event_at=row.last_event_at,
    )


def lately_known(name: str, settings: Settings) -> Bot | None:
    """The same, read again only after a few seconds: every webhook call asks."""
    now = time.monotonic()
    bot, until = _lately.get(name, (None, 0.0))
    if bot is None or now > until:
        bot = find(name, settings)
        if bot:
            _lately[name] = (bot, now + KEPT)
    return bot


def forget() -> None:
    """Read every account anew when it is asked for next."""
    _lately.clear()


def knows(bot: Bot | None, secret: str) -> bool:
    """Whether the caller of a webhook is Telegram; takes as long for a wrong secret as for a right one."""
    expected = bot.secret if bot else ""
    fits = hmac.compare_digest(expected.encode(), secret.encode("utf-8", "surrogateescape"))
    return fits and bool(expected)


def heard(bot: Bot) -> None:
    """Note that the bot is alive; seldom enough to cost nothing."""
    now = clock.now()
    if bot.last_event_at is None or bot.last_event_at < now - HEARD_EVERY:
        with transaction():
            _set(bot, last_event_at=now, last_error=None)
        _lately.pop(bot.name, None)


def keep_cursor(bot: Bot, cursor: int) -> None:
    """Remember how far polling has come. Call in a transaction."""
    _set(bot, cursor=str(cursor), last_event_at=clock.now(), last_error=None)


def chats_of_officers(bot: Bot) -> list[str]:
    """The addresses of officers' own chats with this bot."""
    query = sa.select(Contact.address).where(
        Contact.channel == Channel.TELEGRAM,
        Contact.account == bot.name,
        Contact.officer_id.is_not(None),
        Contact.unreachable_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Contact.id)))


def keep_public_name(bot: Bot, name: str) -> None:
    """Remember what people find the bot by: deep links on posters and account pages need it."""
    with transaction():
        _set(bot, public_name=name[:80])


def _set(bot: Bot, **values: Any) -> None:
    db.session.execute(
        sa.update(ChannelAccount)
        .where(ChannelAccount.id == bot.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _row(name: str) -> Any:
    return db.session.connection().execute(_named, {"name": name}).one_or_none()


def _made() -> bool:
    """Make the main bot's row, for the first ward; False while there is no ward."""
    with transaction():
        ward_id = db.session.scalar(sa.select(Ward.id).order_by(Ward.id).limit(1))
        if ward_id is None:
            return False
        is_there = sa.exists().where(
            ChannelAccount.channel == Channel.TELEGRAM, ChannelAccount.name == MAIN
        )
        if not db.session.scalar(sa.select(is_there)):
            db.session.add(ChannelAccount(ward_id=ward_id, channel=Channel.TELEGRAM, name=MAIN))
    return True
