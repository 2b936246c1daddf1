"""The page kit: layouts, words, headers, static files and error pages."""

import pytest
from flask.testing import FlaskClient

from tests.web.lint import lint_page
from tests.web.sink import create_sink

PAGES = ["/", "/tra-cuu", "/giup-do", "/desk", "/desk/petitions", "/login"]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_sink().test_client()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("query", ["", "?wardless=1"])
def test_every_page_is_sound(client: FlaskClient, path: str, query: str):
    response = client.get(path + query)
    assert response.status_code == 200
    lint_page(response.text)
