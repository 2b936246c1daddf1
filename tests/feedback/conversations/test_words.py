"""What people mean, with and without accents, polite endings, signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.conversations import places, words


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("Huỷ", "cancel"),
        ("hủy bỏ ạ", "cancel"),
        ("HUY!!!", "cancel"),
        ("thôi", "cancel"),
        ("Menu", "menu"),
        ("tra cứu", "track"),
        ("Tra cuu giup em", None),
        ("đến đâu rồi ạ", "track"),
        ("hướng dẫn", "help"),
        ("Cho tôi gặp cán bộ", "person"),
        ("kiến nghị", "report"),
        ("Hủy hoại môi trường ở bờ sông", None),
        ("", None),
    ],
)
def test_wishes(said, wish):
    assert words.wish(said) == wish


@pytest.mark.parametrize(
    "said", ["gửi", "Gửi đi ạ", "ok", "OK!", "đúng rồi em ạ", "Vâng", "👍", "u"]
)
def test_yes(said):
    assert words.means(said, "yes")


@pytest.mark.parametrize("said", ["gửi lúc nào cũng được", "không", "", "đúng là bẩn thật"])
def test_not_yes(said):
    assert not words.means(said, "yes")


@pytest.mark.parametrize(
    "said",
    ["alo", "A lô", "Alooo", "xin chào", "chào phường ạ", "em ơi cho hỏi", "👋", "...", "hello ad"],
)
def test_greetings(said):
    assert words.is_greeting(said)


@pytest.mark.parametrize(
    "said", ["", "chào cờ sai quy định", "alo phường ơi cống tắc rồi", "không"]
)
def test_no_greetings(said):
    assert not words.is_greeting(said)


@pytest.mark.parametrize("said", ["đm", "lũ vô dụng", "dcm làm ăn gì đấy", "ĐM chúng nó"])
def test_abuse_alone(said):
    assert words.is_only_rude(said)


def test_abuse_with_a_matter_is_a_matter():
    said = "đm cống tắc ba ngày rồi mà chưa ông nào ra thông cho dân"
    assert not words.is_only_rude(said)
    assert words.is_story(said)


@pytest.mark.parametrize(
    "said", ["karaoke ồn mất ngủ", "chó chết ở cống", "mat ngu vi karaoke", "bỏ máy không nghe"]
)
def test_honest_words_are_no_abuse(said):
    assert not words.is_only_rude(said)


@pytest.mark.parametrize(
    ("said", "address", "is_complete"),
    [
        ("đèn ngõ 12 Đội Cấn hỏng", "ngõ 12 Đội Cấn", True),
        ("cống số 5 phố Đội Cấn, tắc", "số 5 phố Đội Cấn", True),
        ("ngõ 12, ngách 3/4 phố Đội Cấn. Rác", "ngõ 12, ngách 3/4 phố Đội Cấn", True),
        ("Số nhà 12 bị mất nước", "Số nhà 12", False),
        ("den duong ngo 12 doi can hong", "ngo 12", False),
        ("số 3 lần gọi không ai nghe", "", False),
        ("lần thứ 3 rồi", "", False),
        ("số 15 Liễu Giai có rác", "số 15 Liễu Giai", True),
        ("", "", False),
    ],
)
def test_addresses_inside_a_story(said, address, is_complete):
    assert places.address_in(said) == (address, is_complete)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("tổ 5", 5),
        ("Tổ dân phố số 12", 12),
        ("TDP07", 7),
        ("tdp 07", 7),
        ("5", 5),
        ("thôn 3", 3),
        ("tổ 3 người", None),
        ("to 5", 5),
        ("cây to 5 mét", None),
        ("cay to 5 met", None),
        ("áp 5 lực", None),
        ("1234", None),
        ("ngõ 5", None),
    ],
)
def test_neighbourhoods(said, number):
    assert places.area_number(said, bare=True) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("BD-2026-000123", "BD-2026-000123"),
        ("bd 2026 123", "BD-2026-000123"),
        ("BD2026000123", "BD-2026-000123"),
        ("123", "BD-2026-000123"),
        ("0912345678", None),
        ("đèn hỏng", None),
    ],
)
def test_numbers_of_petitions(said, number):
    assert words.case_number(said, "BD", 2026) == number


@given(st.text(max_size=80))
def test_no_text_is_too_strange(said):
    words.wish(said)
    words.is_greeting(said)
    words.is_story(said)
    places.area_number(said, bare=True)
    words.case_number(said, "BD", 2026)
    address, _ = places.address_in(said)
    assert len(address) <= len(said)


@pytest.mark.parametrize(
    "said", ["Tiếp dân", "toi can gap lanh dao", "hủy hẹn", "Xin gặp Chủ tịch ạ"]
)
def test_meeting_the_chair_is_asked_for_in_many_words(said):
    assert words.wish(said) == "meet"
