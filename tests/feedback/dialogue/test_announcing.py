"""One announcement for each ear, and the feeds as strict readers read them."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from feedback import clock
from feedback.db import db
from feedback.dialogue import announcing, feeds
from feedback.dialogue.models import Dialogue
from feedback.wards.models import Ward
from tests.feedback.calendars import Khal, strictly
from tests.feedback.dialogue.stories import SATURDAY, announced, at, do

pytestmark = pytest.mark.usefixtures("monday")


def both(world, **values):
    return announced(world, **values), db.session.get_one(Ward, world.ward.id)


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


def test_a_session_for_everybody_is_read_out_without_its_list(world):
    every = [area.id for area in world.neighbourhoods.values()]
    dialogue, ward = both(world, neighbourhood_ids=every)
    assert "Kính mời bà con toàn phường đến dự." in announcing.loudspeaker(dialogue, ward).text
    own, _ = both(world, kind="neighbourhood_meeting", neighbourhood_ids=every[:1])
    assert announcing.group_text(own, ward).startswith(
        "📢 Tổ trưởng Tổ dân phố số 1, Phường Ba Đình"
    )


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
    khal = Khal(tmp_path)

    def imported() -> str:
        row = db.session.get_one(Dialogue, dialogue.id)
        return khal.reads(feeds.calendar(world.ward, [row]))

    assert imported() == f"12/12/2026 08:00 {dialogue.title} CONFIRMED"
    with clock.at(at(1)):
        do(world, dialogue, "move", starts_at=at(19), ends_at=at(19, 11), reason="Sửa điện")
    assert imported() == f"19/12/2026 08:00 {dialogue.title} CONFIRMED"
    with clock.at(at(2)):
        do(world, dialogue, "cancel", reason="Bão")
    assert imported() == f"19/12/2026 08:00 {dialogue.title} CANCELLED"
