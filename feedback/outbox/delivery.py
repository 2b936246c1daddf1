"""What to send next, and what became of it. Plain statements in short transactions; nobody waits for
a provider here.

A row is claimed by a conditional UPDATE, so it is sent by one sender only. Of each lane only the first
unsettled row is claimed: order is kept per recipient. A row waiting for its next try holds up those
behind it; a failed or unknown one does not, and neither does one whose first time has not yet come.
What is said to one person goes before every broadcast, and is never held up by one.
"""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy import orm

from feedback import clock
from feedback.db import db
from feedback.outbox.channel import Account, Delivery
from feedback.outbox.enqueue import lane as lane_of
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.outcome import Outcome
from feedback.outbox.prompt import Prompt
from feedback.people.models import Contact
from feedback.sealing import unseal

log = logging.getLogger("outbox")

Tell = Callable[[Delivery, Outcome], None]


def has_due(account: Account, resting: Sequence[str]) -> bool:
    """Whether a claim would find something; takes no lock."""
    ready = _ready(account, resting, clock.now())
    return db.session.scalar(ready.limit(1)) is not None


def claim(
    account: Account, by: str, most: int, resting: Sequence[str]
) -> list[tuple[Delivery, Prompt | None]]:
    """Take up to `most` due rows of the account, none of them in a resting lane: those to one person
    first, then the oldest.

    The prompt is None when no key opens the row any more.
    """
    now = clock.now()
    ready = _ready(account, resting, now).limit(most).with_for_update(skip_locked=True)
    picked = ready.cte("picked")  # a plain subquery may be run again for each row, past its limit
    claimed = db.session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id.in_(sa.select(picked.c.id)), OutboxRow.state == OutboxState.QUEUED)
        .values(
            state=OutboxState.SENDING,
            claimed_at=now,
            claimed_by=by,
            tries=OutboxRow.tries + 1,
        )
        .returning(OutboxRow.priority, *_COLUMNS, sa.type_coerce(OutboxRow.body, sa.Text))
        .execution_options(synchronize_session=False)
    ).all()
    in_order = sorted(claimed, key=lambda row: row[:2])
    return [(Delivery(*row[1:-1]), _prompt(row[-1])) for row in in_order]


def settle(
    by: str, outcomes: Sequence[tuple[Delivery, Outcome]], tell: Tell = lambda *_: None
) -> None:
    """Write down what became of the rows this sender claimed.

    A row given up as unknown in the meantime is corrected: who sent it knows better. `tell` is called
    for each message that will not arrive, or may not have.
    """
    if not outcomes:
        return
    now = clock.now()
    statement = (
        sa.update(OutboxRow)
        .where(
            OutboxRow.id == sa.bindparam("row_id"),
            OutboxRow.claimed_by == by,
            sa.or_(OutboxRow.state == OutboxState.SENDING, OutboxRow.state == OutboxState.UNKNOWN),
        )
        .values(
            state=sa.bindparam("row_state", type_=OutboxRow.state.type),
            provider_id=sa.bindparam("row_provider_id"),
            error=sa.bindparam("row_error"),
            tries=OutboxRow.tries - sa.bindparam("row_uncounted", type_=sa.Integer),
            not_before=sa.bindparam("row_not_before"),
            settled_at=sa.bindparam("row_settled_at"),
        )
    )
    table = [_settled(row, outcome, now) for row, outcome in outcomes]
    db.session.connection().execute(statement, table)
    for row, outcome in outcomes:
        if outcome.is_unreachable:
            _mark_unreachable(row, outcome, now)
        if outcome.moved_to:
            _move(row, outcome.moved_to)
        if outcome.state in (OutboxState.FAILED, OutboxState.UNKNOWN):
            _tell(tell, row, outcome)


def abandon(
    account: Account | None,
    *,
    except_by: str = "",
    before: datetime | None = None,
    tell: Tell = lambda *_: None,
) -> int:
    """Rows a dead sender had under way end as unknown: they may have arrived. How many that was.

    `account`: only its rows. `except_by`: not those of this sender. `before`: only older claims.
    """
    where = [OutboxRow.state == OutboxState.SENDING, OutboxRow.claimed_by != except_by]
    if account is not None:
        where += [OutboxRow.channel == account.channel, OutboxRow.account == account.name]
    if before is not None:
        where.append(OutboxRow.claimed_at < before)
    outcome = Outcome(OutboxState.UNKNOWN, error="sender died while sending")
    rows = db.session.execute(
        sa.update(OutboxRow)
        .where(*where)
        .values(state=outcome.state, error=outcome.error, settled_at=clock.now())
        .returning(*_COLUMNS)
        .execution_options(synchronize_session=False)
    ).all()
    for each in rows:
        _tell(tell, Delivery(*each), outcome)
    return len(rows)


_COLUMNS = (
    OutboxRow.id,
    OutboxRow.channel,
    OutboxRow.account,
    OutboxRow.recipient,
    OutboxRow.lane,
    OutboxRow.notice,
    OutboxRow.tries,
    OutboxRow.created_at,
    OutboxRow.detail,
    OutboxRow.contact_id,
    OutboxRow.petition_id,
    OutboxRow.broadcast_id,
    sa.select(Contact.unreachable_at.is_not(None))
    .where(Contact.id == OutboxRow.contact_id)
    .scalar_subquery(),
)


# Made once: each look for something to send begins with them.
_other = orm.aliased(OutboxRow)
_UNDER_WAY = (
    sa.select(_other.id)
    .where(_other.lane == OutboxRow.lane, _other.state == OutboxState.SENDING)
    .exists()
)
_AHEAD = sa.select(_other.id).where(
    _other.lane == OutboxRow.lane,
    _other.state == OutboxState.QUEUED,
    sa.or_(
        _other.priority < OutboxRow.priority,
        sa.and_(_other.priority == OutboxRow.priority, _other.id < OutboxRow.id),
    ),
)


def _ready(account: Account, resting: Sequence[str], now: datetime) -> sa.Select[Any]:
    """Ids of due rows that nothing in their lane comes before, those to one person first."""
    before = _AHEAD.where(sa.or_(_other.claimed_at.is_not(None), _other.not_before <= now))
    return (
        sa.select(OutboxRow.id)
        .where(
            OutboxRow.state == OutboxState.QUEUED,
            OutboxRow.channel == account.channel,
            OutboxRow.account == account.name,
            OutboxRow.not_before <= now,
            OutboxRow.lane.not_in(resting),
            ~_UNDER_WAY,
            ~before.exists(),
        )
        .order_by(OutboxRow.priority, OutboxRow.not_before, OutboxRow.id)
    )


def _settled(row: Delivery, outcome: Outcome, now: datetime) -> dict[str, Any]:
    is_over = outcome.state is not OutboxState.QUEUED
    return {
        "row_id": row.id,
        "row_state": outcome.state,
        "row_provider_id": outcome.provider_id,
        "row_error": outcome.error,
        "row_uncounted": 0 if outcome.is_counted else 1,
        "row_not_before": now + timedelta(seconds=outcome.wait),
        "row_settled_at": now if is_over else None,
    }


def _tell(tell: Tell, row: Delivery, outcome: Outcome) -> None:
    """Pass the news on; that it cannot be told must not undo what happened."""
    if row.is_callback:
        return
    try:
        with db.session.begin_nested():
            tell(row, outcome)
    except Exception:
        log.exception("nobody was told about message %s", row.id)


def _mark_unreachable(row: Delivery, outcome: Outcome, now: datetime) -> None:
    db.session.execute(
        sa.update(Contact)
        .where(Contact.id == row.contact_id, Contact.unreachable_at.is_(None))
        .values(unreachable_at=now, unreachable_reason=outcome.error)
        .execution_options(synchronize_session=False)
    )


def _move(row: Delivery, address: str) -> None:
    """Everything waiting for this recipient goes to the new address."""
    lane = lane_of(row.channel, row.account, address)
    other = orm.aliased(Contact)
    is_known = sa.select(other.id).where(
        other.channel == row.channel, other.account == row.account, other.address == address
    )
    db.session.execute(
        sa.update(Contact)
        .where(Contact.id == row.contact_id, ~is_known.exists())
        .values(address=address)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.lane == row.lane, OutboxRow.state == OutboxState.QUEUED)
        .values(recipient=address, lane=lane)
        .execution_options(synchronize_session=False)
    )


def _prompt(sealed: str) -> Prompt | None:
    try:
        return Prompt.from_json(unseal(sealed))
    except (InvalidToken, json.JSONDecodeError, KeyError, TypeError):
        return None
