import pytest

from feedback.db import db
from feedback.petitions.queries import by_token
from tests.web.public.resident import Resident, shown
from web.throttle import RULES

ASK = "/ba-dinh/tra-cuu"
pytestmark = pytest.mark.usefixtures("clock")  # a number has the year in it


def number_of(token: str) -> str:
    return by_token(token).number


@pytest.mark.parametrize(
    ("number", "phone"),
    [
        ("BD-2026-000001", "0912345678"),
        ("bd 2026 1", "+84 912 345 678"),
        ("BD2026000001", "0912.345.678"),
        ("  bd-2026-000001 ", "84912345678"),
    ],
)
def test_number_and_telephone_open_the_page(resident, number, phone):
    token = resident.report()
    assert number_of(token) == "BD-2026-000001"
    assert resident.post(ASK, {"number": number, "phone": phone}) == f"/t/{token}"


WRONG = {
    "another telephone": ("BD-2026-000001", "0987654321"),
    "no such number": ("BD-2026-000099", "0912345678"),
    "neither": ("BD-2026-000099", "0987654321"),
    "no number at all": ("đèn đường", "0912345678"),
    "no telephone at all": ("BD-2026-000001", "abc"),
    "another ward": ("CG-2026-000001", "0912345678"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_and_unknown_are_told_the_same(resident, case):
    resident.report()
    number, phone = WRONG[case]
    page = resident.post(ASK, {"number": number, "phone": phone}, expect=422)
    assert "Không tìm thấy hồ sơ có số tiếp nhận và số điện thoại này" in shown(page)
    assert f'value="{number}"' in page


def test_a_petition_without_telephone_cannot_be_looked_up(resident):
    number = number_of(resident.report(phone=""))
    for phone in ("", "0"):
        resident.post(ASK, {"number": number, "phone": phone}, expect=422)


def test_empty_fields_say_so(resident):
    words = shown(resident.post(ASK, {}, expect=422))
    assert "Vui lòng điền số tiếp nhận." in words
    assert "Vui lòng điền số điện thoại." in words


def test_guessing_the_telephone_of_a_number_is_throttled(throttled, resident):
    token = resident.report()
    number = number_of(token)
    for n in range(RULES["lookup_number"].amount):
        resident.post(ASK, {"number": number, "phone": f"09876543{n:02}"}, expect=422)
    page = resident.post(ASK, {"number": number, "phone": "0912345678"}, expect=429)
    assert "Xin đợi khoảng 10 phút" in page
    assert f'value="{number}"' in page
    page = resident.post(ASK, {"number": "bd 2026 1", "phone": "0912345678"}, expect=429)
    assert "Xin đợi" in page


def test_looking_up_from_one_address_is_throttled(throttled, resident):
    for n in range(RULES["lookup"].amount):
        resident.post(ASK, {"number": f"BD-2026-{n}", "phone": "0912345678"}, expect=422)
    resident.post(ASK, {"number": "BD-2026-500", "phone": "0912345678"}, expect=429)


def test_an_expired_form_keeps_what_was_typed(guarded, resident):
    resident.report()
    stranger = Resident(guarded.test_client())
    sent = {"number": "BD-2026-000001", "phone": "0912345678"}
    page = stranger.post(ASK, sent, expect=400)
    assert 'value="BD-2026-000001"' in page
    db.session.rollback()
    assert stranger.post(ASK, {**stranger.fill(page), **sent}).startswith("/t/")
