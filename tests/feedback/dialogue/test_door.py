"""At the door: counted once, whenever the list arrives."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import door, survey
from feedback.dialogue.door import Verdict
from feedback.dialogue.models import Dialogue
from feedback.dialogue.registration_models import Registration
from feedback.errors import BadInput, WrongState
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from tests.feedback.dialogue.stories import SATURDAY, a_contact, announced, do, planned, register

pytestmark = pytest.mark.usefixtures("monday")


def check(world, dialogue, typed, **values):
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Dialogue, dialogue.id)
        return door.check_in(row, typed, by=by, **values).verdict


def test_a_code_goes_in_once(world):
    dialogue = announced(world, seats=1)
    seated, waits = register(dialogue, phone="0912345678"), register(dialogue, "Người chờ")
    assert check(world, dialogue, waits.code) is Verdict.WAITING
    assert check(world, dialogue, seated.code.lower()) is Verdict.IN
    assert check(world, dialogue, seated.code) is Verdict.ALREADY
    assert check(world, dialogue, "0912 345 678") is Verdict.ALREADY
    assert check(world, dialogue, "ZZZZZZ") is Verdict.UNKNOWN


def test_a_list_that_was_offline_is_replayed_without_counting_twice(world):
    dialogue = announced(world)
    people = [register(dialogue, f"Người {n}", people=n + 1) for n in range(3)]
    with clock.at(SATURDAY):
        acts = [
            (p.code, f"may-1:{n}", SATURDAY - timedelta(minutes=n)) for n, p in enumerate(people)
        ]
        for _ in range(3):
            for code, key, at in acts:
                assert check(world, dialogue, code, key=key, at=at) is Verdict.IN
        assert check(world, dialogue, people[0].code, key="may-2:0") is Verdict.ALREADY
        row = db.session.get_one(Dialogue, dialogue.id)
        assert door.crowd(row).inside == 6
        kept = db.session.get_one(Registration, people[2].id)
        assert kept.checked_in_at == SATURDAY - timedelta(minutes=2)


def test_a_device_whose_clock_is_wrong_is_not_believed(world):
    dialogue = announced(world)
    one = register(dialogue)
    with clock.at(SATURDAY):
        check(world, dialogue, one.code, at=SATURDAY + timedelta(days=30))
        assert db.session.get_one(Registration, one.id).checked_in_at == SATURDAY


def test_who_just_came_is_written_down_once(world):
    dialogue = announced(world, seats=1)
    by = world.actor("clerk")
    for _ in range(2):
        db.session.rollback()
        with transaction():
            row = db.session.get_one(Dialogue, dialogue.id)
            found = door.walk_in(row, by=by, name="Bà Năm", key="may-1:9")
        assert found.verdict is Verdict.IN
    with transaction():
        row = db.session.get_one(Dialogue, dialogue.id)
        assert door.walk_in(row, by=by, name="Ông Sáu", key="may-1:10").verdict is Verdict.WAITING
    assert len(door.attendance(row)) == 2


def test_seats_of_who_did_not_come_go_to_the_waiting(world):
    dialogue = announced(world, seats=2)
    here, _absent, waits = (register(dialogue, f"Người {n}") for n in range(3))
    check(world, dialogue, here.code)
    do(world, dialogue, "start")
    with transaction():
        row = db.session.get_one(Dialogue, dialogue.id)
        assert door.release(row, by=world_clerk(world)) == 1
    assert check(world, dialogue, waits.code) is Verdict.IN


def world_clerk(world):
    from feedback.people.directory import actor_for

    return actor_for(world.clerk.id)


def test_a_plan_has_no_door(world):
    with pytest.raises(WrongState):
        check(world, planned(world), "ZZZZZZ")


def test_three_questions_to_who_was_there(world):
    dialogue = announced(world)
    telephone = a_contact(world, "here")
    here = register(dialogue, contact_id=telephone.id)
    absent = register(dialogue, "Người vắng", contact_id=a_contact(world, "absent").id)
    check(world, dialogue, here.code)
    do(world, dialogue, "start")
    do(world, dialogue, "end")

    asked = db.session.scalars(sa.select(OutboxRow).filter_by(notice="dialogue.survey")).one()
    assert asked.contact_id == telephone.id
    first = Prompt.from_json(asked.body)
    assert "đủ sớm" in first.text
    assert [c.payload for c in first.choices][:1] == [f"survey:{here.id}:heard:5"]

    def tap(row, name, value):
        with transaction():
            survey.mark(db.session.get_one(Registration, row.id), name, value)

    tap(here, "heard", 5)
    assert survey.mood(db.session.get_one(Dialogue, dialogue.id)) == survey.Mood(1, 5.0)
    for name, value in (("answered", 4), ("believed", 3), ("believed", 2)):
        tap(here, name, value)
    for row, name, value in ((absent, "heard", 5), (here, "heard", 6), (here, "liked", 5)):
        with pytest.raises((WrongState, BadInput)):
            tap(row, name, value)
    assert survey.mood(db.session.get_one(Dialogue, dialogue.id)) == survey.Mood(1, 5.0, 4.0, 2.0)
