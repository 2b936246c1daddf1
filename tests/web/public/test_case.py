from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.documents import attach, intake
from feedback.documents.models import FileUse, StoredFile
from feedback.petitions.models import Rating, Status
from feedback.petitions.queries import by_token
from tests.feedback.documents import samples
from tests.web.public.office import ANSWER, RECALL_IS_OVER, answer, begin, do
from tests.web.public.resident import KEPT, WORDS, Resident, shown, upload


@pytest.fixture
def token(clock, resident) -> str:
    return resident.report()


def events(token: str) -> list[str]:
    db.session.rollback()
    return [entry.action for entry in by_token(token).timeline]


def status(token: str) -> Status:
    db.session.rollback()
    return by_token(token).status


def test_it_tells_where_the_petition_stands(resident, world, token):
    page = resident.open(f"/t/{token}")
    words = shown(page)
    assert "Phản ánh số BD-2026-000001" in words
    assert "Mới tiếp nhận" in words
    assert "Ngày có trả lời: " in words
    for term in ("Rõ người", "Rõ việc", "Rõ trách nhiệm", "Rõ thời gian", "Rõ kết quả"):
        assert term in words
    assert "T. T. Dân, 091•••678" in words
    assert "0912" not in words
    assert "Trần Thị Dân" not in page
    assert 'name="robots" content="noindex"' in page


def test_internal_words_stay_inside(resident, world, token):
    begin(world, token)
    do(world, token, "an", "note", text="GHI CHÚ KÍN")
    do(world, token, "an", "draft", text="BẢN THẢO KÍN")
    do(world, token, "chair", "assign", officer_id=world.binh.id, instruction="BÚT PHÊ KÍN")
    page = resident.open(f"/t/{token}")
    assert "KÍN" not in page
    assert "Đã phân công người phụ trách" in page
    assert "Vũ Thị Bình" in page


def test_why_this_date(resident, token):
    words = shown(resident.open(f"/t/{token}/thoi-han"))
    assert "Hạn trả lời:" in words
    assert "Căn cứ:" in words
    assert "ngày làm việc" in words


def test_a_question_is_answered_with_words_and_a_photo(resident, world, token):
    begin(world, token)
    do(world, token, "an", "ask", question="Đèn ở cột số mấy?")
    page = resident.open(f"/t/{token}")
    assert "Đèn ở cột số mấy?" in shown(page).partition("Sáu rõ")[0]
    assert "Lý Văn An" in page
    sent = {"addition": "Cột số 15", "photos": [upload(samples.photo(), "cột.jpg")]}
    assert resident.post(f"/t/{token}/bo-sung", sent) == f"/t/{token}"
    page = resident.open(f"/t/{token}")
    assert "Phường đã nhận thêm thông tin." in page
    assert "Cột số 15" in page
    assert "cột.jpg" in page
    assert status(token) is Status.IN_PROGRESS


def test_an_addition_needs_words_or_a_file(resident, token):
    page = resident.post(f"/t/{token}/bo-sung", {"addition": "  "}, expect=422)
    assert "Vui lòng ghi thông tin bổ sung" in shown(page)
    resident.post(f"/t/{token}/bo-sung", {"photos": [upload(samples.photo(), "a.jpg")]})
    assert events(token) == ["submit", "add"]


def test_a_refused_file_keeps_the_words_and_the_other_file(resident, token):
    sent = {
        "addition": "Xem ảnh này",
        "photos": [upload(samples.photo(), "a.jpg"), upload(b"PK\3\4zip", "b.zip")],
    }
    page = resident.post(f"/t/{token}/bo-sung", sent, expect=422)
    assert "“b.zip”" in shown(page)
    assert "Xem ảnh này" in page
    again = {"addition": "Xem ảnh này", "kept": KEPT.findall(page)}
    resident.post(f"/t/{token}/bo-sung", again)
    db.session.rollback()
    assert [file.name for file in by_token(token).files] == ["a.jpg"]


@pytest.mark.parametrize("times", [2, 3])
def test_an_addition_tapped_twice_is_said_once(resident, token, times):
    for _ in range(times):
        resident.post(f"/t/{token}/bo-sung", {"addition": "Đèn vẫn tối"})
    assert events(token) == ["submit", "add"]
    resident.post(f"/t/{token}/bo-sung", {"addition": "Hôm nay cũng vậy"})
    assert events(token) == ["submit", "add", "add"]


def test_an_expired_page_keeps_the_words(guarded, clock, world):
    sender = Resident(guarded.test_client())
    token = sender.report()
    stranger = Resident(guarded.test_client())
    page = stranger.post(f"/t/{token}/bo-sung", {"addition": "Đèn vẫn tối"}, expect=400)
    assert "thêm một lần nữa" in shown(page)
    assert "Đèn vẫn tối" in page
    stranger.post(f"/t/{token}/bo-sung", {**stranger.fill(page), "addition": "Đèn vẫn tối"})
    assert events(token) == ["submit", "add"]


def test_the_answer_shows_once_it_cannot_be_recalled(resident, world, clock, token):
    answer(world, token)
    page = resident.open(f"/t/{token}")
    assert ANSWER not in page
    assert "Chờ duyệt trả lời" in page
    clock.shift(RECALL_IS_OVER)
    page = resident.open(f"/t/{token}")
    assert page.count(ANSWER) == 1
    assert "Đã trả lời" in page
    assert "Nguyễn Thị Hoa duyệt" in shown(page)


def test_a_recalled_answer_was_never_given(resident, world, clock, token):
    answer(world, token)
    do(world, token, "chair", "recall")
    clock.shift(timedelta(minutes=1))
    assert ANSWER not in resident.open(f"/t/{token}")


def test_photos_of_the_result_show_with_the_answer_alone(app, resident, world, clock, token):
    begin(world, token)
    root = app.config["SETTINGS"].upload_dir
    clean = attach.receive(root, "sau.jpg", samples.photo())
    petition_id = by_token(token).id
    with transaction():
        attach.keep(world.ward.id, clean, FileUse.RESULT, petition_id=petition_id)
    assert "sau.jpg" not in resident.open(f"/t/{token}")
    do(world, token, "an", "submit_answer", text=ANSWER)
    do(world, token, "chair", "approve")
    clock.shift(RECALL_IS_OVER)
    assert "sau.jpg" in resident.open(f"/t/{token}")


def test_a_good_mark_closes_the_matter(resident, world, clock, token):
    answer(world, token, clock)
    resident.post(f"/t/{token}/danh-gia", {"score": "5"})
    assert status(token) is Status.CLOSED
    page = resident.open(f"/t/{token}")
    assert "Cảm ơn Ông/Bà đã đánh giá." in page
    assert "Ông/Bà đã đánh giá: Rất hài lòng." in shown(page)


def test_a_bad_mark_tells_why_and_leaves_the_door_open(resident, world, clock, token):
    answer(world, token, clock)
    sent = {"score": "2", "reasons": ["slow", "not_solved"], "comment": "Vẫn tối"}
    for _ in range(2):
        resident.post(f"/t/{token}/danh-gia", sent)
    rating = db.session.scalars(sa.select(Rating)).one()
    assert (rating.score, rating.reasons) == (2, ["slow", "not_solved"])
    assert rating.comment == "Vẫn tối"
    assert events(token).count("rate") == 1
    assert "Đề nghị xử lý lại" in resident.open(f"/t/{token}")


@pytest.mark.parametrize("sent", [{}, {"score": "9"}, {"score": "1", "reasons": "magic"}])
def test_a_mark_must_be_one_of_the_five(resident, world, clock, token, sent):
    answer(world, token, clock)
    page = resident.post(f"/t/{token}/danh-gia", sent, expect=422)
    assert "Có điều cần sửa" in page


def test_nothing_can_be_rated_before_the_answer(resident, world, token):
    page = resident.post(f"/t/{token}/danh-gia", {"score": "5"}, expect=409)
    assert "Rõ người" in page
    assert "Mời Ông/Bà đánh giá" not in page


def test_asking_again_gives_a_new_date(resident, world, clock, token):
    answer(world, token, clock)
    page = resident.open(f"/t/{token}")
    assert "đến hết Thứ Hai 30/11/2026" in shown(page)
    for _ in range(2):
        resident.post(f"/t/{token}/xu-ly-lai", {"reason": "Chỉ sáng một tối"})
    assert status(token) is Status.REOPENED
    assert events(token).count("reopen") == 1
    page = resident.open(f"/t/{token}")
    assert "Chỉ sáng một tối" in page
    assert "Ngày có trả lời" in shown(page)


def test_asking_again_needs_a_reason_and_has_its_time(resident, world, clock, token):
    answer(world, token, clock)
    page = resident.post(f"/t/{token}/xu-ly-lai", {"reason": ""}, expect=422)
    assert "Vui lòng ghi điều gì chưa được." in shown(page)
    clock.shift(timedelta(days=8))
    assert "Đề nghị xử lý lại" not in resident.open(f"/t/{token}")
    resident.post(f"/t/{token}/xu-ly-lai", {"reason": "Muộn rồi"}, expect=409)


def test_the_place_in_a_photo_is_offered_later_too(resident, world, clock):
    gps = ("N", (21.0, 2.0, 0.0), "E", (105.0, 48.0, 0.0))
    photo = upload(samples.photo(exif=samples.exif(gps=gps)), "đèn.jpg")
    token = resident.report(photos=[photo])
    assert "Dùng nơi chụp trong ảnh" in resident.open(f"/t/{token}")
    assert by_token(token).lat is None
    for expect in (303, 404):
        resident.post(f"/t/{token}/vi-tri", {}, expect=expect)
    db.session.rollback()
    assert round(by_token(token).lat, 4) == 21.0333
    assert "Dùng nơi chụp trong ảnh" not in resident.open(f"/t/{token}")


def test_a_rejection_says_why(resident, world, token):
    do(world, token, "clerk", "accept")
    do(world, token, "chair", "reject", reason="Nội dung đã có bản án của Tòa.")
    page = resident.open(f"/t/{token}")
    assert "Lý do: Nội dung đã có bản án của Tòa." in shown(page)
    assert "Bổ sung thông tin" not in shown(page)


def test_a_transfer_says_where_to(resident, world, token):
    do(world, token, "clerk", "accept")
    do(world, token, "chair", "transfer", to="Công ty Điện lực Ba Đình", reason="Đèn của điện lực.")
    words = shown(resident.open(f"/t/{token}"))
    assert "Nơi nhận: Công ty Điện lực Ba Đình." in words


def test_a_stranger_cannot_open_or_touch_it(app, resident, token):
    for path in ("bo-sung", "danh-gia", "xu-ly-lai", "vi-tri"):
        resident.post(f"/t/{token[:-1]}x/{path}", {"addition": WORDS}, expect=404)
    resident.open(f"/t/{token[:-1]}x", expect=404)


def test_additions_are_throttled_and_keep_their_words(throttled, resident, world, clock):
    from web.throttle import RULES

    token = resident.report()
    for n in range(RULES["addition"].amount):
        resident.post(f"/t/{token}/bo-sung", {"addition": f"lần {n}"})
    page = resident.post(f"/t/{token}/bo-sung", {"addition": "lần cuối"}, expect=429)
    assert "lần cuối" in page


def test_files_of_a_refused_addition_wait(resident, token):
    sent = {"addition": "", "photos": [upload(b"x", "a.exe"), upload(samples.photo(), "a.jpg")]}
    resident.post(f"/t/{token}/bo-sung", sent, expect=422)
    waiting = db.session.scalars(sa.select(StoredFile)).one()
    assert waiting.petition_id is None
    assert waiting.size < intake.LIMIT
