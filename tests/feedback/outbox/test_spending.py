"""The month's budget holds, however many take from it at once."""

import threading

import pytest
import sqlalchemy as sa
import time_machine

from feedback.db import db, transaction
from feedback.outbox import spending
from feedback.outbox.spending import MessageCost
from feedback.outbox.window import Way
from tests.feedback.outbox.parts import make_contact, rows, say


@pytest.fixture
def ids(world):
    say(make_contact(world), *(f"tin {n}" for n in range(12)))
    return [row.id for row in rows()]


def take(id, world, price=55, budget=200):
    with transaction():
        return spending.take(id, world.ward.id, Way.BILLED, price, budget)


def test_until_the_budget_is_used_up(world, ids):
    assert [take(id, world) for id in ids[:5]] == [True, True, True, False, False]
    assert spending.spent(world.ward.id) == 165


def test_a_message_is_paid_for_once(world, ids):
    assert all(take(ids[0], world) for _ in range(5))
    assert spending.spent(world.ward.id) == 55


def test_what_did_not_leave_is_given_back(world, ids):
    take(ids[0], world)
    for _ in range(2):
        with transaction():
            spending.give_back(ids[0])
    assert spending.spent(world.ward.id) == 0
    assert db.session.scalars(sa.select(MessageCost)).all() == []


def test_a_new_month_begins_at_nothing(world, ids):
    with time_machine.travel("2026-11-30 23:59+07:00", tick=False):
        take(ids[0], world)
    with time_machine.travel("2026-12-01 00:01+07:00", tick=False):
        assert spending.spent(world.ward.id) == 0
        take(ids[1], world)
        with transaction():
            spending.give_back(ids[0])
    assert spending.spent(world.ward.id, "2026-11") == 0
    assert spending.spent(world.ward.id, "2026-12") == 55


def test_twelve_at_once(bare_app, world, ids):
    ward_id, got, start = world.ward.id, [], threading.Barrier(12)
    db.session.remove()

    def one(id):
        with bare_app.app_context():
            start.wait()
            with transaction():
                got.append(spending.take(id, ward_id, Way.TEMPLATE, 100, 500))

    threads = [threading.Thread(target=one, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(got) == [False] * 7 + [True] * 5
    assert spending.spent(ward_id) == 500
