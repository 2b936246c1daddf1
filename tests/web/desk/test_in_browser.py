"""Officials' pages in Chromium: every page and state for axe, the smallest screen, keys, drafts, no script."""

import re

import pytest
from playwright.sync_api import expect

from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.petitions import actions
from feedback.petitions.models import Answer, Urgency
from feedback.wards import substitution
from tests.web.desk import walks
from tests.web.screen import REFUSED, session_of
from tests.web.sound import complaints
from tests.web.staff import PASSWORD, give_login

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]
LONG = "Nhà tôi ở cuối ngõ, tối nào cũng phải soi đèn pin mới đi được. " * 12


@pytest.fixture
def places(world, a_photo) -> list[tuple[str, str]]:
    """(who, where) for every page of officials in every state that looks different."""
    states = {
        "received": walks.received(world, text=LONG, lat=21.03, lng=105.82, files=[a_photo.id]),
        "urgent": walks.in_progress(world, urgency=Urgency.URGENT, is_anonymous=True),
        "waiting": walks.waiting(world),
        "submitted": walks.submitted(world),
        "returned": walks.returned(world),
        "answered": walks.answered(world),
        "merged": walks.accepted(world, entered_by=world.actor("clerk"), channel=Channel.PHONE),
    }
    other = states["merged"]
    with transaction():
        first, second = (db.session.merge(states[name]) for name in ("merged", "urgent"))
        actions.merge(first, by=world.actor("clerk"), into=second)
        substitution.declare(
            by=world.actor("an"),
            absent_id=world.an.id,
            substitute_id=world.binh.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
            reason="Đi họp",
        )
    db.session.rollback()
    case = {name: f"/desk/cases/{petition.number}" for name, petition in states.items()}
    return [
        *((who, "/desk/") for who in ("an", "clerk", "chair", "head_tdp", "supervisor")),
        ("clerk", "/desk/cases"),
        ("clerk", "/desk/cases?status=answered&from=2026-01-01"),
        ("clerk", "/desk/cases?q=khong+co+gi"),
        ("chair", "/desk/approvals"),
        ("chair", "/desk/briefing"),
        ("an", "/desk/reminders"),
        ("an", "/desk/absence"),
        ("chair", "/desk/absence"),
        ("head_tdp", "/desk/entry"),
        ("clerk", "/desk/entry"),
        ("clerk", f"/desk/entry/{other.number}/receipt"),
        ("admin", "/desk/settings/people"),
        ("an", "/account"),
        ("an", "/account/password"),
        ("an", "/account/relatives"),
        ("an", "/account/second-factor"),
        *(("an", where) for where in case.values()),
        ("clerk", case["received"]),
        ("chair", case["submitted"]),
        ("supervisor", case["answered"]),
        ("head_tdp", case["waiting"]),
        ("chi", case["waiting"]),
    ]


@pytest.mark.parametrize("half", [0, 1])  # two, so that two processes may share them
def test_every_page_is_sound_at_every_width(faults, places, half):
    assert faults(places[half::2]) == []


def test_every_form_opened_is_sound(sit, world):
    petition = walks.accepted(world)
    for who in ("an", "clerk"):
        page = sit(who, f"/desk/cases/{petition.number}", width=360)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert complaints(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_refusals_and_clashes_are_sound(sit, world):
    petition = walks.in_progress(world)
    page = sit("an", f"/desk/cases/{petition.number}")
    page.get_by_text("Yêu cầu bổ sung", exact=True).first.click()
    page.locator("#step-question button").click()
    page.get_by_text("Chưa làm được").wait_for()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    assert complaints(page) == []
    page.get_by_role("link", name=re.compile("Xin điền")).click()
    expect(page.locator("#question-question")).to_be_focused()
    walks.step(world, petition, "binh", actions.note, text="Chen ngang")
    page.locator("#question-question").fill("Ở đâu ạ?")
    page.locator("#step-question button").click()
    page.get_by_text("Hồ sơ vừa được người khác cập nhật").wait_for()
    expect(page.locator("#question-question")).to_have_value("Ở đâu ạ?")
    assert complaints(page) == []


def test_logging_in_by_hand(site, open_page, world):
    give_login(world.an, "ly.an")
    page = open_page(site + "/desk/cases", expect=REFUSED)
    assert complaints(page) == []
    page.get_by_label("Tên đăng nhập").fill("ly.an")
    page.get_by_label("Mật khẩu").fill("sai rồi")
    page.keyboard.press("Enter")
    page.get_by_text("chưa đúng").first.wait_for()
    assert complaints(page) == []
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site + "/desk/cases")


def test_the_list_is_worked_from_the_keyboard(sit, world):
    older, newer = walks.received(world), walks.received(world)
    page = sit("clerk", "/desk/cases", width=1366)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("Đã chọn 1 dòng")
    assert page.locator(".ward-pick:checked").get_attribute("value") == newer.number
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{older.number}")
    page.keyboard.press("g")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("g")
    page.keyboard.press("Escape")
    page.goto(page.url)
    page.keyboard.press("/")
    expect(page.locator("#desk-search")).to_be_focused()


def test_a_draft_saves_itself_and_the_page_stays_fresh(sit, world):
    petition = walks.in_progress(world)
    page = sit("an", f"/desk/cases/{petition.number}", width=1366)
    page.keyboard.press("t")
    page.clock.install()
    page.get_by_text("Câu mẫu").click()
    page.get_by_role("button", name="Chèn vào trả lời: Đã xử lý xong").click()
    page.get_by_label("Nội dung trả lời").press_sequentially("Thêm một câu.")
    with page.expect_response("**/draft"):
        page.clock.run_for(6000)
    page.get_by_text("Đã tự lưu bản thảo lúc").wait_for()
    db.session.rollback()
    assert db.session.query(Answer.text).scalar().endswith("Thêm một câu.")
    page.get_by_text("Ghi chú nội bộ", exact=True).first.click()
    page.locator("#note-text").fill("Đã gọi")
    page.locator("#step-note button").click()
    page.get_by_text("Đã thêm ghi chú.").wait_for()


def test_the_chair_approves_with_a_thumb_and_takes_it_back(sit, world):
    petition = walks.submitted(world)
    page = sit("chair", "/desk/", width=360)
    page.get_by_role("button", name="Duyệt trả lời (1)").click()
    button = page.get_by_role("button", name="Phê duyệt và gửi")
    assert button.bounding_box()["height"] >= 44
    button.click()
    page.get_by_text("sắp được gửi").wait_for()
    assert complaints(page) == []
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_role("link", name=petition.number).wait_for()


def test_the_whole_path_without_javascript(app, sit, world):
    number = walks.received(world).number
    page = sit("clerk", f"/desk/cases/{number}", javascript=False)
    where = page.url

    def come(who):
        page.context.add_cookies(session_of(app, world.people[who]))
        page.goto(where)

    def press(who, name, **typed):
        come(who)
        for label, words in typed.items():
            page.locator(f"#{label.replace('_', '-')}").fill(words)
        button = page.locator("main, section").get_by_role("button", name=name, exact=True).first
        with page.expect_navigation():
            button.click()

    press("clerk", "Tiếp nhận")
    press("an", "Nhận việc")
    press("an", "Trình duyệt", submission_text="Đã thay bóng đèn.")
    press("chair", "Phê duyệt và gửi")
    come("an")
    assert "Đã trả lời" in page.inner_text(".moj-identity-bar")


def test_the_counters_refresh_themselves(sit, world):
    page = sit("an", "/desk/")
    assert page.locator("#counters").get_attribute("hx-get") == "/desk/counters"
    walks.accepted(world)
    page.evaluate("htmx.ajax('GET', '/desk/counters', {target: '#counters', swap: 'innerHTML'})")
    page.locator(".ward-counter__number", has_text="1").first.wait_for()
