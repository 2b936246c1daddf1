"""The doctor: every fault is named with what to do, and nothing is wrong when nothing is wrong."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from cryptography.fernet import Fernet

from feedback import jobs, sealing
from feedback.db import db, transaction
from feedback.people.models import Tenure
from feedback.wards.models import ChannelAccount, DayRule, Delegation
from feedback.wards.setup import changed
from tests.bots.telegram_server import TelegramServer
from tests.database import FIELD_KEY
from tests.feedback.outbox.parts import make_account, make_contact, say
from web.ops import doctor
from web.ops.doctor import Level

HEARTBEAT = next(each for each in jobs.SCHEDULE if each.name == "heartbeat")


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel("2026-06-15 08:00+07:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def settings(app):
    found = app.config["SETTINGS"]
    found.upload_dir.mkdir(parents=True, exist_ok=True)
    return replace(found, public_url="https://badinh.example.vn")


def findings(settings, *, worse_than=Level.OK):
    order = list(Level)
    every = list(doctor.examine(settings))
    assert all(each.todo or each.level is Level.OK for each in every), "a fault without a remedy"
    return [each for each in every if order.index(each.level) > order.index(worse_than)]


def words(found):
    return " | ".join(each.words for each in found)


def test_a_ward_in_order_has_no_error(settings, world, tmp_path):
    make_account(world)
    jobs.Runner(tmp_path).run(HEARTBEAT)
    assert findings(settings, worse_than=Level.WARNING) == []


def test_an_address_without_tls_is_an_error_and_this_machine_a_warning(settings, world):
    found = doctor.addresses(replace(settings, public_url="http://badinh.example.vn"))
    assert [each.level for each in found] == [Level.ERROR]
    found = doctor.addresses(replace(settings, public_url="http://127.0.0.1:8000"))
    assert [each.level for each in found] == [Level.WARNING]


def test_a_directory_that_is_not_there_is_named(settings, tmp_path):
    gone = tmp_path / "gone"
    first, *_ = doctor.directories(replace(settings, upload_dir=gone))
    assert first.level is Level.ERROR
    assert str(gone) in first.words


def test_a_key_that_opens_nothing_is_an_error(settings, world):
    world.submit()
    sealing.use_keys((Fernet.generate_key().decode(),))
    try:
        found = list(doctor.encryption(settings))
    finally:
        sealing.use_keys((FIELD_KEY,))
    assert found[0].level is Level.ERROR
    assert "petition" in found[0].words


def test_two_keys_ask_for_rotation(settings, world):
    found = list(doctor.encryption(replace(settings, field_keys=(FIELD_KEY, FIELD_KEY))))
    assert "rotate-keys" in found[-1].todo


def test_no_ward_is_an_error(settings, app):
    assert [each.level for each in doctor.wards(settings)] == [Level.ERROR]


def test_a_ward_without_chair_or_clerk_is_an_error(settings, world):
    with transaction():
        for who in ("chair", "clerk"):
            ended = sa.update(Tenure).where(Tenure.officer_id == world.people[who].id)
            db.session.execute(ended.values(ends_on=date(2026, 6, 1)))
        changed(world.ward.id)
    found = [each for each in doctor.wards(settings) if each.level is Level.ERROR]
    assert "Chủ tịch" in words(found)
    assert "tiếp nhận" in words(found)


def test_fields_given_to_nobody_are_counted(settings, world):
    assert "21 lĩnh vực" in words(doctor.wards(settings))
    with transaction():
        db.session.execute(sa.delete(Delegation))
        changed(world.ward.id)
    assert "25 lĩnh vực" in words(doctor.wards(settings))


def test_next_years_calendar_is_asked_for_from_november(settings, world, time):
    assert "2027" not in words(doctor.wards(settings))
    time.move_to("2026-11-02 08:00+07:00")
    assert "năm 2027 chưa xác nhận" in words(doctor.wards(settings))
    with transaction():
        new_year = DayRule(
            ward_id=world.ward.id,
            day=date(2027, 1, 1),
            kind="off",
            name="Tết Dương lịch",
            is_confirmed=True,
        )
        db.session.add(new_year)
        changed(world.ward.id)
    assert "năm 2027 đã xác nhận" in words(doctor.wards(settings))


def test_a_channel_says_what_is_wrong_with_it(settings, world):
    account = make_account(world)
    assert [each.level for each in doctor.channels(settings)] == [Level.OK]
    (found,) = doctor.channels(replace(settings, telegram_bot_token=""))
    assert "TELEGRAM_BOT_TOKEN" in found.todo
    with transaction():
        row = db.session.get_one(ChannelAccount, account.id)
        row.last_error = "Telegram does not know this token"
    assert [each.level for each in doctor.channels(settings)] == [Level.ERROR]
    with transaction():
        db.session.execute(sa.update(ChannelAccount).values(is_enabled=False))
    assert [each.level for each in doctor.channels(settings)] == [Level.OK]


def test_messages_for_an_account_that_is_gone_are_an_error(settings, world):
    say(make_contact(world), "một")
    assert "“main” không tồn tại" in words(doctor.channels(settings))


def test_a_worker_that_does_not_run_is_an_error(settings, world, time, tmp_path):
    assert "chưa chạy" in words(doctor.worker(settings))
    jobs.Runner(tmp_path).run(HEARTBEAT)
    assert [each.level for each in doctor.worker(settings)] == [Level.OK]
    time.shift(600)
    assert "ngừng 10 phút" in words(doctor.worker(settings))


def test_a_check_that_breaks_is_itself_an_error(settings, world, monkeypatch):
    def broken(_settings):
        raise ZeroDivisionError

    monkeypatch.setattr(doctor, "CHECKS", (broken,))
    (found,) = doctor.examine(settings)
    assert found.level is Level.ERROR


def test_the_command_exits_with_one_when_something_is_wrong(app, world):
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "LỖI" in result.output
    assert "-> Chạy: flask worker" in result.output


def test_online_it_asks_telegram_who_we_are(app, world, monkeypatch):
    make_account(world)
    with TelegramServer() as telegram:
        own = replace(app.config["SETTINGS"], telegram_api_base_url=telegram.api_url)
        monkeypatch.setitem(app.config, "SETTINGS", own)
        result = app.test_cli_runner().invoke(args=["doctor", "--online"])
        assert "@phuong_bot" in result.output
        wrong = replace(own, telegram_bot_token="1:WRONG")
        monkeypatch.setitem(app.config, "SETTINGS", wrong)
        result = app.test_cli_runner().invoke(args=["doctor", "--online"])
        assert "does not know this token" in result.output
