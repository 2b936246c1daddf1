"""The accounts we send from, and the lease that lets one sender at a time use each.

A provider's limit counts per account, so a second sender would win nothing and break the order. A
sender that dies loses its lease after LEASE; whoever takes it over settles what the dead one left.
"""

import json
from datetime import datetime, timedelta

import sqlalchemy as sa
from cryptography.fernet import InvalidToken

from feedback import clock
from feedback.db import db, rows_touched
from feedback.outbox.channel import Account
from feedback.sealing import unseal
from feedback.wards.models import ChannelAccount

LEASE = timedelta(seconds=15)
RENEW_AFTER = timedelta(seconds=5)


def enabled_accounts() -> list[Account]:
    """Every account that is switched on. One whose credentials no key opens is left out."""
    columns = (
        ChannelAccount.id,
        ChannelAccount.ward_id,
        ChannelAccount.channel,
        ChannelAccount.name,
        sa.type_coerce(ChannelAccount.credentials, sa.Text),
    )
    rows = db.session.execute(
        sa.select(*columns).where(ChannelAccount.is_enabled).order_by(ChannelAccount.id)
    )
    accounts = []
    for id, ward_id, channel, name, sealed in rows:
        try:
            credentials = json.loads(unseal(sealed)) if sealed else {}
            accounts.append(Account(id, ward_id, channel, name, credentials))
        except (InvalidToken, json.JSONDecodeError):
            continue
    return accounts


def take_lease(account_id: int, by: str) -> bool:
    """Become, or stay, the account's only sender until LEASE from now; False when another one is."""
    now = clock.now()
    taken = rows_touched(
        sa.update(ChannelAccount)
        .where(
            ChannelAccount.id == account_id,
            ChannelAccount.is_enabled,
            sa.or_(
                ChannelAccount.sender_lease_by == by,
                ChannelAccount.sender_lease_until.is_(None),
                ChannelAccount.sender_lease_until < now,
            ),
        )
        .values(sender_lease_by=by, sender_lease_until=now + LEASE)
    )
    return bool(taken)


def release_lease(account_id: int, by: str) -> None:
    """Let the next sender start at once."""
    db.session.execute(
        sa.update(ChannelAccount)
        .where(ChannelAccount.id == account_id, ChannelAccount.sender_lease_by == by)
        .values(sender_lease_by=None, sender_lease_until=None)
        .execution_options(synchronize_session=False)
    )


def last_sent_at(account_id: int) -> datetime | None:
    """When a message last left this account, as far as its senders wrote down."""
    return db.session.scalar(
        sa.select(ChannelAccount.last_sent_at).where(ChannelAccount.id == account_id)
    )


def note_state(account_id: int, last_sent_at: datetime | None, error: str | None) -> None:
    """What `/healthz` and the settings show of an account. `error` None: nothing is wrong with it."""
    values = {"last_error": error, **({"last_sent_at": last_sent_at} if last_sent_at else {})}
    db.session.execute(
        sa.update(ChannelAccount)
        .where(ChannelAccount.id == account_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
