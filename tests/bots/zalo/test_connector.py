"""Connecting an Official Account: by consent, by a pasted pair, by the settings' first token."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from bots.zalo.connector import ZaloConnector
from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import tokens
from feedback.outbox.connecting import NotConnected
from feedback.people.models import Channel
from feedback.wards.models import ChannelAccount
from tests.bots.telegram_server import reset
from tests.bots.zalo.parts import use_settings
from tests.bots.zalo_server import OA_ID, ZaloServer
from tests.world import make_world


@pytest.fixture
def zalo(app, monkeypatch):
    with ZaloServer() as running:
        use_settings(app, monkeypatch, **running.settings)
        yield running


@pytest.fixture
def connector(app, zalo, world):
    return ZaloConnector(app)


def accounts() -> list[ChannelAccount]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ChannelAccount)))


def held(account_id):
    db.session.rollback()
    return tokens.of(account_id)


def test_a_consent_becomes_an_account_with_a_name(connector, zalo, world):
    code = zalo.consent(connector.challenge())
    account_id = connector.connect(world.ward.id, code, OA_ID)
    (row,) = accounts()
    assert (row.id, row.channel, row.name, row.is_enabled) == (
        account_id,
        Channel.ZALO,
        OA_ID,
        True,
    )
    assert held(account_id).refresh_token == zalo.refresh
    about = tokens.conditions()[account_id].about
    assert (about["name"], about["package"], about["quota"]) == (
        "UBND Phường Ba Đình",
        "Nâng cao",
        "1990/2000",
    )


def test_without_the_id_in_the_callback_zalo_is_asked(connector, zalo, world):
    connector.connect(world.ward.id, zalo.consent(connector.challenge()))
    assert [row.name for row in accounts()] == [OA_ID]


def test_a_second_consent_mends_the_same_account(connector, zalo, world):
    first = connector.connect(world.ward.id, zalo.consent(connector.challenge()), OA_ID)
    zalo.forget_consent()
    again = connector.connect(world.ward.id, zalo.consent(connector.challenge()), OA_ID)
    assert first == again
    assert held(again).refused_at is None
    assert held(again).access_token == zalo.access


def test_the_pair_is_kept_even_when_looking_fails(connector, zalo, world):
    """The code is used up: what it gave must not be lost."""
    zalo.fail(reset(accepts=False), path="/v2.0/oa/getoa")
    with pytest.raises(NotConnected):
        connector.connect(world.ward.id, zalo.consent(connector.challenge()), OA_ID)
    (row,) = accounts()
    assert held(row.id).refresh_token == zalo.refresh


def test_a_wrong_code_is_refused_in_words(connector, world):
    with pytest.raises(NotConnected, match="Zalo chưa chấp nhận"):
        connector.connect(world.ward.id, "wrong", OA_ID)
    assert accounts() == []


def test_a_pasted_pair_is_looked_at_first(connector, zalo, world):
    account_id = connector.paste(world.ward.id, zalo.access, zalo.refresh)
    assert accounts()[0].name == OA_ID
    assert held(account_id).access_token == zalo.access
    assert zalo.refreshes == []
    with pytest.raises(NotConnected, match="API Explorer"):
        connector.paste(world.ward.id, "wrong", "wrong")
    assert held(account_id).access_token == zalo.access


def test_an_account_of_another_ward_is_left_alone(connector, zalo, world):
    other = make_world("HK", "hoan-kiem")
    connector.paste(other.ward.id, zalo.access, zalo.refresh)
    with pytest.raises(NotConnected, match="phường khác"):
        connector.paste(world.ward.id, zalo.access, zalo.refresh)


def test_the_settings_first_token_is_used_once(app, connector, zalo, world, monkeypatch):
    first = zalo.refresh
    use_settings(app, monkeypatch, **zalo.settings, zalo_refresh_token=first)
    for _ in range(3):
        ZaloConnector(app).tend()
    (row,) = accounts()
    assert row.name == OA_ID
    assert zalo.refreshes == [first]
    assert zalo.burnt == []
    assert held(row.id).access_token == zalo.access


def test_it_renews_what_is_due_and_lets_the_rest_be(connector, zalo, world):
    connector.paste(world.ward.id, zalo.access, zalo.refresh)
    connector.tend()
    assert zalo.refreshes == []
    with time_machine.travel(clock.now() + timedelta(hours=20, minutes=1), tick=False):
        connector.tend()
        connector.tend()
    assert len(zalo.refreshes) == 1


def test_what_can_not_be_renewed_does_not_stop_the_rest(connector, zalo, world):
    account_id = connector.paste(world.ward.id, zalo.access, zalo.refresh)
    zalo.forget_consent()
    with time_machine.travel(clock.now() + timedelta(hours=21), tick=False):
        connector.tend()
    assert held(account_id).refused_at is not None


def test_what_is_missing_is_named(app, monkeypatch, world):
    use_settings(app, monkeypatch, zalo_app_id="", zalo_app_secret="", zalo_oa_secret_key="")
    connector = ZaloConnector(app)
    assert connector.missing() == ["ZALO_APP_ID", "ZALO_APP_SECRET", "ZALO_OA_SECRET_KEY"]
    assert connector.tend() == 0


def test_the_challenge_stays_the_same_for_the_console(app, connector):
    assert connector.challenge() == ZaloConnector(app).challenge()
    assert "code_challenge=" + connector.challenge() in connector.consent_url("https://x/cb", "s")


def test_health_tells_the_age_and_the_loss_of_a_token(client, connector, zalo, world):
    connector.paste(world.ward.id, zalo.access, zalo.refresh)
    body = client.get("/healthz").get_json()
    (channel,) = body["channels"]
    assert channel["token"] == "ok"
    assert channel["token_age_seconds"] < 60
    assert channel["quota"] == "1990/2000"
    with transaction():
        tokens.refuse(held(accounts()[0].id), "-14014")
    body = client.get("/healthz").get_json()
    assert f"token:zalo:{OA_ID}" in body["problems"]
    assert zalo.refresh not in str(body)


def test_the_doctor_says_what_to_do(app, connector, zalo, world):
    from web.ops.doctor import channels

    account_id = connector.paste(world.ward.id, zalo.access, zalo.refresh)
    settings = app.config["SETTINGS"]
    assert [each.level.value for each in channels(settings)] == ["ok"]
    with transaction():
        tokens.refuse(held(account_id), "-14014")
    (found,) = channels(settings)
    assert (found.level.value, "Xin lại quyền" in found.todo) == ("error", True)
