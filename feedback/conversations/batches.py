"""Which waiting messages of one sender are answered as one."""

from functools import reduce
from typing import Any, NamedTuple, cast

import sqlalchemy as sa

from feedback import clock
from feedback.conversations import words
from feedback.conversations.inbound import Inbound
from feedback.conversations.models import InboundRow
from feedback.db import connected
from feedback.people.models import Channel

MOST_AT_ONCE = 20  # messages of one sender looked at together
OWN = ("channel", "account", "sender")

_rows = cast(sa.Table, InboundRow.__table__)
_of_sender = [_rows.c[name] == sa.bindparam(f"own_{name}") for name in OWN]
# A literal, so that the partial index serves it.
_is_waiting: sa.ColumnElement[bool] = sa.literal_column("state = 'new'", sa.Boolean)
# Beside a row being inserted: whether an earlier message of its sender is still to be answered.
others_wait: sa.ColumnElement[bool] = sa.literal_column(
    "EXISTS (SELECT 1 FROM inbound AS earlier WHERE earlier.state = 'new'"
    " AND earlier.channel = inbound.channel AND earlier.account = inbound.account"
    " AND earlier.sender = inbound.sender)",
    sa.Boolean,
)
_waiting = (
    sa.select(_rows.c.id, _rows.c.payload, _rows.c.tries, _rows.c.next_try_at)
    .where(_is_waiting, *_of_sender)
    .order_by(_rows.c.id)
    .limit(MOST_AT_ONCE)
)


class Sender(NamedTuple):
    """Whose messages are answered in one order."""

    channel: Channel
    account: str
    address: str


class Batch(NamedTuple):
    """Messages answered as one; `tries`: how often that failed before."""

    ids: list[int]
    tries: int
    inbound: Inbound


def next_of(sender: Sender) -> tuple[Batch | None, bool]:
    """The sender's oldest message with those right behind it that are parts of the same thing said.

    Photos of one album, or a few photos, a place and one text sent in one breath, are answered once.
    None when nothing is due. Also, whether other messages wait behind.
    """
    rows = connected().execute(_waiting, _named(sender)).all()
    now = clock.now()
    parts: list[tuple[Any, Inbound]] = []
    for row in rows:
        if row.next_try_at and row.next_try_at > now:
            break
        inbound = Inbound.from_json(row.payload)
        if parts and not _belongs(inbound, [part for _, part in parts]):
            break
        parts.append((row, inbound))
    if not parts:
        return None, False
    merged = reduce(Inbound.merged_with, (inbound for _, inbound in parts))
    batch = Batch([row.id for row, _ in parts], parts[0][0].tries, merged)
    return batch, len(rows) > len(parts)


def _named(sender: Sender) -> dict[str, Any]:
    return {f"own_{name}": value for name, value in zip(OWN, sender, strict=True)}


def _belongs(inbound: Inbound, before: list[Inbound]) -> bool:
    if not all(map(_is_part, (inbound, before[0]))):
        return False
    return not (_is_words(inbound) and any(map(_is_words, before)))


def _is_part(inbound: Inbound) -> bool:
    """Whether it only adds something: no button, no wish, no answer to a question of ours."""
    special = (
        inbound.button
        or inbound.is_edit
        or inbound.unread
        or inbound.is_withdrawal
        or inbound.is_reachable is not None
    )
    text = inbound.text
    return not special and (not text or (words.is_story(text) and words.wish(text) is None))


def _is_words(inbound: Inbound) -> bool:
    return bool(inbound.text) and not inbound.files
