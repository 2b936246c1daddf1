"""The settings pages in Chromium, each loaded once: axe and no sideways scroll; the preview follows the typing."""

import pytest
from playwright.sync_api import expect

from feedback.db import db, transaction
from feedback.wards.models import Ward
from tests.browser import serving
from tests.web.sound import complaints_at_every_width
from tests.web.staff import at_desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]
RULE = {"signing": "vice_chair", "because": "thử", "kinds": ["kien_nghi"], "fields": [2]}
ENTRY = {"title": "Giờ đổ rác", "words": ["gio do rac"], "answer": "Từ 18 giờ.\nHằng ngày."}


@pytest.fixture
def sit(app, world, open_page):
    """`sit("/desk/settings", width=360)`: the page as the administrator sees it."""
    with serving(app) as site:

        def sit_(path: str, **how):
            value = at_desk(app, world.admin).get_cookie("session").value
            cookie = {"name": "session", "value": value, "domain": "127.0.0.1", "path": "/"}
            cookie |= {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
            return open_page(site + path, storage_state={"cookies": [cookie]}, **how)

        yield sit_


def test_every_page_reads_well(sit, world):
    with transaction():
        ward = db.session.get_one(Ward, world.ward.id)
        ward.settings = {**ward.settings, "approval": [RULE, RULE], "faq": [ENTRY]}
    pages = (
        "", "/calendar/2026", "/calendar/2027", "/calendar/days", "/calendar/days?on=2026-12-31", "/calendar/2035/import",
        "/office-hours", "/history", "/delegations", "/delegations/paper", "/posts", "/posts/new",
        f"/posts/{world.positions['an'].id}", "/units", "/units/neighbourhoods/new", "/fields",
        f"/fields/{world.fields[2].id}", f"/delegations/new?field_id={world.fields[2].id}",
        "/people", "/people/new", "/facts", "/levels", "/levels/phan_anh/answer/normal", "/texts",
        "/texts/petition.late", "/approval", "/approval?kind=phan_anh&urgency=urgent&field=2",
        "/approval/new", "/approval/0", "/faq", "/faq?q=gio+do+rac", "/faq/new", "/faq/0", "/watch",
        "/keeping", "/law", "/broadcast-hours", "/groups",
    )  # fmt: skip
    page = sit("/desk/settings")
    base = page.url
    for path in pages:
        page.goto(base + path)
        assert complaints_at_every_width(page) == []


def test_the_preview_follows_the_typing(sit):
    page = sit("/desk/settings/texts/petition.late")
    page.fill("#text", "Xin lỗi {{ number }} {{ due }} {{ handler }} {{ link }}")
    page.wait_for_selector("#preview >> text=Xin lỗi BD-2026-000123")
    page.fill("#text", "Xin lỗi")
    page.wait_for_selector("#preview >> text=Còn thiếu chỗ điền")


def test_a_day_is_set_without_javascript(sit):
    page = sit("/desk/settings/calendar/days", javascript=False)
    page.fill("#day", "11/8/2027")
    page.fill("#name", "Lễ hội")
    page.fill("#source", "QĐ 15/QĐ-UBND")
    page.click("main button.govuk-button")
    expect(page.locator("main")).to_contain_text("Đã lưu Thứ Tư 11/8/2027")
