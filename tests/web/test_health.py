"""/healthz: 200 while all is well, 503 with the name of what is not, and no secret either way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock, jobs
from feedback.db import db, transaction
from feedback.outbox import accounts
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.wards.models import ChannelAccount
from tests.feedback.outbox.parts import make_account, make_contact, say


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel("2026-11-23 08:00+07:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def well(world, tmp_path):
    """Every job has just run."""
    runner = jobs.Runner(tmp_path)
    for job in jobs.SCHEDULE:
        runner.run(job)
    return world


def look(client):
    response = client.get("/healthz")
    return response.status_code, response.get_json()


def test_all_is_well(client, well):
    status, body = look(client)
    assert (status, body["status"], body["problems"]) == (200, "ok", [])
    assert body["jobs"]["heartbeat"]["last_run_at"] == "2026-11-23T01:00:00+00:00"


def test_a_worker_that_never_ran_is_a_problem(client, world):
    status, body = look(client)
    assert status == 503
    assert "job:heartbeat" in body["problems"]


def test_a_worker_that_stopped_is_a_problem(client, well, time):
    time.shift(60)
    assert look(client)[0] == 200
    time.shift(60)
    status, body = look(client)
    assert (status, body["problems"]) == (503, ["job:inbox", "job:broadcasts", "job:heartbeat"])


def test_a_message_that_waits_too_long_is_a_problem(client, well, time):
    make_account(well)
    say(make_contact(well), "một")
    with transaction():
        db.session.execute(
            sa.update(OutboxRow).values(not_before=clock.now() - timedelta(minutes=9))
        )
    status, body = look(client)
    assert (status, body["oldest_due_seconds"]) == (200, 540)
    with transaction():
        db.session.execute(
            sa.update(OutboxRow).values(not_before=clock.now() - timedelta(minutes=11))
        )
    status, body = look(client)
    assert (status, body["problems"]) == (503, ["queue"])


def test_one_that_is_not_due_yet_is_none(client, well):
    make_account(well)
    say(make_contact(well), "mai", not_before=clock.now() + timedelta(days=1))
    assert look(client)[1]["oldest_due_seconds"] == 0


def test_what_failed_in_the_last_day_is_counted(client, well, time):
    make_account(well)
    say(make_contact(well), "một", "hai", "ba")
    ends = {"một": OutboxState.FAILED, "hai": OutboxState.UNKNOWN, "ba": OutboxState.SENT}
    with transaction():
        for key, state in ends.items():
            row = sa.update(OutboxRow).where(OutboxRow.key == f"{key}:1")
            db.session.execute(row.values(state=state, settled_at=clock.now()))
    body = look(client)[1]
    assert (body["failed_24h"], body["unknown_24h"]) == (1, 1)
    time.shift(timedelta(days=1))
    body = look(client)[1]
    assert (body["failed_24h"], body["unknown_24h"]) == (0, 0)


def test_each_account_says_how_it_stands(client, well):
    account = make_account(well)
    state = lambda: look(client)[1]["channels"][0]["state"]  # noqa: E731
    assert state() == "idle"
    with transaction():
        accounts.take_lease(account.id, "me")
    assert state() == "sending"
    with transaction():
        accounts.note_state(account.id, None, "Telegram does not know this token")
    assert state() == "error"
    with transaction():
        db.session.execute(sa.update(ChannelAccount).values(is_enabled=False))
    assert state() == "off"


def test_it_tells_nothing_secret(client, well):
    make_account(well, credentials='{"token": "123456:SECRET"}', last_error="Forbidden 0912345678")
    text = client.get("/healthz").get_data(as_text=True)
    assert "SECRET" not in text
    assert "0912345678" not in text


def test_a_database_that_is_gone_is_said_not_raised(client, monkeypatch):
    def gone():
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("refused"))

    monkeypatch.setattr("feedback.health._accounts", gone)
    assert look(client) == (
        503,
        {"status": "problem", "problems": ["database"], "database": "down"},
    )


def test_every_answer_names_its_request(client, world, caplog):
    with caplog.at_level("INFO", logger="web"):
        first, second = (client.get("/nowhere/") for _ in range(2))
    ids = {each.headers["X-Request-ID"] for each in (first, second)}
    assert len(ids) == 2
    fields = caplog.records[0].fields
    assert (fields["method"], fields["path"], fields["status"]) == ("GET", "/nowhere/", 404)


def test_a_strangers_request_id_is_not_believed(client):
    response = client.get("/healthz", headers={"X-Request-ID": "made-up-by-me"})
    assert response.headers["X-Request-ID"] != "made-up-by-me"
