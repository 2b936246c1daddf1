"""How a prompt looks in Zalo: its words, and at most five buttons. Pure."""

from collections.abc import Mapping
from typing import Any

from bots.zalo.events import ANONYMOUS
from bots.zalo.sdk.messages import ZaloAttachment, ZaloMessageBody, ZaloRecipient
from feedback.messages import NOTHING, say
from feedback.outbox.prompt import Prompt

MOST_BUTTONS = 5
LONGEST_TITLE = 100  # characters on a button
LONGEST_TEXT = 2000


def recipient(address: str) -> ZaloRecipient:
    """The person behind an address, logged in or not."""
    if not address.startswith(f"{ANONYMOUS}:"):
        return ZaloRecipient(user_id=address)
    _, person, conversation = address.split(":", 2)
    return ZaloRecipient(anonymous_id=person, conversation_id=conversation)


def is_anonymous(address: str) -> bool:
    return address.startswith(f"{ANONYMOUS}:")


def body(
    prompt: Prompt, own: Mapping[str, str] = NOTHING, *, has_buttons: bool = True
) -> ZaloMessageBody:
    """The message; `own`: the ward's own words. Without room for the buttons the choices stand in the text, with numbers."""
    buttons = _buttons(prompt) if has_buttons else None
    text = _words(prompt, own, has_choices=buttons is None)
    payload = {"buttons": buttons}
    return ZaloMessageBody(text, ZaloAttachment("template", payload) if buttons else None)


def _buttons(prompt: Prompt) -> list[dict[str, Any]] | None:
    """The buttons, or None when there are too many, or one is too long."""
    buttons: list[dict[str, Any]] = [
        {"title": each.label, "type": "oa.query.hide", "payload": _payload(each.payload)}
        for each in prompt.choices
    ]
    if prompt.url:
        label, url = prompt.url
        buttons.append({"title": label, "type": "oa.open.url", "payload": {"url": url}})
    fits = all(len(each["title"]) <= LONGEST_TITLE for each in buttons)
    return buttons if fits and len(buttons) <= MOST_BUTTONS else None


def _payload(payload: str) -> str:
    return payload if payload.startswith("#") else f"#{payload}"


def _words(prompt: Prompt, own: Mapping[str, str], *, has_choices: bool) -> str:
    parts = [prompt.text]
    if prompt.ask_location:
        parts.append(say("zalo.location", own))
    if has_choices and prompt.choices:
        parts.append(say("zalo.choices", own, labels=[each.label for each in prompt.choices]))
    if has_choices and prompt.url:
        parts.append(say("zalo.link", own, label=prompt.url[0], url=prompt.url[1]))
    text = "\n\n".join(part for part in parts if part)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
