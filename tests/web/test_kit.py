"""The page kit: layouts, words, policy, csrf and error pages."""

import pytest
from flask.testing import FlaskClient
from jinja2 import Environment

from feedback.petitions.models import Status
from tests.web.lint import lint_page, page_faults
from tests.web.sink import create_sink
from web.headers import policy
from web.kit_words import WORDS, VietnameseKit

PAGES = ["/", "/tra-cuu", "/giup-do", "/desk", "/desk/petitions", "/login"]
REFUSALS = [400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_sink().test_client()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("query", ["", "?wardless=1"])
def test_every_page_is_sound(client: FlaskClient, path: str, query: str):
    response = client.get(path + query)
    assert response.status_code == 200
    lint_page(response.text)


def test_a_page_names_its_ward_and_how_to_call_it(client: FlaskClient):
    page = client.get("/tra-cuu").text
    assert "<title>Phản ánh BD-2026-000123 – Phường Ba Đình</title>" in page
    assert 'href="tel:02412345678"' in page
    assert 'aria-current="page">Tra cứu</a>' in page
    assert "GOV.UK" not in page


def test_links_to_pages_that_do_not_exist_are_left_out(client: FlaskClient):
    page = client.get("/desk").text
    assert "Chờ tôi duyệt" in page
    assert "Số liệu" not in page


def test_a_form_says_what_to_correct(client: FlaskClient):
    page = client.post("/", data={"csrf_token": token(client)}).text
    lint_page(page)
    assert "Có điều cần sửa" in page
    assert '<a href="#text">Ông/Bà viết vài dòng về việc muốn phản ánh.</a>' in page
    assert '<span class="govuk-visually-hidden">Lỗi:</span> Ông/Bà viết vài dòng' in page


def test_a_form_keeps_what_was_typed_and_escapes_it(client: FlaskClient):
    typed = {"csrf_token": token(client), "text": "<b>hỏng</b>", "field": "1", "urgency": "urgent"}
    page = client.post("/", data=typed).text
    assert "&lt;b&gt;hỏng&lt;/b&gt;</textarea>" in page
    assert '<option value="1" selected>' in page
    assert 'value="urgent" checked' in page


def test_a_password_is_never_sent_back(client: FlaskClient):
    assert 'type="password" value' not in client.get("/login").text


def token(client: FlaskClient) -> str:
    return client.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_status_without_colour_is_one_set_aside(client: FlaskClient):
    page = client.get("/desk").text
    grey = {s for s in Status if f'govuk-tag--grey">{s.label}<' in page}
    assert grey == {
        Status.TRANSFERRED,
        Status.REJECTED,
        Status.MERGED,
        Status.NOT_ADMITTED,
        Status.WITHDRAWN,
        Status.DISCONTINUED,
    }


# --- what the browser is told -------------------------------------------------------------------


def test_every_answer_is_guarded(client: FlaskClient):
    for path in ["/", "/desk", "/break/404", "/static/theme.css", "/api/break/404"]:
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "geolocation=(self), camera=(self)" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_https_is_remembered(client: FlaskClient):
    response = client.get("/", base_url="https://ward.test")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_pages_are_not_kept_by_proxies(client: FlaskClient):
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("tiles", "sources"),
    [
        ("", "'self' data: blob:;"),
        ("https://{s}.tiles.vn/{z}/{x}/{y}.png", "'self' data: blob: https://*.tiles.vn;"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", "'self' data: blob: http://127.0.0.1:8080;"),
    ],
)
def test_the_tile_server_is_the_only_stranger(tiles: str, sources: str):
    assert f"img-src {sources}" in policy(tiles)
    assert policy(tiles).replace(sources, "") == policy("").replace("'self' data: blob:;", "")


# --- the bought-in macros in Vietnamese ---------------------------------------------------------


@pytest.mark.parametrize("component", WORDS)
def test_every_english_word_to_replace_is_still_there(component: str):
    packaged = super(VietnameseKit, VietnameseKit()).get_source
    source, _, _ = packaged(Environment(autoescape=True), f"components/{component}/macro.html")
    for english in WORDS[component]:
        assert english in source


def test_bought_in_widgets_speak_vietnamese():
    app = create_sink()
    with app.test_request_context():
        page = app.jinja_env.from_string(
            "{% from 'govuk_frontend_jinja/components/input/macro.html' import govukInput %}"
            "{% from 'govuk_frontend_jinja/components/warning-text/macro.html' import govukWarningText %}"
            "{{ govukInput({'id': 'a', 'name': 'a', 'label': {'text': 'Tên'}, 'errorMessage': {'text': 'Thiếu tên.'}}) }}"
            "{{ govukWarningText({'text': 'Hạn hôm nay'}) }}"
        ).render()
    assert "Lỗi:</span> Thiếu tên." in page
    assert "Chú ý" in page
    assert "Error" not in page


# --- refusals and failures ----------------------------------------------------------------------


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_says_what_to_do(client: FlaskClient, code: int):
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get(f"/break/{code}")
    assert response.status_code == code
    lint_page(response.text)
    assert f"Mã lỗi {code}" in response.text


def test_a_domain_refusal_is_told_in_its_own_words(client: FlaskClient):
    response = client.get("/break/1")
    assert response.status_code == 409
    assert "vừa được người khác cập nhật" in response.text


def test_a_crash_shows_a_page_even_when_the_context_is_broken_too(client: FlaskClient):
    app = create_sink()
    app.context_processor(lambda: 1 / 0)
    response = app.test_client().get("/break/2")
    assert response.status_code == 500
    assert page_faults(response.text) == []
    assert "Lỗi này là của hệ thống" in response.text
    assert "broken" not in response.text


def test_programs_get_json(client: FlaskClient):
    assert client.get("/api/break/404").json["error"]["code"] == 404
    refusal = client.post("/api/break/1")
    assert refusal.status_code == 409
    assert "người khác cập nhật" in refusal.json["error"]["message"]


def test_headers_that_belong_to_a_refusal_stay(client: FlaskClient):
    assert "GET" in client.post("/giup-do", data={"csrf_token": token(client)}).headers["Allow"]


def test_an_old_form_is_refused_with_a_way_back(client: FlaskClient):
    response = client.post("/", data={"text": "Đèn hỏng"})
    assert response.status_code == 400
    assert "Trang này đã mở quá lâu" in response.text
    lint_page(response.text)
