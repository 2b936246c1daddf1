"""The ways into the ward that a poster or a message can show: its chats and its page, each with an address."""

from typing import NamedTuple

import sqlalchemy as sa

from feedback import links
from feedback.db import db
from feedback.people.models import Channel
from feedback.wards.models import ChannelAccount

CHATS = (Channel.ZALO, Channel.TELEGRAM)  # in the order in which residents know them


class Door(NamedTuple):
    """One way in. `takes_payload`: the address alone says what it is about."""

    channel: Channel
    label: str
    address: str
    takes_payload: bool


def doors(ward_id: int, *, payload: str, page: str) -> tuple[Door, ...]:
    """The ward's chats that are switched on and can be found by a name, then the page.

    `payload`: what the bot is told when a person comes in (A-Z a-z 0-9 _ -, at most 64).
    """
    query = sa.select(ChannelAccount).where(
        ChannelAccount.ward_id == ward_id,
        ChannelAccount.is_enabled,
        ChannelAccount.channel.in_(CHATS),
    )
    rows = sorted(db.session.scalars(query), key=lambda row: (CHATS.index(row.channel), row.id))
    found = [door for row in rows if (door := _door(row, payload))]
    return (*found, Door(Channel.WEB, "Trang web", page, True))


def _door(row: ChannelAccount, payload: str) -> Door | None:
    if row.channel is Channel.ZALO:  # the account's own name is the id Zalo gave it
        return Door(row.channel, row.channel.label, links.zalo(row.public_name or row.name), False)
    if not row.public_name:
        return None
    address = links.telegram(row.public_name, payload)
    return Door(row.channel, row.channel.label, address, True)
