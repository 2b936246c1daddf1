"""A ward's months, lived through: every petition answered for, every reminder once and in its hour."""

import os
from collections import Counter
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.outbox.models import OutboxRow
from feedback.people.models import Contact
from feedback.petitions.dating import procedures_of
from feedback.petitions.intake import LEGAL
from feedback.petitions.models import Deadline, Extension, Pause, Petition, TimelineEntry, Urgency
from feedback.reminders.ladder import ladder
from feedback.reminders.models import Reminder
from feedback.reminders.moments import Dated, moments
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of
from tests.feedback.reminders.simulation import Simulation, swap

CASES = {"sqlite": 500, "postgresql": 250}  # `make year` lives through 2,000
BY_THE_PROGRAM = (
    "reminder.digest",
    "reminder.at_once",
    "officer.reopened",
    "petition.late",
    "petition.moved",
)


def months(world, begins, ends, petitions):
    """A simulation with absences in turn, the chair's among them."""
    ward = Simulation(world, begins, ends, petitions)
    turns = ("an", "chair", "binh", "dept_head", "clerk", "vice", "chi")
    instead = {"an": "binh", "binh": "an", "chair": "vice", "clerk": "chi"}
    for week in range(1, (ends - begins).days // 7 - 1, 2):
        who = turns[week % len(turns)]
        ward.absent(who, instead.get(who, "clerk"), begins + timedelta(weeks=week), 5)
    return ward


def test_two_months(world):
    """August and September 2026: the make-up Saturday of 22/8, National Day, and a decree of 3/9."""
    ward = months(world, date(2026, 7, 27), date(2026, 9, 28), 60)
    ward.leaves("an", date(2026, 8, 31), date(2026, 9, 1))
    ward.leaves("binh", date(2026, 9, 4), None)
    ward.decree(date(2026, 9, 3), *swap(date(2026, 9, 9), date(2026, 9, 12)))
    ward.run()
    assert ward.did["redated"] > 0
    check(ward)


@pytest.mark.slow
def test_a_year(world):
    """2026 from the first to the last day: Tết, every make-up Saturday, a decree, people who come and go."""
    cases = int(os.environ.get("YEAR_CASES", CASES[db.engine.dialect.name]))
    ward = months(world, date(2026, 1, 1), date(2026, 12, 31), cases)
    ward.leaves("an", date(2026, 6, 30), date(2026, 7, 1))
    ward.leaves("chi", date(2026, 4, 10), None)
    ward.leaves("chair", date(2026, 9, 30), date(2026, 10, 12))  # the vice-chair runs the ward
    ward.leaves("clerk", date(2026, 10, 30), date(2026, 11, 2))
    ward.decree(date(2026, 7, 1), *swap(date(2026, 7, 3), date(2026, 7, 11)))
    ward.run()
    assert ward.did["redated"] > 0
    under_law = {"receive_signed", "admit", "suspend", "resume", "prolong", "resolve"}
    assert {*under_law, "refuse_admission", "reclassify", "reopen"} <= set(ward.did)
    check(ward)


def check(ward):
    assert ward.broken == []
    calendar = calendar_of(setup_of(ward.ward_id))
    each_message_in_its_hour(calendar)
    each_person_one_digest_a_day()
    each_rung_once_and_none_missing(ward, calendar)
    each_escalation_on_the_timeline()
    no_accusation_is_named()


def each_message_in_its_hour(calendar):
    """Nobody is written to outside working time by the program, but for urgent petitions."""
    rows = db.session.execute(
        sa.select(OutboxRow.notice, OutboxRow.not_before, OutboxRow.key).where(
            OutboxRow.notice.in_(BY_THE_PROGRAM)
        )
    ).all()
    urgent = set(
        db.session.scalars(sa.select(Petition.id).where(Petition.urgency == Urgency.URGENT))
    )
    assert {row.notice for row in rows} >= {"reminder.digest", "reminder.at_once", "petition.late"}
    for notice, not_before, key in rows:
        local = clock.local(not_before)
        if notice == "reminder.at_once":
            continue
        if notice == "officer.reopened" and int(key.split(":")[1]) in urgent:
            continue
        assert calendar.is_working_day(local.date()), (notice, local)
        opens = time(7, 45) if notice == "reminder.digest" else time(8)
        assert opens <= local.time() < time(17), (notice, local)


def each_person_one_digest_a_day():
    rows = db.session.execute(
        sa.select(Contact.officer_id, OutboxRow.not_before)
        .join(Contact, Contact.id == OutboxRow.contact_id)
        .where(OutboxRow.notice == "reminder.digest", OutboxRow.key.like("%:1"))
    )
    days = Counter((row[0], clock.local(row[1]).date()) for row in rows)
    assert days
    assert max(days.values()) == 1


def each_rung_once_and_none_missing(ward, calendar):
    """Of a date that never moved nor stood still: exactly the rungs the worker lived to see."""
    setup = setup_of(ward.ward_id)
    moved = set(db.session.scalars(sa.select(Pause.petition_id)))
    moved |= set(db.session.scalars(sa.select(Extension.petition_id)))
    redated = TimelineEntry.action.in_(("redated", "reopen"))
    moved |= set(db.session.scalars(sa.select(TimelineEntry.petition_id).where(redated)))
    told = {}
    for row in db.session.scalars(sa.select(Reminder).where(Reminder.rung != "moved")):
        told.setdefault((row.petition_id, row.step), set()).add(row.rung)
    query = sa.select(Deadline, Petition).join(Petition, Petition.id == Deadline.petition_id)
    seen = Counter()
    decreed_at, first_day = ward.decreed
    for deadline, petition in db.session.execute(query):
        if petition.id in moved or petition.proposed_kind in LEGAL:
            continue
        if deadline.met_at and deadline.met_at < decreed_at and deadline.due_at >= first_day:
            continue  # it ran, and ended, by the calendar of before
        limit = procedures_of(setup).limit(
            petition.kind, deadline.step, clock.local(petition.received_at).date()
        )
        dated = Dated(
            deadline.step,
            deadline.started_at,
            deadline.due_at,
            petition.urgency is Urgency.URGENT,
            limit.length(petition.urgency, frozenset()).unit.is_hours,
        )
        expected = {
            rung.name
            for rung, at in moments(dated, ladder(), calendar)
            if ward.saw(at, deadline.met_at or ward.ends)
        }
        seen.update(expected)
        found = told.get((petition.id, deadline.step), set())
        assert found == expected, (petition.number, petition.kind, deadline.step)
    assert set(seen) == {rung.name for rung in ladder().rungs if not rung.moved}


def each_escalation_on_the_timeline():
    rungs = [rung.name for rung in ladder().rungs if rung.escalates]
    reminded = set(
        map(
            tuple,
            db.session.execute(
                sa.select(Reminder.petition_id, Reminder.rung, Reminder.due_at).where(
                    Reminder.rung.in_(rungs)
                )
            ),
        )
    )
    entries = db.session.scalars(
        sa.select(TimelineEntry).where(TimelineEntry.action == "escalated")
    )
    noted = Counter((entry.petition_id, entry.detail["rung"]) for entry in entries)
    assert reminded
    assert noted >= Counter((petition_id, rung) for petition_id, rung, _ in reminded)


def no_accusation_is_named():
    """Neither number nor words of a restricted petition are in any message to an official."""
    sealed = set(db.session.scalars(sa.select(Petition.number).where(Petition.is_restricted)))
    about = sa.select(OutboxRow).where(
        OutboxRow.notice.in_(("reminder.digest", "reminder.at_once"))
    )
    bodies = [row.body for row in db.session.scalars(about)]
    assert sealed
    assert any("Có việc cần xử lý" in body for body in bodies)
    assert not [number for number in sealed if any(number in body for body in bodies)]
