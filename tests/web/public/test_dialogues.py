"""What residents do about a session, page after page."""

from datetime import timedelta

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import door, questions
from feedback.dialogue.models import Dialogue
from tests.feedback.dialogue.stories import announced, do, planned
from tests.web.public.resident import hidden


@pytest.fixture
def session(world) -> int:
    soon = clock.now() + timedelta(days=20)
    return announced(world, starts_at=soon, seats=1, title="Đối thoại về nước sạch").id


def register(resident, number: int, name: str) -> str:
    page = resident.open(f"/ba-dinh/doi-thoai/{number}/dang-ky")
    sent = {**hidden(page), "name": name, "people": "1"}
    return resident.post(f"/ba-dinh/doi-thoai/{number}/dang-ky", sent)


def test_giving_a_seat_back_offers_the_form_again(resident, session):
    own = register(resident, session, "Trần Thị Dân")
    assert "Ông/Bà đã có chỗ" in resident.open(own)
    assert resident.client.get(f"/ba-dinh/doi-thoai/{session}/dang-ky").location == own
    resident.post(f"{own}/rut-ten", {})
    assert "Đã rút tên" in resident.open(own)
    assert "Đăng ký dự" in resident.open(f"/ba-dinh/doi-thoai/{session}")
    assert register(resident, session, "Trần Thị Dân") != own


def test_sending_the_form_twice_registers_once(resident, session):
    page = resident.open(f"/ba-dinh/doi-thoai/{session}/dang-ky")
    sent = {**hidden(page), "name": "Trần Thị Dân", "people": "1"}
    address = f"/ba-dinh/doi-thoai/{session}/dang-ky"
    assert resident.post(address, sent) == resident.post(address, sent)


def test_a_form_that_lacks_something_says_what(resident, session):
    address = f"/ba-dinh/doi-thoai/{session}/dang-ky"
    assert "Xin ghi họ tên." in resident.post(address, {"people": "1"}, expect=422)
    page = resident.post(address, {"name": "Dân", "phone": "12", "people": "1"}, expect=422)
    assert "Số điện thoại chưa đúng" in page


def test_the_web_never_shows_a_whole_name(world, resident, session):
    do(world, session, "open_questions")
    sent = {"text": "Bao giờ có nước sạch?", "name": "Nguyễn Văn Hỏi"}
    asked = resident.post(f"/ba-dinh/doi-thoai/{session}/cau-hoi", sent)
    assert "Phường đã nhận câu hỏi" in resident.open(asked)
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        for question in questions.every(db.session.get_one(Dialogue, session)):
            questions.accept(question, by=by)
    for page in ("", "/man-chieu"):
        text = resident.open(f"/ba-dinh/doi-thoai/{session}{page}")
        assert "Nguyễn Văn Hỏi" not in text
    assert "N. V. Hỏi" in resident.open(f"/ba-dinh/doi-thoai/{session}")


@pytest.mark.parametrize("path", ["", "/dang-ky", "/cau-hoi", "/man-chieu", ".ics"])
def test_what_is_not_public_is_not_there(world, resident, path):
    for values in ({}, {"kind": "complaint"}):
        row = planned(world, starts_at=clock.now() + timedelta(days=20), **values)
        if values:
            do(world, row, "announce", override="Khẩn")
        resident.open(f"/ba-dinh/doi-thoai/{row.id}{path}", expect=404)
    assert "BEGIN:VEVENT" not in resident.client.get("/ba-dinh/doi-thoai.ics").text
    assert "<item>" not in resident.client.get("/ba-dinh/doi-thoai.rss").text


def test_three_taps_on_ones_own_page_each_kept(world, resident, session):
    own = register(resident, session, "Trần Thị Dân")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Dialogue, session)
        door.check_in(row, door.attendance(row)[0].code, by=by)
    do(world, session, "start")
    resident.post(f"{own}/y-kien", {"question": "heard", "mark": "5"}, expect=409)
    do(world, session, "end")
    assert "mỗi câu một lần bấm" in resident.open(own)
    assert resident.post(f"{own}/y-kien", {"question": "heard", "mark": "5"}).endswith(
        "#hoi-answered"
    )
    assert "✓ Rất tốt" in resident.open(own)
    resident.post(f"{own}/y-kien", {"question": "answered", "mark": "9"}, expect=422)
    resident.post(f"{own}/y-kien", {"question": "answered", "mark": "4"})
    resident.post(f"{own}/y-kien", {"question": "believed", "mark": "2"})
    resident.post(f"{own}/y-kien", {"comment": "Loa nhỏ"})
    page = resident.open(f"/ba-dinh/doi-thoai/{session}")
    assert "1 người trả lời, theo thang 5: báo trước 5,0; trả lời rõ 4,0; tin sẽ làm 2,0." in page


def test_a_session_with_a_spot_shows_its_map_languages_and_access(world, resident):
    soon = clock.now() + timedelta(days=20)
    spot = {"lat": 21.0341, "lng": 105.8142}
    more = {"languages": "Tiếng Việt, phiên dịch tiếng Mông", "access": "Có lối xe lăn"}
    row = announced(world, starts_at=soon, **spot, **more)
    page = resident.open(f"/ba-dinh/doi-thoai/{row.id}")
    assert "Bản đồ nơi tổ chức" in page
    assert "21.0341" in page
    assert "phiên dịch tiếng Mông" in page
    assert "Có lối xe lăn" in page
    calendar = resident.client.get(f"/ba-dinh/doi-thoai/{row.id}.ics").text
    assert "GEO:21.0341;105.8142" in calendar
    bare = announced(world, starts_at=soon)
    assert "Bản đồ nơi tổ chức" not in resident.open(f"/ba-dinh/doi-thoai/{bare.id}")


def test_a_session_for_all_neighbourhoods_says_so_in_one_word(world, resident):
    soon = clock.now() + timedelta(days=20)
    every = [area.id for area in world.neighbourhoods.values()]
    row = announced(world, starts_at=soon, neighbourhood_ids=every)
    assert "Toàn phường</dd>" in resident.open(f"/ba-dinh/doi-thoai/{row.id}")
    some = announced(world, starts_at=soon)
    words = "Tổ dân phố số 1, Tổ dân phố số 2</dd>"
    assert words in resident.open(f"/ba-dinh/doi-thoai/{some.id}")
