"""When the rungs of the ladder are reached."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import ZONE
from feedback.errors import Misconfigured
from feedback.petitions.due import due
from feedback.reminders.ladder import ladder, read
from feedback.reminders.moments import Dated, moments
from feedback.worktime.calendar import shipped_calendar

CALENDAR = shipped_calendar()
MORNING = time(7, 45)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def reached(started, urgency="normal", step="answer", kind="phan_anh", stood=()):
    """{rung: local minute} of a petition received then."""
    found = due(kind, step, at(started), calendar=CALENDAR, urgency=urgency)
    dated = Dated(
        step,
        at(started),
        found.at,
        is_urgent=urgency == "urgent",
        is_minute=found.unit.is_hours,
        stood=stood,
    )
    return {
        rung.name: f"{on.astimezone(ZONE):%Y-%m-%d %H:%M}"
        for rung, on in moments(dated, ladder(), CALENDAR)
    }


def test_an_ordinary_petition():
    """Monday 3/8/2026, seven working days: due on Wednesday 12/8."""
    assert reached("2026-08-03 09:00") == {
        "half": "2026-08-10 07:45",  # half of 63 working hours have gone on Friday 7/8 at 8:30
        "last_day": "2026-08-11 07:45",
        "due": "2026-08-13 07:45",
        "late_2": "2026-08-14 07:45",
        "late_5": "2026-08-24 07:45",  # five days: Wednesday 19/8; the week's briefing: Monday
    }


def test_over_the_make_up_saturday_and_national_day():
    """Received on 21/8/2026: Saturday 22/8 is worked, 31/8 to 2/9 are off; due on Thursday 3/9."""
    assert reached("2026-08-21 16:00", "normal") == {
        "half": "2026-08-27 07:45",
        "last_day": "2026-08-28 07:45",
        "due": "2026-09-04 07:45",
        "late_2": "2026-09-07 07:45",
        "late_5": "2026-09-14 07:45",
    }


def test_an_urgent_one_goes_by_the_minute():
    """Monday 9:00, four working hours: due at 14:00."""
    assert reached("2026-08-03 09:00", "urgent") == {
        "half": "2026-08-03 11:00",
        "due": "2026-08-03 14:00",
        "late_2": "2026-08-05 07:45",
        "late_5": "2026-08-10 07:45",
    }


def test_a_mild_rung_that_comes_too_late_is_passed_over():
    """A question, due in two working days: half-way would be told with the last day or after it."""
    assert list(reached("2026-08-03 16:00", kind="hoi_dap")) == [
        "last_day",
        "due",
        "late_2",
        "late_5",
    ]


def test_acceptance_has_its_own_rungs():
    assert reached("2026-08-03 10:00", step="acceptance") == {
        "acceptance_half": "2026-08-04 07:45",
        "acceptance_due": "2026-08-05 07:45",
    }


def test_time_stood_still_is_not_counted():
    """Twelve working days stood still: half of the working time runs out as much later."""
    stood = ((at("2026-08-04 09:00"), at("2026-08-20 09:00")),)
    dated = Dated("answer", at("2026-08-03 09:00"), at("2026-08-31 17:00"), stood=stood)
    found = {rung.name: on for rung, on in moments(dated, ladder(), CALENDAR)}
    ran = CALENDAR.working_minutes_between(at("2026-08-03 09:00"), at("2026-08-04 09:00"))
    ran += CALENDAR.working_minutes_between(at("2026-08-20 09:00"), found["half"])
    whole = ran + CALENDAR.working_minutes_between(found["half"], at("2026-08-31 17:00"))
    assert ran >= whole / 2 > ran - 8 * 60


@given(
    started=st.datetimes(
        datetime.fromisoformat("2024-01-02"),
        datetime.fromisoformat("2029-11-01"),
        timezones=st.just(ZONE),
    ),
    kind=st.sampled_from(["phan_anh", "kien_nghi", "hoi_dap", "khen_ngoi"]),
    urgency=st.sampled_from(["urgent", "quick", "normal", "complex"]),
    step=st.sampled_from(["answer", "acceptance"]),
)
def test_rungs_come_in_order_and_in_the_morning(started, kind, urgency, step):
    found = due(kind, step, started, calendar=CALENDAR, urgency=urgency)
    is_urgent = urgency == "urgent"
    dated = Dated(step, started, found.at, is_urgent, found.unit.is_hours)
    reached = moments(dated, ladder(), CALENDAR)
    instants = [on for _, on in reached]
    assert instants == sorted(set(instants))
    names = [rung.name for rung, _ in reached]
    assert names == [rung.name for rung in ladder().of(step) if rung.name in names]
    assert {rung.name for rung in ladder().of(step) if rung.is_late} <= set(names)
    for rung, on in reached:
        local = on.astimezone(ZONE)
        assert CALENDAR.is_working_day(local.date())
        assert rung.is_late or on >= started
        assert (on >= found.at) == rung.is_late
        if not is_urgent:
            assert local.time() == MORNING
            assert not rung.is_late or found.is_late(on)
        if rung.days:
            between = CALENDAR.working_days_between(found.on, local.date())
            assert between == rung.days or (rung.weekly and between >= rung.days)


@pytest.mark.parametrize(
    "row",
    [
        {"name": "a", "of": "answer", "to": ["handler"], "words": ""},
        {"name": "a", "of": "answer", "to": ["handler"], "words": "", "days": 1, "share": 0.5},
        {"name": "a", "of": "elsewhere", "to": ["handler"], "words": "", "days": 1},
        {"name": "a", "of": "answer", "to": ["nobody"], "words": "", "days": 1},
        {"name": "a", "of": "answer", "to": [], "words": "", "days": 1},
        {"name": "a", "of": "answer", "words": "", "days": 1},
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(row):
    moved = {"name": "m", "of": "answer", "to": ["handler"], "words": "", "moved": True}
    with pytest.raises(Misconfigured):
        read({"morning": MORNING, "rung": [moved, row]})
    assert read({"morning": MORNING, "rung": [moved]}).moved.name == "m"
