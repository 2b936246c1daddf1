"""The settings pages in Chromium: axe and no sideways scroll at three widths; the preview follows the typing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import serving
from tests.web.staff import at_desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


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


@pytest.mark.parametrize("width", [360, 1024, 1366])
def test_every_page_reads_well(sit, world, width):
    pages = (
        "", "/calendar/2026", "/calendar/2027", "/calendar/days", "/calendar/2035/import",
        "/office-hours", "/history", "/delegations", "/delegations/paper", "/posts", "/posts/new",
        f"/posts/{world.positions['an'].id}", "/units", "/units/neighbourhoods/new", "/fields",
        f"/fields/{world.fields[2].id}", f"/delegations/new?field_id={world.fields[2].id}",
        "/people", "/people/new", "/facts", "/levels", "/levels/phan_anh/answer/normal", "/texts",
        "/texts/petition.late",
    )  # fmt: skip
    page = sit("/desk/settings", width=width)
    base = page.url
    for path in pages:
        page.goto(base + path)
        found = Axe().run(page)
        assert not found.violations_count, (path, found.generate_report())
        assert not page.evaluate(SCROLLS), path


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
    assert "Đã lưu Thứ Tư 11/8/2027" in page.inner_text("main")
