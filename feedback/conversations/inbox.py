"""Messages in: stored once (transaction 1), then answered in each sender's order (transaction 2).

Whatever happens between or inside the two, a stored message is NEW until its answer is committed with
it: nothing is lost and nothing is answered twice. Several processes may work here at once; the database
decides who answers a message.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.exc import StaleDataError

from feedback import clock
from feedback.conversations import engine, people, words
from feedback.conversations.fetching import Unavailable, fetch_all
from feedback.conversations.inbound import Ignored, Inbound
from feedback.conversations.models import InboundRow, InboundState
from feedback.conversations.turn import Kept, Refused
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.intake import CleanFile
from feedback.documents.models import FileUse
from feedback.people.models import Channel

log = logging.getLogger(__name__)

ALBUM_PAUSE = timedelta(seconds=1.5)  # after the last piece of an album
BACK_OFF = (timedelta(seconds=5), timedelta(seconds=30))
TRIES = len(BACK_OFF) + 1
FETCH_LEASE = timedelta(seconds=90)  # so long one process has for fetching a message's files
MOST_AT_ONCE = 20  # messages of one sender looked at together

_rows = cast(sa.Table, InboundRow.__table__)
Row = Any  # a row of `_waiting`


class _Taken(Exception):
    """Another process answered these messages first."""


def receive(inbound: Inbound) -> int | None:
    """Store a message: transaction 1. Its number, or None when it was stored before."""
    now = clock.now()
    with transaction():
        row_id = _store(
            channel=inbound.channel,
            account=inbound.account,
            message_id=inbound.message_id,
            sender=inbound.sender,
            album=inbound.album,
            payload=inbound.as_json(),
            state=InboundState.NEW,
            next_try_at=now + ALBUM_PAUSE if inbound.album else None,
            received_at=now,
        )
        if row_id and inbound.album:
            _wait_for_siblings(inbound, now + ALBUM_PAUSE)
    return row_id


def set_aside(channel: Channel, account: str, ignored: Ignored, body: str) -> None:
    """Store a delivery that asks nothing of us, with the reason."""
    now = clock.now()
    with transaction():
        _store(
            channel=channel,
            account=account,
            message_id=ignored.message_id,
            sender="",
            album="",
            payload=body,
            state=InboundState.IGNORED,
            note=ignored.reason[:200],
            received_at=now,
            done_at=now,
        )


def handle(row_id: int) -> None:
    """Answer this message now, and what its sender wrote before it, in order.

    Left to the worker: messages with files, and everything behind one that waits. Never raises for
    what the messages cause.
    """
    sender = db.session.execute(
        sa.select(_rows.c.channel, _rows.c.account, _rows.c.sender).where(_rows.c.id == row_id)
    ).one_or_none()
    if sender:
        _answer_sender(tuple(sender), may_fetch=False)


def handle_pending(limit: int = 50) -> int:
    """The worker's job: answer whatever is due, fetching files. How many messages were looked at."""
    now = clock.now()
    due = sa.or_(_rows.c.next_try_at.is_(None), _rows.c.next_try_at <= now)
    rows = db.session.execute(
        sa.select(_rows.c.channel, _rows.c.account, _rows.c.sender)
        .where(_rows.c.state == InboundState.NEW, due)
        .order_by(_rows.c.id)
        .limit(limit)
    ).all()
    db.session.rollback()
    for sender in dict.fromkeys(tuple(row) for row in rows):
        _answer_sender(sender, may_fetch=True)
    return len(rows)


def _answer_sender(sender: tuple[Any, ...], *, may_fetch: bool) -> None:
    for _ in range(MOST_AT_ONCE):
        batch = _batch(_waiting(sender))
        if not batch or not _answer(batch, may_fetch=may_fetch):
            return


def _waiting(sender: tuple[Any, ...]) -> Sequence[Row]:
    """The oldest unanswered messages of one sender."""
    channel, account, address = sender
    db.session.rollback()  # look at present rows
    return db.session.execute(
        sa.select(
            _rows.c.id,
            _rows.c.payload,
            _rows.c.album,
            _rows.c.tries,
            _rows.c.next_try_at,
        )
        .where(
            _rows.c.state == InboundState.NEW,
            _rows.c.channel == channel,
            _rows.c.account == account,
            _rows.c.sender == address,
        )
        .order_by(_rows.c.id)
        .limit(MOST_AT_ONCE)
    ).all()


def _batch(rows: Sequence[Row]) -> list[tuple[Row, Inbound]]:
    """The first message with those right behind it that are parts of the same thing said.

    Photos of one album, or a few photos, a place and one text sent in one breath: answered once.
    """
    now = clock.now()
    batch: list[tuple[Row, Inbound]] = []
    for row in rows:
        if row.next_try_at and row.next_try_at > now:
            break
        inbound = Inbound.from_json(row.payload)
        if batch and not (_is_part(inbound) and _is_part(batch[0][1])):
            break
        if batch and _is_words(inbound) and any(_is_words(other) for _, other in batch):
            break
        batch.append((row, inbound))
    return batch


def _is_part(inbound: Inbound) -> bool:
    special = (
        inbound.button or inbound.is_edit or inbound.unread or inbound.is_reachable is not None
    )
    return not special and (not inbound.text or words.wish(inbound.text) is None)


def _is_words(inbound: Inbound) -> bool:
    return bool(inbound.text) and not inbound.files


def _answer(batch: list[tuple[Row, Inbound]], *, may_fetch: bool) -> bool:
    """Answer some messages as one; whether there may be more to do for this sender now."""
    ids = [row.id for row, _ in batch]
    inbound = reduce(Inbound.merged_with, (each for _, each in batch))
    taken: list[CleanFile] = []
    refused: list[Refused] = []
    try:
        if inbound.files:
            if not may_fetch or not _lease(ids):
                return False
            taken, refused = fetch_all(
                inbound.channel,
                inbound.account,
                inbound.files,
                is_last_try=batch[0][0].tries + 1 >= TRIES,
            )
        with transaction():
            _claim(ids)
            note = _turn(inbound, ids[0], taken, tuple(refused))
            if note:
                _change(ids, InboundState.DONE, state=InboundState.IGNORED, note=note)
    except _Taken:
        pass
    except StaleDataError:
        log.info("message %s: the conversation moved on, once more", ids[0])
    except Unavailable as error:
        _set_back(ids, batch[0][0].tries, error, inbound)
        return False
    except Exception as error:
        log.exception("message %s was not answered", ids[0])
        _set_back(ids, batch[0][0].tries, error, inbound)
        return batch[0][0].tries + 1 >= TRIES
    return True


def _turn(inbound: Inbound, turn: int, taken: list[CleanFile], refused: tuple[Refused, ...]) -> str:
    contact, conversation = people.meet(inbound)
    if inbound.is_reachable is not None:
        people.is_reachable(contact, inbound.is_reachable)
        return ""
    kept = []
    for clean in taken:
        file = attach.keep(
            contact.ward_id, clean, FileUse.EVIDENCE, conversation_id=conversation.id
        )
        kept.append(Kept(file.id, file.name, file.lat, file.lng))
    if inbound.callback_id:
        engine.acknowledge(contact, inbound.callback_id, turn)
    return engine.take_turn(
        contact, conversation, inbound, turn=turn, kept=tuple(kept), refused=refused
    )


def _claim(ids: list[int]) -> None:
    """Be the one who answers these. Held until the answer is committed; raises _Taken."""
    done = {"state": InboundState.DONE, "done_at": clock.now(), "note": ""}
    if _change(ids, InboundState.NEW, **done) != len(ids):
        raise _Taken


def _lease(ids: list[int]) -> bool:
    """Be the only one who fetches these messages' files for a while."""
    now = clock.now()
    due = sa.or_(_rows.c.next_try_at.is_(None), _rows.c.next_try_at <= now)
    with transaction():
        leased = _change(ids, InboundState.NEW, due, next_try_at=now + FETCH_LEASE)
    return leased == len(ids)


def _set_back(ids: list[int], tries: int, error: Exception, inbound: Inbound) -> None:
    """Try again later; after the last try a person is told, and so is the resident."""
    note = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]
    with transaction():
        if tries + 1 < TRIES:
            later = clock.now() + BACK_OFF[tries]
            _change(ids, InboundState.NEW, tries=tries + 1, next_try_at=later, note=note)
            return
        failed = _change(
            ids, InboundState.NEW, state=InboundState.FAILED, tries=tries + 1, note=note
        )
    if failed:
        _give_up(ids[0], inbound)


def _give_up(turn: int, inbound: Inbound) -> None:
    try:
        with transaction():
            contact, conversation = people.meet(inbound)
            engine.apologise(contact, conversation, turn)
    except Exception:
        log.exception("message %s failed, and so did the apology", turn)


def _change(ids: list[int], is_: InboundState, *also: sa.ColumnElement[bool], **to: Any) -> int:
    """Change messages that are in a state; how many were."""
    chosen = (_rows.c.id.in_(ids), _rows.c.state == is_, *also)
    statement = sa.update(_rows).where(*chosen).values(**to)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _store(**values: Any) -> int | None:
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    values = {"note": "", "tries": 0, **values}
    statement = insert(_rows).values(**values).on_conflict_do_nothing().returning(_rows.c.id)
    return db.session.execute(statement).scalar()


def _wait_for_siblings(inbound: Inbound, until: datetime) -> None:
    """Every piece of an album puts off the answer to all of them."""
    db.session.execute(
        sa.update(_rows)
        .where(
            _rows.c.state == InboundState.NEW,
            _rows.c.channel == inbound.channel,
            _rows.c.account == inbound.account,
            _rows.c.sender == inbound.sender,
            _rows.c.album == inbound.album,
        )
        .values(next_try_at=until)
    )
