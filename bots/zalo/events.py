"""A Zalo event becomes an Inbound: pure, plain dictionaries. Nothing raises.

Every documented event is read here or ignored with a reason. A pressed button comes as an ordinary
text that begins with "#", since Zalo has no event of its own for it.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from feedback.conversations.inbound import FileRef, Ignored, Inbound, Spot
from feedback.people.models import Channel
from feedback.text import squeeze

ANONYMOUS = "anonymous"  # begins the address of a visitor who is not logged in
# What a word typed after "#" means; the same payloads as the buttons have.
WORDS = {
    "batdau": "start",
    "menu": "menu",
    "phananh": "report",
    "tracuu": "track",
    "nhantin": "news",
    "thoinhantin": "news:off",
    "huy": "cancel",
    "trogiup": "help",
}
# Events that ask nothing of us, by the beginning of their names, and why.
REASONS = {
    "oa_send_": "our own message, or one typed by a person in OA chat",
    "oa_reacted_": "our own reaction",
    "user_seen_message": "a receipt: seen",
    "user_received_message": "a receipt: delivered",
    "user_reacted_message": "a reaction",
    "user_feedback": "feedback on a template; ratings come through our own buttons",
    "user_click_response_button": "a button of a template",
    "user_reply_consent": "consent to be called",
    "user_call_oa": "a call, answered on the telephone",
    "update_user_info": "the profile changed; we keep what the person told us",
    "add_user_to_tag": "tags are the OA's own",
    "remove_user_from_tag": "tags are the OA's own",
    "remove_tag": "tags are the OA's own",
    "change_template_status": "a template; its state is read where it is needed",
    "change_template_quality": "a template; its state is read where it is needed",
    "change_oa_": "a quota; it is read where it is needed",
    "change_template_": "a template; its state is read where it is needed",
    "widget_": "the widget on another page",
    "create_group": "groups are not served",
    "user_send_group_": "groups are not served",
    "oa_send_group_": "groups are not served",
    "group_": "groups are not served",
    "user_join_group": "groups are not served",
    "user_out_group": "groups are not served",
    "extension_purchased": "an extension",
    "permission_": "a right of the application; it is seen when it is needed",
}
FROM_OA = ("oa_", "user_seen_message", "user_received_message", "user_reacted_oa")
DEFAULTS = {  # kind of attachment: its name when the sender gave none, and its usual media type
    "image": ("anh.jpg", "image/jpeg"),
    "gif": ("anh-dong.gif", "image/gif"),
    "audio": ("tin-thoai.amr", "audio/amr"),
    "voice": ("tin-thoai.amr", "audio/amr"),
    "video": ("video.mp4", "video/mp4"),
    "file": ("tep", ""),
}
_PAYLOAD = re.compile(r"#([\x21-\x7e]{1,60})")


def account_of(event: Any) -> str:
    """Which Official Account an event is about; "" when it does not say."""
    if not isinstance(event, dict):
        return ""
    side = "sender" if str(event.get("event_name")).startswith(FROM_OA) else "recipient"
    party = event.get(side)
    inside = party.get("id") if isinstance(party, dict) else ""
    return str(event.get("oa_id") or inside or "")[:40]


def parse(event: Any, account: str) -> Inbound | Ignored:
    """What an event says to us, or why it says nothing. Never raises."""
    if not isinstance(event, dict):
        return Ignored("", "not an object")
    name = event.get("event_name")
    if not isinstance(name, str) or not name:
        return Ignored("", "no event_name")
    reason = next((why for start, why in REASONS.items() if name.startswith(start)), None)
    read = _reader(name)
    try:
        if reason or read is None:
            return Ignored(_key(event, name), f"{name}: {reason or 'unknown event'}"[:200])
        return read(event, account, name)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return Ignored("", f"{name[:60]}: unknown shape")


def _message(event: dict[str, Any], account: str, name: str) -> Inbound:
    message = event["message"]
    text, button = _words(message.get("text"))
    attachments = message.get("attachments") or []
    kinds = [str(each.get("type")) for each in attachments]
    place, files, unread = None, (), ""
    if name.endswith("business_card"):
        unread, text = "contact", ""
    elif name.endswith("location"):
        place = _place(attachments[0]["payload"]["coordinates"], text)
        text = ""
    elif name.endswith("sticker"):
        text = "🙂"
    elif name.endswith("link") and not text:
        text = squeeze(" ".join(str(each["payload"].get("url") or "") for each in attachments))
    else:
        known = [each for each in attachments if each.get("type") in DEFAULTS]
        files = tuple(_file(each["type"], each["payload"], message) for each in known)
    if not (text or button or files or place or unread):
        unread = next(iter(kinds), "empty")[:40]
    ref = _id(message["msg_id"])
    return _inbound(
        event,
        account,
        _sender(event, name),
        ref,
        text=text,
        button=button,
        files=files,
        place=place,
        unread=unread,
        ref=ref,
    )


def _follow(event: dict[str, Any], account: str, name: str) -> Inbound:
    return _inbound(event, account, _person(event), _key(event, name), button="start")


def _unfollow(event: dict[str, Any], account: str, name: str) -> Inbound:
    return _inbound(event, account, _person(event), _key(event, name), is_reachable=False)


def _chat_opened(event: dict[str, Any], account: str, name: str) -> Inbound:
    """From now on we may write; the person has said nothing yet."""
    return _inbound(event, account, _person(event), _key(event, name), is_reachable=True)


def _info(event: dict[str, Any], account: str, name: str) -> Inbound:
    info = event["info"]
    return _inbound(
        event,
        account,
        _person(event),
        _key(event, name),
        phone=str(info["phone"])[:30],
        name=squeeze(str(info.get("name") or ""))[:120],
    )


def _withdrawal(event: dict[str, Any], account: str, name: str) -> Inbound:
    return _inbound(event, account, _person(event), _key(event, name), is_withdrawal=True)


Reader = Callable[[dict[str, Any], str, str], Inbound]
READERS: dict[str, Reader] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "user_click_chatnow": _chat_opened,
    "user_submit_info": _info,
    "user_withdraw": _withdrawal,
}
SENDS = ("text", "image", "gif", "link", "audio", "video", "sticker", "location", "file")
READERS |= {f"user_send_{kind}": _message for kind in (*SENDS, "business_card")}
READERS |= {f"anonymous_send_{kind}": _message for kind in ("text", "image", "file", "sticker")}


def _reader(name: str) -> Reader | None:
    return READERS.get(name)


def _inbound(
    event: dict[str, Any], account: str, sender: str, message_id: str, **more: Any
) -> Inbound:
    at = datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC)
    return Inbound(Channel.ZALO, account, sender, message_id[:120], sent_at=at, **more)


def _words(said: Any) -> tuple[str, str | None]:
    """('', 'rate:5') for '#rate:5'; ('', '#2') for '#2'; (text, None) for words."""
    text = squeeze(str(said or ""))
    pressed = _PAYLOAD.fullmatch(text)
    if pressed is None:
        return text, None
    payload = pressed[1]
    return "", f"#{payload}" if payload.isdecimal() else WORDS.get(payload.lower(), payload)


def _place(point: dict[str, Any], words: str) -> Spot:
    lat, lng = float(point["latitude"]), float(point["longitude"])
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise ValueError("not on earth")
    return Spot(lat, lng, words[:300])


def _file(kind: str, payload: dict[str, Any], message: dict[str, Any]) -> FileRef:
    default, media_type = DEFAULTS[kind]
    stem, dot, end = default.partition(".")
    size = str(payload.get("size") or "")
    return FileRef(
        key=str(payload["url"])[:2000],
        name=squeeze(str(payload.get("name") or f"{stem}-{str(message['msg_id'])[:8]}{dot}{end}"))[
            :200
        ],
        media_type=media_type,
        size=int(size) if size.isdecimal() else None,
    )


def _sender(event: dict[str, Any], name: str) -> str:
    person = _id(event["sender"]["id"])
    if not name.startswith("anonymous"):
        return person
    return f"{ANONYMOUS}:{person}:{_id(event['message']['conversation_id'])}"[:120]


def _person(event: dict[str, Any]) -> str:
    inside = event.get("follower") or event.get("sender") or {}
    return _id(event.get("user_id") or inside["id"])


def _key(event: dict[str, Any], name: str) -> str:
    """A name for an event that is no message, without the person in it."""
    if name.startswith(("oa_", "user_seen", "user_received", "user_reacted")):
        return ""  # the digest of the body names it
    who = event.get("user_id") or event.get("follower") or event.get("sender") or ""
    told = f"{name} {who} {event.get('timestamp')}".encode()
    return f"{name[:60]}:{hashlib.sha256(told).hexdigest()[:40]}"


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value):
        raise ValueError("an id was expected")
    return str(value)[:60]
