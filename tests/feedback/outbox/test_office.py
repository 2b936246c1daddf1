"""One courier for each account that is switched on; settings changed meanwhile are followed."""

import asyncio
import json

import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.outbox import channel, office
from feedback.people.models import Channel
from feedback.wards.models import ChannelAccount
from tests.feedback.outbox.parts import FakeSender, in_this_thread, make_account


@pytest.fixture
def made(monkeypatch):
    """The accounts for which a sender was made, in order; Zalo has none here."""
    accounts = []

    def factory(account):
        accounts.append(account)
        return FakeSender()

    monkeypatch.setattr(channel, "_factories", {Channel.TELEGRAM: factory})
    monkeypatch.setattr(office, "LOOK_EVERY", 0.001)
    return accounts


def change(**values):
    with transaction():
        db.session.execute(sa.update(ChannelAccount).values(**values))


def leases():
    db.session.rollback()
    return [bool(row) for row in db.session.scalars(sa.select(ChannelAccount.sender_lease_by))]


def live(*steps):
    """The office at work; each step is a condition to wait for, or something to do."""

    async def story():
        stop = asyncio.Event()
        working = asyncio.create_task(office.deliver(stop, by="me", in_db=in_this_thread))
        for step in steps:
            for _ in range(5000):
                if step() is not False:
                    break
                await asyncio.sleep(0.001)
            else:
                raise AssertionError("waited in vain")
        stop.set()
        await working

    asyncio.run(story())


def test_an_account_gets_a_courier_who_lets_go_at_the_end(world, made):
    account = make_account(world)
    live(lambda: leases() == [True])
    assert made == [account]
    assert leases() == [False]


def test_an_account_switched_off_loses_its_courier_and_gets_one_again(world, made):
    make_account(world)
    live(
        lambda: leases() == [True],
        lambda: change(is_enabled=False),
        lambda: leases() == [False],
        lambda: change(is_enabled=True),
        lambda: leases() == [True],
    )
    assert len(made) == 2


def test_new_credentials_make_a_new_sender(world, made):
    make_account(world)
    live(
        lambda: len(made) == 1,
        lambda: change(credentials=json.dumps({"token": "new"})),
        lambda: len(made) == 2,
    )
    assert made[-1].credentials == {"token": "new"}


def test_an_account_without_a_sender_stops_no_other(world, made):
    make_account(world, "zalo")
    change(channel=Channel.ZALO)
    make_account(world, "telegram")
    live(lambda: len(made) == 1)
    assert made[0].name == "telegram"


def test_an_account_whose_credentials_no_key_opens_is_left_out(world, made):
    make_account(world, "broken")
    with transaction():
        db.session.execute(sa.text("UPDATE channel_account SET credentials = 'x'"))
    make_account(world, "whole")
    live(lambda: len(made) == 1)
    assert made[0].name == "whole"
