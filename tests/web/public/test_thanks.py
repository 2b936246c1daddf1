import re

from feedback.db import db
from feedback.petitions.models import Urgency
from feedback.petitions.queries import by_token
from tests.web.public.office import do
from tests.web.public.resident import shown


def test_it_tells_the_number_the_person_and_the_date(resident, world, clock):
    token = resident.report(field=str(world.fields[2].id))
    page = resident.open(f"/cam-on/{token}")
    words = shown(page)
    assert re.search(r"Số tiếp nhận BD-2026-000001", words)
    assert "Lý Văn An, Chuyên viên hạ tầng" in words
    assert "Nguyễn Thị Hoa" in words
    assert "còn" in words
    assert f'href="/t/{token}/thoi-han"' in page
    assert "http://ward.test/t/" + token in words
    assert "<svg" in page
    assert "091•••678" in words
    assert "0912" not in words
    assert 'name="robots" content="noindex"' in page


def test_without_a_telephone_it_says_what_that_means(resident):
    words = shown(resident.open(f"/cam-on/{resident.report(phone='')}"))
    assert "Ông/Bà không để lại số điện thoại" in words


def test_danger_shows_whom_to_call_now(resident, world):
    token = resident.report()
    assert "Việc này có vẻ nguy hiểm" not in resident.open(f"/cam-on/{token}")
    do(world, token, "clerk", "correct", urgency=Urgency.URGENT)
    page = resident.open(f"/cam-on/{token}")
    assert "Việc này có vẻ nguy hiểm" in page
    assert page.count("tel:114") == 2


def test_a_complaint_is_told_about_the_signed_letter(resident):
    token = resident.report(kind="khieu_nai")
    assert "Khiếu nại được giải quyết theo luật khi có đơn" in resident.open(f"/cam-on/{token}")


def test_a_strange_link_is_not_found(resident):
    assert "Không tìm thấy" in resident.open("/cam-on/khong-co-dau", expect=404)


def test_looking_again_changes_nothing(resident):
    token = resident.report()
    before = by_token(token).version
    for path in (f"/cam-on/{token}", f"/t/{token}", f"/t/{token}/thoi-han"):
        resident.open(path)
        resident.open(path)
    db.session.expire_all()
    assert by_token(token).version == before
    assert len(by_token(token).timeline) == 1
