"""Who may open what of publicity: a stranger, the wrong officer, the right one, on every route."""

import pytest

from tests.web.desk import publicity_routes
from tests.web.desk.publicity_routes import ROUTES
from tests.web.desk.test_permissions import ALL, ask
from tests.web.staff import at_desk
from tests.world import make_world

PASSED = (200, 302, 303, 409, 422)  # 409, 422: past the door, then told what is wrong with the form


@pytest.fixture
def places(world):
    return publicity_routes.places(world)


def test_a_visitor_is_sent_to_the_door(app, places):
    for method, address, _ in ROUTES.values():
        answer = ask(app.test_client(), method, address.format(**places))
        assert answer.status_code in (302, 303), address
        assert answer.location.startswith("/login")


@pytest.mark.parametrize("who", sorted(ALL))
def test_only_the_right_people_get_past(app, world, places, who):
    client = at_desk(app, world.people[who])
    for method, address, may in sorted(ROUTES.values(), key=lambda row: row[1].endswith("/end")):
        answer = ask(client, method, address.format(**places))
        if who in may:
            assert answer.status_code in PASSED, (address, answer.status_code)
            assert not (answer.location or "").startswith("/login")
        else:
            assert answer.status_code in (403, 404), (address, answer.status_code)


def test_another_ward_sees_nothing(app, world, places):
    other = make_world("HK", "hoan-kiem")
    for who in ("chair", "clerk", "head_tdp"):
        client = at_desk(app, other.people[who])
        for method, address, _ in ROUTES.values():
            if "{" in address:
                answer = ask(client, method, address.format(**places))
                assert answer.status_code in (403, 404), (who, address)


def test_every_post_needs_the_token_of_its_page(app, world, places, monkeypatch):
    client = at_desk(app, world.clerk)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for method, address, _ in ROUTES.values():
        if method == "POST":
            assert client.post(address.format(**places)).status_code == 400, address
