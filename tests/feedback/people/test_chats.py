"""Which chats an official is told things in."""

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.people import chats
from feedback.people.models import Contact, Officer
from tests.feedback.reminders.days import chat_of


@pytest.fixture
def linked(world) -> Contact:
    return chat_of(world.an)


def reached(world) -> list[str]:
    return [chat.address for chat in chats.reaching([world.an.id, world.binh.id])]


def test_the_chats_of_those_asked_for(world, linked):
    chat_of(world.binh, address="2")
    chat_of(world.chi, address="3")
    chat_of(ward_id=world.ward.id, address="4")
    assert reached(world) == ["1", "2"]


def test_not_a_chat_that_answers_no_more(world, linked):
    with transaction():
        db.session.get_one(Contact, linked.id).unreachable_at = clock.now()
    assert reached(world) == []


def test_not_of_somebody_who_left(world, linked):
    with transaction():
        db.session.get_one(Officer, world.an.id).is_active = False
    assert reached(world) == []
