"""A prompt drawn for Telegram: one keyboard, buttons that fit a small phone."""

import pytest
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bots.telegram.render import is_public, markup, words
from feedback.outbox.prompt import Choice, Prompt


def choices(*labels):
    return tuple(Choice(label, f"pick:{no}") for no, label in enumerate(labels))


def labels(keyboard):
    rows = getattr(keyboard, "inline_keyboard", None) or keyboard.keyboard
    return [[button.text for button in row] for row in rows]


def test_choices_are_buttons_under_the_message():
    keyboard = markup(Prompt("?", choices("Gửi", "Sửa")), is_private=True)
    assert isinstance(keyboard, InlineKeyboardMarkup)
    assert labels(keyboard) == [["Gửi", "Sửa"]]
    assert keyboard.inline_keyboard[0][1].callback_data == "pick:1"


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (["1", "2", "3", "4", "5"], [["1", "2", "3", "4", "5"]]),
        (["Gửi phản ánh", "Tra cứu", "Khác"], [["Gửi phản ánh", "Tra cứu"], ["Khác"]]),
        (["Một câu trả lời khá dài", "Ngắn"], [["Một câu trả lời khá dài"], ["Ngắn"]]),
    ],
)
def test_a_row_holds_what_a_small_phone_shows(given, rows):
    assert labels(markup(Prompt("?", choices(*given)), is_private=True)) == rows


def test_asking_for_a_place_puts_the_choices_on_the_phones_keyboard():
    prompt = Prompt("Ở đâu?", choices("Bỏ qua"), ask_location=True, ask_phone=True)
    keyboard = markup(prompt, is_private=True)
    assert isinstance(keyboard, ReplyKeyboardMarkup)
    place, phone, skip = (row[0] for row in keyboard.keyboard)
    assert (place.request_location, phone.request_contact, skip.text) == (True, True, "Bỏ qua")
    assert keyboard.one_time_keyboard


def test_a_group_is_never_asked_for_its_place():
    keyboard = markup(Prompt("Ở đâu?", choices("Bỏ qua"), ask_location=True), is_private=False)
    assert isinstance(keyboard, InlineKeyboardMarkup)


def test_an_old_keyboard_is_put_away():
    assert isinstance(markup(Prompt("Cảm ơn."), is_private=True), ReplyKeyboardRemove)


def test_a_link_is_a_button_where_telegram_takes_it():
    prompt = Prompt("Xem:", url=("Mở hồ sơ", "https://badinh.example.vn/t/abc"))
    keyboard = markup(prompt, is_private=True)
    assert keyboard.inline_keyboard[0][0].url == "https://badinh.example.vn/t/abc"
    assert words(prompt) == "Xem:"


def test_a_link_to_this_machine_stands_in_the_text():
    prompt = Prompt("Xem:", url=("Mở hồ sơ", "http://127.0.0.1:8000/t/abc"))
    assert isinstance(markup(prompt, is_private=True), ReplyKeyboardRemove)
    assert words(prompt) == "Xem:\n\nMở hồ sơ: http://127.0.0.1:8000/t/abc"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://phuong.gov.vn/x", True),
        ("http://203.113.135.1/x", True),
        ("http://localhost:8000", False),
        ("http://192.168.1.5:8000", False),
        ("http://ward.test", False),
        ("http://[::1]/", False),
    ],
)
def test_which_addresses_are_public(url, expected):
    assert is_public(url) is expected
