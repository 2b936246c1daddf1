"""A day of the working calendar changes, and every open date with it."""

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed
from feedback.people.actor import SYSTEM
from feedback.petitions.models import Urgency
from feedback.reminders import calendar_edits
from feedback.wards import calendar_days, office_windows
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.models import DayRule
from feedback.wards.office_windows import ORDINARY_WEEK, checked
from feedback.wards.setup import setup_of
from feedback.worktime.holidays import Day, DayKind
from tests.feedback.reminders.days import (
    accepted,
    chat_of,
    do,
    entries,
    local,
    reminders,
    said,
    work,
)

START = "2026-08-03 09:00"  # a Monday; due on Wednesday 12/8
EDIT = "2026-08-05 10:00"
TUESDAY = date(2026, 8, 11)


def edit(world, verb, *args, when=EDIT, by="admin", **values):
    with clock.at(local(when)), transaction():
        actor = world.actor(by) if by else SYSTEM
        return getattr(calendar_edits, verb)(world.ward.id, *args, by=actor, **values)


def off(world, day=TUESDAY, **values):
    return edit(world, "set_day", day, DayKind.OFF, "Lễ hội của phường", "QĐ 15/QĐ-UBND", **values)


def due(petition):
    db.session.refresh(petition)
    return f"{clock.local(petition.due_at):%Y-%m-%d %H:%M}"


def test_hours_of_one_day_move_what_is_due_on_it(world):
    petition = accepted(world, START)
    wednesday = Day(
        date(2026, 8, 12), "họp toàn phường", DayKind.HOURS, "QĐ 16", windows=((time(8), time(11)),)
    )
    assert edit(world, "import_days", [wednesday]) == 1
    assert due(petition) == "2026-08-12 11:00"
    [final] = [row for row in petition.deadlines if row.step == "answer"]
    assert any("giờ riêng 08:00–11:00: họp toàn phường" in s["text"] for s in final.trace)
    assert [row.windows for row in db.session.scalars(sa.select(DayRule))] == ["08:00-11:00"]
    assert edit(world, "remove_day", wednesday.on) == 1
    assert due(petition) == "2026-08-12 17:00"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (Day(TUESDAY, "x", DayKind.HOURS), "Ghi giờ làm việc"),
        (Day(TUESDAY, "x", DayKind.HOURS, windows=((time(12), time(8)),)), "Ghi giờ làm việc"),
        (
            Day(date(2026, 8, 8), "x", DayKind.HOURS, windows=((time(8), time(12)),)),
            "không đặt giờ riêng",
        ),
        (Day(TUESDAY, "x", DayKind.OFF, windows=((time(8), time(12)),)), "không có giờ"),
    ],
)
def test_hours_that_make_no_sense_are_refused(world, day, sentence):
    with pytest.raises(BadInput, match=sentence):
        edit(world, "import_days", [day])


def test_confirming_a_year_leaves_the_wards_own_hours(world):
    short = Day(TUESDAY, "họp", DayKind.HOURS, "QĐ 16", windows=((time(8), time(11)),))
    edit(world, "import_days", [short])
    edit(world, "confirm_year", 2026, "QĐ 1/QĐ-TTg")
    assert calendar_of(setup_of(world.ward.id)).known[TUESDAY] == short


def test_a_day_off_moves_the_date_and_says_so(world):
    an, resident = chat_of(world.an), chat_of(ward_id=world.ward.id, address="9")
    petition = accepted(world, START, contact_id=resident.id)
    assert due(petition) == "2026-08-12 17:00"
    assert off(world) == 1
    assert due(petition) == "2026-08-13 17:00"
    [final] = [row for row in petition.deadlines if row.step == "answer"]
    assert any("Lễ hội của phường" in step["text"] for step in final.trace)
    [entry] = entries(petition, "redated")
    assert entry.is_public
    assert "Từ 17:00 ngày 12/08/2026 sang 17:00 ngày 13/08/2026" in entry.text
    assert "Thứ Ba 11/8/2026 (nghỉ lễ Lễ hội của phường, dự kiến)" not in entry.text
    assert "Thứ Ba 11/8/2026 (nghỉ lễ Lễ hội của phường)" in entry.text
    [_, (at, text)] = said(resident)
    assert at == EDIT
    assert "đổi sang 17:00 ngày 13/08/2026" in text
    work("2026-08-05 10:01")
    assert said(an) == []
    work("2026-08-06 07:45")
    [(at, text)] = said(an)
    assert at == "2026-08-06 07:45"
    assert "đổi hạn do lịch làm việc thay đổi; hạn 17:00 ngày 13/08/2026" in text


def test_an_earlier_date_is_told_to_the_officer_only(world):
    resident = chat_of(ward_id=world.ward.id)
    off(world, when="2026-08-03 08:00")
    petition = accepted(world, START, contact_id=resident.id)
    assert due(petition) == "2026-08-13 17:00"
    assert edit(world, "remove_day", TUESDAY) == 1
    assert due(petition) == "2026-08-12 17:00"
    assert len(said(resident)) == 1
    [entry] = entries(petition, "redated")
    assert not entry.is_public
    assert reminders(world) == [("moved", "an")]


def test_the_same_edit_again_does_nothing(world):
    petition = accepted(world, START)
    off(world)
    version = petition.version
    assert off(world) == 0
    assert due(petition) == "2026-08-13 17:00"
    assert petition.version == version
    assert len(entries(petition, "redated")) == 1
    assert db.session.scalar(sa.select(sa.func.count(AuditRow.id))) == 1


def test_a_date_that_moves_away_and_back_is_told_once_each(world):
    an = chat_of(world.an)
    petition = accepted(world, START)
    for minute in ("2026-08-10 07:45", "2026-08-11 07:45"):
        work(minute)
    off(world, date(2026, 8, 12), when="2026-08-11 09:00")
    edit(world, "remove_day", date(2026, 8, 12), when="2026-08-11 10:00")
    assert due(petition) == "2026-08-12 17:00"
    for minute in ("2026-08-11 10:01", "2026-08-12 07:45"):
        work(minute)
    assert reminders(world) == [
        ("half", "an"),
        ("last_day", "an"),
        ("moved", "an"),
        ("moved", "an"),
    ]
    assert len(said(an)) == 3


def test_a_date_before_the_day_is_not_touched(world):
    early = accepted(world, "2026-07-20 09:00")
    version = early.version
    assert off(world) == 0
    db.session.refresh(early)
    assert early.version == version


def test_a_stopped_date_is_not_told_to_the_resident(world):
    resident = chat_of(ward_id=world.ward.id)
    petition = accepted(world, START, contact_id=resident.id)
    do(world, "2026-08-04 09:00", "ask", petition, "an", question="Ở đâu?")
    before = len(said(resident))
    off(world)
    assert len(said(resident)) == before
    assert not any(entry.is_public for entry in entries(petition, "redated"))


def test_an_urgent_one_is_told_at_once(world):
    an = chat_of(world.an)
    accepted(world, "2026-08-10 16:00", urgency=Urgency.URGENT)
    off(world, when="2026-08-10 16:30")
    [(at, text)] = said(an)
    assert at == "2026-08-10 16:30"
    assert "hạn 11:00 ngày 12/08/2026" in text


def test_reminders_follow_the_new_mornings(world):
    """Due on Wednesday all the same, but Tuesday is off: the last working day before is Monday."""
    accepted(world, START)
    work("2026-08-05 09:00")
    off(world)
    edit(world, "set_day", date(2026, 8, 8), DayKind.MAKEUP, "cho Thứ Ba 11/8/2026", "QĐ 15")
    work("2026-08-08 07:45")  # half of the time ran out on Friday at 8:30
    assert reminders(world)[2:] == [("half", "an")]
    work("2026-08-10 07:45")
    assert reminders(world)[2:] == [("half", "an"), ("last_day", "an")]


def test_a_day_of_its_own_takes_a_shipped_day_away_and_gives_it_back(world):
    national_day = date(2026, 9, 2)
    known = calendar_of(setup_of(world.ward.id)).known
    assert not calendar_of(setup_of(world.ward.id)).is_working_day(national_day)
    edit(world, "remove_day", national_day)
    assert calendar_of(setup_of(world.ward.id)).is_working_day(national_day)
    assert edit(world, "remove_day", national_day) == 0
    day = known[national_day]
    edit(world, "set_day", national_day, day.kind, day.name, day.source)
    assert calendar_of(setup_of(world.ward.id)).known == known


def test_a_year_is_confirmed_as_a_whole_and_dates_lose_their_caveat(world):
    with clock.at(local("2026-12-24 09:00")):
        petition = world.submit(field_id=world.fields[2].id)
        assert petition.due_at.year == 2027
    assert "dự kiến" in str(petition.deadlines[-1].trace)
    before = due(petition)
    assert edit(world, "confirm_year", 2027, "Công văn 123/BNV", when="2026-12-25 09:00") == 0
    db.session.expire_all()
    assert "dự kiến" not in str(petition.deadlines[-1].trace)
    assert due(petition) == before
    assert entries(petition, "redated") == []
    rows = db.session.scalars(sa.select(DayRule)).all()
    assert {row.day.year for row in rows} == {2027}
    assert all(row.is_confirmed and row.source == "Công văn 123/BNV" for row in rows)
    with transaction():
        calendar_edits.remove_day(world.ward.id, date(2027, 1, 1), by=world.actor("admin"))
    assert calendar_of(setup_of(world.ward.id)).settled[2027]


def test_a_year_that_is_not_shipped_is_confirmed_from_what_is_expected(world):
    edit(world, "set_day", date(2035, 3, 1), DayKind.OFF, "Ngày của phường", "")
    edit(world, "confirm_year", 2035, "Công văn 9")
    days = {day.on: day for day in calendar_days.days_of(world.ward.id, 2035)}
    assert date(2035, 1, 1) in days
    assert date(2035, 3, 1) in days
    assert all(day.confirmed for day in days.values())


def test_a_day_set_by_hand_settles_no_year(world):
    edit(world, "set_day", date(2027, 8, 11), DayKind.OFF, "Lễ hội", "")
    assert not calendar_of(setup_of(world.ward.id)).settled[2027]


@pytest.mark.parametrize(
    ("today", "confirmed", "warns"),
    [
        ("2026-10-31", False, None),
        ("2026-11-01", False, "2027"),
        ("2026-12-31", False, "2027"),
        ("2026-12-31", True, None),
        ("2027-01-01", False, "2027"),
        ("2027-01-01", True, None),
        ("2027-11-01", True, "2028"),
        ("2027-11-01", False, "2027 và 2028"),
    ],
)
def test_an_unconfirmed_year_is_warned_of_in_time(world, today, confirmed, warns):
    if confirmed:
        edit(world, "confirm_year", 2027, "Công văn 123")
    warning = calendar_days.calendar_warning(world.ward.id, date.fromisoformat(today))
    assert (warning is None) == (warns is None)
    assert warns is None or f"năm {warns} chưa được xác nhận" in warning


def test_who_may_edit(world):
    for who in ("chair", "clerk", "an", "chi"):
        with pytest.raises(NotAllowed):
            off(world, by=who)
    from tests.world import make_world

    other = make_world("XX", "phuong-khac")
    with pytest.raises(NotAllowed), transaction():
        calendar_edits.remove_day(other.ward.id, TUESDAY, by=world.actor("admin"))
    off(world, by=None)


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (TUESDAY, DayKind.OFF, "  "),
        (TUESDAY, DayKind.OFF, "x" * 161),
        (TUESDAY, DayKind.MAKEUP, "cho hôm khác"),
        (date(1999, 1, 1), DayKind.OFF, "Xưa"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(world, day, kind, name):
    with pytest.raises(BadInput):
        edit(world, "set_day", day, kind, name, "")
    with pytest.raises(BadInput):
        edit(world, "confirm_year", 2027, " ")
    assert db.session.scalar(sa.select(sa.func.count(DayRule.id))) == 0


def test_a_swap_is_imported_as_one_edit(world):
    petition = accepted(world, START)
    swap = [
        Day(TUESDAY, "sang Thứ Bảy 15/8/2026", DayKind.SWAPPED, "QĐ 20"),
        Day(TUESDAY + timedelta(days=4), "cho Thứ Ba 11/8/2026", DayKind.MAKEUP, "QĐ 20"),
    ]
    assert edit(world, "import_days", swap) == 1
    assert due(petition) == "2026-08-13 17:00"
    assert len(entries(petition, "redated")) == 1
    audit = db.session.scalars(sa.select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.action for row in audit] == ["calendar.day_set"] * 2
    assert audit[0].detail["day"] == "2026-08-11"
    assert audit[0].officer_id == world.admin.id


def forecast(world, after, first=None, when=EDIT):
    with clock.at(local(when)):
        return calendar_edits.forecast(after(setup_of(world.ward.id)), first)


def test_a_forecast_says_what_the_edit_then_does(world):
    petitions = [accepted(world, START) for _ in range(3)]
    accepted(world, "2026-07-20 09:00")  # due before the day
    day = Day(TUESDAY, "Lễ hội của phường", DayKind.OFF, "QĐ 15/QĐ-UBND")
    found = forecast(world, lambda setup: calendar_days.with_days(setup, [day]), TUESDAY)
    assert (found.moved, found.later, found.passed) == (3, 3, 0)
    assert found.shown[0].number == petitions[0].number
    assert db.session.scalar(sa.select(sa.func.count(DayRule.id))) == 0
    assert due(petitions[0]) == "2026-08-12 17:00"
    assert off(world) == 3
    assert due(petitions[0]) == f"{clock.local(found.shown[0].after):%Y-%m-%d %H:%M}"
    found = forecast(
        world, lambda setup: calendar_days.with_days(setup, [], removed=[TUESDAY]), TUESDAY
    )
    assert (found.moved, found.later) == (3, 0)


def week(monday="08:00-12:00 13:00-17:00", saturday=""):
    """Office hours of a week; the other days are ordinary."""

    def windows(text):
        return tuple(
            tuple(time.fromisoformat(edge) for edge in window.split("-")) for window in text.split()
        )

    return [windows(monday), *ORDINARY_WEEK[1:5], windows(saturday), ()]


def test_other_office_hours_move_dates_and_say_so(world):
    hours = accepted(world, "2026-08-05 09:30", urgency=Urgency.URGENT)
    days = accepted(world, START)
    assert due(hours) == "2026-08-05 14:30"
    new = [(time(7, 30), time(11, 30)), (time(13, 30), time(16, 30))]
    wanted = [new] * 5 + [(), ()]
    found = forecast(world, lambda setup: office_windows.with_week(setup, checked(wanted)))
    assert (found.moved, found.later, found.passed) == (2, 1, 0)
    assert edit(world, "set_week", wanted) == 2
    assert due(hours) == "2026-08-05 15:30"
    assert due(days) == "2026-08-12 16:30"
    [entry] = entries(hours, "redated")
    assert "Giờ làm việc của phường thay đổi" in entry.text
    assert entry.is_public
    assert edit(world, "set_week", wanted) == 0


def test_a_saturday_that_is_worked_counts(world):
    petition = accepted(world, START)
    assert edit(world, "set_week", week(saturday="08:00-11:30")) == 1
    assert due(petition) == "2026-08-11 17:00"
    assert edit(world, "set_week", ORDINARY_WEEK) == 1  # editing back is the way back
    assert due(petition) == "2026-08-12 17:00"
    with pytest.raises(BadInput):
        edit(world, "set_week", [()] * 7)
    with pytest.raises(BadInput) as refused:
        edit(world, "set_week", week(monday="08:00-12:00 11:00-17:00"))
    assert list(refused.value.fields) == ["day0"]
    with pytest.raises(NotAllowed):
        edit(world, "set_week", ORDINARY_WEEK, by="chair")


def test_what_is_overdue_stays_overdue(world):
    late = accepted(world, "2026-08-03 08:00", urgency=Urgency.URGENT)
    before = due(late)
    later = [((time(9), time(12)), (time(13), time(18)))] * 5 + [(), ()]
    assert edit(world, "set_week", later) == 0
    assert due(late) == before


def test_a_confirmation_can_be_taken_back(world):
    assert calendar_of(setup_of(world.ward.id)).settled[2026]
    edit(world, "doubt_year", 2026)
    assert not calendar_of(setup_of(world.ward.id)).settled[2026]
    assert edit(world, "doubt_year", 2026) == 0
    assert db.session.scalar(sa.select(sa.func.count(AuditRow.id))) == 1
    edit(world, "confirm_year", 2026, "Công văn 1")
    assert calendar_of(setup_of(world.ward.id)).settled[2026]


def test_a_year_is_offered_where_it_differs(world):
    assert calendar_days.offered(world.ward.id, 2026) == []
    edit(world, "remove_day", date(2026, 9, 2))
    [day] = calendar_days.offered(world.ward.id, 2026)
    assert day.on == date(2026, 9, 2)
    edit(world, "import_days", [day])
    assert calendar_days.offered(world.ward.id, 2026) == []
    assert date(2035, 1, 1) in {day.on for day in calendar_days.offered(world.ward.id, 2035)}
