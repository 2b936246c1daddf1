"""The settings pages in Chromium, each loaded once: axe and no sideways scroll; the preview follows the typing."""

import pytest
from playwright.sync_api import expect

from feedback.db import db, transaction
from feedback.wards.models import Ward

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]
RULE = {"signing": "vice_chair", "because": "thử", "kinds": ["kien_nghi"], "fields": [2]}
ENTRY = {"title": "Giờ đổ rác", "words": ["gio do rac"], "answer": "Từ 18 giờ.\nHằng ngày."}


def test_every_page_reads_well(faults, world):
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
    assert faults([("admin", f"/desk/settings{path}") for path in pages]) == []


def test_the_preview_follows_the_typing(sit):
    page = sit("admin", "/desk/settings/texts/petition.late")
    page.fill("#text", "Xin lỗi {{ number }} {{ due }} {{ handler }} {{ link }}")
    page.wait_for_selector("#preview >> text=Xin lỗi BD-2026-000123")
    page.fill("#text", "Xin lỗi")
    page.wait_for_selector("#preview >> text=Còn thiếu chỗ điền")


def test_a_day_is_set_without_javascript(sit):
    page = sit("admin", "/desk/settings/calendar/days", javascript=False)
    page.fill("#day", "11/8/2027")
    page.fill("#name", "Lễ hội")
    page.fill("#source", "QĐ 15/QĐ-UBND")
    page.click("main button.govuk-button")
    expect(page.locator("main")).to_contain_text("Đã lưu Thứ Tư 11/8/2027")
