"""Sessions for calendars (ICS) and feed readers (RSS).

A session keeps its UID for life; SEQUENCE grows with every move and the cancellation, so a calendar
understands them as changes of the same event.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from feedback import clock, links
from feedback.dialogue.models import Dialogue, Status
from feedback.wards.models import Ward
from feedback.worktime.words import minute_name

PRODUCT = "-//Ward feedback//Dialogue//VI"
REFRESH = timedelta(hours=6)
ALARM_BEFORE = timedelta(hours=2)
_ATOM = "http://www.w3.org/2005/Atom"


def calendar(ward: Ward, dialogues: Sequence[Dialogue], *, name: str = "") -> bytes:
    """An iCalendar file (RFC 5545). Cancelled sessions stay in it, as such."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name or f"Đối thoại – {ward.name}")
    made.add("x-wr-timezone", str(clock.ZONE))
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for dialogue in dialogues:
        made.add_component(_event(ward, dialogue))
    return bytes(made.to_ical())


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


def _event(ward: Ward, dialogue: Dialogue):  # type: ignore[no-untyped-def]
    from icalendar import Alarm, Event, vGeo

    event = Event()
    event.add("uid", uid(dialogue, ward))
    event.add("sequence", dialogue.sequence)
    event.add("dtstamp", dialogue.updated_at.astimezone(UTC))
    event.add("last-modified", dialogue.updated_at.astimezone(UTC))
    event.add("dtstart", dialogue.starts_at.astimezone(UTC))
    event.add("dtend", dialogue.ends_at.astimezone(UTC))
    event.add("summary", dialogue.title)
    event.add("description", _line(dialogue))
    event.add("location", dialogue.place or "Trực tuyến")
    event.add("url", links.dialogue(ward.slug, dialogue.id))
    is_off = dialogue.status is Status.CANCELLED
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    if dialogue.lat is not None and dialogue.lng is not None:
        event.add("geo", vGeo((dialogue.lat, dialogue.lng)))
    if not is_off:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", dialogue.title)
        alarm.add("trigger", -ALARM_BEFORE)
        event.add_component(alarm)
    return event


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
