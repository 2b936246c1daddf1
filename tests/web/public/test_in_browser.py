"""Residents' pages in Chromium: every page and state for axe, the smallest screen, no JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from feedback.db import db, transaction
from feedback.wards.models import Ward
from tests.browser import serving
from tests.feedback.documents import samples
from tests.web.public.resident import WORDS
from tests.web.public.states import every_state
from tests.web.sound import complaints, complaints_at_every_width

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]

REFUSED = ("404", "422")  # the browser's console counts them as errors
STILL = ["/ba-dinh/", "/ba-dinh/gui", "/ba-dinh/tra-cuu", "/ba-dinh/giup-do"]
STILL += ["/ba-dinh/thong-tin-ca-nhan", "/khong-co/"]


@pytest.fixture
def site(app, world):
    with transaction():
        ward = db.session.get_one(Ward, world.ward.id)
        ward.hotline, ward.address = "0243 800 0000", "25 phố Liễu Giai, Hà Nội"
        ward.settings = {"zalo_link": "https://zalo.me/1", "telegram_link": "https://t.me/x"}
    with serving(app) as address:
        yield address


@pytest.fixture
def places(site, world, resident, clock) -> list[str]:
    tokens = every_state(world, resident, clock)
    own = [f"/t/{token}" for token in tokens.values()]
    asked = [f"/cam-on/{tokens[name]}" for name in ("Mới gửi", "Khẩn", "Không số điện thoại")]
    return [*STILL, *own, *asked, f"/t/{tokens['Mới gửi']}/thoi-han"]


def test_every_page_is_sound_at_every_width(open_page, site, places):
    page = open_page(site + "/ba-dinh/", expect=REFUSED)
    found = []
    for place in places:
        page.goto(site + place)
        found += complaints_at_every_width(page)
    assert found == []


def test_what_must_be_corrected_is_said_first(open_page, site, clock):
    page = open_page(site + "/ba-dinh/gui", expect=REFUSED)
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert complaints(page) == []
    page.get_by_role("link", name="Vui lòng viết nội dung").click()
    expect(page.locator("#text")).to_be_focused()
    page.goto(site + "/ba-dinh/tra-cuu")
    page.get_by_label("Số tiếp nhận").fill("BD-2026-000001")
    page.get_by_label("Số điện thoại").fill("0911 111 111")
    page.get_by_role("button", name="Tra cứu").click()
    page.get_by_text("Không tìm thấy hồ sơ").wait_for()
    assert complaints(page) == []


def test_an_accusation_reads_its_guide(open_page, site, clock):
    page = open_page(site + "/ba-dinh/gui", expect=REFUSED)
    page.locator("#text").fill(WORDS)
    page.get_by_text("Thêm chi tiết").click()
    page.get_by_label("Tố cáo hành vi").check()
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_role("heading", name="Tố cáo cần gửi bằng đơn").wait_for()
    assert complaints(page) == []
    page.get_by_role("button", name="Đây là phản ánh, viết tiếp").click()
    expect(page.locator("#text")).to_have_value(WORDS)
    page.goto(site + "/ba-dinh/")
    expect(page.locator("#text"), "no draft of it stays on the telephone").to_have_value("")


PHOTO = {"name": "Đèn.jpg", "mimeType": "image/jpeg", "buffer": samples.photo(size=(900, 600))}


@pytest.mark.parametrize("javascript", [True, False])
def test_three_screens_from_words_to_the_number(open_page, site, clock, javascript):
    page = open_page(site + "/", javascript=javascript)
    page.get_by_label("Ông/Bà muốn phản ánh điều gì?").fill(WORDS)
    page.get_by_label("ảnh").first.set_input_files([PHOTO])
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("#text")).to_have_value(WORDS)
    expect(page.get_by_label("Đèn.jpg")).to_be_checked()
    page.get_by_label("Địa chỉ").fill("trước số 12 ngõ 34")
    page.get_by_label("Họ và tên").fill("Trần Thị Dân")
    page.get_by_label("Số điện thoại", exact=False).first.fill("0912 345 678")
    page.get_by_label("Tôi đồng ý").check()
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_role("heading", name="Phường đã nhận").wait_for()
    expect(page.get_by_text("BD-2026-000001").first).to_be_visible()
    expect(page.get_by_role("button", name="In phiếu này")).to_be_visible(visible=javascript)
    page.get_by_role(
        "button", name="Xem trang theo dõi"
    ).click() if javascript else page.get_by_text("Xem trang theo dõi").click()
    page.get_by_role("heading", name="Sáu rõ").wait_for()
    expect(page.get_by_role("img", name="Đèn.jpg")).to_be_visible()
    if not javascript:
        return
    page.goto(site + "/ba-dinh/gui")
    expect(page.locator("#text")).to_have_value("")  # what was sent is no draft any more


def test_a_resident_answers_marks_and_asks_again_without_javascript(
    open_page, site, world, resident, clock
):
    tokens = every_state(world, resident, clock)
    page = open_page(f"{site}/t/{tokens['Đang hỏi']}", javascript=False)
    page.get_by_label("Ông/Bà muốn nói thêm điều gì?").fill("Cột số 15")
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.get_by_text("Phường đã nhận thêm thông tin.")).to_be_visible()
    page.goto(f"{site}/t/{tokens['Đã trả lời']}")
    page.get_by_label("Chưa hài lòng", exact=True).check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Cảm ơn Ông/Bà đã đánh giá.")).to_be_visible()
    page.locator("summary", has_text="Đề nghị xử lý lại").click()
    page.get_by_label("Điều gì chưa được?").fill("Chỉ sáng một tối")
    page.get_by_role("button", name="Đề nghị xử lý lại").click()
    expect(page.get_by_text("Phường đã nhận đề nghị xử lý lại.")).to_be_visible()
    expect(page.get_by_text("Xử lý lại", exact=True).first).to_be_visible()


def test_the_way_of_the_keyboard_reaches_the_button(open_page, site, clock):
    page = open_page(site + "/ba-dinh/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("document.activeElement.id || document.activeElement.textContent")
        )
        if "Tiếp tục" in seen[-1]:
            break
    assert "text" in seen
    assert "website" not in seen
    assert "Tiếp tục" in seen[-1]
