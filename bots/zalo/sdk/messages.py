"""What a message is made of, as Zalo's JSON."""

import enum
import unicodedata
from typing import Any

from feedback.outbox.split import split

LONGEST = 2000  # characters of a text


def pieces(text: str) -> list[str]:
    """A text composed (NFC) and cut into what one message carries."""
    return split(unicodedata.normalize("NFC", text), LONGEST)


class ZaloMessage:
    """A message body, or an action, for a recipient."""

    def __init__(
        self,
        recipient: "ZaloRecipient | None" = None,
        message_body: "ZaloMessageBody | None" = None,
        action: "ZaloAction | None" = None,
    ):
        self.msg = {"recipient": recipient, "message": message_body, "sender_action": action}

    def toDict(self) -> dict[str, Any]:
        return {name: part.toDict() for name, part in self.msg.items() if part is not None}


class ZaloPayloadType(enum.Enum):
    file = enum.auto()
    template = enum.auto()


class ZaloTemplateType(enum.Enum):
    media = enum.auto()
    list = enum.auto()
    request_user_info = enum.auto()


class ZaloAttachment:
    """Buttons, a picture or a file below the text."""

    def __init__(self, payload_type: str, payload: dict[str, Any] | None = None):
        self.payload_type = payload_type
        self.payload = {} if payload is None else payload

    def toDict(self) -> dict[str, Any]:
        return {"type": self.payload_type, "payload": self.payload}


class ZaloMessageBody:
    """The text (composed, at most 2,000 characters) with what hangs on it."""

    def __init__(
        self,
        text: str | None = None,
        attachment: ZaloAttachment | None = None,
        quote_message_id: str | None = None,
    ):
        composed = unicodedata.normalize("NFC", text) if text is not None else None
        self.body = {
            "text": composed,
            "attachment": attachment,
            "quote_message_id": quote_message_id,
        }

    def toDict(self) -> dict[str, Any]:
        parts = {name: part for name, part in self.body.items() if part is not None}
        return {
            name: part if isinstance(part, str) else part.toDict() for name, part in parts.items()
        }


class ZaloRecipient:
    """Whom it is for. Of several the first counts: message_id, user_id, target.

    `anonymous_id` with `conversation_id`: a visitor who is not logged in.
    """

    def __init__(
        self,
        message_id: str | None = None,
        user_id: str | None = None,
        target: dict[str, Any] | None = None,
        *,
        anonymous_id: str | None = None,
        conversation_id: str | None = None,
    ):
        self.user_id = user_id
        self.message_id = message_id
        self.target = target
        self.anonymous_id, self.conversation_id = anonymous_id, conversation_id

    def toDict(self) -> dict[str, Any]:
        for name in ("message_id", "user_id", "target"):
            value = getattr(self, name)
            if value is not None:
                return {name: value}
        if self.anonymous_id is not None:
            return {"anonymous_id": self.anonymous_id, "conversation_id": self.conversation_id}
        return {}


class ZaloAction:
    """A reaction to a message of the user's."""

    def __init__(self, react_icon: str, react_message_id: str):
        self.react_icon = react_icon
        self.react_message_id = react_message_id

    def toDict(self) -> dict[str, Any]:
        return {"react_icon": self.react_icon, "react_message_id": self.react_message_id}


class ZaloTemplateElement:
    """One card of a template."""

    NAMES = ("media_type", "url", "title", "subtitle", "image_url", "default_action")

    def __init__(self, **kwargs: Any):
        self.elem = {name: kwargs.get(name) for name in (*self.NAMES, "attachment_id")}

    def toDict(self) -> dict[str, Any]:
        return {name: value for name, value in self.elem.items() if value is not None}


class ZaloAttachmentTemplate:
    """The payload of a template: cards and buttons (dictionaries, or objects with `toDict`)."""

    def __init__(
        self,
        template_type: ZaloTemplateType | None,
        elements: list[Any] | None,
        buttons: list[Any] | None,
    ):
        self.template_type = template_type
        self.elements = elements
        self.buttons = buttons

    def toDict(self) -> dict[str, Any]:
        kind = {"template_type": self.template_type.name} if self.template_type else {}
        cards = {"elements": [_plain(each) for each in self.elements]} if self.elements else {}
        return {**kind, **cards, "buttons": [_plain(each) for each in self.buttons or ()]}


class ZaloAttachmentFile:
    """The payload of an uploaded file."""

    def __init__(self, payload_token: str):
        self.payload = payload_token

    def toDict(self) -> dict[str, Any]:
        return {"payload": self.payload}


def _plain(part: Any) -> Any:
    return part.toDict() if hasattr(part, "toDict") else part
