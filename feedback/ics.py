"""Calendars to be put into a telephone: iCalendar (RFC 5545).

An entry keeps its UID for life; SEQUENCE grows with every move and the cancellation, so a calendar
understands them as changes of the same event. What was cancelled stays in the file, as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from feedback import clock

PRODUCT = "-//Ward feedback//Dialogue//VI"
REFRESH = timedelta(hours=6)
ALARM_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Entry:
    """One event. Instants are aware; `spot` is (latitude, longitude)."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    words: str
    place: str
    url: str
    is_off: bool = False
    spot: tuple[float, float] | None = None


def calendar(name: str, entries: Sequence[Entry]) -> bytes:
    """The file, to be subscribed to or opened once."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", str(clock.ZONE))
    made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry))
    return bytes(made.to_ical())


def _event(entry: Entry):  # type: ignore[no-untyped-def]
    from icalendar import Event, vGeo

    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("description", entry.words)
    event.add("location", entry.place)
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_off else "OPAQUE")
    if entry.spot is not None:
        event.add("geo", vGeo(entry.spot))
    if not entry.is_off:
        event.add_component(_alarm(entry.title))
    return event


def _alarm(words: str):  # type: ignore[no-untyped-def]
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
