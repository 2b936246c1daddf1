"""The chair's days in a calendar: moved by holidays, postponed as the same event, cancelled as such."""

from datetime import UTC, date, timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import WrongState
from feedback.outbox.models import OutboxRow
from feedback.reception import days, duties, feeds, slots, timetable
from feedback.reception.models import DayStatus, ReceptionDay, Visit
from feedback.wards.models import DayRule
from tests.feedback.calendars import Khal, strictly
from tests.feedback.dialogue.stories import a_contact
from tests.feedback.reception.stories import at, book, do, laid, published, ruled

pytestmark = pytest.mark.usefixtures("monday")


def read(world):
    return strictly(feeds.calendar(world.ward, feeds.in_feeds(world.ward.id))).walk("VEVENT")


def day_off(world, on: date) -> None:
    """The ward's calendar learns of a day off after the timetable was made."""
    db.session.rollback()
    with transaction():
        db.session.add(DayRule(ward_id=world.ward.id, day=on, kind="off", name="Ngày nghỉ"))


def extraordinary(world):
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        return days.call(
            world.ward.id,
            by=by,
            opens_at=at(9),
            closes_at=at(9, 11),
            place="Phòng tiếp công dân",
            reason="Nhiều hộ cùng kiến nghị",
        )


def test_the_calendar_holds_what_was_published_and_nothing_else(world):
    ruled(world, starts_on=date(2026, 12, 8))
    assert read(world) == [], "a plan is nobody's business"
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        days.publish(world.ward.id, date(2026, 12, 17), by=by)
    first, *rest = read(world)
    assert first.decoded("DTSTART") == at(10).astimezone(UTC)
    assert first.decoded("DTEND") == at(10, 11).astimezone(UTC)
    assert (first["SEQUENCE"], first["STATUS"]) == (0, "CONFIRMED")
    assert first["LOCATION"].startswith("Phòng tiếp công dân")
    (alarm,) = first.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-2)
    assert len({event["UID"] for event in (first, *rest)}) == len(rest) + 1


def test_a_postponement_is_an_update_of_the_same_event(world):
    day = published(world, until=date(2026, 12, 10))
    (before,) = read(world)
    with clock.at(at(2)):
        do(world, day, "postpone", reason="Họp HĐND", opens_at=at(11), closes_at=at(11, 11))
    (after,) = read(world)
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before.decoded("DTSTAMP") < after.decoded("DTSTAMP")
    assert after.decoded("DTSTART") == at(11).astimezone(UTC)
    assert "Họp HĐND" in after["DESCRIPTION"]


def test_a_plan_follows_a_calendar_that_changes_and_a_published_day_is_owed_a_move(world):
    ruled(world)
    day_off(world, date(2026, 12, 17))
    with transaction():
        timetable.lay_out(world.ward.id)
    moved = {day.planned_on: days.on_of(day) for day in laid(world)}
    assert moved[date(2026, 12, 17)] == date(2026, 12, 18)
    assert moved[date(2026, 12, 10)] == date(2026, 12, 10)
    assert not any("nay là ngày nghỉ" in each.words for each in duties.owed(world.ward.id))
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        days.publish(world.ward.id, date(2026, 12, 31), by=by, override="Bắt đầu dùng phần mềm")
    day_off(world, date(2026, 12, 10))
    with transaction():
        timetable.lay_out(world.ward.id)
    known = {day.planned_on: day for day in laid(world)}
    assert days.on_of(known[date(2026, 12, 10)]) == date(2026, 12, 10), "residents were told"
    (owed,) = [each for each in duties.owed(world.ward.id) if "nay là ngày nghỉ" in each.words]
    assert "khoản 4 Điều 24" in owed.article


def test_only_an_extraordinary_day_is_cancelled_and_who_booked_is_told(world):
    regular = published(world, until=date(2026, 12, 10))
    with pytest.raises(WrongState, match="khoản 4 Điều 24"):
        do(world, regular, "cancel", reason="Bận")
    day = extraordinary(world)
    contact = a_contact(world, "dan")
    visit = book(day, contact_id=contact.id)
    do(world, day, "cancel", reason="Đã giải quyết xong")
    (told,) = db.session.scalars(sa.select(OutboxRow).filter_by(notice="reception.off"))
    assert told.contact_id == contact.id
    assert "Đã giải quyết xong" in told.body
    event = next(e for e in read(world) if e["UID"].startswith(f"reception-{day.id}@"))
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert not event.walk("VALARM")
    row = db.session.get_one(ReceptionDay, day.id)
    assert row.status is DayStatus.CANCELLED
    own = strictly(feeds.appointment(world.ward, db.session.get_one(Visit, visit.id)))
    assert own.walk("VEVENT")[0]["STATUS"] == "CANCELLED"
    with pytest.raises(WrongState):
        book(day, "Đến sau")


def test_an_appointment_in_a_calendar_moves_and_goes_with_its_day(world):
    day = published(world, until=date(2026, 12, 10))
    visit = book(day, slot=2)

    def own():
        row = db.session.get_one(Visit, visit.id, populate_existing=True)
        (event,) = strictly(feeds.appointment(world.ward, row)).walk("VEVENT")
        return event

    first = own()
    assert first.decoded("DTSTART") == at(10, 9).astimezone(UTC)
    with clock.at(at(2)):
        do(world, day, "postpone", reason="Họp", opens_at=at(11), closes_at=at(11, 11))
    moved = own()
    with transaction():
        slots.cancel(db.session.get_one(Visit, visit.id))
    gone = own()
    assert first["UID"] == moved["UID"] == gone["UID"]
    assert [each["SEQUENCE"] for each in (first, moved, gone)] == [0, 1, 2]
    assert moved.decoded("DTSTART") == at(11, 9).astimezone(UTC)
    assert gone["STATUS"] == "CANCELLED"


@pytest.mark.office
def test_a_calendar_program_understands_a_postponement_and_a_cancellation(world, tmp_path):
    """Debian's khal, given the ward's reception calendar again after every change."""
    khal = Khal(tmp_path)
    day = published(world, until=date(2026, 12, 10))
    other = extraordinary(world)

    def lines() -> list[str]:
        body = feeds.calendar(world.ward, feeds.in_feeds(world.ward.id))
        return khal.reads(body).splitlines()

    regular, sudden = "Chủ tịch UBND tiếp công dân", "Tiếp công dân đột xuất"
    assert lines() == [
        f"09/12/2026 08:00 {sudden} CONFIRMED",
        f"10/12/2026 08:00 {regular} CONFIRMED",
    ]
    with clock.at(at(2)):
        do(world, day, "postpone", reason="Họp", opens_at=at(11), closes_at=at(11, 11))
    with clock.at(at(3)):
        do(world, other, "cancel", reason="Đã xong")
    assert lines() == [
        f"09/12/2026 08:00 {sudden} CANCELLED",
        f"11/12/2026 08:00 {regular} CONFIRMED",
    ]
