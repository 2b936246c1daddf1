"""An account that can't send any more: written in the record, and told to the administrators."""

import sqlalchemy as sa

from feedback import audit, links
from feedback.db import db
from feedback.messages import say
from feedback.outbox.enqueue import say_to
from feedback.outbox.prompt import Prompt
from feedback.people.directory import table_of
from feedback.people.models import Contact, Role
from feedback.wards.models import ChannelAccount
from feedback.wards.setup import setup_of


def token_refused(account_id: int, version: int, app_id: str) -> None:
    """Tell the administrators once for each lost pair what to do, on whatever else reaches them."""
    account = db.session.get_one(ChannelAccount, account_id)
    audit.record(
        "channel.token_refused",
        "channel_account",
        account_id,
        ward_id=account.ward_id,
        detail={"version": version},
    )
    words = say(
        "channel.token_refused",
        setup_of(account.ward_id).texts,
        name=account.name,
        app=app_id,
        link=links.channels(),
        callback=links.consented(account.channel.value),
    )
    for contact in _administrators(account):
        say_to(
            contact,
            Prompt(words),
            notice="channel.token_refused",
            key=f"token:{account_id}:{version}:{contact.id}",
        )


def _administrators(account: ChannelAccount) -> list[Contact]:
    """The chats of today's administrators that do not hang on the account that is broken."""
    officers = [who for who, _ in table_of(account.ward_id).with_role(Role.ADMINISTRATOR)]
    is_other = sa.or_(Contact.channel != account.channel, Contact.account != account.name)
    query = sa.select(Contact).where(
        Contact.officer_id.in_(officers), Contact.unreachable_at.is_(None), is_other
    )
    return list(db.session.scalars(query.order_by(Contact.id)))
