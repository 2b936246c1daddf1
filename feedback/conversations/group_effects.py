"""What is typed in a group of officials does. Like `effects.py`; all raise Refusal."""

from collections.abc import Callable
from typing import Any

from feedback.conversations.people import Chat
from feedback.people import groups
from feedback.wards.setup import setup_of

Result = dict[str, Any]


def group_link(chat: Chat, code: str) -> Result:
    setup = setup_of(chat.ward_id)
    group = groups.link(chat.contact.id, code)
    chat.changes |= {"unreachable_at": None, "unreachable_reason": None}
    return {"unit": setup.departments.get(group.department_id or 0, setup.name)}


def group_leave(chat: Chat) -> Result:
    return {"was_linked": groups.leave(chat.contact.id)}


EFFECTS: dict[str, Callable[..., Result]] = {
    effect.__name__: effect for effect in (group_link, group_leave)
}
