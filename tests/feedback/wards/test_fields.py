import unicodedata

import pytest

from feedback.wards.fields import DANGERS, OTHER, SOURCE, catalogue, words

FIELDS = catalogue().fields


def test_the_25_fields_in_order():
    assert [f.no for f in FIELDS] == list(range(1, 26))
    assert FIELDS[-1].no == OTHER
    assert len({f.code for f in FIELDS}) == len({f.name for f in FIELDS}) == 25


def test_every_department_exists():
    known = {d.code for d in catalogue().departments}
    for field in FIELDS:
        assert {field.department, *field.partners} <= known


def test_codes_are_plain_ascii_and_words_composed():
    codes = [d.code for d in catalogue().departments] + [f.code for f in FIELDS]
    assert all(code.isascii() and code.replace("_", "").islower() for code in codes)
    for source in (SOURCE, DANGERS):
        assert unicodedata.is_normalized("NFC", source.read_text(encoding="utf-8"))


@pytest.mark.parametrize("field", FIELDS[:-1], ids=lambda f: f.code)
def test_a_field_has_words_and_a_known_urgency(field):
    assert len(field.keywords) >= 20
    assert field.urgency in {"quick", "normal", "complex"}


def test_conduct_of_officials_is_for_the_chair_only():
    assert [f.no for f in FIELDS if f.restricted] == [15]


def test_every_danger_names_the_number_it_advises():
    for danger in (*catalogue().dangers, catalogue().any_danger):
        assert danger.phones
        assert all(phone in danger.advice for phone in danger.phones), danger.code


def test_words():
    assert words("ổ gà,  ổ   voi\n\n,lún,ổ gà") == ("ổ gà", "ổ voi", "lún")
