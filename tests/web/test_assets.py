"""Static files: their addresses, how long they are kept, and what a first visit weighs."""

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import session, url_for
from flask.sessions import NullSession
from flask.testing import FlaskClient

from tests.web.sink import create_sink
from web.assets import FOLDER, static_url

FIRST_VISIT = 120_000  # bytes, letters included: an old telephone on 3G
LATER_VISIT = 25_000
PER_RESPONSE = 600  # headers, roughly

STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IN_STYLES = re.compile(r'url\(["\']?([^"\')]+)["\']?\)')
IN_SCRIPTS = re.compile(r'from\s*"(\.[^"]+)"')


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_sink().test_client()


def get(client: FlaskClient, address: str):
    return client.get(address, headers={"Accept-Encoding": "gzip, br"})


def files_of(client: FlaskClient, page: str) -> dict[str, int]:
    """Every file a page loads, through styles and imports too, and its bytes on the wire."""
    sizes: dict[str, int] = {}
    waiting = STATIC.findall(page)
    while waiting:
        address = waiting.pop()
        if address in sizes:
            continue
        response = get(client, address)
        assert response.status_code == 200, address
        sizes[address] = len(response.data) + PER_RESPONSE
        text = client.get(address).data
        if address.split("?")[0].endswith((".css", ".js")):
            found = IN_STYLES if ".css" in address else IN_SCRIPTS
            links = found.findall(text.decode())
            waiting += [urljoin(address, link) for link in links if "images/" not in link]
    return sizes


def test_a_first_visit_and_a_later_one_keep_to_their_budget(client: FlaskClient):
    home = get(client, "/")
    files = files_of(client, home.text)
    assert any("vietnamese-400" in name for name in files)
    assert any("govuk-frontend" in name for name in files)
    assert len(home.data) + sum(files.values()) <= FIRST_VISIT, files

    later = get(client, "/tra-cuu")
    fresh = {name: n for name, n in files_of(client, later.text).items() if name not in files}
    assert len(later.data) + sum(fresh.values()) <= LATER_VISIT, fresh


def test_every_file_that_styles_and_scripts_name_exists():
    for file in FOLDER.rglob("*"):
        if file.suffix not in (".css", ".js"):
            continue
        links = (IN_STYLES if file.suffix == ".css" else IN_SCRIPTS).findall(file.read_text())
        for link in links:
            if (
                link.startswith(("data:", "#")) or "crest" in link
            ):  # the crest is in no page of ours
                continue
            assert (file.parent / link).is_file(), f"{file.name} names {link}"


def test_a_file_asked_for_under_its_digest_is_kept_for_a_year(client: FlaskClient):
    with client.application.test_request_context():
        address = static_url("theme.css")
    assert re.fullmatch(r"/static/theme\.css\?v=[0-9a-f]{8}", address)
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get("/static/theme.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/theme.css?v=00000000").headers["Cache-Control"] == "no-cache"


def test_a_name_with_a_version_is_kept_for_a_year(client: FlaskClient):
    fonts = sorted((FOLDER / "vendor" / "fonts").glob("*.woff2"))
    assert len(fonts) == 4
    for font in fonts:
        response = client.get(f"/static/vendor/fonts/{font.name}")
        assert "immutable" in response.headers["Cache-Control"]
        assert response.mimetype == "font/woff2"


def test_text_travels_compressed_only_to_those_who_read_it(client: FlaskClient):
    small = get(client, "/static/vendor/kit-public.css")
    plain = client.get("/static/vendor/kit-public.css", headers={"Accept-Encoding": "br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["ETag"] != plain.headers["ETag"]


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient):
    tag = client.get("/static/theme.css").headers["ETag"]
    again = client.get("/static/theme.css", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "name", ["no.css", "../assets.py", "js", "%2Fetc%2Fpasswd", "js/../../assets.py", "%00"]
)
def test_nothing_outside_the_folder_is_served(client: FlaskClient, name: str):
    assert client.get(f"/static/{name}", follow_redirects=True).status_code == 404


def test_a_page_that_names_an_unknown_file_fails_in_the_test_not_in_the_browser(client):
    with client.application.test_request_context(), pytest.raises(FileNotFoundError):
        static_url("no-such.css")


def test_flask_knows_the_address_too(client: FlaskClient):
    with client.application.test_request_context():
        assert url_for("static", filename="theme.css") == "/static/theme.css"


def test_the_kit_carries_no_foreign_brand():
    for name in ("kit-public.css", "kit-desk.css"):
        text = (Path(FOLDER) / "vendor" / name).read_text()
        assert "GDS Transport" not in text
        assert "Be Vietnam Pro" in text


@pytest.mark.parametrize("path", ["/static/theme.css", "/webhooks/zalo", "/healthz"])
def test_nobody_is_remembered_where_a_program_asks(app, path):
    with app.test_request_context(path):
        assert isinstance(session, NullSession)
    with app.test_request_context("/"):
        assert not isinstance(session, NullSession)
