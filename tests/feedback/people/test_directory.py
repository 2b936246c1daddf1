"""Today's rights, own and borrowed."""

from datetime import date, timedelta

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import Misconfigured, NotFound
from feedback.people import directory
from feedback.people.models import Officer, Permission, Role, Tenure
from feedback.wards.models import Substitution


def stand_in(world, absent, substitute, days=3):
    today = clock.today()
    with transaction():
        db.session.add(
            Substitution(
                ward_id=world.ward.id,
                absent_id=world.people[absent].id,
                substitute_id=world.people[substitute].id,
                starts_on=today,
                ends_on=today + timedelta(days=days),
                declared_by_id=world.people[absent].id,
                declared_at=clock.now(),
            )
        )


def test_an_officer_has_the_rights_of_their_posts(world):
    an = directory.actor_for(world.an.id)
    assert an.roles == {Role.OFFICER}
    assert an.has(Permission.HANDLE)
    assert not an.has(Permission.ASSIGN)
    assert an.department_ids == {world.departments["kinh_te_ha_tang"].id}
    assert an.position_ids == {world.positions["an"].id}
    assert directory.actor_for(world.head_tdp.id).neighbourhood_ids == {world.neighbourhoods[1].id}


def test_a_substitute_borrows_rights_for_those_days(world):
    stand_in(world, "chair", "vice")
    vice = directory.actor_for(world.vice.id)
    assert Permission.APPROVE not in vice.rights
    assert vice.has(Permission.APPROVE)
    assert set(vice.stands_in_for) == {world.chair.id}
    later = directory.actor_for(world.vice.id, clock.today() + timedelta(days=4))
    assert not later.has(Permission.APPROVE)


def test_a_substitute_sees_the_absent_officers_department(world):
    stand_in(world, "an", "chi")
    assert (
        world.departments["kinh_te_ha_tang"].id in directory.actor_for(world.chi.id).department_ids
    )


def test_who_holds_nothing_may_do_nothing(world):
    with transaction():
        db.session.get(Officer, world.an.id).is_active = False
    an = directory.actor_for(world.an.id)
    assert an.rights == frozenset()
    assert an.position_ids == frozenset()


def test_tenures_have_days(world):
    before = date(2025, 12, 31)
    assert directory.holders(world.positions["an"].id, before) == []
    assert [o.id for o in directory.holders(world.positions["an"].id)] == [world.an.id]
    assert directory.position_of(world.an.id).id == world.positions["an"].id
    assert directory.position_of(world.an.id, before) is None


def test_the_chair_or_while_vacant_the_vice_chair(world):
    assert directory.chair_of(world.ward.id).id == world.chair.id
    with transaction():
        for tenure in db.session.query(Tenure).filter_by(officer_id=world.chair.id):
            tenure.ends_on = date(2026, 2, 1)
    assert directory.chair_of(world.ward.id).id == world.vice.id
    with transaction():
        for tenure in db.session.query(Tenure).filter_by(officer_id=world.vice.id):
            tenure.ends_on = date(2026, 2, 1)
    with pytest.raises(Misconfigured):
        directory.chair_of(world.ward.id)


def test_nobody_is_not_found(app):
    for ask in (directory.actor_for, directory.position_of, directory.holders):
        with pytest.raises(NotFound):
            ask(10**6)
