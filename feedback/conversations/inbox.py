"""Messages in: stored once, and answered once, in each sender's order.

Usually both in one transaction. If anything stands in the way (files to fetch, an earlier message still
waiting, a failure), the message is stored by itself, and is NEW until its answer is committed with it in
a second one: nothing is lost and nothing is answered twice. Several processes may work here at once; the
database decides who answers a message. Plain statements, no ORM.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import clock, logs
from feedback.conversations import engine, erasure, people
from feedback.conversations.batches import MOST_AT_ONCE, Batch, Sender, next_of, others_wait
from feedback.conversations.fetching import Unavailable, fetch_all
from feedback.conversations.inbound import Ignored, Inbound
from feedback.conversations.models import InboundRow, InboundState
from feedback.conversations.turn import Kept, Refused
from feedback.db import connected, db, transaction
from feedback.documents import attach
from feedback.documents.intake import CleanFile
from feedback.documents.models import FileUse
from feedback.errors import Stale
from feedback.people.models import Channel
from feedback.statement import Plain

log = logging.getLogger(__name__)

ALBUM_PAUSE = timedelta(seconds=1.5)  # after the last piece of an album
BACK_OFF = (timedelta(seconds=5), timedelta(seconds=30))
TRIES = len(BACK_OFF) + 1
FETCH_LEASE = timedelta(seconds=90)  # so long one process has for fetching a message's files

_rows = cast(sa.Table, InboundRow.__table__)
_is_new = _rows.c.state == sa.literal(InboundState.NEW, _rows.c.state.type)
_seen = (_rows.c.id, others_wait.label("others_wait"))
_inserts: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_store = Plain(
    {
        name: insert(_rows).on_conflict_do_nothing().returning(*_seen)
        for name, insert in _inserts.items()
    },
    set(_rows.c.keys()) - {"id"},
)
_close = (
    sa.update(_rows)
    .where(_rows.c.id.in_(sa.bindparam("ids", expanding=True)), _is_new)
    .values(state=InboundState.DONE, note="")
)


class _Stored(NamedTuple):
    """What is known of a message just stored."""

    id: int
    others_wait: bool


class _Later(Exception):
    """Not now: another process was quicker, or an earlier message comes first."""


# Coming in.


def take_in(inbound: Inbound) -> bool:
    """Store a message, and answer it if that can be done now; False when it was stored before.

    Raises only when it could not be stored: then the provider must send it again.
    """
    if not (inbound.files or inbound.album):
        try:
            return _at_once(inbound)
        except Exception as error:  # stored by itself it gets its tries
            log.info("not at once: %s", type(error).__name__)
    row_id = receive(inbound)
    if row_id is None:
        return False
    with logs.bound(message=row_id):
        try:
            handle(inbound)
        except Exception:
            log.exception("the message is stored and waits for the worker")
    return True


def receive(inbound: Inbound) -> int | None:
    """Store a message by itself. Its number, or None when it was stored before."""
    later = clock.now() + ALBUM_PAUSE if inbound.album else None
    with transaction():
        stored = _stored(inbound, state=InboundState.NEW, next_try_at=later)
        if stored and later:
            _wait_for_siblings(inbound, later)
    return stored.id if stored else None


def set_aside(channel: Channel, account: str, ignored: Ignored, body: str) -> None:
    """Store a delivery that asks nothing of us, with the reason."""
    with transaction():
        _stored(
            Inbound(channel, account, "", ignored.message_id),
            payload=body,
            state=InboundState.IGNORED,
            note=ignored.reason[:200],
            done_at=clock.now(),
        )


def handle(inbound: Inbound) -> None:
    """Answer this stored message, after whatever its sender wrote before it.

    Left to the worker: messages with files, and everything behind one that waits. Never raises for
    what the messages cause.
    """
    _answer_all(Sender(inbound.channel, inbound.account, inbound.sender), may_fetch=False)


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


# Answering.


def _at_once(inbound: Inbound) -> bool:
    """Store it answered. Raises _Later when an earlier message of the sender waits."""
    with transaction():
        stored = _stored(inbound, state=InboundState.DONE, done_at=clock.now())
        if stored is None:
            return False
        if stored.others_wait:
            raise _Later
        with logs.bound(message=stored.id):
            _reply(Batch([stored.id], 0, inbound))
    return True


def _answer_all(sender: Sender, *, may_fetch: bool) -> None:
    for _ in range(MOST_AT_ONCE):
        if not _answer_next(sender, may_fetch=may_fetch):
            return


def _answer_next(sender: Sender, *, may_fetch: bool) -> bool:
    """Answer the sender's oldest messages; whether there is more to do for them now."""
    batch = None
    try:
        with transaction():
            batch, is_more = next_of(sender)
            if batch is None:
                return False
            if not batch.inbound.files:
                _claim(batch)
                _reply(batch)
                return is_more
        return may_fetch and _answer_with_files(batch)
    except (_Later, Stale):
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
        _claim(batch)
        _reply(batch, taken, tuple(refused))
    return True


def _claim(batch: Batch) -> None:
    """Be the one who answers these, if the answer is committed. Raises _Later."""
    closed = {"ids": batch.ids, "done_at": clock.now()}
    if connected().execute(_close, closed).rowcount != len(batch.ids):
        raise _Later


def _reply(
    batch: Batch, taken: Sequence[CleanFile] = (), refused: tuple[Refused, ...] = ()
) -> None:
    """Say and do what messages that are ours to answer ask for."""
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
    return Kept(file.id, file.name, file.lat, file.lng, file.media_type)


# When it fails.


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


# Rows.


def _stored(inbound: Inbound, **values: Any) -> _Stored | None:
    """The new row's `id`, and whether `others_wait`; None when the message was stored before."""
    row = {
        "channel": inbound.channel,
        "account": inbound.account,
        "message_id": inbound.message_id,
        "sender": inbound.sender,
        "album": inbound.album,
        "payload": values.get("payload") or inbound.as_json(),
        "note": "",
        "tries": 0,
        "next_try_at": None,
        "received_at": clock.now(),
        "done_at": None,
        **values,
    }
    return next((_Stored(*found) for found in _store.rows(connected(), row)), None)


def _change(ids: list[int], is_: InboundState, *also: sa.ColumnElement[bool], **to: Any) -> int:
    """Change messages that are in a state; how many were."""
    chosen = (_rows.c.id.in_(ids), _rows.c.state == is_, *also)
    return connected().execute(sa.update(_rows).where(*chosen).values(**to)).rowcount


def _lease(ids: list[int]) -> bool:
    """Be the only one who fetches these messages' files for a while."""
    now = clock.now()
    due = sa.or_(_rows.c.next_try_at.is_(None), _rows.c.next_try_at <= now)
    with transaction():
        leased = _change(ids, InboundState.NEW, due, next_try_at=now + FETCH_LEASE)
    return leased == len(ids)


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
