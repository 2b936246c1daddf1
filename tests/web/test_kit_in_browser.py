"""The kit in Chromium: nothing for axe to find, nothing sideways, and what the scripts add."""

import io
import json
import re
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask, request
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import serving
from tests.web.sink import create_sink
from tests.web.sound import complaints

pytestmark = pytest.mark.browser

PAGES = ["/", "/tra-cuu", "/giup-do", "/desk", "/desk/petitions", "/login", "/break/404"]
ORIGIN_PLACE = (21.035833, 105.816667)  # Ba Đình, as 21°2'9" N 105°49'0" E


@pytest.fixture(scope="module")
def sink() -> Flask:
    app = create_sink()
    app.config["SENT"] = []

    @app.post("/sent", endpoint="sent")
    def sent() -> str:
        app.config["SENT"].append(
            {
                "form": request.form.to_dict(),
                "files": [(f.filename, f.read()) for f in request.files.getlist("photos")],
            }
        )
        return '<!DOCTYPE html><title>Đã nhận</title><div data-draft-sent="report"></div>'

    @app.get("/live", endpoint="live")
    def live() -> str:
        return "<b>41 việc</b>"

    return app


@pytest.fixture(scope="module")
def site(sink: Flask) -> Iterator[str]:
    with serving(sink) as address:
        yield address


@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page, site: str, path: str, width: int):
    page = open_page(site + path, width=width, expect=("404",) if "break" in path else ())
    assert complaints(page) == []


SHADES = (
    ("color: #0b0c0c", "", True),
    ("color: #767676", "", True),
    ("color: #888", "", False),
    ("color: #888; font-size: 30px", "", True),
    ("color: #767676", "background: #eee", False),
    ("color: #fff", "background: #1d70b8", True),
    ("color: #fff", "opacity: .5; background: #1d70b8", False),
    ("color: #767676", "filter: contrast(.3)", True),  # what axe cannot tell it lets be
    ("color: #888; font-weight: 700; font-size: 19px", "", True),
    ("color: #888; font-weight: 400; font-size: 19px", "", False),
)


def test_contrast_is_judged_by_all_that_it_hangs_on(open_page, site: str):
    """Each time the same, also after pages of the same colours were passed."""
    page = open_page(site + "/", width=1366)
    assert complaints(page) == []
    for letters, ground, is_sound in (*SHADES, *SHADES[::-1]):
        page.evaluate(
            "([letters, ground]) => { const main = document.querySelector('main');"
            "main.innerHTML = '<h1>A</h1><div id=ground><p id=letters>Đèn hỏng</p></div>';"
            "main.querySelector('#letters').style.cssText = letters;"
            "main.querySelector('#ground').style.cssText = ground; }",
            [letters, ground],
        )
        found = complaints(page)
        assert (found == []) is is_sound, (letters, ground, found)


def test_letters_over_something_else_are_always_looked_at(open_page, site: str):
    page = open_page(site + "/", width=1366)
    page.evaluate(
        "document.querySelector('main').innerHTML = '<h1>A</h1><div id=under></div>'"
        "+ '<p id=letters>Đèn hỏng</p>';"
        "document.querySelector('#under').style.cssText ="
        "'position: absolute; width: 100%; height: 200px; background: #000';"
        "document.querySelector('#letters').style.cssText = 'color: #ddd; position: relative'"
    )
    assert complaints(page) == []
    page.evaluate("document.querySelector('#under').style.height = 0")
    assert "color-contrast" in "".join(complaints(page))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_sideways_on_the_smallest_screen(open_page, site: str, path: str):
    page = open_page(site + path, width=320, expect=("404",) if "break" in path else ())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_errors_are_announced_and_lead_to_their_field(open_page, site: str):
    page = open_page(site + "/")
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert complaints(page) == []
    page.get_by_role("link", name="Ông/Bà viết vài dòng").click()
    expect(page.locator("#text")).to_be_focused()


KEPT = (
    "[localStorage.length, sessionStorage.length, document.cookie, new Date().getFullYear() < 2000]"
)


@pytest.mark.parametrize("leave", [Page.evaluate, lambda page, _: page.clock.install(time=0)] * 2)
def test_a_page_finds_nothing_of_the_test_before(open_page, site: str, leave):
    page = open_page(site + "/")
    assert page.evaluate(KEPT) == [0, 0, "", False]
    leave(page, "localStorage.a = sessionStorage.a = document.cookie = 'a=b'")


def test_only_this_site_is_asked_for_anything(open_page, site: str):
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(site + "/")
    page.goto(site + "/desk")
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_vietnamese_letters_come_from_our_font(open_page, site: str):
    page = open_page(site + "/")
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert len(loaded) == 4
    assert {name.strip('"') for name in loaded} == {"Be Vietnam Pro"}


def test_the_form_works_without_javascript(open_page, site: str):
    page = open_page(site + "/", javascript=False)
    page.get_by_label("Ông/Bà muốn phản ánh điều gì?").fill("Đèn hỏng")
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_label("Ông/Bà muốn phản ánh điều gì?")).to_have_value("Đèn hỏng")
    expect(page.get_by_text("Lấy vị trí hiện tại")).to_be_hidden()


def test_characters_are_counted_in_vietnamese(open_page, site: str):
    page = open_page(site + "/")
    page.locator("#text").fill("x" * 3990)
    expect(page.get_by_text("Còn 10 ký tự").first).to_be_visible()


# --- photos -------------------------------------------------------------------------------------


@cache
def jpeg(width: int, height: int, *, with_place: bool = False) -> bytes:
    image = Image.effect_noise((width, height), 20).convert("RGB")
    exif = Image.Exif()
    if with_place:
        gps = exif.get_ifd(0x8825)
        gps.update({1: "N", 2: (21.0, 2.0, 9.0), 3: "E", 4: (105.0, 49.0, 0.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def attach(page, *photos: tuple[str, bytes]) -> None:
    page.locator("#photos").set_input_files(
        [
            {"name": name, "mimeType": "image/jpeg" if name.endswith("jpg") else "", "buffer": data}
            for name, data in photos
        ]
    )


def send(page, sink: Flask) -> dict:
    page.evaluate("document.querySelector('form[data-draft]').action = '/sent'")
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.wait_for_url("**/sent")
    return sink.config["SENT"].pop()


def test_a_photo_is_shrunk_shown_and_its_place_offered(open_page, site: str, sink: Flask):
    page = open_page(site + "/")
    big = jpeg(2400, 1800, with_place=True)
    attach(page, ("den.jpg", big))
    page.get_by_text("Đã chọn 1 tệp.").wait_for()
    expect(page.get_by_alt_text("Ảnh 1: den.jpg")).to_be_visible()
    expect(page.get_by_text("Đã lấy vị trí ghi trong ảnh.")).to_be_visible()

    got = send(page, sink)
    (name, data), = got["files"]  # fmt: skip
    assert name == "den.jpg"
    assert Image.open(io.BytesIO(data)).size == (1600, 1200)
    assert len(data) < len(big) / 2
    for lat, lng in (("photo_lat", "photo_lng"), ("lat", "lng")):
        place = (float(got["form"][lat]), float(got["form"][lng]))
        assert place == pytest.approx(ORIGIN_PLACE, abs=1e-5)


def test_a_sixth_photo_is_refused_by_name_and_one_can_be_taken_out(
    open_page, site: str, sink: Flask
):
    page = open_page(site + "/")
    attach(page, *[(f"anh{n}.jpg", jpeg(80, 60)) for n in range(1, 7)])
    page.get_by_text("Không nhận: anh6.jpg (đã đủ 5 tệp).").wait_for()
    page.get_by_role("button", name="Bỏ tệp 2: anh2.jpg").click()
    expect(page.get_by_text("Đã bỏ anh2.jpg. Còn 4 tệp.")).to_be_visible()
    names = [name for name, _ in send(page, sink)["files"]]
    assert names == ["anh1.jpg", "anh3.jpg", "anh4.jpg", "anh5.jpg"]


def test_photos_chosen_twice_add_up_and_what_is_no_picture_stays_as_it_is(
    open_page, site: str, sink: Flask
):
    page = open_page(site + "/")
    attach(page, ("mot.jpg", jpeg(80, 60)))
    page.get_by_text("Đã chọn 1 tệp.").wait_for()
    attach(page, ("don.pdf", b"%PDF-1.4"), ("hai.heic", b"not decodable here"))
    page.get_by_text("Đã chọn 3 tệp.").wait_for()
    files = send(page, sink)["files"]
    assert [name for name, _ in files] == ["mot.jpg", "don.pdf", "hai.heic"]
    assert files[1][1] == b"%PDF-1.4"


def test_sending_waits_for_the_photos(open_page, site: str, sink: Flask):
    page = open_page(site + "/")
    attach(page, ("den.jpg", jpeg(2400, 1800, with_place=True)))
    (_, data), = send(page, sink)["files"]  # fmt: skip
    assert max(Image.open(io.BytesIO(data)).size) == 1600


# --- place, draft, undo, keys -------------------------------------------------------------------


def test_the_place_is_taken_only_when_asked(open_page, site: str, sink: Flask):
    page = open_page(
        site + "/",
        geolocation={"latitude": 21.0358, "longitude": 105.8167, "accuracy": 12},
        permissions=["geolocation"],
    )
    expect(page.locator("input[name=lat]")).to_have_value("")
    page.get_by_role("button", name="Lấy vị trí hiện tại").click()
    page.get_by_text("Đã lấy vị trí, sai số khoảng 12 m.").wait_for()
    expect(page.locator("input[name=lat]")).to_have_value("21.035800")
    page.get_by_role("button", name="Bỏ vị trí").click()
    expect(page.locator("input[name=lng]")).to_have_value("")


def test_a_place_that_may_not_be_taken_says_what_to_do(open_page, site: str):
    page = open_page(site + "/", permissions=[])
    page.get_by_role("button", name="Lấy vị trí hiện tại").click()
    page.get_by_text("ghi địa chỉ vào ô bên trên").wait_for()


def test_words_survive_a_closed_page_but_not_who_wrote_them(open_page, site: str, sink: Flask):
    page = open_page(site + "/")
    page.locator("#text").fill("Đèn hỏng từ thứ Hai")
    page.locator("#phone").fill("0912345678")
    page.goto(site + "/tra-cuu")
    page.goto(site + "/")
    expect(page.get_by_text("Đã mở lại nội dung Ông/Bà viết dở")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Đèn hỏng từ thứ Hai")
    expect(page.locator("#phone")).to_have_value("")
    assert "0912345678" not in json.dumps(page.evaluate("({...localStorage})"))

    page.get_by_role("button", name="Xóa, viết lại từ đầu").click()
    expect(page.locator("#text")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_a_form_sent_without_a_connection_keeps_everything(open_page, site: str):
    page = open_page("about:blank")
    page.clock.install()
    page.goto(site + "/")
    page.locator("#text").fill("Đèn hỏng")
    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.get_by_text("Đang mất kết nối mạng").wait_for()
    expect(page.locator("#text")).to_have_value("Đèn hỏng")
    page.context.set_offline(False)
    page.clock.run_for(1100)  # a button ignores a second press within a second
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page).to_have_title(re.compile("^Lỗi: "))  # it did go out: the phone number is missing


def test_an_undo_counts_down_and_goes(open_page, site: str):
    page = open_page("about:blank")
    page.clock.install(time=4922899200 - 12)  # twelve seconds before the sink's undo_until
    page.goto(site + "/tra-cuu")
    expect(page.get_by_text("(còn 12 giây)")).to_be_visible()
    page.clock.run_for(13_000)
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_hidden()


def test_the_desk_is_worked_from_the_keyboard(open_page, site: str):
    page = open_page(site + "/desk", width=1366)
    page.keyboard.press("/")
    expect(page.locator("#desk-search")).to_be_focused()
    page.keyboard.type("j?k")
    expect(page.locator("#desk-search")).to_have_value("j?k")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_hidden()
    # Until the next picture the focus is inside the dialog, and Enter opens no row.
    expect(page.locator("body")).to_be_focused()
    for key in "jjk":
        page.keyboard.press(key)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/petitions?n=2")


def test_the_calendar_speaks_vietnamese(open_page, site: str):
    page = open_page(site + "/desk/petitions", width=1366)
    page.get_by_label("Từ ngày").fill("5/8/2026")
    page.get_by_role("button", name="Chọn ngày").click()
    calendar = page.get_by_role("dialog")
    assert "Tháng 8 năm 2026" in calendar.inner_text()
    english = {"Monday", "August", "Select", "Close", "Next", "Previous"}
    assert not english & set(calendar.inner_text().split())
    assert complaints(page) == []
    calendar.get_by_role("button", name="Thứ Sáu 28/8/2026").click()
    expect(page.get_by_label("Từ ngày")).to_have_value(re.compile("^28/0?8/2026$"))
    expect(page.get_by_role("button", name="Đang chọn Thứ Sáu 28/8/2026")).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_content(open_page, site: str):
    page = open_page(site + "/desk", width=1366)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_live_parts_swap_under_our_policy(open_page, site: str):
    page = open_page(site + "/desk", width=1366)
    page.evaluate(
        """() => {
          const part = document.createElement("div");
          part.id = "live";
          part.setAttribute("hx-get", "/live");
          part.setAttribute("hx-trigger", "load");
          document.querySelector("main").append(part);
          htmx.process(part);
        }"""
    )
    page.locator("#live b").wait_for()
    expect(page.locator("#live")).to_have_text("41 việc")


def test_a_map_draws_its_points_without_a_tile_server(open_page, site: str):
    page = open_page(site + "/desk/petitions", width=1366)
    page.locator(".ward-map path").first.click()
    assert page.locator(".leaflet-popup").inner_text().startswith("Ngõ 5 <phố> Liễu Giai")
    expect(page.get_by_role("button", name="Phóng to")).to_be_visible()


def test_paper_shows_the_case_and_nothing_to_press(open_page, site: str):
    page = open_page(site + "/desk/petitions", width=1366)
    page.emulate_media(media="print")
    expect(page.get_by_text("Sáu rõ")).to_be_visible()
    for gone in (".moj-primary-navigation", ".ward-search", ".govuk-button"):
        expect(page.locator(gone).first).to_be_hidden()
