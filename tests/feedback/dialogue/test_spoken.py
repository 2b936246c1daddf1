"""Numbers as a loudspeaker says them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import clock
from feedback.dialogue import spoken

VALUES = {
    "không": 0, "linh": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5,
    "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
SCALES = {"nghìn": 1000, "trăm": 100, "mươi": 10}


def heard(words: str) -> int:
    """What a listener understands."""
    total, digit = 0, 0
    for word in words.split():
        if word == "mười":
            total, digit = total + 10, 0
        elif word in SCALES:
            total, digit = total + digit * SCALES[word], 0
        else:
            digit = VALUES[word]
    return total + digit


@given(st.integers(0, 9999))
def test_a_listener_hears_the_number_that_was_meant(n):
    assert heard(spoken.number(n)) == n


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (4, "bốn"),
        (10, "mười"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (105, "một trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (2104, "hai nghìn một trăm linh tư"),
    ],
)
def test_numbers_as_people_say_them(n, words):
    assert spoken.number(n) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ((8, 0), "tám giờ sáng"),
        ((8, 30), "tám giờ ba mươi phút sáng"),
        ((12, 0), "mười hai giờ trưa"),
        ((14, 5), "hai giờ năm phút chiều"),
        ((19, 30), "bảy giờ ba mươi phút tối"),
    ],
)
def test_hours(at, words):
    assert spoken.hour(datetime(2026, 12, 12, *at, tzinfo=clock.ZONE)) == words


def test_every_figure_of_a_text_is_said():
    assert spoken.in_words("số 2 ngõ 34, gọi 024015") == (
        "số hai ngõ ba mươi tư, gọi không, hai, bốn, không, một, năm"
    )


def test_days():
    assert spoken.day(date(2027, 4, 5)) == (
        "Thứ Hai, ngày mồng năm, tháng tư, năm hai nghìn không trăm hai mươi bảy"
    )
    assert spoken.digits("024 15") == "không, hai, bốn, một, năm"
