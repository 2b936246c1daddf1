"""The one way in: what is said to whom, as rows in the transaction of the change that caused it.

Plain statements, no ORM: every submission and every chat turn passes here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import clock
from feedback.db import db
from feedback.outbox.channel import CALLBACK, LIMITS
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Prompt
from feedback.outbox.split import split
from feedback.people.models import Contact

_table = cast(sa.Table, OutboxRow.__table__)
_insert: dict[str, Any] = {
    "sqlite": sqlite.insert(_table).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(_table).on_conflict_do_nothing(index_elements=["key"]),
}


def say_to(
    contact: Contact | sa.Row[Any] | int,
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


def answer_button(contact: Contact | int, callback_id: str, *, key: str, words: str = "") -> int:
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
        .execution_options(synchronize_session=False)
    )
    return int(db.session.execute(withdrawn).rowcount)  # type: ignore[attr-defined]


def lane(channel: str, account: str, recipient: str) -> str:
    """The queue of one recipient: rows of one lane go out in order."""
    return f"{channel}:{account}:{recipient}"


def _parts(prompt: Prompt, limit: int) -> Iterator[tuple[str, Prompt]]:
    texts = split(prompt.text, limit)
    for no, text in enumerate(texts, start=1):
        is_last = no == len(texts)
        yield str(no), replace(prompt, text=text, file_key=None) if is_last else Prompt(text)
    if prompt.file_key:
        yield "file", Prompt("", file_key=prompt.file_key)


def _add(
    to: Any,
    parts: list[tuple[str, Prompt, str, dict[str, Any]]],
    *,
    petition_id: int | None = None,
    not_before: datetime | None = None,
) -> int:
    if not parts:
        return 0
    now = clock.now()
    own = lane(to.channel, to.account, to.address)
    rows = [
        {
            "ward_id": to.ward_id,
            "key": key,
            "channel": to.channel,
            "account": to.account,
            "recipient": to.address,
            "lane": f"{own}:{CALLBACK}" if notice == CALLBACK else own,
            "contact_id": to.id,
            "petition_id": petition_id,
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
    connection = db.session.connection()
    statement = _insert[connection.dialect.name]
    return connection.execute(
        statement, rows, execution_options={"preserve_rowcount": True}
    ).rowcount


def _contact(contact: Contact | sa.Row[Any] | int) -> Any:
    """A contact, or a row with its columns: the caller may have read it along with something else."""
    if not isinstance(contact, int):
        return contact
    columns = (Contact.id, Contact.ward_id, Contact.channel, Contact.account, Contact.address)
    return db.session.execute(sa.select(*columns).where(Contact.id == contact)).one()
