"""Sessions for calendars (ICS) and feed readers (RSS)."""

from collections.abc import Sequence
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from feedback import clock, ics, links
from feedback.dialogue.models import Dialogue, Status
from feedback.wards.models import Ward
from feedback.worktime.words import minute_name

_ATOM = "http://www.w3.org/2005/Atom"


def calendar(ward: Ward, dialogues: Sequence[Dialogue], *, name: str = "") -> bytes:
    """An iCalendar file of these sessions; cancelled ones stay in it."""
    entries = [_entry(ward, dialogue) for dialogue in dialogues]
    return ics.calendar(name or f"Đối thoại – {ward.name}", entries)


def uid(dialogue: Dialogue, ward: Ward) -> str:
    """The same for as long as the session is known, under this installation's name."""
    host = urlsplit(links.dialogue(ward.slug, dialogue.id)).hostname or "ward"
    return f"{dialogue.uid}@{host}"


def rss(ward: Ward, dialogues: Sequence[Dialogue]) -> bytes:
    """An RSS 2.0 feed, newest announcement first; a move is an item of its own."""
    root = Element("rss", {"version": "2.0", "xmlns:atom": _ATOM})
    channel = SubElement(root, "channel")
    page = links.dialogues(ward.slug)
    _words(channel, "title", f"Đối thoại – {ward.name}")
    _words(channel, "link", page)
    _words(channel, "description", f"Các buổi đối thoại của UBND {ward.name} với người dân")
    _words(channel, "language", "vi")
    own = {"href": f"{page}.rss", "rel": "self", "type": "application/rss+xml"}
    SubElement(channel, "atom:link", own)
    for dialogue in dialogues:
        item = SubElement(channel, "item")
        _words(item, "title", _headline(dialogue))
        _words(item, "link", links.dialogue(ward.slug, dialogue.id))
        _words(item, "description", _line(dialogue))
        guid = SubElement(item, "guid", {"isPermaLink": "false"})
        guid.text = f"{uid(dialogue, ward)}/{dialogue.sequence}"
        _words(item, "pubDate", format_datetime(dialogue.announced_at or dialogue.created_at))
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _entry(ward: Ward, dialogue: Dialogue) -> ics.Entry:
    has_spot = dialogue.lat is not None and dialogue.lng is not None
    return ics.Entry(
        uid=uid(dialogue, ward),
        sequence=dialogue.sequence,
        changed_at=dialogue.updated_at,
        starts_at=dialogue.starts_at,
        ends_at=dialogue.ends_at,
        title=dialogue.title,
        words=_line(dialogue),
        place=dialogue.place or "Trực tuyến",
        url=links.dialogue(ward.slug, dialogue.id),
        is_off=dialogue.status is Status.CANCELLED,
        spot=(dialogue.lat or 0.0, dialogue.lng or 0.0) if has_spot else None,
    )


def _headline(dialogue: Dialogue) -> str:
    if dialogue.status is Status.CANCELLED:
        return f"ĐÃ HỦY: {dialogue.title}"
    return f"ĐỔI LỊCH: {dialogue.title}" if dialogue.sequence else dialogue.title


def _line(dialogue: Dialogue) -> str:
    """When, where, what; why it was moved or cancelled."""
    parts = [minute_name(clock.local(dialogue.starts_at)), dialogue.place, dialogue.theme]
    if dialogue.reason:
        parts.append(f"Lý do thay đổi: {dialogue.reason}")
    return ". ".join(part.rstrip(".") for part in parts if part)


def _words(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
