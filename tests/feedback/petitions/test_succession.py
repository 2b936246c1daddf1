"""People come and go; every open petition keeps a head and a handler in office."""

from datetime import date, datetime

import pytest

from feedback import clock
from feedback.clock import ZONE
from feedback.db import db, transaction
from feedback.people.actor import CITIZEN
from feedback.people.models import Officer, Tenure
from feedback.petitions import actions, succession
from feedback.wards.models import Substitution

NOW = datetime(2026, 8, 3, 9, tzinfo=ZONE)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def present():
    with clock.at(NOW):
        yield


def leaves(world, who, last_day=date(2026, 7, 31)):
    with transaction():
        db.session.query(Tenure).filter_by(officer_id=world.people[who].id).one().ends_on = last_day


def comes(world, who, name="Trần Thị Mới"):
    """Somebody new takes the position."""
    with transaction():
        officer = Officer(ward_id=world.ward.id, full_name=name, created_at=clock.now())
        db.session.add(officer)
        db.session.flush()
        position = world.positions[who].id
        db.session.add(Tenure(position_id=position, officer_id=officer.id, starts_on=TODAY))
    return officer


def settle():
    with transaction():
        return succession.settle(TODAY)


def fresh(petition):
    db.session.expire_all()
    return petition


def test_who_comes_takes_over(world):
    petition = world.submit(field_id=world.fields[2].id)
    other = world.submit(field_id=world.fields[4].id)
    assert settle() == 0
    leaves(world, "an")
    new = comes(world, "an")
    assert settle() == 1
    assert fresh(petition).handler_id == new.id
    assert "Trần Thị Mới" in petition.responsibility
    assert "Lý Văn An" not in petition.responsibility
    entry = petition.timeline[-1]
    assert (entry.action, entry.is_public) == ("succeeded", True)
    assert entry.text == "Đổi người phụ trách. Trần Thị Mới, Chuyên viên hạ tầng."
    assert other.handler_id == world.binh.id
    assert settle() == 0


def test_with_nobody_in_the_position_it_goes_where_it_would_go_today(world):
    petition = world.submit(field_id=world.fields[2].id)
    leaves(world, "an")
    settle()
    assert fresh(petition).handler_id == world.clerk.id
    assert "Chưa có người được giao lĩnh vực" in petition.route_reason


def test_an_absence_moves_nothing(world):
    petition = world.submit(field_id=world.fields[2].id)
    with transaction():
        db.session.add(
            Substitution(
                ward_id=world.ward.id,
                absent_id=world.an.id,
                substitute_id=world.binh.id,
                starts_on=TODAY,
                ends_on=TODAY,
                declared_by_id=world.an.id,
                declared_at=NOW,
            )
        )
    taken = world.submit(field_id=world.fields[2].id)
    assert (taken.handler_id, taken.handler_for_id) == (world.binh.id, world.an.id)
    assert settle() == 0
    assert fresh(petition).handler_id == world.an.id


def test_the_work_stays_with_the_position_when_somebody_changes_posts(world):
    petition = world.submit(field_id=world.fields[2].id)
    leaves(world, "an")
    new = comes(world, "an")
    with transaction():
        db.session.add(
            Tenure(position_id=world.positions["binh"].id, officer_id=world.an.id, starts_on=TODAY)
        )
    settle()
    assert fresh(petition).handler_id == new.id


def test_another_head_answers_for_what_is_open(world):
    petition = world.submit(field_id=world.fields[2].id)
    leaves(world, "chair")
    settle()
    assert fresh(petition).head_id == world.vice.id  # runs the ward while the post is vacant
    assert "Trần Văn Vinh chịu trách nhiệm chung" in petition.responsibility
    new = comes(world, "chair")
    settle()
    assert fresh(petition).head_id == new.id
    assert petition.handler_id == world.an.id


def test_nobody_inherits_a_petition_about_themselves(world):
    new = comes(world, "an")
    petition = world.submit(field_id=world.fields[2].id, complained_officer_id=new.id)
    leaves(world, "an")
    settle()
    assert fresh(petition).handler_id == world.clerk.id


def test_a_ward_without_a_chair_stops_no_other(world):
    from tests.world import make_world

    other = make_world("XX", "phuong-khac")
    petition = other.submit(field_id=other.fields[2].id)
    leaves(world, "chair")
    leaves(world, "vice")
    leaves(other, "an")
    assert settle() == 1
    assert fresh(petition).handler_id == other.clerk.id


def test_many_are_passed_on_in_batches(world):
    for _ in range(5):
        world.submit(field_id=world.fields[2].id)
    leaves(world, "an")
    done = []
    while True:
        with transaction():
            done.append(succession.settle(TODAY, limit=2))
        if not done[-1]:
            break
    assert done == [2, 2, 1, 0]


def test_what_is_opened_again_is_answered_for_by_who_is_there_now(world):
    petition = world.submit(field_id=world.fields[2].id)
    with transaction():
        actions.accept(petition, by=world.actor("clerk"))
        actions.submit_answer(petition, by=world.actor("an"), text="Đã thay bóng.")
        actions.approve(petition, by=world.actor("chair"))
    leaves(world, "an")
    leaves(world, "chair")
    new = comes(world, "an")
    assert settle() == 0  # it is not open
    with transaction():
        actions.reopen(petition, by=CITIZEN, reason="Vẫn chưa sáng")
    assert (fresh(petition).handler_id, petition.head_id) == (new.id, world.vice.id)
    assert [entry.action for entry in petition.timeline[-2:]] == ["reopen", "succeeded"]
