"""Standing in: who may say so, for which days, and what it gives."""

from datetime import date, timedelta

import pytest

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.models import Permission
from feedback.wards import substitution
from tests.world import make_world


def away(world, who, substitute, *, by=None, start=0, days=3):
    """`who` is away from `start` days from today, for `days` days."""
    first = clock.today() + timedelta(days=start)
    with transaction():
        return substitution.declare(
            by=world.actor(by or who),
            absent_id=world.people[who].id,
            substitute_id=world.people[substitute].id,
            starts_on=first,
            ends_on=first + timedelta(days=days - 1),
        )


def stands_in(world, who) -> set[int]:
    return set(world.actor(who).stands_in_for)


def test_the_substitute_may_do_what_the_absent_may_today_and_no_longer(world):
    away(world, "chair", "vice", days=1)
    assert world.actor("vice").has(Permission.APPROVE)
    from feedback.people.directory import actor_for

    tomorrow = actor_for(world.vice.id, clock.today() + timedelta(days=1))
    assert not tomorrow.has(Permission.APPROVE)


def test_the_chair_may_say_so_for_anybody_others_only_for_themselves(world):
    away(world, "an", "binh", by="chair")
    for somebody in ("binh", "dept_head", "chi", "vice"):
        with pytest.raises(NotAllowed):
            away(world, "clerk", "binh", by=somebody)


@pytest.mark.parametrize("who", ["supervisor", "admin"])
def test_who_has_no_case_has_no_substitute(world, who):
    with pytest.raises((NotAllowed, BadInput)):
        away(world, who, "an")
    with pytest.raises(BadInput):
        away(world, "an", who)


def test_the_administrator_sets_it_for_others(world):
    away(world, "an", "binh", by="admin")
    assert world.actor("binh").stands_in_for


def test_a_borrowed_right_does_not_set_anybodys_substitute(world):
    away(world, "chair", "vice")
    with pytest.raises(NotAllowed):
        away(world, "an", "binh", by="vice")


@pytest.mark.parametrize(
    ("who", "substitute", "start", "days", "field"),
    [
        ("an", "an", 0, 1, "substitute_id"),
        ("an", "binh", -1, 3, "starts_on"),
        ("an", "binh", 2, 0, "ends_on"),
        ("an", "binh", 0, 400, "ends_on"),
    ],
)
def test_days_and_people_that_do_not_fit_are_refused(world, who, substitute, start, days, field):
    with pytest.raises(BadInput) as refused:
        away(world, who, substitute, start=start, days=days)
    assert field in refused.value.fields


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("an", "binh"), ("an", "chi")),  # two at once for one
        (("binh", "chi"), ("an", "binh")),  # the substitute is away
        (("an", "binh"), ("binh", "chi")),  # the absent stands in for somebody
    ],
)
@pytest.mark.parametrize("gap", [-2, 0, 2])
def test_no_chains_and_no_doubles_while_days_overlap(world, first, second, gap):
    away(world, *first, start=10, days=3)
    with pytest.raises(BadInput):
        away(world, *second, start=10 + gap, days=3)


def test_days_that_do_not_overlap_are_free(world):
    away(world, "an", "binh", start=10, days=3)
    away(world, "an", "chi", start=13, days=3)
    away(world, "binh", "chi", start=7, days=3)


def test_cancelled_it_no_longer_holds_and_leaves_room(world):
    row = away(world, "an", "binh")
    assert stands_in(world, "binh") == {world.an.id}
    with transaction():
        substitution.cancel(db.session.merge(row), by=world.actor("an"))
    assert not stands_in(world, "binh")
    assert substitution.coming(world.ward.id) == []
    away(world, "an", "chi")
    actions = [row.action for row in db.session.query(AuditRow).order_by(AuditRow.id)]
    assert actions == [
        "substitution.declared",
        "substitution.cancelled",
        "substitution.declared",
    ]


def test_only_who_may_set_it_may_cancel_it_and_only_once(world):
    row = away(world, "an", "binh")
    for somebody in ("binh", "chi", "clerk"):
        with pytest.raises(NotAllowed), transaction():
            substitution.cancel(db.session.merge(row), by=world.actor(somebody))
    with transaction():
        substitution.cancel(db.session.merge(row), by=world.actor("chair"))
    with pytest.raises(BadInput), transaction():
        substitution.cancel(db.session.merge(row), by=world.actor("chair"))


def test_other_wards_are_not_there(world):
    other = make_world("HK", "hoan-kiem")
    with pytest.raises(NotFound), transaction():
        substitution.declare(
            by=world.actor("an"),
            absent_id=world.an.id,
            substitute_id=other.binh.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    row = away(other, "an", "binh")
    with pytest.raises(NotFound), transaction():
        substitution.cancel(db.session.merge(row), by=world.actor("chair"))


def test_what_is_over_is_not_listed(world):
    away(world, "an", "binh", start=5)
    with transaction():
        row = away_before(world)
    assert [r.starts_on for r in substitution.coming(world.ward.id)] == [
        clock.today() + timedelta(days=5)
    ]
    assert row.ends_on < clock.today()


def away_before(world):
    from feedback.wards.models import Substitution

    row = Substitution(
        ward_id=world.ward.id,
        absent_id=world.an.id,
        substitute_id=world.binh.id,
        starts_on=date(2026, 1, 5),
        ends_on=date(2026, 1, 6),
        declared_by_id=world.an.id,
        declared_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row
