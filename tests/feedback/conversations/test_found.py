"""A question answered before is answered at once; what does not fit goes to an official."""

import pytest

from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.petitions import actions
from feedback.petitions.models import Kind
from tests.feedback.conversations.person import Person, open_account, petitions
from tests.web.desk import walks

QUESTION = "Cho tôi hỏi làm giấy khai sinh cho con cần giấy tờ gì"


@pytest.fixture
def dan(world) -> Person:
    open_account(world)
    return Person()


def test_a_known_procedure_is_told_at_once(dan):
    assert dan.send(QUESTION) == ["maybe_this"]
    assert "60 ngày" in dan.last[-1].text
    assert dan.press("Đúng") == ["welcome"]
    assert petitions() == []


def test_with_an_open_petition_a_known_question_is_still_a_question(dan):
    dan.send("Cống trước nhà số 12 ngõ 34 Đội Cấn bị tắc mấy hôm nay")
    dan.press("Gửi")
    assert len(petitions()) == 1
    assert dan.send(QUESTION) == ["maybe_this"]


def test_what_does_not_fit_goes_to_an_official(dan):
    dan.send(QUESTION)
    assert dan.press("Không phải") == ["ask_official", "summary"]
    dan.press("Gửi")
    (petition,) = petitions()
    assert petition.text == QUESTION
    assert petition.kind is Kind.HOI_DAP


def test_more_words_are_added_to_the_question(dan):
    dan.send(QUESTION)
    assert dan.send("con tôi sinh ở nước ngoài thì làm ở đâu")[-1] == "summary"
    dan.press("Gửi")
    assert "nước ngoài" in petitions()[0].text


def _answered(world, text: str, answer: str, **more) -> str:
    petition = walks.received(world, text=text, kind=Kind.HOI_DAP, channel=Channel.WEB, **more)
    for who, verb, values in (
        ("clerk", actions.accept, {}),
        ("an", actions.take, {}),
        ("an", actions.submit_answer, {"text": answer}),
        ("chair", actions.approve, {}),
    ):
        walks.step(world, petition, who, verb, **values)
    return petition.number


ASKED = "Cho tôi hỏi đăng ký lớp học bơi hè cho thiếu nhi của phường ở đâu"
TOLD = "Đăng ký tại nhà văn hóa phường trước ngày 15 tháng 5."


def test_a_published_answer_is_offered(dan, world):
    _answered(world, ASKED, TOLD, may_publish=True)
    assert dan.send("Xin hỏi đăng ký lớp học bơi hè cho thiếu nhi của phường thế nào") == [
        "maybe_this"
    ]
    assert TOLD in dan.last[-1].text


def test_an_answer_nobody_agreed_to_publish_is_not(dan, world):
    _answered(world, ASKED, TOLD)
    dan.send("Xin hỏi đăng ký lớp học bơi hè cho thiếu nhi của phường thế nào")
    assert TOLD not in "".join(prompt.text for prompt in dan.last)


def test_a_wards_own_answer_comes_first(dan, world):
    own = {"title": "Khai sinh", "words": ["khai sinh cho con"], "answer": "Mời tới phòng số 3."}
    with transaction():
        ward = db.session.merge(world.ward)
        ward.settings = {**ward.settings, "faq": [own]}
    dan.send(QUESTION)
    assert "phòng số 3" in dan.last[-1].text


def test_an_old_button_finds_nothing(dan):
    assert dan.send(button="found:yes") == ["old_button"]
