"""What is kept in memory is never older than the database."""

import dataclasses
from datetime import date

import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.errors import NotFound
from feedback.people.models import Officer, Tenure
from feedback.petitions import queries
from feedback.wards import setup
from feedback.wards.models import DayRule, Delegation, Neighbourhood, Substitution, Ward
from tests.world import make_world


def test_it_is_read_once(world, monkeypatch):
    first = setup.setup_of(world.ward.id)
    monkeypatch.setattr(setup, "_read", None)
    assert setup.setup_of(world.ward.id) is first


def test_what_comes_with_the_tests_ward_is_what_would_be_read(world):
    ward_id = world.ward.id
    present = db.session.get_one(Ward, ward_id).setup_version
    for brought in (setup.setup_of(ward_id), setup.at_version(ward_id, present)):
        assert dataclasses.replace(brought, memory={}) == setup._read(ward_id, brought.version)


def test_an_unknown_ward_is_not_found(app):
    with pytest.raises(NotFound):
        setup.setup_of(10**6)


CHANGES = {
    "delegation": lambda w: db.session.add(
        Delegation(
            ward_id=w.ward.id,
            position_id=w.positions["chi"].id,
            field_id=w.fields[5].id,
            starts_on=date(2026, 1, 1),
            decision_no="13/QĐ-UBND",
        )
    ),
    "tenure": lambda w: setattr(
        db.session.scalars(sa.select(Tenure).where(Tenure.officer_id == w.chi.id)).one(),
        "ends_on",
        date(2026, 2, 1),
    ),
    "officer": lambda w: setattr(db.session.get(Officer, w.chi.id), "full_name", "Mai Chi"),
    "day": lambda w: db.session.add(
        DayRule(ward_id=w.ward.id, day=date(2027, 3, 1), kind="off", name="Lễ của phường")
    ),
    "ward": lambda w: setattr(db.session.get(Ward, w.ward.id), "settings", {"reopen_days": 9}),
    "gone": lambda w: (
        db.session.execute(sa.select(Neighbourhood)).scalars().first()
        and db.session.delete(db.session.get(Neighbourhood, w.neighbourhoods[3].id))
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_makes_another_set_up(world, change):
    before = setup.setup_of(world.ward.id)
    with transaction():
        CHANGES[change](world)
    after = setup.setup_of(world.ward.id)
    assert after.version != before.version
    assert after != before


def test_a_change_that_is_rolled_back_is_forgotten(world):
    before = setup.setup_of(world.ward.id)
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.get(Officer, world.chi.id).full_name = "Không ai"
        db.session.flush()
        assert setup.setup_of(world.ward.id).officers[world.chi.id] == "Không ai"
        raise ZeroDivisionError
    assert setup.setup_of(world.ward.id).officers == before.officers


def test_another_wards_change_leaves_ours_alone(world):
    ours = setup.setup_of(world.ward.id)
    make_world("TX", "thanh-xuan")
    assert setup.setup_of(world.ward.id) is ours


def test_petitions_leave_it_alone(world):
    before = setup.setup_of(world.ward.id)
    world.submit()
    queries.listing(world.actor("clerk"))
    assert setup.setup_of(world.ward.id) is before


def test_a_cancelled_substitution_does_not_count(world):
    with transaction():
        db.session.add(
            Substitution(
                ward_id=world.ward.id,
                absent_id=world.an.id,
                substitute_id=world.binh.id,
                starts_on=date(2026, 1, 1),
                ends_on=date(2999, 1, 1),
                declared_by_id=world.an.id,
                declared_at=world.ward.created_at,
                cancelled_at=world.ward.created_at,
            )
        )
    assert world.actor("binh").stands_in_for == {}
