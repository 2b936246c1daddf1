"""The one way in: what is said to whom, as rows in the transaction of the change that caused it.

Plain statements, no ORM: every submission and every chat turn passes here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import clock
from feedback.db import connected, rows_touched
from feedback.outbox.channel import CALLBACK, LIMITS
from feedback.outbox.models import BROADCAST, PERSONAL, OutboxRow, OutboxState
from feedback.outbox.prompt import Prompt
from feedback.outbox.split import split
from feedback.people.chats import WHOM, Whom
from feedback.people.models import Contact
from feedback.statement import Plain

_Part = tuple[str, Prompt, str, dict[str, Any]]  # key, prompt, notice, detail
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # the time of what is held back

_table = cast(sa.Table, OutboxRow.__table__)
_inserts: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_FILLED = (
    "ward_id",
    "key",
    "channel",
    "account",
    "recipient",
    "lane",
    "contact_id",
    "petition_id",
    "broadcast_id",
    "priority",
    "notice",
    "body",
    "state",
    "tries",
    "not_before",
    "created_at",
    "detail",
)
_insert = Plain(
    {
        name: insert(_table).on_conflict_do_nothing(index_elements=["key"])
        for name, insert in _inserts.items()
    },
    _FILLED,
)


class Addressee(Protocol):
    """Where something is said: a contact, or what was read of one along with something else."""

    id: Any
    ward_id: Any
    channel: Any
    account: Any
    address: Any


_whom = Plain(WHOM.where(Contact.id == sa.bindparam("contact")))


def say_to(
    contact: Addressee | sa.Row[Any] | int,
    prompt: Prompt,
    *,
    notice: str,
    key: str,
    petition_id: int | None = None,
    not_before: datetime | None = None,
) -> int:
    """Queue a prompt for a contact, one row for each provider call; how many rows are new.

    Saying the same `key` again adds nothing. A long text becomes rows `key:1`, `key:2`…, with the
    buttons on the last; a file is a row of its own, `key:file`, so neither can repeat the other.
    `notice` names the text for the delivery log. A contact on a channel that carries no messages
    (a web visitor, a paper letter) gets none.
    """
    to = _contact(contact)
    if to.channel not in LIMITS:
        return 0
    parts = _parts(prompt, LIMITS[to.channel].text)
    return _add(
        to,
        [(f"{key}:{suffix}", part, notice, {}) for suffix, part in parts],
        petition_id=petition_id,
        not_before=not_before,
    )


def say_to_all(
    contacts: Iterable[tuple[Any, str]], prompt: Prompt, *, notice: str, broadcast_id: int
) -> int:
    """Queue a broadcast's prompt for contacts, each with its own key; how many rows are new.

    Goes after everything said to single persons.
    """
    parts: dict[int, list[tuple[str, Prompt]]] = {}
    rows = []
    for to, key in contacts:
        limit = LIMITS[to.channel].text
        parts[limit] = parts.get(limit) or list(_parts(prompt, limit))
        said: list[_Part] = [(f"{key}:{suffix}", part, notice, {}) for suffix, part in parts[limit]]
        rows += _rows(to, said, broadcast_id=broadcast_id, priority=BROADCAST)
    return _insert_all(rows)


def answer_button(contact: Addressee | int, callback_id: str, *, key: str, words: str = "") -> int:
    """Queue the acknowledgement of a pressed button. It holds up nothing and may come too late."""
    to = _contact(contact)
    return _add(to, [(key, Prompt(words), CALLBACK, {"callback_id": callback_id})])


def cancel(key_prefix: str) -> int:
    """Withdraw what is still queued under keys that begin so; how many rows that was."""
    withdrawn = (
        sa.update(OutboxRow)
        .where(
            OutboxRow.key.startswith(key_prefix, autoescape=True),
            OutboxRow.state == OutboxState.QUEUED,
        )
        .values(state=OutboxState.CANCELLED, settled_at=clock.now())
    )
    return rows_touched(withdrawn)


def hold(broadcast_id: int) -> int:
    """Let nothing of a broadcast leave that is still queued; how many rows that was."""
    return _put_off(broadcast_id, OutboxRow.not_before < NEVER, to=NEVER)


def go_on(broadcast_id: int) -> int:
    """Let what was held back leave after all."""
    return _put_off(broadcast_id, OutboxRow.not_before >= NEVER, to=clock.now())


def withdraw(broadcast_id: int, contact_ids: Sequence[int] | None = None) -> int:
    """Withdraw what is still queued of a broadcast (to these contacts); how many rows that was."""
    of_these = [OutboxRow.contact_id.in_(contact_ids)] if contact_ids is not None else []
    withdrawn = _queued_of(broadcast_id, *of_these).values(
        state=OutboxState.CANCELLED, settled_at=clock.now()
    )
    return rows_touched(withdrawn)


def _put_off(broadcast_id: int, *which: sa.ColumnElement[bool], to: datetime) -> int:
    put_off = _queued_of(broadcast_id, *which).values(not_before=to)
    return rows_touched(put_off)


def _queued_of(broadcast_id: int, *which: sa.ColumnElement[bool]) -> sa.Update:
    own = (OutboxRow.broadcast_id == broadcast_id, OutboxRow.state == OutboxState.QUEUED)
    return sa.update(OutboxRow).where(*own, *which)


def lane(channel: str, account: str, recipient: str) -> str:
    """The queue of one recipient: rows of one lane go out in order. Topics of a group ("-100/5") share its."""
    return f"{channel}:{account}:{recipient.partition('/')[0]}"


def _parts(prompt: Prompt, limit: int) -> Iterator[tuple[str, Prompt]]:
    texts = split(prompt.text, limit)
    for no, text in enumerate(texts, start=1):
        is_last = no == len(texts)
        yield str(no), replace(prompt, text=text, file_key=None) if is_last else Prompt(text)
    if prompt.file_key:
        yield "file", Prompt("", file_key=prompt.file_key)


def _add(to: Any, parts: list[_Part], **more: Any) -> int:
    return _insert_all(_rows(to, parts, **more))


def _rows(
    to: Any,
    parts: list[_Part],
    *,
    petition_id: int | None = None,
    broadcast_id: int | None = None,
    priority: int = PERSONAL,
    not_before: datetime | None = None,
) -> list[dict[str, Any]]:
    now = clock.now()
    own = lane(to.channel, to.account, to.address)
    return [
        {
            "ward_id": to.ward_id,
            "key": key,
            "channel": to.channel,
            "account": to.account,
            "recipient": to.address,
            "lane": f"{own}:{CALLBACK}" if notice == CALLBACK else own,
            "contact_id": to.id,
            "petition_id": petition_id,
            "broadcast_id": broadcast_id,
            "priority": priority,
            "notice": notice,
            "body": prompt.as_json(),
            "state": OutboxState.QUEUED,
            "tries": 0,
            "not_before": not_before or now,
            "created_at": now,
            "detail": detail,
        }
        for key, prompt, notice, detail in parts
    ]


def _insert_all(rows: list[dict[str, Any]]) -> int:
    connection = connected()
    return sum(_insert.count(connection, row) for row in rows)


def _contact(contact: Addressee | sa.Row[Any] | int) -> Any:
    if not isinstance(contact, int):
        return contact
    [found] = _whom.rows(connected(), {"contact": contact})
    return Whom(*found)
