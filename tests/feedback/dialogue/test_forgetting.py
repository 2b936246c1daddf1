"""Names and telephones of a session long over go; what was said and how many came stays."""

from datetime import timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import forgetting, requests
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration
from feedback.dialogue.request_models import DialogueRequest
from tests.feedback.dialogue.stories import announced, asking, do, register
from tests.feedback.dialogue.test_sessions import ask


def test_people_are_forgotten_once_and_only_after_their_time(world, monday):
    dialogue = asking(world)
    register(dialogue, phone="0912345678", people=3)
    ask(dialogue, name="Lê Văn Hỏi")
    over = dialogue.ends_at
    for before, gone in (
        (over, 0),
        (over + timedelta(seconds=1), 2),
        (over + timedelta(days=9), 0),
    ):
        with transaction():
            assert forgetting.forget(world.ward.id, before, 100) == gone
    db.session.expire_all()
    came, asked = db.session.query(Registration).one(), db.session.query(Question).one()
    assert (came.name, came.phone, came.people) == (forgetting.NAMELESS, None, 3)
    assert (asked.name, asked.text) == (None, "Bao giờ thông cống ngõ 34?")


def test_another_ward_is_not_touched(world, monday):
    dialogue = announced(world)
    register(dialogue)
    with transaction():
        assert forgetting.forget(world.ward.id + 1, dialogue.ends_at + timedelta(days=1), 100) == 0


def test_who_asked_for_a_dialogue_is_forgotten_when_one_was_held_and_its_time_is_over(
    world, monday
):
    with transaction():
        for phone in ("0912345601", "0912345602"):
            requests.ask_for(world.ward.id, name="Lê Văn Mong", phone=phone, about="Chợ")
    later = clock.now() + timedelta(seconds=1)

    def forgotten(before) -> int:
        db.session.rollback()
        with transaction():
            return forgetting.forget_requests(world.ward.id, before, 100)

    assert forgotten(later) == 0, "they are still counted"
    assert requests.count(world.ward.id).asking == 2
    do(world, do(world, asking(world), "start"), "end")
    assert [forgotten(clock.now() - timedelta(days=1)), forgotten(later), forgotten(later)] == [
        0,
        2,
        0,
    ]
    for row in db.session.query(DialogueRequest):
        assert (row.name, row.about, row.people) == (forgetting.NAMELESS, "", 1)
