"""Tokens of accounts whose provider gives them a short life: one row per account, renewed by one only.

A refresh token is good for one use: whoever renews claims the row first, asks the provider with no
transaction open, and commits the new pair before anybody uses it. Others wait and read it here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback import clock
from feedback.db import UTC, Base, db
from feedback.sealing import Sealed
from feedback.wards.models import ChannelAccount

CLAIM = timedelta(seconds=60)  # longer than a provider may take to answer
RENEW_AFTER = timedelta(hours=20)
SPARE = timedelta(minutes=2)  # before its end a token is not used any more
ASK_AGAIN = timedelta(hours=1)  # after a refusal


class ChannelToken(Base):
    """The pair of tokens of an account. `version` counts pairs; `about`: what the provider says of it."""

    __tablename__ = "channel_token"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("channel_account.id"), unique=True)
    access_token: Mapped[str | None] = mapped_column(Sealed)
    refresh_token: Mapped[str] = mapped_column(Sealed)
    expires_at: Mapped[datetime | None]
    renewed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    renewing_by: Mapped[str | None] = mapped_column(sa.String(40))
    renewing_until: Mapped[datetime | None] = mapped_column(UTC)
    refused_at: Mapped[datetime | None]
    refused_reason: Mapped[str | None]
    seed: Mapped[str | None] = mapped_column(sa.String(40))  # fingerprint of the settings' token
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)


@dataclass(frozen=True)
class Held:
    """A row as it was read; stands outside the session."""

    account_id: int
    access_token: str | None
    refresh_token: str
    expires_at: datetime | None
    renewed_at: datetime
    version: int
    refused_at: datetime | None

    def is_usable(self, now: datetime) -> bool:
        return bool(self.access_token) and (
            self.expires_at is None or self.expires_at - SPARE > now
        )

    def is_due(self, now: datetime) -> bool:
        """Whether the pair should be renewed now, before anybody needs it."""
        if self.refused_at is not None:
            return now - self.refused_at >= ASK_AGAIN
        return not self.is_usable(now) or now - self.renewed_at >= RENEW_AFTER

    def is_lost(self, now: datetime) -> bool:
        """Refused a short while ago: asking again is useless."""
        return self.refused_at is not None and now - self.refused_at < ASK_AGAIN


_table = cast(sa.Table, ChannelToken.__table__)
_COLUMNS = [_table.c[name] for name in Held.__dataclass_fields__]


def of(account_id: int) -> Held | None:
    """What is held for an account, as the database says now."""
    query = sa.select(*_COLUMNS).where(_table.c.account_id == account_id)
    row = db.session.connection().execute(query).one_or_none()
    return Held(*row) if row else None


def claim(held: Held, by: str) -> bool:
    """Become the one who renews this pair; False when it was renewed, or is being renewed."""
    now = clock.now()
    return _change(
        held,
        sa.or_(_table.c.renewing_until.is_(None), _table.c.renewing_until < now),
        renewing_by=by,
        renewing_until=now + CLAIM,
    )


def release(held: Held, by: str) -> None:
    """Let somebody else try: the provider was not reached."""
    _change(held, _table.c.renewing_by == by, renewing_by=None, renewing_until=None)


def keep(held: Held, access_token: str, refresh_token: str, expires_at: datetime) -> bool:
    """Write the next pair, even when the claim has run out meanwhile; False when a newer one is there."""
    return _change(
        held, **_fresh(access_token, refresh_token, expires_at), version=held.version + 1
    )


def refuse(held: Held, reason: str) -> bool:
    """Note that the provider takes the refresh token no more; True when that is news."""
    is_news = held.refused_at is None
    free = {"renewing_by": None, "renewing_until": None}
    is_ours = _change(held, refused_at=clock.now(), refused_reason=reason[:300], **free)
    return is_ours and is_news


def put(
    account_id: int,
    access_token: str | None,
    refresh_token: str,
    expires_at: datetime | None,
    *,
    seed: str | None = None,
) -> None:
    """A pair that a person brought: takes the place of whatever was there."""
    row = db.session.scalars(
        sa.select(ChannelToken).where(ChannelToken.account_id == account_id).with_for_update()
    ).one_or_none()
    if row is None:
        row = ChannelToken(account_id=account_id, version=0, about={})
        db.session.add(row)
    for name, value in _fresh(access_token, refresh_token, expires_at).items():
        setattr(row, name, value)
    row.version += 1
    row.seed = seed or row.seed
    db.session.flush()


def note(account_id: int, **about: Any) -> None:
    """Remember what the provider says of the account (its name, package, quota)."""
    row = db.session.scalars(
        sa.select(ChannelToken).where(ChannelToken.account_id == account_id)
    ).one()
    row.about = {**row.about, **about}
    db.session.flush()


@dataclass(frozen=True)
class Condition:
    """How an account's tokens are, for people and machines that watch. Nothing here is secret."""

    renewed_at: datetime
    expires_at: datetime | None
    refused_at: datetime | None
    refused_reason: str | None
    about: dict[str, Any]

    def figures(self, now: datetime) -> dict[str, Any]:
        return {
            "token": "lost" if self.refused_at else "ok",
            "token_age_seconds": int((now - self.renewed_at).total_seconds()),
            "token_expires_at": self.expires_at,
            "quota": self.about.get("quota") or None,
        }


def conditions() -> dict[int, Condition]:
    """Of every account that has tokens, by its id."""
    columns = [_table.c[name] for name in Condition.__dataclass_fields__]
    rows = db.session.connection().execute(sa.select(_table.c.account_id, *columns))
    return {row[0]: Condition(*row[1:]) for row in rows}


def due(now: datetime) -> list[Held]:
    """Pairs of enabled accounts that should be renewed now."""
    query = (
        sa.select(*_COLUMNS)
        .join(ChannelAccount, ChannelAccount.id == _table.c.account_id)
        .where(ChannelAccount.is_enabled)
    )
    held = [Held(*row) for row in db.session.connection().execute(query)]
    return [each for each in held if each.is_due(now)]


def _fresh(access: str | None, refresh: str, expires_at: datetime | None) -> dict[str, Any]:
    return {
        "access_token": access,
        "refresh_token": refresh,
        "expires_at": expires_at,
        "renewed_at": clock.now(),
        "renewing_by": None,
        "renewing_until": None,
        "refused_at": None,
        "refused_reason": None,
    }


def _change(held: Held, *where: sa.ColumnElement[bool], **to: Any) -> bool:
    """Change the row while it still holds this pair."""
    own = (_table.c.account_id == held.account_id, _table.c.version == held.version)
    changed = sa.update(_table).where(*own, *where).values(**to)
    return bool(db.session.connection().execute(changed).rowcount)
