"""Days of reception in each state, made by living through the verbs."""

from datetime import date, datetime, time

import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.reception import days, queue, slots, timetable
from feedback.reception.models import ReceptionDay, Visit


def at(day: int, hour: int = 8, minute: int = 0, month: int = 12) -> datetime:
    """A Vietnamese wall-clock instant at the end of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=clock.ZONE)


MONDAY = at(30, 9, month=11)  # Monday 30/11/2026, when stories begin
THURSDAY = at(10, 7, 45)  # Thursday 10/12/2026, just before a day of reception


def wanted(**values) -> timetable.Wanted:
    rule = {
        "rule": "FREQ=WEEKLY;BYDAY=TH",
        "opens": time(8),
        "closes": time(11),
        "slot_minutes": 30,
        "place": "Phòng tiếp công dân, số 2 phố Trúc Bạch",
        "starts_on": date(2026, 12, 1),
        "attending": ["Lãnh đạo các phòng"],
    }
    return timetable.Wanted(**rule | values)


def ruled(world, who: str = "clerk", **values):
    by = world.actor(who)
    db.session.rollback()
    with transaction():
        return timetable.set_rule(world.ward.id, wanted(**values), by=by)


def laid(world) -> list[ReceptionDay]:
    """Every day of the ward, soonest first."""
    query = sa.select(ReceptionDay).filter_by(ward_id=world.ward.id)
    return list(db.session.scalars(query.order_by(ReceptionDay.opens_at)))


def published(world, until: date = date(2026, 12, 31), **values) -> ReceptionDay:
    """The first of the published Thursdays whose notice is early enough: 10/12/2026."""
    ruled(world, **{"starts_on": date(2026, 12, 8)} | values)
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        return days.publish(world.ward.id, until, by=by)[0]


def do(world, day: ReceptionDay | int, verb: str, who: str = "clerk", **values) -> ReceptionDay:
    """One act of one officer on a day."""
    by = world.actor(who)
    day_id = day if isinstance(day, int) else day.id
    db.session.rollback()
    with transaction():
        row = db.session.get_one(ReceptionDay, day_id)
        getattr(days, verb)(row, by=by, **values)
        return row


def begun(world, **values) -> ReceptionDay:
    """Call on the day itself (`clock.at(THURSDAY)`), after `published` on an earlier one."""
    day = values.pop("day")
    return do(world, day, "begin", received_by_id=world.chair.id, **values)


def book(day: ReceptionDay | int, name: str = "Trần Thị Dân", **values) -> Visit:
    day_id = day if isinstance(day, int) else day.id
    values = {"channel": Channel.WEB, "subject": "Cống ngõ 34 tắc"} | values
    db.session.rollback()
    with transaction():
        return slots.book(slots.Booking(day_id, name, **values))


def walk_in(world, day: ReceptionDay, name: str, **values) -> Visit:
    values = {"channel": Channel.DESK, "subject": "Đèn ngõ 12 hỏng"} | values
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        return queue.walk_in(slots.Booking(day.id, name, entered_by=by, **values))


def step(world, visit: Visit, verb: str) -> Visit:
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        return queue.step(db.session.get_one(Visit, visit.id), verb, by=by)
