"""Rules become days once; a holiday moves one to the next working day; publishing late needs a reason."""

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue.gates import Gated
from feedback.dialogue.phoning import News
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel
from feedback.reception import days, phoning, timetable
from feedback.reception.models import DayStatus, ReceptionDay, Visit
from feedback.worktime.calendar import shipped_calendar
from tests.feedback.dialogue.stories import a_contact
from tests.feedback.reception.stories import at, book, do, laid, published, ruled
from tests.world import make_world

pytestmark = pytest.mark.usefixtures("monday")


def ons(world) -> list[date]:
    return [days.on_of(day) for day in laid(world)]


def test_a_weekly_rule_lays_out_two_months_once(world):
    ruled(world)
    thursdays = ons(world)
    assert thursdays[:3] == [date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17)]
    with transaction():
        assert timetable.lay_out(world.ward.id) == 0, "a second look makes nothing twice"
    assert ons(world) == thursdays


def test_a_holiday_moves_the_day_to_the_next_working_day(world):
    """1/1/2027 is a Friday off; the day moves to Monday 4/1."""
    ruled(world, rule="FREQ=MONTHLY;BYMONTHDAY=1,15")
    assert ons(world)[:3] == [date(2026, 12, 1), date(2026, 12, 15), date(2027, 1, 4)]
    moved = laid(world)[2]
    assert moved.planned_on == date(2027, 1, 1)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_nobody_is_ever_received_on_a_day_off(planned_on):
    calendar = shipped_calendar()
    on = timetable.received_on(planned_on, calendar)
    assert calendar.is_working_day(on)
    assert on >= planned_on
    assert not any(
        calendar.is_working_day(date.fromordinal(n))
        for n in range(planned_on.toordinal(), on.toordinal())
    ), "an earlier working day was passed over"


@pytest.mark.parametrize(
    "values",
    [
        {"rule": "FREQ=SOMETIMES"},
        {"rule": "FREQ=YEARLY;UNTIL=20000101T000000"},
        {"slot_minutes": 0},
        {"place": " "},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(world, values):
    with pytest.raises(BadInput):
        ruled(world, **values)


def test_a_rule_that_ends_takes_its_unpublished_days_away(world):
    day = published(world, until=date(2026, 12, 12))
    by = world.actor("clerk")
    rule = timetable.rules_of(world.ward.id)[0]
    with transaction():
        timetable.end_rule(
            db.session.get_one(type(rule), rule.id), by=by, last_on=date(2026, 12, 9)
        )
    assert ons(world) == [days.on_of(day)], "what residents were told of stays"


def test_publishing_late_is_refused_with_its_article_and_passed_with_a_reason(world):
    ruled(world)
    by, first = world.actor("clerk"), laid(world)[0].id
    with pytest.raises(Gated) as refused, transaction():
        days.publish(world.ward.id, date(2026, 12, 31), by=by)
    (gate,) = refused.value.gates
    assert gate.latest_on == date(2026, 11, 26), "5 working days before Thursday 3/12"
    assert "Điều 24 Luật Tiếp công dân" in gate.article
    with transaction():
        rows = days.publish(
            world.ward.id, date(2026, 12, 31), by=by, override="Chủ tịch mới nhận chức"
        )
    assert {row.status for row in rows} == {DayStatus.PUBLISHED}
    (event,) = days.overrides(world.ward.id, 2026)
    assert event.day_id == first
    assert event.detail["overrides"][0]["reason"] == "Chủ tịch mới nhận chức"
    with pytest.raises(WrongState), transaction():
        days.publish(world.ward.id, date(2026, 12, 31), by=by)


def test_a_postponement_names_a_new_time_and_everybody_booked_is_told(world):
    day = published(world)
    told = a_contact(world, "1")
    book(day, "Có chat", contact_id=told.id, channel=Channel.TELEGRAM)
    book(day, "Không chat", phone="0912345678")
    with pytest.raises(BadInput, match="lý do"):
        do(world, day, "postpone", reason=" ", opens_at=at(11, 8), closes_at=at(11, 11))
    with pytest.raises(BadInput, match="tương lai"):
        do(
            world,
            day,
            "postpone",
            reason="Họp",
            opens_at=at(1, 8, month=11),
            closes_at=at(1, 9, month=11),
        )
    with pytest.raises(BadInput, match="không đủ"):
        do(world, day, "postpone", reason="Họp", opens_at=at(11, 8), closes_at=at(11, 8, 30))
    with clock.at(at(1)):
        moved = do(
            world, day, "postpone", reason="Họp thành phố", opens_at=at(11, 8), closes_at=at(11, 11)
        )
    assert (moved.sequence, days.on_of(moved)) == (1, date(2026, 12, 11))
    rows = db.session.scalars(sa.select(OutboxRow).filter_by(notice="reception.moved")).all()
    assert [row.contact_id for row in rows] == [told.id]
    with clock.at(at(2)):
        by = world.actor("clerk")
        (call,) = phoning.waiting(moved, by=by)
        assert call.name == "Không chat"
        assert call.words.startswith("Giờ hẹn mới: ")
        row = db.session.get_one(Visit, call.id)
        phoning.tick(row, by=by, since=call.since)
        with pytest.raises(WrongState):
            phoning.tick(row, by=world.actor("chair"), since=call.since)
        assert not phoning.waiting(moved, by=by)
        assert [each.by for each in phoning.told(moved)] == [world.clerk.full_name]
        db.session.commit()
    with clock.at(at(3)):
        online = {"ground": "remote", "online_url": "https://hop.example/a", "override": "Gấp"}
        day = do(world, moved, "go_online", "chair", **online)
        assert [call.news for call in phoning.waiting(day, by=by)] == [News.ONLINE]
    with clock.at(at(10, 9)):
        row = db.session.get_one(Visit, row.id)
        row.phoned_at = at(9, 9)
        assert [call.news for call in phoning.waiting(day, by=by)] == [News.EVE]


def test_an_extraordinary_day_waits_for_no_notice(world):
    by = world.actor("chair")
    db.session.rollback()
    with transaction():
        day = days.call(
            world.ward.id,
            by=by,
            opens_at=at(1, 14),
            closes_at=at(1, 16),
            place="Nhà văn hóa",
            reason="Nhiều hộ ngõ 34 ngập nặng",
        )
        assert day.status is DayStatus.PUBLISHED
    assert days.overrides(world.ward.id, 2026) == []


def test_only_who_decides_in_this_ward_sets_the_timetable(world):
    for who in ("an", "head_tdp", "supervisor", "admin"):
        with pytest.raises(NotAllowed):
            ruled(world, who)
    other = make_world("HK", "hoan-kiem").actor("chair")
    day = published(world)
    with pytest.raises(NotFound), transaction():
        row = db.session.get_one(ReceptionDay, day.id)
        days.postpone(row, by=other, reason="x", opens_at=at(11, 8), closes_at=at(11, 11))
