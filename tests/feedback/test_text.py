import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import text

anything = st.text(st.characters(), max_size=200)  # lone surrogates too
vietnamese = st.text(
    "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐbcghknt áàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ\n"
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đường  Láng", "duong lang"),
        ("ĐÈN ĐƯỜNG HỎNG", "den duong hong"),
        ("Nguyễn Thị Bưởi", "nguyen thi buoi"),
        ("Ðống Ða", "dong da"),  # eth, from texts typed in old fonts
        ("ngập\u200b úng\ufeff", "ngap ung"),
        ("ổ\u00a0gà\t!\n", "o ga !"),
        ("", ""),
    ],
)
def test_fold(written, folded):
    assert text.fold(written) == folded
    assert text.fold(unicodedata.normalize("NFD", written)) == folded


def test_fold_every_vietnamese_letter_to_ascii():
    letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
    assert text.fold(letters + letters.upper()).isascii()


@given(anything)
def test_fold_is_idempotent_and_blind_to_composition(s):
    folded = text.fold(s)
    assert text.fold(folded) == folded
    assert text.fold(unicodedata.normalize("NFD", s)) == folded
    assert text.fold(unicodedata.normalize("NFC", s)) == folded


def test_fold_is_idempotent_on_every_character():
    changed = [f for c in map(chr, range(0x110000)) if (f := text.fold(c)) != c]
    assert len(changed) > 1_000
    assert [folded for folded in changed if text.fold(folded) != folded] == []


@given(vietnamese)
def test_fold_leaves_one_space_between_words(s):
    folded = text.fold(s)
    assert folded.isascii()
    assert folded == " ".join(folded.split())


@given(anything)
def test_tokens_and_search_words_never_raise(s):
    words = text.search_words(s)
    assert len(words) == len(set(words)) <= 12
    assert all(word in text.tokens(text.fold(s)) for word in words)


def test_search_words_find_codes_and_words():
    assert text.search_words("BD-2026-000123 đèn đèn Đường") == [
        "bd",
        "2026",
        "000123",
        "den",
        "duong",
    ]


@pytest.mark.parametrize(
    ("s", "n", "short"),
    [
        ("ngắn", 10, "ngắn"),
        ("Đèn đường hỏng ba ngày", 15, "Đèn đường hỏng…"),
        ("Đèn đường hỏng ba ngày", 14, "Đèn đường…"),
        ("Đèn đường, hỏng ba ngày", 12, "Đèn đường…"),
        ("liềnmộtmạch", 5, "liền…"),
        ("abc", 0, ""),
    ],
)
def test_clip(s, n, short):
    assert text.clip(s, n) == short


@given(anything, st.integers(-3, 50))
def test_clip_never_exceeds(s, n):
    assert len(text.clip(s, n)) <= max(n, 0)


def test_squeeze_keeps_paragraphs_and_drops_what_cannot_be_seen():
    typed = "\ufeff  Kính gửi   phường \r\n\r\n\r\n\u200bĐèn\x00 hỏng\u202e \u2028tối om \n\n"
    assert text.squeeze(typed) == "Kính gửi phường\n\nĐèn hỏng\ntối om"


@given(anything)
def test_squeeze_is_idempotent_and_storable(s):
    clean = text.squeeze(s)
    assert text.squeeze(clean) == clean
    assert "\x00" not in clean
    assert "\n\n\n" not in clean
    clean.encode()


@pytest.mark.parametrize(
    "written",
    [
        "0912345678",
        "+84912345678",
        "84 912 345 678",
        "0912.345.678",
        "(091) 234-5678",
        " ０９１２３４５６７８ ",
    ],
)
def test_normal_phone(written):
    assert text.normal_phone(written) == "+84912345678"


def test_normal_phone_knows_landlines_and_numbers_abroad():
    assert text.normal_phone("024 3825 3536") == "+842438253536"
    assert text.normal_phone("+1 650 253 0000") == "+16502530000"


@pytest.mark.parametrize(
    "written", ["", "113", "01234567", "0123456789", "không có", "0912345678a", "+"]
)
def test_not_a_phone(written):
    assert text.normal_phone(written) is None


@given(anything)
def test_phones_and_names_never_raise(s):
    phone = text.normal_phone(s)
    assert phone is None or text.normal_phone(phone) == phone
    text.show_phone(s)
    text.mask_phone(s)
    text.mask_name(s)


def test_phones_shown_and_masked():
    assert text.show_phone("+84912345678") == "0912 345 678"
    assert text.show_phone("+16502530000") == "+16502530000"
    assert text.mask_phone("0912345678") == "091•••678"
    assert text.mask_phone("+84912345678") == "091•••678"
    assert text.mask_phone("113") == "•••"


def test_names_masked():
    assert text.mask_name("Nguyễn Văn An") == "N. V. An"
    assert text.mask_name("  đỗ  mười ") == "Đ. mười"
    assert text.mask_name("An") == "An"
    assert text.mask_name("") == ""
