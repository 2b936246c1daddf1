"""The person behind a message and where the conversation with them stands: found, made, kept.

Plain statements, no ORM: every message of every channel passes here.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import clock
from feedback.conversations.inbound import Inbound
from feedback.conversations.models import Conversation
from feedback.db import connected, db
from feedback.errors import Misconfigured, Stale
from feedback.people.chats import Whom
from feedback.people.models import Contact
from feedback.sealing import fingerprint
from feedback.statement import Plain
from feedback.text import normal_phone
from feedback.wards.models import ChannelAccount, Ward

HEARD_EVERY = timedelta(minutes=1)  # how exactly "last heard" is kept
STANDING = ("number", "flow", "step", "slots", "confusions", "needs_person_at", "version")

_contacts = cast(sa.Table, Contact.__table__)
_conversations = cast(sa.Table, Conversation.__table__)
_own = {name: sa.bindparam(name, type_=_contacts.c[name].type) for name in ("channel", "account")}
_own["address"] = sa.bindparam("address", type_=sa.String)

_find = Plain(
    sa.select(
        ChannelAccount.ward_id,
        Ward.setup_version,
        _contacts.c.id,
        _contacts.c.phone,
        _contacts.c.officer_id,
        _contacts.c.display_name.is_not(None),
        _contacts.c.last_heard_at,
        _contacts.c.unreachable_at,
        _conversations.c.id,
        _conversations.c.flow,
        _conversations.c.step,
        _conversations.c.slots,
        _conversations.c.confusions,
        _conversations.c.needs_person_at,
        _conversations.c.version,
    )
    .join_from(ChannelAccount, Ward, Ward.id == ChannelAccount.ward_id)
    .outerjoin(_contacts, sa.and_(*(_contacts.c[name] == it for name, it in _own.items())))
    .outerjoin(_conversations, _conversations.c.contact_id == _contacts.c.id)
    .where(ChannelAccount.channel == _own["channel"], ChannelAccount.name == _own["account"])
)
_inserts: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _adding(table: sa.Table, given: Collection[str]) -> Plain:
    """An insert that returns the new key, or nothing when the row was there already."""
    return Plain(
        {
            name: insert(table).on_conflict_do_nothing().returning(table.c.id)
            for name, insert in _inserts.items()
        },
        given,
    )


_add_contact = _adding(_contacts, ("ward_id", *_own, "display_name", "last_heard_at", "created_at"))
_add_conversation = _adding(_conversations, ("ward_id", "contact_id", *STANDING[1:], "updated_at"))
_keep_contact = sa.update(_contacts).where(_contacts.c.id == sa.bindparam("contact"))
_keep_conversation = Plain(
    sa.update(_conversations).where(
        _conversations.c.id == sa.bindparam("conversation"),
        _conversations.c.version == sa.bindparam("seen"),
    ),
    (*STANDING[1:], "updated_at"),
)


@dataclass
class Known(Whom):
    """What a turn knows of the contact it answers."""

    phone: str | None
    officer_id: int | None
    unreachable_at: datetime | None


@dataclass
class Chat:
    """One person and the conversation with them.

    What changes is kept by `keep`; `changes` are columns of the contact. A new conversation is written
    when its number is asked for, or in the end.
    """

    connection: sa.Connection = field(repr=False)  # of the present transaction
    contact: Known
    ward_id: int
    setup_version: int
    number: int | None = None
    flow: str | None = None
    step: str | None = None
    slots: str | None = None
    confusions: int = 0
    needs_person_at: datetime | None = None
    version: int = 1
    is_stranger: bool = False  # never heard of before, so without petitions
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The number of the conversation, begun now if it is new."""
        return self.begin() if self.number is None else self.number

    def begin(self) -> int:
        """Write a new conversation. Raises Stale when another process just did."""
        own = {"ward_id": self.ward_id, "contact_id": self.contact.id}
        self.number = _key(_add_conversation.rows(self.connection, own | _standing(self)))
        return self.number

    def keep_phone(self, phone: str, *, is_proven: bool = False) -> bool:
        """Remember the person's own number; False when it cannot be called.

        `is_proven`: the channel vouches for it. Another number, only typed, takes the proof away.
        """
        normal = normal_phone(phone) or normal_phone(f"+{phone}")
        if normal is None:
            return False
        if is_proven or normal != self.contact.phone:
            self.changes["phone_proven_at"] = clock.now() if is_proven else None
        self.contact.phone = normal
        self.changes |= {"phone": normal, "phone_hash": fingerprint(normal)}
        return True

    def ask_for_person(self) -> None:
        """Somebody of the ward is to look."""
        self.needs_person_at = self.needs_person_at or clock.now()


def meet(inbound: Inbound) -> Chat:
    """Who wrote, and where the conversation with them stands. Raises Misconfigured."""
    connection = connected()
    row = next(iter(_find.rows(connection, _address(inbound))), None)
    if row is None:
        raise Misconfigured
    (
        ward_id,
        setup_version,
        contact_id,
        phone,
        officer_id,
        is_named,
        heard_at,
        unreachable_at,
        *standing,
    ) = row
    is_stranger = contact_id is None
    if is_stranger:
        contact_id = _made(connection, inbound, ward_id)
        heard_at = clock.now()
    contact = Known(
        contact_id,
        ward_id,
        inbound.channel,
        inbound.account,
        inbound.sender,
        phone,
        officer_id,
        unreachable_at,
    )
    known = (
        {"is_stranger": is_stranger}
        if standing[0] is None
        else zip(STANDING, standing, strict=True)
    )
    chat = Chat(connection, contact, ward_id, setup_version, **dict(known))
    _note_hearing(chat, inbound, heard_at, is_named=is_named or is_stranger)
    if inbound.is_reachable is not False and chat.contact.unreachable_at is not None:
        chat.changes |= {"unreachable_at": None, "unreachable_reason": None}
    elif inbound.is_reachable is False:
        chat.changes |= {"unreachable_at": clock.now(), "unreachable_reason": "blocked"}
    return chat


def keep(chat: Chat) -> None:
    """Write where the conversation stands now. Raises Stale when somebody else moved it meanwhile."""
    keep_contact(chat)
    if chat.number is None:
        chat.begin()
        return
    seen = {"conversation": chat.id, "seen": chat.version}
    chat.version += 1
    if _keep_conversation.count(chat.connection, seen | _standing(chat)) != 1:
        raise Stale


def keep_contact(chat: Chat) -> None:
    """Write what is new about the person."""
    if chat.changes:
        values = {"contact": chat.contact.id, **chat.changes}
        chat.connection.execute(_keep_contact, values)


def waiting_for_person(ward_id: int, limit: int = 50) -> list[Conversation]:
    """Conversations in which somebody of the ward is to look, longest waiting first."""
    waiting = Conversation.ward_id == ward_id, Conversation.needs_person_at.is_not(None)
    query = sa.select(Conversation).where(*waiting).order_by(Conversation.needs_person_at)
    return list(db.session.scalars(query.limit(limit)))


def _made(connection: sa.Connection, inbound: Inbound, ward_id: int) -> int:
    """A new contact. Raises Stale when another process just made it."""
    now = clock.now()
    values = {
        "ward_id": ward_id,
        **_address(inbound),
        "display_name": inbound.name or None,
        "last_heard_at": now,
        "created_at": now,
    }
    return _key(_add_contact.rows(connection, values))


def _key(added: list[tuple[Any, ...]]) -> int:
    """The key of the row just added. Raises Stale when another process was first."""
    if not added:
        raise Stale
    return int(added[0][0])


def _note_hearing(
    chat: Chat, inbound: Inbound, heard_at: datetime | None, *, is_named: bool
) -> None:
    now = clock.now()
    if heard_at is None or heard_at < now - HEARD_EVERY:
        chat.changes["last_heard_at"] = now
    if inbound.name and not is_named:
        chat.changes["display_name"] = inbound.name


def _standing(chat: Chat) -> dict[str, Any]:
    return {
        "flow": chat.flow,
        "step": chat.step,
        "slots": chat.slots,
        "confusions": chat.confusions,
        "needs_person_at": chat.needs_person_at,
        "updated_at": clock.now(),
        "version": chat.version,
    }


def _address(inbound: Inbound) -> dict[str, Any]:
    return {"channel": inbound.channel, "account": inbound.account, "address": inbound.sender}
