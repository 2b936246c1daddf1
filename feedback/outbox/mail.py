"""Residents' e-mail addresses as a way to reach them. Off until a mail server is set.

The address itself is sealed (`Contact.email`); where others show a chat's number stands its fingerprint.
"""

import re

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.models import Channel, Contact
from feedback.sealing import fingerprint, fingerprints
from feedback.wards.models import ChannelAccount

_ADDRESS = re.compile(r"[^\s@<>\",;:]+@[^\s@<>\",;:]+\.[^\s@<>\",;:]+")
_is_on = False


def use(is_on: bool) -> None:
    """Say whether letters can be sent; called once at start-up."""
    global _is_on
    _is_on = is_on


def contact_of(ward_id: int, address: str) -> int | None:
    """The contact behind an address, made if it is new; None when nothing can be sent there."""
    plain = address.strip().lower()
    if not _is_on or len(plain) > 200 or not plain.isascii() or not _ADDRESS.fullmatch(plain):
        return None
    account = _account(ward_id)
    known = sa.select(Contact.id).where(
        Contact.channel == Channel.EMAIL,
        Contact.account == account,
        Contact.address.in_(fingerprints(plain)),
    )
    found: int | None = db.session.scalar(known)
    return found if found is not None else _made(ward_id, account, plain)


def address_of(contact_id: int | None) -> str | None:
    """The address itself, for who sends."""
    return db.session.scalar(sa.select(Contact.email).where(Contact.id == contact_id))


def _made(ward_id: int, account: str, address: str) -> int:
    contact = Contact(
        ward_id=ward_id,
        channel=Channel.EMAIL,
        account=account,
        address=fingerprint(address),
        email=address,
        created_at=clock.now(),
    )
    db.session.add(contact)
    db.session.flush()
    return contact.id


def _account(ward_id: int) -> str:
    """The name of the ward's account for letters; the account is made when it is needed first."""
    name = f"ward-{ward_id}"
    own = {"channel": Channel.EMAIL, "name": name}
    if db.session.scalar(sa.select(ChannelAccount.id).filter_by(**own)) is None:
        db.session.add(ChannelAccount(ward_id=ward_id, **own))
        db.session.flush()
    return name
