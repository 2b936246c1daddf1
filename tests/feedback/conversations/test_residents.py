"""How people really write: each of these once went wrong somewhere."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.conversations import fetching, inbox
from feedback.conversations.inbound import FileRef, Spot
from feedback.db import db
from feedback.documents.intake import CleanFile
from feedback.people.models import Channel
from feedback.petitions.models import Kind, Petition
from tests.feedback.conversations.person import STORY, Person, open_account, petitions

HERE = Spot(21.0341, 105.8142)


@pytest.fixture
def dan(world, monkeypatch) -> Person:
    def fetch(_account, file):
        media = file.media_type or "image/jpeg"
        return CleanFile(file.name, media, "bin", b"", "0" * 64, 10, 10)

    monkeypatch.setitem(fetching._fetchers, Channel.CONSOLE, fetch)
    open_account(world)
    return Person()


def reported(dan: Person) -> Petition:
    dan.send(STORY)
    dan.send(place=HERE)
    assert dan.press("Gửi") == ["petition.received"]
    return petitions()[-1]


def test_a_bare_phone_number_after_a_report_is_that_reports(dan):
    number = reported(dan).number
    assert dan.send("0912 345 678") == ["phone_added"]
    assert number in dan.last[-1].text
    (petition,) = petitions()
    assert petition.reporter_phone == "+84912345678"
    assert petition.phone_hash
    assert dan.contact.phone == "+84912345678"
    assert "0912" not in "".join(entry.text for entry in petition.timeline)


def test_a_second_number_changes_no_report_that_has_one(dan):
    reported(dan)
    dan.send("0912 345 678")
    assert dan.send("0987 654 321") == ["phone_added"]
    (petition,) = petitions()
    assert petition.reporter_phone == "+84912345678"


def test_a_number_long_after_is_only_kept(dan):
    number = reported(dan).number
    with clock.at(clock.now() + timedelta(hours=2)):
        assert dan.send("0912345678") == ["phone_added"]
    assert number not in dan.last[-1].text
    assert petitions()[0].reporter_phone is None


@pytest.mark.parametrize("said", ["alo", "👋", "alo alo ạ", "🙂🙂🙂"])
def test_a_greeting_is_greeted(dan, said):
    assert dan.send(said) == ["hello"]


def test_a_voice_note_is_kept_and_words_are_asked_for(dan):
    voice = FileRef("v", "tin-thoai.ogg", "audio/ogg")
    assert dan.send(files=(voice,)) == ["ask_text_too"]
    assert "tin thoại (cán bộ sẽ nghe lại)" in dan.last[-1].text
    assert dan.send(STORY) == ["ask_place"]


def test_three_thousand_characters_are_one_report(dan):
    story = " ".join(["Đường ngập nước và rác trôi khắp nơi"] * 83)[:3000]
    assert dan.send(story) == ["ask_place"]
    dan.send("tổ 2")
    dan.press("Gửi")
    assert petitions()[0].text == story


def test_five_photos_first(dan):
    photos = tuple(FileRef(f"p{no}", f"anh{no}.jpg") for no in range(5))
    for no, photo in enumerate(photos):
        inbox.receive(dan.inbound(files=(photo,), album="a", message_id=f"p{no}"))
    with clock.at(clock.now() + timedelta(seconds=5)):
        inbox.handle_pending()
    assert dan.notices() == ["ask_text_too"]
    dan.send("Rác chất đống trước cổng trường, hôi lắm")
    dan.send("tổ 1")
    dan.press("Gửi")
    assert len(petitions()[0].files) == 5


def test_a_sentence_seconds_after_the_first_is_more_of_the_story(dan):
    start = clock.now()
    with clock.at(start):
        assert dan.send(STORY) == ["ask_place"]
    with clock.at(start + timedelta(seconds=6)):
        assert dan.send("cả xóm tối om trẻ con đi học về rất sợ") == ["ask_place"]
    with clock.at(start + timedelta(seconds=9)):
        assert dan.send("tổ 2") == ["summary"]
    dan.press("Gửi")
    (petition,) = petitions()
    assert "trẻ con đi học về" in petition.text
    assert petition.address == ""


def test_two_people_with_one_phone(dan):
    mother = reported(dan).number
    assert dan.send("Cháu tôi hỏi lớp học hè của phường bao giờ khai giảng") == ["which"]
    dan.press("Việc mới")
    assert dan.send("nhà văn hóa phường") in (["summary"], ["ask_place"])
    if any(choice.label == "Bỏ qua" for choice in dan.last[-1].choices):
        dan.press("Bỏ qua")
    dan.press("Gửi")
    one, two = petitions()
    assert one.number == mother
    assert "lớp học hè" in two.text
    assert "lớp học hè" not in one.text


def test_praise_needs_no_place(dan):
    assert dan.send("Cảm ơn chị Lan ở bộ phận một cửa đã hướng dẫn rất tận tình") == ["summary"]
    dan.press("Gửi")
    (petition,) = petitions()
    assert petition.kind is Kind.KHEN_NGOI


def test_a_burst_in_one_breath_is_answered_once(dan):
    for text in ("Cống trước nhà tắc", "nước đen trào lên mỗi sáng"):
        inbox.receive(dan.inbound(text))
    inbox.handle_pending()
    assert dan.notices()[-1] == "ask_place"
    held = db.session.scalar(sa.select(sa.func.count()).select_from(Petition))
    assert held == 0
