"""One message as it came in, in no channel's own terms."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from feedback.people.models import Channel


@dataclass(frozen=True)
class FileRef:
    """A file the channel holds for us. `key` is the channel's own id of it; `size` in bytes if told."""

    key: str
    name: str
    media_type: str = ""
    size: int | None = None


@dataclass(frozen=True)
class Spot:
    """A point on the map (degrees, WGS 84), with its address when the sender's phone knew it."""

    lat: float
    lng: float
    address: str = ""


@dataclass(frozen=True)
class Inbound:
    """What one person sent at one time. Everything but the first four may be missing.

    `sender` is where an answer goes. `message_id` is unique in (channel, account): the provider may
    deliver it any number of times. `button` is the payload of a pressed button; `#2` means the second
    choice of what was last asked. `ref` names the message itself, so that a later edit (`is_edit`) can
    say what it corrects. `album` is shared by photos sent together. `callback_id` must be acknowledged.
    `is_reachable` says that the person blocked us (False) or let us in again (True). `unread` names a
    kind of content nobody here can read. `is_withdrawal`: the person asks that what we know of them be
    deleted. `phone` is the sender's own, as the channel vouches. `group`: the group of officials in which
    a button was pressed (then `sender` is who pressed it) or a command typed (then it is the sender).
    """

    channel: Channel
    account: str
    sender: str
    message_id: str
    text: str = ""
    button: str | None = None
    files: tuple[FileRef, ...] = ()
    place: Spot | None = None
    phone: str | None = None
    name: str = ""
    ref: str = ""
    album: str = ""
    unread: str = ""
    callback_id: str | None = None
    group: str = ""
    is_edit: bool = False
    is_reachable: bool | None = None
    is_withdrawal: bool = False
    sent_at: datetime | None = None

    def as_json(self) -> str:
        data = {key: value for key, value in vars(self).items() if value not in ("", None, ())}
        return json.dumps(data, ensure_ascii=False, default=_plain)

    @classmethod
    def from_json(cls, text: str) -> "Inbound":
        data = json.loads(text)
        data["channel"] = Channel(data["channel"])
        data["files"] = tuple(FileRef(**file) for file in data.get("files", ()))
        if data.get("place"):
            data["place"] = Spot(**data["place"])
        if data.get("sent_at"):
            data["sent_at"] = datetime.fromisoformat(data["sent_at"])
        return cls(**data)

    def merged_with(self, later: "Inbound") -> "Inbound":
        """This message and the one sent right after it, as if they had been one."""
        return replace(
            self,
            text="\n".join(filter(None, (self.text, later.text))),
            files=self.files + later.files,
            place=later.place or self.place,
            phone=later.phone or self.phone,
            album=later.album or self.album,
            unread=self.unread or later.unread,
            sent_at=later.sent_at or self.sent_at,
        )


@dataclass(frozen=True)
class Ignored:
    """A delivery that asks nothing of us; it is stored with the reason and answered 200."""

    message_id: str
    reason: str


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, FileRef | Spot):
        return vars(value)
    raise TypeError(f"{type(value).__name__} in an inbound message")
