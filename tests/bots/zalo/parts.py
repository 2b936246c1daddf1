"""What the tests of Zalo are made of: an account, the settings of the stand-in, a signed post."""

from dataclasses import replace
from datetime import timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import tokens
from feedback.outbox.channel import Account
from feedback.people.models import Channel
from feedback.wards.models import ChannelAccount
from tests.bots.zalo_server import APP_ID, APP_SECRET, OA_ID, OA_KEY

KEYS = {"zalo_app_id": APP_ID, "zalo_app_secret": APP_SECRET, "zalo_oa_secret_key": OA_KEY}


def use_settings(app, monkeypatch, **changes):
    """Let the application run with other settings for this test."""
    settings = replace(app.config["SETTINGS"], **{**KEYS, **changes})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return settings


def make_account(world, name=OA_ID, zalo=None, **values) -> Account:
    """An Official Account of the ward, with the stand-in's tokens if there is one."""
    with transaction():
        row = ChannelAccount(ward_id=world.ward.id, channel=Channel.ZALO, name=name, **values)
        db.session.add(row)
        db.session.flush()
        if zalo:
            later = clock.now() + timedelta(hours=25)
            tokens.put(row.id, zalo.access, zalo.refresh, later)
        return Account(row.id, row.ward_id, row.channel, row.name)
