"""Who may open what of the areas with routes of their own: a stranger, the wrong officer, the right one."""

import pytest

from tests.web.desk import broadcast_routes, dialogue_routes, publicity_routes, reception_routes
from tests.web.desk.test_permissions import ALL, ask
from tests.web.staff import at_desk
from tests.world import make_world

PASSED = (200, 302, 303, 409, 422)  # 409, 422: past the door, then told what is wrong with the form
ENDS = ("cancellation", "departure", "/end")  # what is ended is asked for last
AREAS = {
    "broadcasts": (broadcast_routes, lambda app, world, photo: (app, world)),
    "dialogues": (dialogue_routes, lambda app, world, photo: (world, photo)),
    "publicity": (publicity_routes, lambda app, world, photo: (world,)),
    "receptions": (reception_routes, lambda app, world, photo: (world,)),
}


@pytest.fixture(params=AREAS)
def area(request):
    return AREAS[request.param]


@pytest.fixture
def rows(app, world, a_photo, area):
    """(method, address, who may) of each route, what ends something last."""
    routes, given = area
    places = routes.places(*given(app, world, a_photo))
    found = [
        (method, address.format(**places), may, "{" in address)
        for method, address, may in routes.ROUTES.values()
    ]
    return sorted(found, key=lambda row: any(end in row[1] for end in ENDS))


def test_a_visitor_is_sent_to_the_door(app, rows):
    for method, address, _, _ in rows:
        answer = ask(app.test_client(), method, address)
        assert answer.status_code in (302, 303), address
        assert answer.location.startswith("/login")


@pytest.mark.parametrize("who", sorted(ALL))
def test_only_the_right_people_get_past(app, world, rows, who):
    client = at_desk(app, world.people[who])
    for method, address, may, _ in rows:
        answer = ask(client, method, address)
        if who in may:
            assert answer.status_code in PASSED, (address, answer.status_code)
            assert not (answer.location or "").startswith("/login")
        else:
            assert answer.status_code in (403, 404), (address, answer.status_code)


def test_another_ward_sees_nothing(app, world, rows):
    other = make_world("HK", "hoan-kiem")
    for who in ("chair", "clerk", "head_tdp"):
        client = at_desk(app, other.people[who])
        for method, address, _, is_of_one in rows:
            if is_of_one:
                answer = ask(client, method, address)
                assert answer.status_code in (403, 404), (who, address)


def test_every_post_needs_the_token_of_its_page(app, world, rows, monkeypatch):
    client = at_desk(app, world.clerk)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for method, address, _, _ in rows:
        if method == "POST":
            assert client.post(address).status_code == 400, address
            assert client.post(address, json=[]).status_code == 400, address
