"""The worker as a real process: it sends, stops cleanly, and loses nothing when it is killed."""

import os
import signal
import time

import pytest
import sqlalchemy as sa

from bots.worker import schedule
from feedback.db import db, transaction
from feedback.outbox.models import JobRun
from feedback.petitions.models import TimelineEntry
from feedback.wards.models import ChannelAccount
from tests.bots.telegram_server import TelegramServer, blocked, silent, too_many
from tests.database import others_write
from tests.feedback.outbox.parts import make_account, make_contact, say, states
from tests.programs import Forked, forked

pytestmark = pytest.mark.programs


@pytest.fixture
def telegram():
    with TelegramServer() as running:
        yield running


@pytest.fixture
def start(app, telegram, tmp_path):
    """Start a worker on the test's database; whatever is still running at the end is killed."""
    settings = app.config["SETTINGS"]
    url = settings.database_url
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM")},
        "SECRET_KEY": settings.secret_key,
        "FIELD_KEYS": ",".join(settings.field_keys),
        "DATABASE_URL": url,
        "UPLOAD_DIR": str(settings.upload_dir),
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE_URL": telegram.api_url,
        "TELEGRAM_FILE_BASE_URL": telegram.file_url,
    }
    started = []
    others_write(app)

    def begin() -> Forked:
        started.append(forked("worker", environment, tmp_path / "log.txt"))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()
        worker.wait()


def until(is_true, what, seconds=60.0):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


def has_run(name: str) -> bool:
    db.session.rollback()
    return bool(db.session.scalar(sa.select(JobRun.id).where(JobRun.name == name)))


def test_it_sends_runs_its_jobs_and_stops_within_five_seconds(start, telegram, world):
    make_account(world)
    say(make_contact(world), "xin chào")
    worker = start()
    until(lambda: states() == ["sent"], "the message is sent")
    assert telegram.said("1001") == ["xin chào"]
    until(lambda: has_run("heartbeat"), "the heartbeat is recorded")
    begun = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert time.monotonic() - begun < 5
    db.session.rollback()
    assert db.session.scalars(sa.select(ChannelAccount)).one().sender_lease_by is None


one_engine = pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True)


@one_engine
def test_stopped_while_the_provider_is_silent_it_says_it_does_not_know(start, telegram, world):
    make_account(world)
    telegram.fail(silent(accepts=True), chat="1001")
    say(make_contact(world), "chờ")
    worker = start()
    telegram.wait_for(lambda: telegram.calls)
    worker.send_signal(signal.SIGINT)
    assert worker.wait(20) == 0
    assert states() == ["unknown"]


def test_killed_between_send_and_settle_it_resends_nothing(start, telegram, world):
    """The provider has the message, the row does not say so: only a person may send it again."""
    make_account(world)
    petition = world.submit()
    telegram.fail(silent(accepts=True), chat="1001")
    say(make_contact(world), "một", "hai", petition_id=petition.id)
    worker = start()
    telegram.wait_for(lambda: telegram.said("1001") == ["một"])
    worker.kill()
    worker.wait()
    assert states() == ["sending", "queued"]
    with transaction():  # fifteen seconds later
        db.session.execute(sa.update(ChannelAccount).values(sender_lease_until=None))
    start()
    until(lambda: states() == ["unknown", "sent"], "the second message is sent")
    assert telegram.said("1001") == ["một", "hai"]
    notes = sa.select(TimelineEntry.text, TimelineEntry.is_public).where(
        TimelineEntry.petition_id == petition.id, TimelineEntry.action == "undelivered"
    )
    ((text, is_public),) = db.session.execute(notes)
    assert "chưa rõ đã đến hay chưa" in text
    assert not is_public


@one_engine
def test_it_starts_while_the_provider_is_down_and_sends_when_it_is_back(start, telegram, world):
    make_account(world)
    say(make_contact(world), "xin chào")
    say(make_contact(world, "1002"), "chặn rồi")
    telegram.fail(too_many(1), chat="1001")
    telegram.fail(blocked(), chat="1002")
    start()
    until(lambda: states() == ["sent", "failed"], "both are settled")
    assert telegram.said() == ["xin chào"]


def test_nothing_read_at_the_start_stays_open(app):
    with app.app_context():
        schedule(app)
        assert not db.session().in_transaction()
