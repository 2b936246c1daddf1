"""One thing said in a chat, in no channel's own terms; each channel draws it as it can."""

import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """One button: the words on it, and what pressing it sends back ("rate:5"; at most 60 ASCII bytes)."""

    label: str
    payload: str


@dataclass(frozen=True)
class Prompt:
    """Text (NFC, any length: channels split it), buttons, and what to ask the phone for.

    `file_key` names a StoredFile to send instead of, or with, the text. `url` is a link offered as a
    button where the channel can (label, address).
    """

    text: str
    choices: tuple[Choice, ...] = field(default=())
    ask_location: bool = False
    ask_phone: bool = False
    file_key: str | None = None
    url: tuple[str, str] | None = None

    def as_json(self) -> str:
        data = {**vars(self), "choices": [vars(choice) for choice in self.choices]}
        return json.dumps(data, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Prompt":
        data = json.loads(text)
        data["choices"] = tuple(Choice(**choice) for choice in data["choices"])
        data["url"] = tuple(data["url"]) if data["url"] else None
        return cls(**data)
