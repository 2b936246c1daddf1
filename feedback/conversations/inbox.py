"""Messages in: stored once (transaction 1), then answered in each sender's order (transaction 2).

Whatever happens between or inside the two, a stored message is NEW until its answer is committed with
it: nothing is lost and nothing is answered twice. Several processes may work here at once; the database
decides who answers a message. Plain statements, no ORM.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import clock
from feedback.conversations import engine, erasure, people
from feedback.conversations.batches import MOST_AT_ONCE, Batch, Sender, next_of
from feedback.conversations.fetching import Unavailable, fetch_all
from feedback.conversations.inbound import Ignored, Inbound
from feedback.conversations.models import InboundRow, InboundState
from feedback.conversations.turn import Kept, Refused
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.intake import CleanFile
from feedback.documents.models import FileUse
from feedback.errors import Stale
from feedback.people.models import Channel

log = logging.getLogger(__name__)

ALBUM_PAUSE = timedelta(seconds=1.5)  # after the last piece of an album
BACK_OFF = (timedelta(seconds=5), timedelta(seconds=30))
TRIES = len(BACK_OFF) + 1
FETCH_LEASE = timedelta(seconds=90)  # so long one process has for fetching a message's files

_rows = cast(sa.Table, InboundRow.__table__)
_is_new = _rows.c.state == sa.literal(InboundState.NEW, _rows.c.state.type)
_store: dict[str, Any] = {
    "sqlite": sqlite.insert(_rows).on_conflict_do_nothing().returning(_rows.c.id),
    "postgresql": postgresql.insert(_rows).on_conflict_do_nothing().returning(_rows.c.id),
}
_claim = (
    sa.update(_rows)
    .where(_rows.c.id.in_(sa.bindparam("ids", expanding=True)), _is_new)
    .values(state=InboundState.DONE, note="")
)
_before = sa.alias(_rows, "before")
_claim_oldest = _claim.where(
    ~sa.exists().where(
        sa.literal_column("before.state = 'new'"),  # literal: the partial index serves it
        _before.c.sender == _rows.c.sender,
        _before.c.channel == _rows.c.channel,
        _before.c.account == _rows.c.account,
        _before.c.id < _rows.c.id,
    )
)


class _Taken(Exception):
    """Another process answered these messages first."""


def receive(inbound: Inbound) -> int | None:
    """Store a message: transaction 1. Its number, or None when it was stored before."""
    now = clock.now()
    later = now + ALBUM_PAUSE if inbound.album else None
    with transaction():
        row_id = _stored(
            channel=inbound.channel,
            account=inbound.account,
            message_id=inbound.message_id,
            sender=inbound.sender,
            album=inbound.album,
            payload=inbound.as_json(),
            state=InboundState.NEW,
            next_try_at=later,
            received_at=now,
        )
        if row_id and later:
            _wait_for_siblings(inbound, later)
    return row_id


def set_aside(channel: Channel, account: str, ignored: Ignored, body: str) -> None:
    """Store a delivery that asks nothing of us, with the reason."""
    now = clock.now()
    with transaction():
        _stored(
            channel=channel,
            account=account,
            message_id=ignored.message_id,
            payload=body,
            state=InboundState.IGNORED,
            note=ignored.reason[:200],
            received_at=now,
            done_at=now,
        )


def handle(inbound: Inbound, row_id: int | None = None) -> None:
    """Answer this stored message, after whatever its sender wrote before it: transaction 2.

    `row_id`: its number, if it came alone; then it needs not be looked for. Left to the worker:
    messages with files, and everything behind one that waits. Never raises for what messages cause.
    """
    sender = Sender(inbound.channel, inbound.account, inbound.sender)
    alone = None
    if row_id is not None and not (inbound.files or inbound.album):
        alone = Batch([row_id], 0, inbound)
    _answer_all(sender, may_fetch=False, first=alone)


def handle_pending(limit: int = 50) -> int:
    """The worker's job: answer whatever is due, fetching files. How many messages were due."""
    due = sa.or_(_rows.c.next_try_at.is_(None), _rows.c.next_try_at <= clock.now())
    query = (
        sa.select(_rows.c.channel, _rows.c.account, _rows.c.sender)
        .where(_is_new, due)
        .order_by(_rows.c.id)
        .limit(limit)
    )
    senders = [Sender(*row) for row in db.session.execute(query)]
    db.session.rollback()
    for sender in dict.fromkeys(senders):
        _answer_all(sender, may_fetch=True)
    return len(senders)


def _answer_all(sender: Sender, *, may_fetch: bool, first: Batch | None = None) -> None:
    for _ in range(MOST_AT_ONCE):
        if not _answer_next(sender, may_fetch=may_fetch, alone=first):
            return
        first = None


def _answer_next(sender: Sender, *, may_fetch: bool, alone: Batch | None = None) -> bool:
    """Answer the sender's oldest messages; whether there is more to do for them now.

    `alone` is tried first: a message known to be the oldest needs not be looked for.
    """
    batch, is_more = alone, False
    try:
        with transaction():
            if batch is None:
                batch, is_more = next_of(sender)
            if batch is None:
                return False
            if not batch.inbound.files:
                _answer(batch, claim=_claim_oldest if alone else _claim)
                return is_more
        return may_fetch and _answer_with_files(batch)
    except (_Taken, Stale):
        return True  # somebody else was quicker: look again
    except Exception as error:
        if batch is None:
            raise
        if not isinstance(error, Unavailable):
            log.exception("message %s was not answered", batch.ids[0])
        return _set_back(batch, error)


def _answer_with_files(batch: Batch) -> bool:
    """Fetch first, with no transaction open; one process at a time."""
    if not _lease(batch.ids):
        return False
    taken, refused = fetch_all(
        batch.inbound.channel,
        batch.inbound.account,
        batch.inbound.files,
        is_last_try=batch.tries + 1 >= TRIES,
    )
    with transaction():
        _answer(batch, taken, tuple(refused))
    return True


def _answer(
    batch: Batch,
    taken: Sequence[CleanFile] = (),
    refused: tuple[Refused, ...] = (),
    *,
    claim: sa.Update = _claim,
) -> None:
    """Claim the messages and answer them; the claim holds only if the answer is committed."""
    connection = db.session.connection()
    claimed = connection.execute(claim, {"ids": batch.ids, "done_at": clock.now()})
    if claimed.rowcount != len(batch.ids):
        raise _Taken
    inbound, turn = batch.inbound, batch.ids[0]
    chat = people.meet(inbound)
    if inbound.is_withdrawal:
        erasure.erase(chat.contact.id)
        return
    if inbound.is_reachable is not None:
        people.keep_contact(chat)
        return
    if inbound.callback_id:
        engine.acknowledge(chat, inbound.callback_id, turn)
    kept = tuple(_kept(clean, chat) for clean in taken)
    ignored = engine.take_turn(chat, inbound, turn=turn, kept=kept, refused=refused)
    if ignored:
        _change(batch.ids, InboundState.DONE, state=InboundState.IGNORED, note=ignored)


def _kept(clean: CleanFile, chat: people.Chat) -> Kept:
    file = attach.keep(chat.ward_id, clean, FileUse.EVIDENCE, conversation_id=chat.id)
    return Kept(file.id, file.name, file.lat, file.lng)


def _lease(ids: list[int]) -> bool:
    """Be the only one who fetches these messages' files for a while."""
    now = clock.now()
    due = sa.or_(_rows.c.next_try_at.is_(None), _rows.c.next_try_at <= now)
    with transaction():
        leased = _change(ids, InboundState.NEW, due, next_try_at=now + FETCH_LEASE)
    return leased == len(ids)


def _set_back(batch: Batch, error: Exception) -> bool:
    """Try again later; after the last try a person is told, and so is the resident.

    Whether the messages behind these may be answered now.
    """
    tries = batch.tries + 1
    note = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"[:200]
    is_last = tries >= TRIES
    to: dict[str, Any] = {"state": InboundState.FAILED, "done_at": clock.now()}
    if not is_last:
        to = {"next_try_at": clock.now() + BACK_OFF[batch.tries]}
    with transaction():
        set_back = _change(batch.ids, InboundState.NEW, tries=tries, note=note, **to)
    if is_last and set_back:
        _give_up(batch)
    return is_last


def _give_up(batch: Batch) -> None:
    try:
        with transaction():
            engine.apologise(people.meet(batch.inbound), batch.ids[0])
    except Exception:
        log.exception("message %s failed, and so did the apology", batch.ids[0])


def _change(ids: list[int], is_: InboundState, *also: sa.ColumnElement[bool], **to: Any) -> int:
    """Change messages that are in a state; how many were."""
    chosen = (_rows.c.id.in_(ids), _rows.c.state == is_, *also)
    return db.session.connection().execute(sa.update(_rows).where(*chosen).values(**to)).rowcount


def _stored(**values: Any) -> int | None:
    connection = db.session.connection()
    blank = {
        "sender": "",
        "album": "",
        "note": "",
        "tries": 0,
        "next_try_at": None,
        "done_at": None,
    }
    return connection.execute(_store[connection.dialect.name], blank | values).scalar()


def _wait_for_siblings(inbound: Inbound, until: datetime) -> None:
    """Every piece of an album puts off the answer to all of them."""
    siblings = (
        _is_new,
        _rows.c.channel == inbound.channel,
        _rows.c.account == inbound.account,
        _rows.c.sender == inbound.sender,
        _rows.c.album == inbound.album,
    )
    db.session.execute(sa.update(_rows).where(*siblings).values(next_try_at=until))
