"""How a prompt looks in Telegram: its words, and the keyboard under them. Pure."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from feedback.outbox.prompt import Choice, Prompt

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove

SEND_PLACE = "📍 Gửi vị trí của tôi"
SEND_PHONE = "📱 Gửi số điện thoại của tôi"
WIDTHS = ((5, 5), (16, 2))  # labels of at most 5 characters: five in a row; of at most 16: two


def words(prompt: Prompt) -> str:
    """The text; a link that cannot be a button stands at its end."""
    if prompt.url and not is_public(prompt.url[1]):
        return f"{prompt.text}\n\n{prompt.url[0]}: {prompt.url[1]}"
    return prompt.text


def markup(prompt: Prompt, *, is_private: bool) -> Markup:
    """The one keyboard a message may have.

    Asking for a place or a phone number takes the keyboard of the phone (private chats only); the
    choices then stand there as plain words. Otherwise choices are buttons under the message. With
    neither, an old keyboard is put away.
    """
    if is_private and (prompt.ask_location or prompt.ask_phone):
        rows = [[KeyboardButton(SEND_PLACE, request_location=True)]] if prompt.ask_location else []
        if prompt.ask_phone:
            rows.append([KeyboardButton(SEND_PHONE, request_contact=True)])
        rows += [[KeyboardButton(each.label) for each in row] for row in in_rows(prompt.choices)]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    buttons = [
        [InlineKeyboardButton(each.label, callback_data=each.payload) for each in row]
        for row in in_rows(prompt.choices)
    ]
    if prompt.url and is_public(prompt.url[1]):
        buttons.append([InlineKeyboardButton(prompt.url[0], url=prompt.url[1])])
    return InlineKeyboardMarkup(buttons) if buttons else ReplyKeyboardRemove()


def in_rows(choices: Sequence[Choice]) -> list[Sequence[Choice]]:
    """As many in a row as their longest label lets a small phone show."""
    longest = max((len(each.label) for each in choices), default=0)
    width = next((width for most, width in WIDTHS if longest <= most), 1)
    return [choices[start : start + width] for start in range(0, len(choices), width)]


def is_public(url: str) -> bool:
    """Whether Telegram accepts the address on a button: not one of this machine or network."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".test", ".localhost"))
