"""The Official Accounts we know, by the id Zalo gives them."""

import time
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from config import Settings
from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.wards.models import ChannelAccount

HEARD_EVERY = timedelta(minutes=1)  # how exactly "last event" is kept
KEPT = 5.0  # seconds until an account switched on or off is noticed


class Account(NamedTuple):
    """An Official Account that is switched on."""

    id: int
    name: str
    last_event_at: datetime | None


_lately: dict[str, tuple[Account, float]] = {}


def signing_key(settings: Settings) -> str:
    """The key of the webhook; without one of its own, the application's secret."""
    return settings.zalo_oa_secret_key or settings.zalo_app_secret


def lately_known(name: str) -> Account | None:
    """The enabled account of this id; read again only after a few seconds."""
    now = time.monotonic()
    account, until = _lately.get(name, (None, 0.0))
    if account is None or now > until:
        account = _find(name)
        if account:
            _lately[name] = (account, now + KEPT)
    return account


def forget() -> None:
    """Read every account anew when it is asked for next."""
    _lately.clear()


def heard(account: Account) -> None:
    """Note that events come in; seldom enough to cost nothing."""
    now = clock.now()
    if account.last_event_at is not None and account.last_event_at >= now - HEARD_EVERY:
        return
    with transaction():
        db.session.execute(
            sa.update(ChannelAccount)
            .where(ChannelAccount.id == account.id)
            .values(last_event_at=now)
            .execution_options(synchronize_session=False)
        )
    _lately.pop(account.name, None)


def _find(name: str) -> Account | None:
    columns = ChannelAccount.id, ChannelAccount.name, ChannelAccount.last_event_at
    query = sa.select(*columns).where(
        ChannelAccount.channel == Channel.ZALO,
        ChannelAccount.name == name,
        ChannelAccount.is_enabled,
    )
    row = db.session.connection().execute(query).one_or_none()
    return Account(*row) if row else None
