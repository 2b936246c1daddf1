"""One announcement for each ear, and the feeds as strict readers read them."""

import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from feedback import clock
from feedback.db import db
from feedback.dialogue import announcing, feeds
from feedback.dialogue.models import Dialogue
from feedback.wards.models import Ward
from tests.feedback.dialogue.stories import SATURDAY, announced, at, do

pytestmark = pytest.mark.usefixtures("monday")
LINE = re.compile(rb"[^\r\n]{0,75}")


def both(world, **values):
    return announced(world, **values), db.session.get_one(Ward, world.ward.id)


def strictly(body: bytes) -> Calendar:
    """RFC 5545 to the letter: CRLF, folded lines, no parser error, one VEVENT each with what it must."""
    assert body.endswith(b"\r\n")
    for line in body.split(b"\r\n")[:-1]:
        assert LINE.fullmatch(line), line
    read = Calendar.from_ical(body)
    assert read.errors == []
    assert read["VERSION"] == "2.0"
    assert read["PRODID"]
    for event in read.walk("VEVENT"):
        assert event.errors == []
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY"):
            assert (
                len([key for key, _ in event.property_items(recursive=False) if key == name]) == 1
            )
        for name in ("DTSTAMP", "DTSTART", "DTEND"):
            assert event.decoded(name).utcoffset() == timedelta(0)
    return read


def event_of(world, dialogue):
    row = db.session.get_one(Dialogue, dialogue.id)
    return strictly(feeds.calendar(world.ward, [row])).walk("VEVENT")[0]


def test_the_calendar_passes_a_strict_reader(world):
    dialogue, _ward = both(world)
    event = event_of(world, dialogue)
    assert event.decoded("DTSTART") == SATURDAY.astimezone(UTC)
    assert event["SEQUENCE"] == 0
    assert event["STATUS"] == "CONFIRMED"
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-2)
    assert alarm["ACTION"] == "DISPLAY"


def test_a_move_and_a_cancellation_change_the_same_event(world):
    dialogue, _ward = both(world)
    first = event_of(world, dialogue)
    with clock.at(at(1)):
        do(world, dialogue, "move", starts_at=at(19), ends_at=at(19, 11), reason="Sửa điện, nước")
    moved = event_of(world, dialogue)
    with clock.at(at(2)):
        do(world, dialogue, "cancel", reason="Bão số 9")
    gone = event_of(world, dialogue)
    assert first["UID"] == moved["UID"] == gone["UID"]
    assert [each["SEQUENCE"] for each in (first, moved, gone)] == [0, 1, 2]
    assert first.decoded("DTSTAMP") < moved.decoded("DTSTAMP") < gone.decoded("DTSTAMP")
    assert moved.decoded("DTSTART") == at(19).astimezone(UTC)
    assert gone["STATUS"] == "CANCELLED"
    assert not gone.walk("VALARM")


def test_long_vietnamese_words_are_folded_between_letters(world):
    dialogue, _ward = both(world, title="Hội nghị trao đổi, đối thoại; “lắng nghe” " + "ế" * 120)
    assert event_of(world, dialogue)["SUMMARY"] == dialogue.title


def test_the_feed_is_what_readers_expect(world):
    dialogue, ward = both(world, title="Thu & chi <2026>")
    root = ElementTree.fromstring(feeds.rss(ward, [dialogue]))  # noqa: S314  our own
    assert (root.tag, root.attrib["version"]) == ("rss", "2.0")
    channel = root.find("channel")
    for name in ("title", "link", "description"):
        assert channel.findtext(name)
    (item,) = channel.findall("item")
    assert item.findtext("title") == "Thu & chi <2026>"
    assert item.findtext("link").startswith("http")
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert isinstance(parsedate_to_datetime(item.findtext("pubDate")), datetime)
    do(world, dialogue, "cancel", reason="Bão")
    again = ElementTree.fromstring(  # noqa: S314  our own
        feeds.rss(ward, [db.session.get_one(Dialogue, dialogue.id)])
    )
    item = again.find("channel/item")
    assert item.findtext("title").startswith("ĐÃ HỦY")
    assert item.findtext("guid").endswith("/1")


def test_the_loudspeaker_says_short_sentences_and_no_figures(world):
    dialogue, ward = both(world)
    said = announcing.loudspeaker(dialogue, ward)
    assert not re.search(r"\d", said.text)
    assert "tám giờ sáng" in said.text
    assert "ngày mười hai, tháng mười hai" in said.text
    assert max(len(line.split()) for line in said.text.splitlines()) <= 18
    assert said.days == (date(2026, 12, 9), date(2026, 12, 10), date(2026, 12, 11))


def test_the_text_for_the_group_can_be_forwarded_as_it_is(world):
    dialogue, ward = both(world)
    text = announcing.group_text(dialogue, ward)
    assert text.count("http") == 1
    assert "Tổ dân phố số 1, Tổ dân phố số 2" in text
    assert "08:00 Thứ Bảy 12/12/2026" in text
    assert not re.search(r"[*_<>]", text)


@pytest.mark.office
def test_a_calendar_program_understands_updates_as_the_same_event(world, tmp_path):
    """Debian's khal, as it reads what a resident's telephone would be given three times."""
    dialogue, _ward = both(world)
    config = tmp_path / "config"
    (tmp_path / "calendar").mkdir()
    config.write_text(
        f"[calendars]\n[[ward]]\npath = {tmp_path}/calendar\n"
        "[locale]\nlocal_timezone = Asia/Ho_Chi_Minh\ndefault_timezone = Asia/Ho_Chi_Minh\n"
        "dateformat = %d/%m/%Y\nlongdateformat = %d/%m/%Y\ntimeformat = %H:%M\n"
        "datetimeformat = %d/%m/%Y %H:%M\nlongdatetimeformat = %d/%m/%Y %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n",
        encoding="utf-8",
    )

    def khal(*words: str) -> str:
        done = subprocess.run(
            ["khal", "-c", str(config), *words],
            capture_output=True,
            text=True,
            check=True,
            env={"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )
        return done.stdout

    def imported() -> str:
        file = tmp_path / "session.ics"
        file.write_bytes(feeds.calendar(world.ward, [db.session.get_one(Dialogue, dialogue.id)]))
        khal("import", "--batch", "-a", "ward", str(file))
        form = "{start} {title} {status}"
        return khal("list", "--format", form, "--day-format", "", "01/12/2026", "60d").strip()

    assert imported() == f"12/12/2026 08:00 {dialogue.title} CONFIRMED"
    with clock.at(at(1)):
        do(world, dialogue, "move", starts_at=at(19), ends_at=at(19, 11), reason="Sửa điện")
    assert imported() == f"19/12/2026 08:00 {dialogue.title} CONFIRMED"
    with clock.at(at(2)):
        do(world, dialogue, "cancel", reason="Bão")
    assert imported() == f"19/12/2026 08:00 {dialogue.title} CANCELLED"
