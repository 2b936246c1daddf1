"""A chat that waits for a person: handed over whole, answered through the same channel."""

import re

import pytest
import sqlalchemy as sa

from feedback.audit import AuditRow
from feedback.db import db
from feedback.people.models import Channel
from feedback.petitions.models import Petition
from tests.feedback.conversations.person import STORY, Person, open_account
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk


@pytest.fixture
def dan(world) -> Person:
    open_account(world)
    return Person(name="dan")


@pytest.fixture
def clerk(app, world):
    return at_desk(app, world.clerk)


def talk_page(clerk) -> str:
    listed = clerk.get("/desk/conversations")
    lint_page(listed.text)
    return re.search(r"/desk/conversations/\d+", listed.text)[0]


def say_there(client, address: str, text: str, key: str = "k1"):
    return client.post(f"{address}/answer", data={"text": text, "key": key})


def test_two_misunderstandings_hand_over_the_whole_talk(dan, clerk):
    dan.send(STORY)
    dan.send("?")
    dan.send("hả")
    address = talk_page(clerk)
    page = clerk.get(address)
    lint_page(page.text)
    for words in (STORY, "Việc này ở đâu ạ?", "hả", "hệ thống trả lời tự động chưa hiểu ý"):
        assert words in page.text, words
    assert "[Bỏ qua]" in page.text
    acts = db.session.scalars(sa.select(AuditRow.action)).all()
    assert "chat.read" in acts


def test_the_answer_goes_through_the_chat_and_the_program_keeps_quiet(dan, clerk, world):
    dan.send("gặp cán bộ")
    address = talk_page(clerk)
    assert say_there(clerk, address, "Chào bác, bác cần việc gì ạ?").status_code == 302
    assert dan.notices() == ["from_officer"]
    assert "Phạm Thị Lê" in dan.last[-1].text
    assert clerk.get("/desk/conversations").text.count(address) == 0
    assert dan.send("Tôi muốn hỏi lịch tiếp dân tuần này cô ạ") == []
    assert "lịch tiếp dân" in clerk.get(talk_page(clerk)).text
    clerk.post(f"{address}/closing")
    assert dan.send("alo") == ["hello"]


def test_a_form_sent_twice_says_it_once(dan, clerk):
    dan.send("gặp cán bộ")
    address = talk_page(clerk)
    say_there(clerk, address, "Chào bác")
    say_there(clerk, address, "Chào bác")
    assert dan.notices() == ["from_officer"]


def test_nothing_to_say_is_said_so(dan, clerk):
    dan.send("gặp cán bộ")
    page = say_there(clerk, talk_page(clerk), "  ")
    assert page.status_code == 422
    assert "Xin viết lời nhắn." in page.text
    lint_page(page.text)


def test_a_report_under_way_goes_on_with_the_answer(dan, clerk):
    dan.send(STORY)
    dan.send("?")
    dan.send("hả")
    say_there(clerk, talk_page(clerk), "Bác cho biết nhà mình ở tổ mấy ạ?")
    dan.notices()
    assert dan.send("tổ 1") == ["summary"]


def reported(dan) -> str:
    dan.send(STORY)
    dan.send("tổ 1")
    dan.press("Gửi")
    db.session.rollback()
    return db.session.scalars(sa.select(Petition.number)).one()


def test_from_the_case_page_and_back_into_the_case(app, dan, world, clerk):
    number = reported(dan)
    page = clerk.get(f"/desk/cases/{number}")
    assert "Nhắn người dân qua" in page.text
    lint_page(page.text)
    clerk.post(f"/desk/cases/{number}/message", data={"text": "Đèn tắt từ hôm nào ạ?", "key": "a"})
    clerk.post(f"/desk/cases/{number}/message", data={"text": "Đèn tắt từ hôm nào ạ?", "key": "a"})
    assert dan.notices() == ["about_case"]
    assert number in dan.last[-1].text
    assert dan.send("Từ tối thứ Hai cô ạ") == ["passed_on"]
    page = clerk.get(f"/desk/cases/{number}").text
    assert "Từ tối thứ Hai cô ạ" in page
    assert page.count("Đèn tắt từ hôm nào ạ?") >= 1
    assert dan.send("menu") == ["menu"]


def test_without_a_chat_there_is_no_form(app, world, clerk):
    number = walks.received(world, channel=Channel.WEB).number
    assert "Nhắn người dân qua" not in clerk.get(f"/desk/cases/{number}").text
    clerk.post(f"/desk/cases/{number}/message", data={"text": "Bà con ơi", "key": "b"})
    assert "Bà con ơi" not in clerk.get(f"/desk/cases/{number}").text


def test_what_may_accuse_is_not_shown(dan, clerk):
    dan.send("Tôi tố cáo ông Bảy cán bộ phường nhận hối lộ 50 triệu")
    dan.send("gặp cán bộ")
    page = clerk.get(talk_page(clerk)).text
    assert "hối lộ" not in page
    assert "được giữ kín" in page


def test_an_officers_own_chat_is_nobodys_to_read(dan, world, clerk):
    from feedback.db import transaction
    from feedback.people import chats

    dan.send("gặp cán bộ")
    address = talk_page(clerk)
    with transaction():
        code = chats.new_code(world.an.id)
    dan.send(f"liên kết {code}")
    assert clerk.get(address).status_code == 404
