"""Long texts cut for chats: nothing lost, nothing too long, cuts where a reader would pause."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.outbox.split import split, units


def test_a_short_text_stays_whole():
    assert split("Xin chào Ông/Bà.", 4096) == ["Xin chào Ông/Bà."]


def test_no_text_is_no_piece():
    assert split("", 10) == []


def test_a_paragraph_is_the_first_choice():
    assert split("Câu một. Câu hai.\n\nĐoạn hai đây.", 30) == [
        "Câu một. Câu hai.",
        "Đoạn hai đây.",
    ]


def test_then_a_sentence_then_a_word():
    assert split("Câu một ở đây. Câu hai dài", 20) == ["Câu một ở đây.", "Câu hai dài"]
    assert split("không có dấu câu nào cả", 16) == ["không có dấu câu", "nào cả"]


def test_a_word_without_end_is_cut_anyway():
    assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_an_emoji_counts_twice():
    assert units("🙂") == 2
    assert split("🙂🙂🙂", 4) == ["🙂🙂", "🙂"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(2, 40))
def test_every_piece_fits_and_only_white_space_is_lost(text, limit):
    pieces = split(text, limit)
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
