"""The ward's own questions and answers: written on a page, offered in the chat."""

import pytest

from feedback.conversations import own_answers
from feedback.db import db, transaction
from feedback.errors import NotAllowed
from feedback.wards.setup import setup_of
from tests.feedback.conversations.person import Person, open_account

PAGE = "/desk/settings/faq"
ENTRY = {
    "title": "Giờ đổ rác",
    "words": "giờ đổ rác\nmấy giờ thu rác\n\ngiờ đổ rác",
    "answer": "Xe thu rác qua các ngõ từ 18 giờ đến 19 giờ hằng ngày.\nHỏi thêm: 024 3000 0000.",
}


def mark(world):
    db.session.rollback()
    return own_answers.mark(setup_of(world.ward.id))


def add(admin, world, **changes):
    return admin.post(f"{PAGE}/new", data={**ENTRY, "mark": mark(world), **changes})


def test_from_the_page_into_the_chat_and_out_again(admin, world):
    open_account(world)
    dan = Person()
    page = admin.get(PAGE).text
    assert "Phường chưa có câu hỏi nào" in page
    assert "Đăng ký khai sinh" in page
    add(admin, world)
    db.session.rollback()
    [entry] = setup_of(world.ward.id).settings["faq"]
    assert entry["words"] == ["gio do rac", "may gio thu rac"]
    assert "Hỏi thêm" in admin.get(PAGE).text
    assert (
        "từ 18 giờ" in admin.get(f"{PAGE}?q=cho hoi may gio thu rac a").text.split("Của phường")[0]
    )
    assert "sẽ tới cán bộ" in admin.get(f"{PAGE}?q=xin chào phường mình").text
    assert "maybe_this" in dan.send("cho hỏi mấy giờ thu rác ạ?")
    assert "từ 18 giờ đến 19 giờ" in dan.last[-1].text
    changed = {**ENTRY, "title": "Giờ thu rác", "mark": mark(world)}
    admin.post(f"{PAGE}/0", data=changed)
    assert "Giờ thu rác (trước: Giờ đổ rác)" in admin.get("/desk/settings/history?kind=faq").text
    assert "Giờ thu rác" in admin.get(f"{PAGE}/0").text
    admin.post(f"{PAGE}/0/removal", data={"mark": mark(world)})
    assert "maybe_this" not in Person("khac").send("cho hỏi mấy giờ thu rác ạ?")


def test_a_shipped_answer_is_written_anew(admin, world):
    form = admin.get(f"{PAGE}/new?title=Đăng ký khai sinh").text
    assert "dang ky khai sinh" in form
    assert "Luật Hộ tịch" in form
    words = {"title": "Đăng ký khai sinh", "words": "đăng ký khai sinh", "answer": "Ở phòng số 3."}
    add(admin, world, **words)
    tried = admin.get(f"{PAGE}?q=tôi muốn đăng ký khai sinh").text.split("Của phường")[0]
    assert "Ở phòng số 3" in tried
    assert "Luật Hộ tịch" not in tried


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": " "}, "Xin ghi câu hỏi"),
        ({"answer": " "}, "Xin ghi câu trả lời"),
        ({"words": " \n "}, "ít nhất một cụm từ"),
        ({"words": "rác"}, "quá ngắn"),
        ({"words": "\n".join(f"cụm từ {no}" for no in range(31))}, "Nhiều nhất 30"),
        ({"words": "chữ " * 40}, "Cụm từ quá dài"),
        ({"answer": "x" * 1501}, "Nhiều nhất 1500"),
    ],
)
def test_what_nobody_could_find_or_read_is_refused(admin, world, wrong, sentence):
    answer = add(admin, world, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    db.session.rollback()
    assert "faq" not in setup_of(world.ward.id).settings


def test_who_may_and_what_is_not_there(admin, world):
    old = mark(world)
    add(admin, world)
    assert admin.post(f"{PAGE}/0", data={**ENTRY, "mark": old}).status_code == 409
    assert admin.post(f"{PAGE}/5/removal", data={"mark": mark(world)}).status_code == 404
    assert admin.get(f"{PAGE}/5").status_code == 404
    with pytest.raises(NotAllowed), transaction():
        own_answers.save("a", ["b c"], "d", None, "", by=world.actor("chair"))
