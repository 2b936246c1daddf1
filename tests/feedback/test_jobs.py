"""What happens by itself: that it happens, is written down, and that one failure stops nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock, jobs
from feedback.db import db, transaction
from feedback.outbox.models import JobRun
from feedback.wards.models import Ward
from tests.feedback.outbox.parts import make_account, make_contact, say, states

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel("2026-11-23 08:00+07:00", tick=False) as traveller:
        yield traveller


def job(run=lambda _files: None, name="test", every=MINUTE) -> jobs.Job:
    return jobs.Job(name, every, run, "Thử")


def recorded(name="test") -> JobRun:
    db.session.expire_all()
    return db.session.scalars(sa.select(JobRun).where(JobRun.name == name)).one()


def test_every_job_has_its_own_name_and_words():
    names = [each.name for each in jobs.SCHEDULE]
    assert len(set(names)) == len(names)
    assert all(each.words and each.every >= timedelta(seconds=1) for each in jobs.SCHEDULE)


@pytest.mark.parametrize("each", jobs.SCHEDULE, ids=lambda each: each.name)
def test_every_job_runs_on_an_empty_ward_and_again(app, world, tmp_path, each):
    runner = jobs.Runner(tmp_path)
    assert [runner.run(each), runner.run(each)] == [None, None]
    assert recorded(each.name).finished_at == clock.now()


def test_a_job_is_given_the_files(app):
    given = []
    jobs.Runner(Path("/files")).run(job(given.append))
    assert given == [Path("/files")]


def test_a_failure_is_recorded_without_secrets_and_the_next_run_clears_it(app, time):
    def fail(_files):
        raise ValueError("Gọi 0912345678 không được")

    runner = jobs.Runner(Path())
    runner.run(job(fail))
    assert recorded().error == "ValueError: Gọi ••• không được"
    runner.run(job())
    assert recorded().error is None


def test_what_a_failed_job_wrote_is_undone(app, world):
    def fail(_files):
        with transaction():
            db.session.get_one(Ward, world.ward.id).hotline = "113"
            db.session.flush()
            raise ValueError

    jobs.Runner(Path()).run(job(fail))
    assert db.session.get_one(Ward, world.ward.id).hotline == ""


def test_a_job_that_runs_every_second_is_not_written_down_every_second(app, time):
    runner, first = jobs.Runner(Path()), clock.now()
    for _ in range(15):
        runner.run(job())
        time.shift(1)
    assert recorded().finished_at == first
    runner.run(job())
    assert recorded().finished_at == first + timedelta(seconds=15)


def test_a_daily_job_is_not_run_again_at_each_start(app, time):
    daily = job(every=timedelta(days=1))
    assert jobs.next_run(daily, None) == clock.now()
    jobs.Runner(Path()).run(daily)
    ran = clock.now()
    time.shift(3600)
    assert jobs.next_run(daily, jobs.last_runs()["test"]) == ran + timedelta(days=1)
    time.shift(timedelta(days=2))
    assert jobs.next_run(daily, jobs.last_runs()["test"]) == clock.now()


def test_when_a_job_is_late():
    now = clock.now()
    assert job().is_late(None, now)
    assert not job().is_late(now - 4 * MINUTE, now)
    assert job().is_late(now - 5 * MINUTE, now)


def test_messages_of_a_dead_sender_end_as_unknown(app, world, time, tmp_path):
    from feedback.outbox import delivery

    account = make_account(world)
    say(make_contact(world), "một")
    with transaction():
        delivery.claim(account, "dead", 1, [])
    runner = jobs.Runner(tmp_path)
    sweep = next(each for each in jobs.SCHEDULE if each.name == "abandoned")
    runner.run(sweep)
    assert states() == ["sending"]
    time.shift(601)
    runner.run(sweep)
    assert states() == ["unknown"]
