"""A tenth of the voters obliges; each is counted once, anew after every conference."""

import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.dialogue import materials, questions, requests
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question
from feedback.errors import BadInput, NotAllowed, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel
from feedback.petitions.models import Kind, Status
from feedback.wards.models import Ward
from tests.feedback.dialogue.stories import a_contact, announced, asking, do

pytestmark = pytest.mark.usefixtures("monday")


def ask_for(world, n: int) -> bool:
    db.session.rollback()
    with transaction():
        return requests.ask_for(world.ward.id, name=f"Người {n}", phone=f"09123456{n:02d}")


@pytest.fixture
def hundred(world):
    """A ward of 95 voters: ten oblige it."""
    db.session.rollback()
    with transaction():
        ward = db.session.get_one(Ward, world.ward.id)
        ward.settings = {**ward.settings, "voters": 95}
    return world


def test_each_telephone_counts_once_and_a_tenth_obliges(hundred):
    a_contact(hundred, "hoa", officer_id=hundred.chair.id)
    assert [ask_for(hundred, n) for n in (1, 1, 2)] == [True, False, True]
    by = hundred.actor("clerk")
    for _ in range(2):
        db.session.rollback()
        with transaction():
            requests.hand_in(hundred.ward.id, by=by, people=7, about="Tổ 1 nộp", key="list-1")
    assert requests.count(hundred.ward.id) == requests.Count(9, 95, 10)
    assert not requests.count(hundred.ward.id).obliges
    ask_for(hundred, 3)
    ask_for(hundred, 4)
    assert requests.count(hundred.ward.id).obliges
    said = db.session.scalars(sa.select(OutboxRow.notice)).all()
    assert said == ["dialogue.demanded"], "the chair is told once"


def test_a_conference_begins_the_count_anew(hundred):
    ask_for(hundred, 1)
    do(hundred, do(hundred, asking(hundred), "start"), "end")
    assert requests.count(hundred.ward.id).asking == 0
    assert ask_for(hundred, 1), "the same person may ask again"


def test_without_the_number_of_voters_nothing_obliges(world):
    ask_for(world, 1)
    assert requests.count(world.ward.id) == requests.Count(1, None, None)
    with pytest.raises(BadInput), transaction():
        requests.ask_for(world.ward.id, name="A", phone="")
    with pytest.raises(NotAllowed), transaction():
        requests.hand_in(world.ward.id, by=world.actor("an"), people=5, about="x", key="k")


def test_what_is_passed_on_becomes_a_petition_at_once(world):
    dialogue = asking(world)
    chat = a_contact(world, "1")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        asked = questions.Asked(
            dialogue.id, "Xe buýt 09 bỏ bến?", Channel.TELEGRAM, contact_id=chat.id
        )
        question_id = questions.ask(asked).id
    do(world, dialogue, "start")
    with transaction():
        question = db.session.get_one(Question, question_id)
        questions.accept(question, by=by)
        questions.pass_on(question, by=by, to="Sở Xây dựng")
        petition = questions.to_petition(question, by=by)
        assert questions.to_petition(question, by=by).id == petition.id, (
            "a second click makes no second"
        )
    assert (petition.status, petition.transferred_to) == (Status.TRANSFERRED, "Sở Xây dựng")
    assert petition.contact_id == chat.id
    with transaction():
        other = questions.ask(questions.Asked(dialogue.id, "Rác?", Channel.WEB))
        questions.answer(other, by=by, text="Đã dọn")
        with pytest.raises(WrongState):
            questions.to_petition(other, by=by)
        with pytest.raises(NotAllowed):
            questions.to_petition(other, by=world.actor("an"))


def test_open_petitions_of_the_neighbourhoods_are_offered_and_nothing_secret(world):
    here, there = world.neighbourhoods[1].id, world.neighbourhoods[3].id
    mine = world.submit("Cống tắc", neighbourhood_id=here)
    world.submit("Xa", neighbourhood_id=there)
    world.submit("Tố cáo ông A", kind=Kind.TO_CAO, neighbourhood_id=here)
    dialogue = announced(world)
    by = world.actor("clerk")
    found = materials.open_petitions(db.session.get_one(Dialogue, dialogue.id), by)
    assert [each.number for each in found] == [mine.number]
