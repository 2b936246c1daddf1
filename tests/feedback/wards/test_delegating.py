"""The matrix of who is given what: a new row closes the old one, no gap, no overlap, history kept."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.directory import table_of
from feedback.wards import delegating, routing
from feedback.wards.models import Delegation
from tests.world import make_world

TODAY = date(2026, 8, 5)


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel("2026-08-05 09:00+07:00", tick=False) as traveller:
        yield traveller


def give(world, who="binh", field=2, starts=TODAY, *, ends=None, area=None, by="admin", no="20/QĐ"):
    with transaction():
        return delegating.give(
            by=world.actor(by),
            position_id=world.positions[who].id,
            field_id=world.fields[field].id if field else None,
            neighbourhood_id=world.neighbourhoods[area].id if area else None,
            starts_on=starts,
            ends_on=ends,
            decision_no=no,
        ).id


def rows(world, field=2, area=None):
    """(who, from, to) of everything ever given of a field."""
    db.session.rollback()
    found = delegating.of_target(
        world.ward.id,
        world.fields[field].id if field else None,
        world.neighbourhoods[area].id if area else None,
    )
    names = {position.id: key for key, position in world.positions.items()}
    return [(names[row.position_id], row.starts_on, row.ends_on) for row in found]


def handler(world, field=2, area=1, on=TODAY):
    where = world.neighbourhoods[area].id
    route = routing.choose(where, world.fields[field].id, table=table_of(world.ward.id, on))
    return next(key for key, officer in world.people.items() if officer.id == route.handler_id)


def day(text):
    return date.fromisoformat(text)


def test_a_new_row_closes_the_old_one_and_routes_from_its_day(world):
    assert handler(world) == "an"
    give(world, starts=day("2026-08-10"))
    assert rows(world) == [
        ("an", day("2026-01-01"), day("2026-08-09")),
        ("binh", day("2026-08-10"), None),
    ]
    assert handler(world, on=day("2026-08-09")) == "an"
    assert handler(world, on=day("2026-08-10")) == "binh"
    row = db.session.scalars(sa.select(AuditRow)).one()
    assert (row.action, row.officer_id) == ("delegation.given", world.admin.id)
    assert row.detail["decision_no"] == "20/QĐ"


def test_a_limited_row_gives_it_back_afterwards(world):
    give(world, starts=day("2026-08-10"), ends=day("2026-08-20"))
    assert rows(world) == [
        ("an", day("2026-01-01"), day("2026-08-09")),
        ("binh", day("2026-08-10"), day("2026-08-20")),
        ("an", day("2026-08-21"), None),
    ]


def test_what_was_never_given_may_begin_any_day(world):
    assert handler(world, field=5) == "clerk"
    give(world, field=5, starts=day("2026-09-01"))
    assert rows(world, 5) == [("binh", day("2026-09-01"), None)]


def test_an_area_goes_before_the_field_and_ends_without_a_gap(world):
    row = give(world, "chi", 2, area=3)
    assert handler(world, area=3) == "chi"
    assert handler(world, area=1) == "an"
    with transaction():
        delegating.end(row, day("2026-08-31"), by=world.actor("chair"))
    assert rows(world, 2, 3) == [("chi", TODAY, day("2026-08-31"))]
    assert handler(world, area=3, on=day("2026-09-01")) == "an"


def test_a_whole_area_may_be_given(world):
    give(world, "chi", None, area=2)
    assert handler(world, field=9, area=2) == "chi"


def test_what_begins_later_can_be_withdrawn(world):
    row = give(world, starts=day("2026-08-10"), ends=day("2026-08-20"))
    with transaction():
        delegating.withdraw(row, by=world.actor("admin"))
    assert handler(world, on=day("2026-08-15")) == "an"
    assert [each[0] for each in rows(world)] == ["an", "an"]
    covered = [(a, b) for _, a, b in rows(world)]
    assert covered == [(day("2026-01-01"), day("2026-08-20")), (day("2026-08-21"), None)]


def test_history_is_never_withdrawn(world, time):
    row = give(world)
    time.move_to("2026-08-06 09:00+07:00")
    with pytest.raises(BadInput), transaction():
        delegating.withdraw(row, by=world.actor("admin"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"no": " "}, "decision_no"),
        ({"ends": TODAY - timedelta(days=1)}, "ends_on"),
        ({"starts": date(2026, 1, 1)}, "starts_on"),  # the day the other began
        ({"starts": date(2025, 12, 1)}, "starts_on"),  # before it
        ({"field": None}, "field_id"),
        ({"who": "head_tdp"}, "position_id"),
        ({"who": "supervisor"}, "position_id"),
        ({"who": "admin"}, "position_id"),
        ({"field": 5, "ends": TODAY}, "ends_on"),  # afterwards nobody
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(world, values, field):
    with pytest.raises(BadInput) as refused:
        give(world, **values)
    assert list(refused.value.fields) == [field]


def test_a_row_may_not_lie_over_a_later_one(world):
    give(world, starts=day("2026-09-01"))
    with pytest.raises(BadInput) as refused:
        give(world, "chi", starts=day("2026-08-20"))
    assert "ghi đến hết ngày 31/08/2026" in refused.value.sentence
    give(world, "chi", starts=day("2026-08-20"), ends=day("2026-08-31"))
    assert [who for who, _, _ in rows(world)] == ["an", "chi", "binh"]


def test_a_field_is_never_left_without_anybody(world):
    with transaction():
        row = db.session.scalars(
            sa.select(Delegation).where(Delegation.field_id == world.fields[4].id)
        ).one()
        row.ends_on = day("2026-08-31")  # as a file might say
        row_id = row.id
    with pytest.raises(BadInput) as refused:
        give(world, "chi", 4, starts=day("2026-09-05"))
    assert "giao từ ngày 01/09/2026" in refused.value.sentence
    give(world, "chi", 4, starts=day("2026-09-01"))
    with pytest.raises(BadInput), transaction():
        delegating.end(row_id, day("2026-08-20"), by=world.actor("admin"))


def test_a_post_without_a_holder_gets_nothing(world):
    with transaction():
        tenure = db.session.merge(world.binh).tenures[0]
        tenure.ends_on = day("2026-08-01")
    with pytest.raises(BadInput) as refused:
        give(world)
    assert "Chưa có ai giữ chức danh này" in refused.value.sentence


def test_who_may(world):
    for who in ("vice", "clerk", "an", "chi", "supervisor"):
        with pytest.raises(NotAllowed):
            give(world, by=who)
    give(world, by="chair")
    other = make_world("XX", "phuong-khac")
    with pytest.raises(NotFound), transaction():
        delegating.withdraw(
            db.session.scalars(
                sa.select(Delegation.id).where(Delegation.ward_id == world.ward.id)
            ).first(),
            by=other.actor("admin"),
        )
    with pytest.raises(NotFound), transaction():
        delegating.give(
            by=other.actor("admin"),
            position_id=world.positions["an"].id,
            field_id=other.fields[2].id,
            starts_on=TODAY,
            decision_no="1",
        )
