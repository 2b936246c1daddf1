"""Addresses and forms as programs and broken telephones send them: a page in answer, never a crash."""

import pytest

ODD = ["%00", "a%00b", "%ff%fe", "x" * 5000, "..%2f..%2fetc%2fpasswd", "đèn", "%F0%9F%94%A5", "'--"]
PLACES = ["/t/{}", "/cam-on/{}", "/t/{}/thoi-han", "/f/{}", "/f/{}/nho", "/{}/", "/{}/gui"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("place", PLACES)
def test_an_odd_address_is_not_found(resident, place, odd):
    assert resident.client.get(place.format(odd)).status_code == 404


@pytest.mark.parametrize("odd", ["\0", "a\0b" * 3, "\ud800", "﻿\u202e", "<>&\"'", "x" * 4000])
def test_odd_letters_in_every_field_are_read_or_refused(resident, odd):
    names = ["text", "address", "name", "phone", "email", "complained", "submission_key", "kept"]
    names += ["lat", "lng", "photo_place", "kind", "field", "neighbourhood", "happened_on"]
    sent = {name: odd.encode("utf-8", "surrogatepass") for name in names}
    response = resident.client.post("/ba-dinh/gui", data={**sent, "consent": "y"})
    assert response.status_code in (200, 303, 422)
    for name in ("text", "address", "name", "complained"):
        response = resident.client.post("/ba-dinh/gui", data=resident.fill(**{name: sent[name]}))
        assert response.status_code in (303, 422)


@pytest.mark.parametrize("odd", ["\0", "BD-2026-\0", "'; drop table petition; --", "x" * 39])
def test_odd_look_ups_find_nothing(resident, odd):
    sent = {"number": odd, "phone": odd[:20]}
    assert resident.client.post("/ba-dinh/tra-cuu", data=sent).status_code == 422
    assert resident.client.get("/", query_string={"words": odd}).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"\xff\xfe%%%", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
def test_a_broken_body_is_an_empty_form(resident, body, kind):
    response = resident.client.post("/ba-dinh/gui", data=body, content_type=kind)
    assert response.status_code in (400, 422)
