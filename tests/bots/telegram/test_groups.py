"""Groups of officials and their topics: linked by a code, told of work without its content, pressed by those who may."""

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa
import time_machine

from bots.telegram.channel import TelegramSender
from bots.telegram.updates import parse
from feedback import clock, jobs
from feedback.conversations import inbox
from feedback.conversations.inbound import Ignored
from feedback.db import db, transaction
from feedback.errors import NotAllowed, NotFound
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from feedback.people import chats, groups
from feedback.people.models import Channel, Contact, OfficeGroup
from feedback.petitions.models import Kind, Petition, Status
from tests.bots.telegram_server import TOKEN, TelegramServer
from tests.bots.test_channel import row as delivery
from tests.feedback.conversations.person import Person, open_account
from tests.web.desk import walks

GROUP, TOPIC = -1001987654321, 7
SECRET = "Bà Lan số 12 ngõ 34 gọi 0912345678: đèn hỏng"


@pytest.fixture
def account(world):
    open_account(world, Channel.TELEGRAM)


class Room:
    """A group as Telegram shows it to the bot."""

    count = 730200000

    def update(self, **more) -> dict:
        Room.count += 1
        return {"update_id": Room.count, **more}

    def said(self, text, *, topic=None, sender=500) -> dict:
        thread = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        message = {
            "message_id": Room.count,
            "from": {"id": sender, "is_bot": False, "first_name": "Quản trị"},
            "chat": {"id": GROUP, "title": "Phòng Kinh tế", "type": "supergroup"},
            "date": 1772592738,
            "text": text,
            **thread,
        }
        return self.update(message=message)

    def pressed(self, payload, *, sender, topic=None) -> dict:
        message = self.said("x", topic=topic)["message"]
        who = {"id": sender, "is_bot": False, "first_name": "Ai đó"}
        return self.update(
            callback_query={
                "id": f"c{Room.count}",
                "from": who,
                "message": message,
                "data": payload,
            }
        )

    def hears(self, update: dict) -> None:
        inbound = parse(update)
        assert not isinstance(inbound, Ignored), inbound
        inbox.take_in(inbound)


@pytest.fixture
def room(account) -> Room:
    return Room()


def told(address: str) -> list[Prompt]:
    """Everything queued for this chat, in its order."""
    db.session.rollback()
    query = sa.select(OutboxRow).where(OutboxRow.recipient == address).order_by(OutboxRow.id)
    return [Prompt.from_json(row.body) for row in db.session.scalars(query)]


def linked(world, room, department=None, topic=None) -> str:
    """The address of the group, or of a topic of it, linked for a department (the whole ward)."""
    unit = world.departments[department].id if department else None
    with transaction():
        code = groups.new_code(unit, by=world.actor("admin"))
    room.hears(room.said(f"/lienket@phuong_bot {code}", topic=topic))
    return f"{GROUP}/{topic}" if topic else str(GROUP)


def officer(world, who: str, sender: int) -> Person:
    person = Person(str(sender), Channel.TELEGRAM)
    with transaction():
        code = chats.new_code(world.people[who].id)
    assert "officer.linked" in person.send(f"liên kết {code}")
    return person


def status(number: str) -> Status:
    db.session.rollback()
    return db.session.scalar(sa.select(Petition.status).where(Petition.number == number))


def code_of(world, who: str) -> str:
    unit = world.positions[who].department_id
    return next(code for code, each in world.departments.items() if each.id == unit)


def test_a_topic_hears_of_its_departments_work_and_nothing_a_resident_wrote(world, room):
    own = linked(world, room, code_of(world, "an"), TOPIC)
    other = linked(world, room, code_of(world, "chi"), TOPIC + 1)
    assert "từ nay nhận báo việc mới" in told(own)[0].text
    number = walks.accepted(world, text=SECRET).number
    (news,) = told(own)[1:]
    assert number in news.text
    assert world.an.full_name in news.text
    for secret in ("0912", "Lan", "số 12", "đèn hỏng"):
        assert secret not in news.text
    assert [choice.label for choice in news.choices] == ["Nhận việc", "Trả lại"]
    assert len(told(other)) == 1


def test_only_whoever_may_gets_something_done_by_a_button_of_the_group(world, room):
    here = linked(world, room, code_of(world, "an"))
    an, chi = officer(world, "an", 1001), officer(world, "chi", 1002)
    number = walks.accepted(world).number
    payload = told(here)[-1].choices[0].payload
    an.prompts(), chi.prompts()
    room.hears(room.pressed(payload, sender=999))  # nobody we know
    assert told("999") == [] or all(not prompt.text for prompt in told("999"))
    room.hears(room.pressed(payload, sender=1002))  # an official, but not this one's
    assert status(number) is Status.ACCEPTED
    assert any("không" in prompt.text.lower() for prompt in told("1002")[1:])
    room.hears(room.pressed(payload, sender=1001))
    assert status(number) is Status.IN_PROGRESS
    assert "Đã nhận việc" in told("1001")[-1].text
    assert f"đã nhận việc {number}" in told(here)[-1].text
    room.hears(room.pressed(payload, sender=1001))  # once more changes nothing
    assert status(number) is Status.IN_PROGRESS


@pytest.mark.parametrize("kind", [Kind.TO_CAO, Kind.KHIEU_NAI])
def test_of_a_sealed_matter_a_group_hears_nothing(world, room, kind):
    here = linked(world, room)
    walks.accepted(world, kind=kind)
    assert len(told(here)) == 1


def test_a_matter_about_an_officer_is_not_told_where_they_may_sit(world, room):
    here = linked(world, room)
    walks.accepted(world, complained_officer_id=world.chi.id)
    assert len(told(here)) == 1


def test_a_wrong_a_late_and_a_used_code_link_nothing(world, room):
    here = linked(world, room)
    with transaction():
        late = groups.new_code(None, by=world.actor("admin"))
    for code in ("AAAA-BBBB", "", late):
        if code == late:
            with transaction():
                from feedback.people.models import GroupCode

                db.session.execute(sa.update(GroupCode).values(expires_at=clock.now()))
        room.hears(room.said(f"/lienket {code}", topic=9))
        assert "không đúng hoặc đã hết hạn" in told(f"{GROUP}/9")[-1].text
    assert [c.address for _, c in groups.of_ward(world.ward.id)] == [here]


def test_a_group_lets_go_by_itself_and_by_the_administrator_alone(world, room):
    here = linked(world, room)
    ((group, _),) = groups.of_ward(world.ward.id)
    for who, error in (("clerk", NotAllowed), ("an", NotAllowed)):
        with pytest.raises(error), transaction():
            groups.unlink(group.id, by=world.actor(who))
        with pytest.raises(error), transaction():
            groups.new_code(None, by=world.actor(who))
    with pytest.raises(NotFound), transaction():
        groups.unlink(group.id, by=replace(world.actor("admin"), ward_id=99))
    room.hears(room.said("/huynhom"))
    assert "thôi nhận báo việc" in told(here)[-1].text
    walks.accepted(world)
    assert "thôi nhận báo việc" in told(here)[-1].text
    assert groups.of_ward(world.ward.id) == []


def test_all_else_said_in_a_group_is_not_read(room):
    for text in ("đèn hỏng", "/start", "/viec", "/lienketgi x"):
        assert parse(room.said(text)) == Ignored(str(Room.count), "group")


def test_the_morning_brings_numbers_once(world, room, tmp_path):
    with time_machine.travel("2026-03-04 08:00+07:00", tick=False) as time:
        here = linked(world, room, code_of(world, "an"))
        number = walks.in_progress(world, text=SECRET).number
        sealed = walks.accepted(world, kind=Kind.TO_CAO).number
        time.move_to("2026-04-01 06:00+07:00")
        jobs.write_digests(tmp_path)
        before = len(told(here))
        time.move_to("2026-04-01 08:00+07:00")
        jobs.write_digests(tmp_path)
        jobs.write_digests(tmp_path)
        (digest,) = told(here)[before:]
        assert "Quá hạn: 1" in digest.text
        assert number in digest.text
        assert sealed not in digest.text
        assert "0912" not in digest.text


def test_a_topic_is_written_to_in_its_thread_and_shares_the_groups_lane(world):
    from feedback.outbox.enqueue import lane

    assert lane("telegram", "main", "-100/5") == lane("telegram", "main", "-100/6")

    async def go(server):
        sender = TelegramSender(
            TOKEN, api_url=server.api_url, file_url=server.file_url, find_file=lambda _k: None
        )
        await sender.open()
        try:
            await sender.send(delivery(f"{GROUP}/{TOPIC}"), Prompt("Việc mới"))
        finally:
            await sender.close()

    with TelegramServer() as server:
        asyncio.run(go(server))
        (call,) = server.calls
    assert (call.chat, str(call.params["message_thread_id"])) == (str(GROUP), str(TOPIC))


def test_a_group_is_never_anybodys_chat(world, room):
    linked(world, room)
    db.session.rollback()
    contact = db.session.scalars(
        sa.select(Contact).join(OfficeGroup, OfficeGroup.contact_id == Contact.id)
    ).one()
    assert contact.officer_id is None
    assert contact.display_name == "Phòng Kinh tế"
