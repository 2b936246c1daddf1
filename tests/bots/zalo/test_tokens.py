"""The life of a token: renewed by one, used by all, never lost, and loudly missed when it is refused."""

import os
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from bots.zalo import clients
from bots.zalo import tokens as stored
from bots.zalo.sdk.errors import ZaloNoAnswer
from bots.zalo.tokens import StoredTokens, TokenBusy, TokenLost
from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.outbox import tokens
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.wards.models import ChannelAccount
from tests.bots.telegram_server import reset, server_error
from tests.bots.zalo import renewing
from tests.bots.zalo_server import OA_ID, ZaloServer, zalo_error
from tests.database import others_write
from tests.programs import Forked

OAUTH = "/v4/oa/access_token"


@pytest.fixture
def zalo():
    with ZaloServer() as running:
        yield running


@pytest.fixture
def linked(app, world, zalo, monkeypatch):
    """The application connected to the stand-in; the account's number."""
    from dataclasses import replace

    settings = replace(app.config["SETTINGS"], **zalo.settings)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return connect(world, zalo)


def connect(world, zalo) -> int:
    with transaction():
        row = ChannelAccount(ward_id=world.ward.id, channel=Channel.ZALO, name=OA_ID)
        db.session.add(row)
        db.session.flush()
        later = clock.now() + timedelta(hours=25)
        tokens.put(row.id, zalo.access, zalo.refresh, later)
    return row.id


def held(account_id):
    db.session.rollback()
    return tokens.of(account_id)


def test_the_pair_in_the_database_is_the_one_the_provider_knows(app, linked, zalo):
    store = clients.stored_tokens(app, linked)
    old = store.access_token()
    assert old == zalo.access
    assert store.renewed(old) == zalo.access != old
    now = held(linked)
    assert (now.access_token, now.refresh_token) == (zalo.access, zalo.refresh)
    assert now.version == 2
    assert now.expires_at - clock.now() > timedelta(hours=24)


def test_a_token_somebody_else_renewed_is_taken_as_it_is(app, linked, zalo):
    store = clients.stored_tokens(app, linked)
    old = zalo.access
    store.renewed(old)
    assert store.renewed(old) == zalo.access
    assert len(zalo.refreshes) == 1


def test_a_call_with_an_old_token_renews_it_through_the_database(app, linked, zalo):
    zalo.expire()
    assert clients.for_account(app, linked).get_oa()["data"]["oaid"] == OA_ID
    assert held(linked).access_token == zalo.access


def test_an_expired_token_is_renewed_before_it_is_used(app, linked, zalo):
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert clients.stored_tokens(app, linked).access_token() == zalo.access
    assert len(zalo.refreshes) == 1


def test_it_is_due_after_twenty_hours(linked):
    now = clock.now()
    assert tokens.due(now + timedelta(hours=19, minutes=59)) == []
    assert len(tokens.due(now + timedelta(hours=20, minutes=1))) == 1
    with transaction():
        db.session.execute(sa.update(ChannelAccount).values(is_enabled=False))
    assert tokens.due(now + timedelta(hours=30)) == []


def test_tokens_are_sealed(linked, zalo):
    raw = db.session.execute(sa.text("SELECT * FROM channel_token")).one()
    assert zalo.access not in str(raw)
    assert zalo.refresh not in str(raw)


def give_chat(officer, ward_id, channel=Channel.TELEGRAM, account="main") -> None:
    with transaction():
        chat = {"channel": channel, "account": account, "address": f"4{officer.id}"}
        db.session.add(
            Contact(ward_id=ward_id, officer_id=officer.id, created_at=clock.now(), **chat)
        )


def test_a_refused_pair_alarms_the_administrators_once_with_the_way_out(app, linked, zalo, world):
    give_chat(world.admin, world.ward.id)
    give_chat(world.admin, world.ward.id, Channel.ZALO, OA_ID)
    give_chat(world.an, world.ward.id)
    zalo.forget_consent()
    store = clients.stored_tokens(app, linked)
    for _ in range(3):
        with pytest.raises(TokenLost):
            store.renewed(held(linked).access_token)
    db.session.rollback()
    (row,) = db.session.scalars(sa.select(OutboxRow))
    assert row.channel is Channel.TELEGRAM
    for part in ("/desk/settings/channels", "Xin lại quyền từ Zalo", "-14003", "/zalo/consent"):
        assert part in row.body
    assert db.session.scalars(sa.select(AuditRow.action)).all() == ["channel.token_refused"]
    assert len(zalo.burnt) == 1, "a refusal is not asked for again and again"


def test_an_hour_later_it_asks_again_and_heals(app, linked, zalo):
    lost = zalo.access, zalo.refresh
    zalo.forget_consent()
    store = clients.stored_tokens(app, linked)
    with pytest.raises(TokenLost):
        store.renewed(lost[0])
    zalo.access, zalo.refresh = lost
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        assert len(tokens.due(clock.now())) == 1
        store.renewed(lost[0])
        assert held(linked).refused_at is None


@pytest.mark.parametrize("fault", [server_error(502), reset(accepts=False), zalo_error(-32)])
def test_what_may_pass_loses_nothing(app, linked, zalo, fault):
    zalo.fail(fault, path=OAUTH)
    store = clients.stored_tokens(app, linked)
    with pytest.raises(TokenBusy):
        store.renewed(zalo.access)
    assert store.renewed(held(linked).access_token) == zalo.access
    assert zalo.burnt == []


def test_a_pair_that_comes_after_its_claim_ran_out_is_kept(app, linked, zalo):
    """Slow to answer, the provider did rotate: the late pair is the only one left."""
    late = {}

    def slow(refresh_token):
        later = clock.now() + timedelta(minutes=2)
        with time_machine.travel(later, tick=False), pytest.raises(TokenBusy):
            StoredTokens(app, linked, torn).renewed(held(linked).access_token)
        late["pair"] = ("access-late", "refresh-late", int(clock.now().timestamp()) + 90_000)
        return late["pair"]

    def torn(_refresh_token):
        raise ZaloNoAnswer(0, "no answer")

    assert StoredTokens(app, linked, slow).renewed(zalo.access) == "access-late"
    assert held(linked).refresh_token == "refresh-late"


def test_nobody_waits_for_ever(app, linked, zalo, monkeypatch):
    monkeypatch.setattr(stored, "PATIENCE", 0.2)
    with transaction():
        assert tokens.claim(tokens.of(linked), "somebody else")
    with pytest.raises(TokenBusy):
        clients.stored_tokens(app, linked).renewed(zalo.access)
    assert zalo.refreshes == []


def test_eight_threads_renew_once(bare_app, app, linked, zalo):
    store = clients.stored_tokens(app, linked)
    old, got, start = zalo.access, [], threading.Barrier(8)
    db.session.remove()

    def renew():
        start.wait()
        got.append(store.renewed(old))

    threads = [threading.Thread(target=renew) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(got) == {zalo.access}
    assert len(got) == 8
    assert len(zalo.refreshes) == 1


@pytest.mark.slow
@pytest.mark.programs
def test_six_processes_renew_a_hundred_times_and_lose_no_token(app, world, zalo, tmp_path):
    """Two workers and four web processes."""
    account_id = connect(world, zalo)
    others_write(app)
    db.session.remove()
    settings = app.config["SETTINGS"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM", "ZALO"))}
    environment = {
        **clean,
        **{name.upper(): value for name, value in zalo.settings.items()},
        "SECRET_KEY": settings.secret_key,
        "FIELD_KEYS": ",".join(settings.field_keys),
        "DATABASE_URL": settings.database_url,
        "UPLOAD_DIR": str(settings.upload_dir),
        "LOG_LEVEL": "WARNING",
    }
    log = tmp_path / "log.txt"
    renewers = Forked(renewing.main, account_id, 101, 6, env=environment, log=log)
    assert renewers.wait(240) == 0, log.read_text()
    assert zalo.burnt == [], "a refresh token was used twice"
    assert len(set(zalo.refreshes)) == len(zalo.refreshes) >= 100
    now = held(account_id)
    assert (now.access_token, now.refresh_token) == (zalo.access, zalo.refresh)
    assert now.version == len(zalo.refreshes) + 1
    assert now.refused_at is None
