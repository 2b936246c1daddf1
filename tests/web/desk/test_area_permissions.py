"""Who may open what of the areas with routes of their own: a stranger, the wrong officer, the right one."""

import pytest
from flask import current_app

from tests.web.desk import broadcast_routes, dialogue_routes, publicity_routes, reception_routes
from tests.web.desk.conftest import kept_photo
from tests.web.desk.test_permissions import ALL, ask
from tests.web.staff import at_desk
from tests.world import World, let_go, make_world

PASSED = (200, 302, 303, 409, 422)  # 409, 422: past the door, then told what is wrong with the form
ENDS = ("cancellation", "departure", "/end")  # what is ended is asked for last
AREAS = {
    "broadcasts": (broadcast_routes, lambda world: (current_app, world)),
    "dialogues": (dialogue_routes, lambda world: (world, kept_photo(world))),
    "publicity": (publicity_routes, lambda world: (world,)),
    "receptions": (reception_routes, lambda world: (world,)),
}


def furnished(area: str) -> tuple[World, dict[str, object]]:
    """A ward with what the addresses of an area name."""
    routes, given = AREAS[area]
    world = make_world()
    places = routes.places(*given(world))
    return let_go(world), places


@pytest.fixture(params=AREAS)
def area(request) -> str:
    return request.param


@pytest.fixture
def story(lived, area):
    return lived(furnished, area)


@pytest.fixture
def world(story):
    return story[0]


@pytest.fixture
def rows(story, area):
    """(method, address, who may) of each route, what ends something last."""
    found = [
        (method, address.format(**story[1]), may, "{" in address)
        for method, address, may in AREAS[area][0].ROUTES.values()
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
