"""A Telegram update, as the Bot API's JSON, becomes an Inbound: pure, plain dictionaries, fast.

Every update kind of the Bot API is either read here or ignored with a reason; nothing raises.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from feedback.conversations.inbound import FileRef, Ignored, Inbound, Spot
from feedback.people.models import Channel
from feedback.text import squeeze

# What a command typed after "/" means; the same payloads as the buttons have.
COMMANDS = {
    "start": "start",
    "menu": "menu",
    "phananh": "report",
    "tracuu": "track",
    "nhantin": "news",
    "thoinhantin": "news:off",
    "huy": "cancel",
    "cancel": "cancel",
    "trogiup": "help",
    "help": "help",
    "noi": "join",
    # of officers; in anybody else's chat these are buttons of nothing
    "viec": "o:work",
    "duyet": "o:work:sign",
    "nhapho": "o:entry",
    "huylienket": "o:unlink",
    "loanbao": "o:tell",
}
IN_GROUPS = {"lienket": "group:link", "huynhom": "group:leave"}  # the only words a group says to us
SERVICE = [
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "boost_added",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_scheduled",
    "web_app_data",
    "chat_background_set",
]
EVIDENCE = {  # kind of attachment: its name when the sender gave none, and its usual media type
    "animation": ("anh-dong.mp4", "video/mp4"),
    "document": ("tep", ""),
    "voice": ("tin-thoai.ogg", "audio/ogg"),
    "audio": ("am-thanh.mp3", "audio/mpeg"),
    "video": ("video.mp4", "video/mp4"),
    "video_note": ("video-tron.mp4", "video/mp4"),
}
ABSENT = {"kicked", "left"}


def parse(update: Any, account: str = "main") -> Inbound | Ignored:
    """What an update says to us, or why it says nothing. Never raises."""
    if not isinstance(update, dict):
        return Ignored("", "not an object")
    number = update.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool):
        return Ignored("", "no update_id")
    for kind, read in KINDS.items():
        if kind in update:
            try:
                return read(update[kind], account, str(number))
            except (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError):
                return Ignored(str(number), f"{kind}: unknown shape")
    return Ignored(str(number), next((key[:60] for key in update if key != "update_id"), "empty"))


def _message(message: dict[str, Any], account: str, number: str) -> Inbound | Ignored:
    reason = _not_for_us(message)
    if reason == "group":
        return _said_in_group(message, account, number)
    if reason:
        return Ignored(number, reason)
    chat = _whole(message["chat"]["id"])
    ref = f"{chat}:{_whole(message['message_id'])}"
    button, text = _command(message.get("text") or message.get("caption") or "")
    place = _place(message)
    unread = ""
    phone = None
    if "contact" in message:
        phone = _own_phone(message["contact"], message["from"])
        unread = "" if phone else "contact"
    elif "sticker" in message or "dice" in message:
        text = squeeze((message.get("sticker") or message["dice"]).get("emoji") or "") or "🙂"
    files = _files(message)
    if not (text or button or files or place or phone or unread):
        unread = _kind(message)
    return Inbound(
        Channel.TELEGRAM,
        account,
        str(chat),
        f"{number}:{ref}",
        text=text,
        button=button,
        files=files,
        place=place,
        phone=phone,
        unread=unread,
        name=_name(message["from"]),
        ref=ref,
        album=str(message.get("media_group_id") or "")[:80],
        sent_at=datetime.fromtimestamp(_whole(message["date"]), UTC),
    )


def _said_in_group(message: dict[str, Any], account: str, number: str) -> Inbound | Ignored:
    """A group is linked and let go by a command; of all else said in it we read nothing."""
    words = squeeze(str(message.get("text") or ""))
    name, _, rest = words.removeprefix("/").partition(" ")
    payload = IN_GROUPS.get(name.partition("@")[0].lower()) if words.startswith("/") else None
    if payload is None:
        return Ignored(number, "group")
    address = _topic(message)
    return Inbound(
        Channel.TELEGRAM,
        account,
        address,
        f"{number}:{address}",
        button=f"{payload}:{rest[:20]}" if rest else payload,
        name=squeeze(str(message["chat"].get("title") or ""))[:120],
        group=address,
        sent_at=datetime.fromtimestamp(_whole(message["date"]), UTC),
    )


def _topic(message: dict[str, Any]) -> str:
    """'-1001234', or '-1001234/5' in a topic of it."""
    chat = str(_whole(message["chat"]["id"]))
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    return f"{chat}/{_whole(thread)}" if thread else chat


def _edited(message: dict[str, Any], account: str, number: str) -> Inbound | Ignored:
    if "location" in message:
        return Ignored(number, "live location moved")
    read = _message(message, account, number)
    if isinstance(read, Ignored):
        return read
    if not read.text or read.button:
        return Ignored(number, "edited without words")
    return Inbound(
        read.channel,
        read.account,
        read.sender,
        read.message_id,
        text=read.text,
        name=read.name,
        ref=read.ref,
        is_edit=True,
        sent_at=read.sent_at,
    )


def _pressed(query: dict[str, Any], account: str, number: str) -> Inbound | Ignored:
    """In a group it acts as whoever pressed it: their private chat has the number of their account."""
    if "message" not in query:
        return Ignored(number, "button of a message that is gone")
    is_private = query["message"]["chat"].get("type", "private") == "private"
    return Inbound(
        Channel.TELEGRAM,
        account,
        str(_whole(query["message"]["chat"]["id"] if is_private else query["from"]["id"])),
        f"{number}:button",
        group="" if is_private else _topic(query["message"]),
        button=squeeze(str(query.get("data") or ""))[:64] or "unknown",
        name=_name(query["from"]),
        callback_id=str(query["id"])[:64],
    )


def _membership(change: dict[str, Any], account: str, number: str) -> Inbound | Ignored:
    if change["chat"]["type"] != "private":
        return Ignored(number, "membership of a group")
    return Inbound(
        Channel.TELEGRAM,
        account,
        str(_whole(change["chat"]["id"])),
        f"{number}:membership",
        name=_name(change["from"]),
        is_reachable=change["new_chat_member"]["status"] not in ABSENT,
        sent_at=datetime.fromtimestamp(_whole(change["date"]), UTC),
    )


Reader = Callable[[dict[str, Any], str, str], Inbound | Ignored]
KINDS: dict[str, Reader] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _membership,
}


def _not_for_us(message: dict[str, Any]) -> str | None:
    for kind in SERVICE:
        if kind in message:
            return kind
    if message["chat"]["type"] != "private":
        return "group"
    if message["from"].get("is_bot"):
        return "from a bot"
    return None


def _command(text: str) -> tuple[str | None, str]:
    """('start:tdp-5', '') for '/start tdp-5'; (None, text) for words that are no command of ours."""
    text = squeeze(str(text))
    if not text.startswith("/"):
        return None, text
    name, _, rest = text[1:].partition(" ")
    payload = COMMANDS.get(name.partition("@")[0].lower())
    if payload is None:
        return None, text[1:]
    return (f"{payload}:{rest[:64]}" if rest and payload == "start" else payload), ""


def _place(message: dict[str, Any]) -> Spot | None:
    point = message.get("location")
    if point is None:
        return None
    lat, lng = float(point["latitude"]), float(point["longitude"])
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise ValueError("not on earth")
    venue = message.get("venue") or {}
    words = ", ".join(filter(None, (venue.get("title"), venue.get("address"))))
    return Spot(lat, lng, squeeze(words)[:300])


def _own_phone(contact: dict[str, Any], sender: dict[str, Any]) -> str | None:
    if contact.get("user_id") != sender["id"]:
        return None  # somebody else's number proves nothing
    return squeeze(str(contact["phone_number"]))[:30] or None


def _files(message: dict[str, Any]) -> tuple[FileRef, ...]:
    stem = f"-{message['message_id']}"
    if message.get("photo"):
        largest = max(message["photo"], key=lambda size: size["width"] * size["height"])
        return (_file(largest, f"anh{stem}.jpg", "image/jpeg"),)
    for kind, (default, media_type) in EVIDENCE.items():
        if kind in message:  # an animation comes as a document too: the first kind wins
            first, dot, last = default.partition(".")
            return (_file(message[kind], f"{first}{stem}{dot}{last}", media_type),)
    return ()


def _file(held: dict[str, Any], default: str, media_type: str) -> FileRef:
    size = held.get("file_size")
    return FileRef(
        key=str(held["file_id"])[:250],
        name=squeeze(str(held.get("file_name") or default))[:200],
        media_type=str(held.get("mime_type") or media_type)[:80],
        size=size if isinstance(size, int) else None,
    )


def _kind(message: dict[str, Any]) -> str:
    known = {"message_id", "from", "chat", "date", "reply_markup", "via_bot", "reply_to_message"}
    return next((key for key in message if key not in known), "empty")[:40]


def _name(person: dict[str, Any]) -> str:
    words = (person.get("first_name"), person.get("last_name"))
    return squeeze(" ".join(str(word) for word in words if word)).replace("\n", " ")[:120]


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise ValueError("a whole number was expected")
    return value
