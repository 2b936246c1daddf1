"""The neighbourhood's head in a chat: a message to the neighbours, the words of a session, "đã loan báo"."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.broadcast import expansion, subscriptions, topics
from feedback.broadcast.models import Broadcast
from feedback.conversations import fetching
from feedback.conversations.flows.officer import announcing
from feedback.conversations.inbound import FileRef
from feedback.db import db, transaction
from feedback.dialogue.models import Dialogue
from feedback.documents.intake import CleanFile
from feedback.documents.models import FileUse, StoredFile
from feedback.outbox.models import OutboxRow
from feedback.people import chats
from feedback.people.models import Channel
from tests.feedback.conversations.person import Person, open_account
from tests.feedback.dialogue.stories import do, planned

WORDS = "Sáng Chủ nhật 7 giờ tổng vệ sinh ngõ 34, mời mỗi nhà một người."


@pytest.fixture(autouse=True)
def morning():
    """A time of day at which announcements go out."""
    with time_machine.travel("2026-11-23 09:00+07:00"):
        yield


@pytest.fixture(params=[Channel.CONSOLE, Channel.TELEGRAM, Channel.ZALO])
def office(world, request):
    open_account(world, request.param)

    def sit(who: str) -> Person:
        person = Person(who, request.param)
        with transaction():
            code = chats.new_code(world.people[who].id)
        assert "officer.linked" in person.send(f"liên kết {code}")
        return person

    return sit


@pytest.fixture
def head(office) -> Person:
    return office("head_tdp")


@pytest.fixture
def neighbour(world, head) -> Person:
    """Asked for the news of neighbourhood 1."""
    person = Person("dan", head.channel)
    person.send("alo")
    with transaction():
        subscriptions.subscribe(person.contact.id, topics.area(world.neighbourhoods[1].id))
    person.prompts()
    return person


@pytest.fixture
def session(world) -> Dialogue:
    soon = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    return do(world, planned(world, starts_at=soon), "announce")


@pytest.fixture
def photo(head, monkeypatch):
    """What comes along with a message is a picture."""
    clean = CleanFile("anh.jpg", "image/jpeg", "jpg", b"", "0" * 64, 640, 480)
    monkeypatch.setitem(fetching._fetchers, head.channel, lambda _account, _file: clean)
    return (FileRef("p1", "anh.jpg", "image/jpeg"),)


def sent() -> list[Broadcast]:
    """What was announced from a chat."""
    db.session.rollback()
    query = sa.select(Broadcast).where(Broadcast.key.startswith("chat:"))
    return list(db.session.scalars(query.order_by(Broadcast.id)))


def reach(session, world, no=1):
    db.session.rollback()
    row = db.session.get_one(Dialogue, session.id)
    return next(r for r in row.concerned if r.neighbourhood_id == world.neighbourhoods[no].id)


def test_a_message_is_written_looked_at_and_sent_once(world, head, neighbour):
    assert head.send("loan báo") == ["officer.tell"]
    assert head.press("Viết tin") == ["officer.tell_what"]
    assert head.send(WORDS) == ["officer.tell_sure"]
    shown = head.last[-1].text
    assert WORDS in shown
    assert "1 người đã đăng ký" in shown
    assert sent() == []
    before = head.last
    assert head.press("Gửi") == ["officer.telling"]
    (row,) = sent()
    assert row.topics == [topics.area(world.neighbourhoods[1].id)]
    assert row.created_by_id == world.head_tdp.id
    head.last = before
    assert head.press("Gửi") == ["old_button"]
    assert len(sent()) == 1
    expansion.tick()
    db.session.rollback()
    said = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.broadcast_id == row.id)).all()
    assert [each.recipient for each in said] == ["dan"]
    assert neighbour.notices() == ["broadcast.announcement"]
    assert neighbour.last[0].text in shown  # exactly what was shown


def test_written_on_and_written_anew(head, neighbour):
    head.send("nhắn bà con")
    head.press("Viết tin")
    head.send("Mai cắt nước.")
    assert head.send("Từ 14 giờ.") == ["officer.tell_sure"]
    assert "Mai cắt nước.\nTừ 14 giờ." in head.last[-1].text
    assert head.press("Viết lại") == ["officer.tell_what"]
    head.send("Mai mất điện cả ngày.")
    assert "cắt nước" not in head.last[-1].text
    assert head.press("Thôi") == ["officer.cancelled"]
    assert sent() == []


def test_a_session_brings_its_words_and_may_be_told_again_with_its_buttons(
    world, head, neighbour, session
):
    assert head.send("loan báo")[-1] == "officer.tell"
    assert "chưa ghi đã loan báo" in head.last[-1].text
    assert head.press(session.title[:10]) == [
        "officer.session",
        "officer.group_text",
        "officer.speaker_text",
        "officer.session_next",
    ]
    intro, group, speaker, _ = (prompt.text for prompt in head.last)
    assert f"/doi-thoai/{session.id}/to-dan.pdf" in intro
    assert group.startswith("📢")  # forwarded as it is
    assert "A lô, a lô." in speaker
    assert head.press("Nhắn người đã đăng ký") == ["officer.tell_sure"]
    assert head.press("Gửi") == ["officer.telling"]
    row = sent()[-1]
    assert row.dialogue_id == session.id
    assert [label for label, _ in row.buttons] == ["Đăng ký dự", "Gửi câu hỏi"]


def test_that_it_was_told_is_proven_with_time_place_and_picture(world, head, session):
    head.send("đã loan báo")
    head.press(session.title[:10])
    assert head.press("Đã loan báo") == ["officer.told_where"]
    assert head.send("Đọc loa nhà văn hóa, gửi nhóm Zalo") == ["officer.told_when"]
    assert head.send("mai 6h") == ["officer.told_when_again"]
    assert head.press("Vừa xong") == ["officer.told_sure"]
    assert "Đọc loa nhà văn hóa" in head.last[-1].text
    assert head.press("Xác nhận") == ["officer.told"]
    row = reach(session, world)
    assert row.confirmed_by_id == world.head_tdp.id
    assert row.where == "Đọc loa nhà văn hóa, gửi nhóm Zalo"
    assert clock.now() - row.told_at < timedelta(minutes=5)
    assert reach(session, world, 2).confirmed_at is None  # somebody else's
    head.send("loan báo")
    assert "chưa ghi" not in head.last[-1].text


def test_pictures_go_along_and_are_kept_with_the_session(world, head, neighbour, session, photo):
    head.send("loan báo")
    head.press(session.title[:10])
    head.press("Đã loan báo")
    head.send("Bảng tin đầu ngõ", files=photo)
    head.send("6h15 hôm qua")
    assert "Ảnh: có" in head.last[-1].text
    assert head.press("Xác nhận") == ["officer.told"]
    row = reach(session, world)
    assert clock.local(row.told_at).strftime("%H:%M") == "06:15"
    assert db.session.get_one(StoredFile, row.file_id).dialogue_id == session.id
    head.send("loan báo")
    head.press("Viết tin")
    assert head.send(files=photo) == ["officer.tell_what"]
    assert head.send(WORDS) == ["officer.tell_sure"]
    assert "kèm ảnh" in head.last[-1].text
    head.press("Gửi")
    assert db.session.get_one(StoredFile, sent()[-1].file_id).use is FileUse.ANNOUNCED


def test_the_poster_is_one_word_away(world, head):
    assert head.send("tờ dán") == ["officer.poster"]
    assert "/to-dan/1.pdf" in head.last[-1].text
    assert "/to-dan/2.pdf" not in head.last[-1].text


@pytest.mark.parametrize("who", ["an", "chi"])
def test_an_officer_of_no_neighbourhood_announces_nothing(world, office, session, who):
    person = office(who)
    for payload in ("o:tell", "o:write", "o:poster"):
        assert person.send(button=payload) == ["old_button"]
    for payload in (f"o:session:{session.id}", f"o:told:{session.id}", f"o:resay:{session.id}"):
        assert person.send(button=payload) == ["officer.no_session"]
    assert sent() == []


def test_a_head_reaches_only_their_own_neighbourhood(world, head):
    soon = clock.now() + timedelta(days=20)
    elsewhere = do(
        world,
        planned(world, starts_at=soon, neighbourhood_ids=[world.neighbourhoods[3].id]),
        "announce",
    )
    assert head.send(button=f"o:session:{elsewhere.id}") == ["officer.no_session"]
    assert head.send(button=f"o:told:{elsewhere.id}") == ["officer.no_session"]
    head.send("loan báo")
    head.press("Viết tin")
    foreign = topics.area(world.neighbourhoods[3].id)
    assert head.send(button=f"o:scope:{foreign}") == ["old_button"]
    row = head.conversation
    with transaction():  # somebody made the slots up
        row = db.session.merge(row)
        row.slots = row.slots.replace(topics.area(world.neighbourhoods[1].id), foreign)
    assert head.send("Mai họp") == ["officer.tell_sure"]
    assert world.neighbourhoods[3].name not in head.last[-1].text
    assert sent() == []


def test_a_resident_presses_none_of_it(world, neighbour, session):
    for payload in ("o:tell", "o:write", f"o:told:{session.id}", "o:poster"):
        assert neighbour.send(button=payload) == ["old_button"]


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("6h15", "23 06:15"),
        ("lúc 7 giờ sáng nay", "23 07:00"),
        ("17 giờ hôm qua", "22 17:00"),
        ("5 giờ chiều hôm qua", "22 17:00"),
        ("8 giờ rưỡi", "23 08:30"),
        ("10h", None),  # still to come
        ("25h", None),
        ("hôm kia", None),
        ("đọc loa", None),
    ],
)
def test_hours_as_people_type_them(said, hour):
    found = announcing._instant(said, NOW)
    assert (f"{found:%d %H:%M}" if found else None) == hour
