"""A resident at a telephone, for tests of residents' pages: every page they open is linted."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.lint import lint_page
from web.throttle import counts

WORDS = "Đèn đường trước số nhà 12 ngõ 34 bị hỏng ba hôm nay"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
KEPT = re.compile(r'name="kept" type="checkbox" value="([^"]+)"')


@dataclass
class Resident:
    """Opens pages and sends forms, over HTTP alone."""

    client: FlaskClient

    def open(self, path: str, expect: int = 200) -> str:
        return self._page(self.client.get(path), expect)

    def post(self, path: str, data: dict, expect: int = 303) -> str:
        """The page in answer, or where it sends us."""
        response = self.client.post(path, data=data)
        if response.status_code == 303:
            assert expect == 303, response.headers["Location"]
            return response.headers["Location"]
        return self._page(response, expect)

    def fill(self, page: str = "", **values) -> dict:
        """What a browser would send of the form on this page, with these answers."""
        page = page or self.open("/ba-dinh/gui")
        given = {"text": WORDS, "name": "Trần Thị Dân", "phone": "0912 345 678", "consent": "y"}
        sent = {**hidden(page), **given, "kept": KEPT.findall(page), **values}
        return {name: value for name, value in sent.items() if value not in (None, [])}

    def report(self, **values) -> str:
        """Send a report; the token of its link."""
        place = self.post("/ba-dinh/gui", self.fill(**values))
        assert place.startswith("/cam-on/")
        return place.rpartition("/")[2]

    def _page(self, response: TestResponse, expect: int) -> str:
        assert response.status_code == expect, response.text[:2000]
        lint_page(response.text)
        return response.text


def hidden(page: str) -> dict[str, str]:
    found = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    return {name: found[name] for name in ("csrf_token", "submission_key") if name in found}


def upload(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def shown(page: str) -> str:
    """The words of the page's main part, without tags."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def resident(client, world) -> Resident:
    return Resident(client)


@pytest.fixture
def guarded(app: Flask, monkeypatch) -> Flask:
    """With csrf tokens asked for, as in production."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


@pytest.fixture
def throttled(app: Flask, monkeypatch) -> Iterator[Flask]:
    """With throttling on, as in production."""
    settings = replace(app.config["SETTINGS"], rate_limits=True)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    counts.storage.reset()
    yield app
    counts.storage.reset()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday 23/11/2026, 9:00 in Viet Nam, standing still until it is shifted."""
    with time_machine.travel("2026-11-23T02:00:00+00:00", tick=False) as traveller:
        yield traveller
