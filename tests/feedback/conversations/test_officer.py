"""Officers in their own chats, against the real database: the same rights, funnel and record as the page."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from feedback import audit, clock, jobs
from feedback.conversations import fetching
from feedback.conversations.inbound import FileRef
from feedback.db import db, transaction
from feedback.documents.intake import CleanFile
from feedback.errors import BadInput
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.people import chats
from feedback.people.models import Channel, Contact
from feedback.petitions import actions
from feedback.petitions.models import Answer, AnswerState, Kind, Petition, Status, TimelineEntry
from feedback.wards.models import Field
from tests.feedback.conversations.person import Person, open_account
from tests.web.desk import walks

ANSWER = "Đội chiếu sáng đã thay bóng đèn sáng nay, mời Ông/Bà kiểm tra giúp."


@pytest.fixture
def office(world):
    """The ward with its console account; `office("an")` is An in a chat linked to him."""
    open_account(world)

    def sit(who: str, name: str = "") -> Person:
        person = Person(name or who)
        with transaction():
            code = chats.new_code(world.people[who].id)
        assert "officer.linked" in person.send(f"liên kết {code}")
        return person

    return sit


def fresh(number: str) -> Petition:
    db.session.rollback()
    return db.session.scalars(sa.select(Petition).where(Petition.number == number)).one()


def entries(number: str) -> list[TimelineEntry]:
    return fresh(number).timeline


def told(person: Person) -> str:
    """Everything said to this person since they last looked."""
    person.prompts()
    return "\n".join(prompt.text for prompt in person.last)


def test_from_assignment_to_approval_in_chats_alone(world, office):
    number = walks.received(world).number
    clerk, an, chair = office("clerk"), office("an"), office("vice")
    assert clerk.send("chờ tiếp nhận") == ["officer.work"]
    clerk.send("menu")
    clerk.press("Chờ tiếp nhận")
    assert number in clerk.last[-1].text
    clerk.press("1")
    assert clerk.press("Tiếp nhận") == ["officer.accepted"]
    assert "VIỆC MỚI" in told(an)
    assert an.press("Nhận việc") == ["officer.taken"]
    assert fresh(number).status is Status.IN_PROGRESS
    assert an.press("Soạn trả lời") == ["officer.ask_answer"]
    assert an.send(ANSWER) == ["officer.drafted"]
    assert ANSWER in an.last[-1].text
    assert an.press("Trình duyệt") == ["officer.submitted"]
    assert fresh(number).status is Status.AWAITING_APPROVAL
    assert ANSWER in told(chair)
    assert chair.press("Duyệt") == ["officer.signed"]
    assert fresh(number).status is Status.ANSWERED
    assert "đã được duyệt" in told(an)
    acts = [(e.action, e.detail.get("channel")) for e in entries(number) if e.officer_id]
    assert acts == [
        ("accept", "console"),
        ("take", "console"),
        ("draft", "console"),
        ("submit_answer", "console"),
        ("approve", "console"),
    ]


def test_undo_within_fifteen_seconds_and_not_after(world, office, time):
    number = walks.submitted(world).number
    chair = office("chair")
    chair.send("chờ duyệt")
    chair.press("1")
    chair.press("Duyệt")
    assert chair.press("Hoàn tác") == ["officer.recalled"]
    assert fresh(number).status is Status.AWAITING_APPROVAL
    chair.send("chờ duyệt")
    chair.press("1")
    chair.press("Duyệt")
    time.shift(timedelta(seconds=16))
    assert chair.press("Hoàn tác") == ["officer.refused"]
    assert "không thu hồi được nữa" in chair.last[-1].text
    assert fresh(number).status is Status.ANSWERED


@pytest.fixture
def time():
    import time_machine

    with time_machine.travel(
        datetime(2026, 3, 4, 2, 0, tzinfo=clock.ZONE), tick=False
    ) as traveller:
        yield traveller


def test_a_button_pressed_twice_says_where_it_stands_and_changes_nothing(world, office):
    number = walks.accepted(world).number
    an = office("an")
    an.send("việc của tôi")
    an.press("1")
    take = next(c.payload for c in an.last[-1].choices if c.label == "Nhận việc")
    assert an.send(button=take) == ["officer.taken"]
    before = len(entries(number))
    assert an.send(button=take) == ["officer.refused"]
    assert "Đang xử lý" in an.last[-1].text
    assert "Không có gì thay đổi" in an.last[-1].text
    assert len(entries(number)) == before


def test_an_old_button_does_not_approve_words_written_since(world, office):
    number = walks.submitted(world).number
    chair = office("chair")
    chair.send("chờ duyệt")
    chair.press("1")
    approve = next(c.payload for c in chair.last[-1].choices if c.label == "Duyệt")
    walks.step(world, fresh(number), "chair", actions.return_answer, reason="Thêm ảnh.")
    walks.step(world, fresh(number), "an", actions.submit_answer, text="Lời khác hẳn.")
    assert chair.send(button=approve) == ["officer.refused"]
    assert "đã được sửa" in chair.last[-1].text
    assert fresh(number).status is Status.AWAITING_APPROVAL


def test_a_stranger_who_guesses_payloads_gets_nothing(world, office):
    petition = walks.submitted(world)
    mark = petition.answers[-1]
    payloads = [
        f"o:{what}:{petition.id}"
        for what in ("case", "take", "accept", "back", "draft", "undo", "ask", "note", "rest")
    ]
    payloads += [f"o:ok:{petition.id}:{mark.id}.{mark.version}", "o:work", "o:brief", "o:entry"]
    version = petition.version
    resident, chi = Person("la"), office("chi")
    for payload in [
        *payloads,
        "o",
        "o:",
        "o:ok",
        "o:ok:x:y",
        "o:to:1:2:3",
        "o:area:9",
        "o:grant:1",
    ]:
        assert resident.send(button=payload) == ["old_button"], payload
        chi.send(button=payload)
        assert petition.number not in "".join(prompt.text for prompt in chi.last), payload
    assert fresh(petition.number).version == version


def test_sealed_matters_are_only_said_to_be_there(world, office):
    words = "Ông Bảy nhận hối lộ của nhà số 9"
    number = walks.received(world, text=words, kind=Kind.TO_CAO).number
    complaint = walks.received(world, text="Tôi khiếu nại quyết định xử phạt số 12").number
    with transaction():
        petition = db.session.query(Petition).filter_by(number=complaint).one()
        petition.kind = Kind.KHIEU_NAI
    chair, clerk = office("chair"), office("clerk")
    for person in (chair, clerk):
        for said in ("việc của tôi", number, complaint, "giao ban", "menu"):
            person.send(said)
            text = "".join(prompt.text for prompt in person.last)
            assert "hối lộ" not in text
            assert "xử phạt" not in text
        person.send(number)
        assert person.last[-1].choices == () or not any(
            c.payload.startswith(("o:accept", "o:take", "o:ok")) for c in person.last[-1].choices
        )
        person.send(button=f"o:accept:{fresh(number).id}")
        person.send(button=f"o:note:{fresh(complaint).id}")
    assert fresh(number).status is Status.RECEIVED


def test_hand_back_with_its_reason(world, office):
    number = walks.accepted(world).number
    clerk, an = office("clerk"), office("an")
    an.send(number)
    assert an.press("Trả lại") == ["officer.ask_back"]
    assert an.send("Việc này của công ty chiếu sáng thành phố") == ["officer.handed_back_now"]
    assert "công ty chiếu sáng" in told(clerk)
    assert fresh(number).handler_id == world.clerk.id
    assert fresh(number).was_handed_back


def test_a_question_is_read_out_before_it_goes(world, office):
    resident = Person("dan")
    number = _reported(resident)
    _brought_to_work(world, number)
    an = office("an")
    an.send(number)
    an.press("Hỏi người dân")
    assert an.send("Đèn nằm ở đoạn nào của ngõ?") == ["officer.sure"]
    assert fresh(number).status is Status.IN_PROGRESS
    assert an.press("Gửi") == ["officer.asked"]
    assert fresh(number).status is Status.WAITING_CITIZEN
    assert "đoạn nào của ngõ" in told(resident)
    resident.send("Ở cuối ngõ, gần bể nước")
    assert resident.press("Trả lời câu hỏi") == ["answered"]
    assert "gần bể nước" in told(an)


def _reported(resident: Person) -> str:
    resident.send("Đèn đường trước nhà văn hóa bị hỏng ba hôm nay")
    resident.send("tổ 1")
    resident.press("Gửi")
    db.session.rollback()
    return db.session.scalars(sa.select(Petition.number).order_by(Petition.id.desc())).first()


def _brought_to_work(world, number: str) -> None:
    field = world.fields[2].id
    walks.step(world, fresh(number), "clerk", actions.accept, field_id=field)
    walks.step(world, fresh(number), "an", actions.take)


def test_more_time_is_asked_for_and_granted_in_the_words_the_resident_reads(world, office):
    number = walks.in_progress(world).number
    before = fresh(number).due_at
    an, chair = office("an"), office("chair")
    an.send(number)
    an.send(button=f"o:time:{fresh(number).id}")
    assert an.send("chờ vật tư") == ["officer.days_again"]
    assert an.send("2 ngày, chờ vật tư thay thế") == ["officer.time_asked"]
    assert "chờ vật tư thay thế" in told(chair)
    assert fresh(number).due_at == before
    assert chair.press("Đồng ý gia hạn") == ["officer.granted"]
    assert fresh(number).due_at > before
    granted = chair.last[-1]
    assert "Hạn trả lời mới" in granted.text
    assert "đã được gia hạn" in told(an)


def test_more_time_refused_once_is_decided(world, office):
    number = walks.in_progress(world).number
    before = fresh(number).due_at
    an, chair = office("an"), office("chair")
    an.send(button=f"o:time:{fresh(number).id}")
    an.send("2 ngày, chờ vật tư thay thế")
    told(chair)
    grant = next(c.payload for c in chair.last[-1].choices if c.label.startswith("Đồng ý"))
    chair.press("Không đồng ý")
    assert chair.send("Vật tư đã về kho từ hôm qua") == ["officer.denied"]
    assert "đã về kho" in told(an)
    assert chair.send(button=grant) == ["officer.refused"]
    assert "đã được quyết định" in chair.last[-1].text
    assert fresh(number).due_at == before


def test_the_draft_grows_with_each_message_and_can_be_rewritten(world, office):
    number = walks.in_progress(world).number
    an = office("an")
    an.send(number)
    an.press("Soạn trả lời")
    an.send("Đã kiểm tra tại chỗ.")
    an.send("Đã thay bóng mới.")
    first = "Đã kiểm tra tại chỗ.\nĐã thay bóng mới."
    assert _answer(number).text == first
    old = next(c.payload for c in an.last[-1].choices if c.label == "Trình duyệt")
    an.press("Sửa")
    an.send(ANSWER)
    assert _answer(number).text == ANSWER
    assert an.send(button=old) == ["officer.refused"]
    assert _answer(number).state is AnswerState.DRAFT


def _answer(number: str) -> Answer:
    return fresh(number).answers[-1]


def test_a_missing_photo_is_said_in_words_and_may_be_sent_right_there(world, office, monkeypatch):
    with transaction():
        db.session.get_one(Field, world.fields[2].id).photo_after_required = True
    number = walks.in_progress(world).number
    an = office("an")
    an.send(number)
    an.press("Soạn trả lời")
    assert an.send(ANSWER) == ["officer.drafted"]
    assert "Còn thiếu ảnh kết quả" in an.last[-1].text
    assert an.press("Trình duyệt") == ["officer.not_submitted"]
    refused = an.last[-1].text
    assert f"CHƯA TRÌNH DUYỆT {number}" in refused
    assert "cần ảnh sau khi xử lý" in refused
    assert "gửi ảnh ngay tại đây" in refused
    assert fresh(number).status is Status.IN_PROGRESS
    clean = CleanFile("sau.jpg", "image/jpeg", "jpg", b"", "0" * 64, 640, 480)
    monkeypatch.setitem(fetching._fetchers, Channel.CONSOLE, lambda _account, _file: clean)
    assert an.send(files=(FileRef("p1", "sau.jpg", "image/jpeg"),)) == ["officer.drafted"]
    assert "Còn thiếu" not in an.last[-1].text
    assert an.press("Trình duyệt") == ["officer.submitted"]
    assert fresh(number).answers[-1].text == ANSWER


def test_assigning_with_an_instruction(world, office):
    number = walks.accepted(world).number
    clerk, binh = office("clerk"), office("binh")
    clerk.send(number)
    clerk.press("Phân công")
    clerk.press("Vũ Thị Bình")
    assert clerk.send("Kiểm tra ngay trong sáng nay") == ["officer.assigned"]
    assert fresh(number).handler_id == world.binh.id
    assert "Kiểm tra ngay" in told(binh)


def test_a_neighbourhood_head_sees_and_enters_only_their_own(world, office):
    mine = walks.received(world).number
    other = walks.received(world, neighbourhood_id=world.neighbourhoods[2].id).number
    head = office("head_tdp")
    head.send("việc của tôi")
    assert mine in head.last[-1].text
    assert other not in head.last[-1].text
    assert head.send(other) == ["officer.no_case"]
    assert head.send("nhập hộ") == ["officer.entry"]
    head.send("Bà Lan kể đống rác đầu ngõ ba hôm nay chưa dọn")
    head.send("đầu ngõ 12")
    assert head.send("Bà Lan, 0912 345 678") == ["officer.entry_summary"]
    assert head.press("Gửi") == ["officer.entered"]
    petition = db.session.scalars(sa.select(Petition).order_by(Petition.id.desc())).first()
    assert petition.entered_by_id == world.head_tdp.id
    assert petition.neighbourhood_id == world.neighbourhoods[1].id
    assert petition.reporter_name == "Bà Lan"
    assert petition.reporter_phone == "+84912345678"
    assert petition.channel is Channel.CONSOLE


def test_words_about_nothing_are_held_until_it_is_said_whose_they_are(world, office):
    head = office("head_tdp")
    assert head.send("Đống rác đầu ngõ ba hôm nay chưa ai dọn") == ["officer.loose"]
    assert head.press("Nhập hộ") == ["officer.entry_place"]
    an = office("an")
    an.send("Đèn trước nhà tôi hỏng ba hôm nay")
    assert an.press("Phản ánh của tôi") == ["ask_place"]
    an.send("tổ 2")
    an.press("Gửi")
    petition = db.session.scalars(sa.select(Petition).order_by(Petition.id.desc())).first()
    assert petition.entered_by_id is None


# --- whose chat it is ---------------------------------------------------------------------------


def _contact(name: str) -> Contact:
    db.session.rollback()
    return db.session.scalars(sa.select(Contact).where(Contact.address == name)).one()


def test_a_code_works_once_and_not_for_long(world, office):
    with transaction():
        code = chats.new_code(world.an.id)
    an, other = Person("an1"), Person("an2")
    assert an.send(button=f"start:lk-{code.replace('-', '')}") == ["officer.linked"]
    assert other.send(f"liên kết {code}") == ["officer.not_linked"]
    assert _contact("an2").officer_id is None
    with transaction():
        late = chats.new_code(world.an.id)
    with clock.at(clock.now() + chats.LIFE):
        assert other.send(late.lower()) == ["officer.not_linked"]


def test_five_wrong_codes_are_enough(world, office):
    guesser = Person("x")
    for _ in range(5):
        assert guesser.send("liên kết AAAA-BBBB") == ["officer.not_linked"]
    assert guesser.send("liên kết AAAA-BBBB") == ["officer.too_many_codes"]
    with transaction():
        code = chats.new_code(world.an.id)
    assert guesser.send(f"liên kết {code}") == ["officer.too_many_codes"]


def test_one_chat_on_each_channel(world, office):
    first = office("an", "old")
    second = office("an", "new")
    assert _contact("old").officer_id is None
    assert _contact("new").officer_id == world.an.id
    assert "liên kết với một cuộc trò chuyện khác" in told(first)
    walks.accepted(world)
    assert told(first) == ""
    assert "VIỆC MỚI" in told(second)


def test_a_chat_of_another_officer_must_be_freed_first(world, office):
    an = office("an")
    with transaction():
        code = chats.new_code(world.binh.id)
    assert an.send(f"liên kết {code}") == ["officer.not_linked"]
    assert an.send("hủy liên kết") == ["officer.ask_unlink"]
    assert an.press("Hủy liên kết") == ["officer.unlinked"]
    assert an.send(f"liên kết {code}") == ["officer.linked"]
    rows = db.session.scalars(sa.select(audit.AuditRow.action).order_by(audit.AuditRow.id)).all()
    assert rows[-3:] == ["chat.linked", "chat.unlinked", "chat.linked"]


def test_a_code_of_another_ward_is_wrong(world, office):
    from tests.world import make_world

    other = make_world("HK", "hoan-kiem")
    with transaction():
        code = chats.new_code(other.an.id)
    assert Person("x").send(f"liên kết {code}") == ["officer.not_linked"]


def test_who_leaves_is_unlinked_at_once_and_by_the_job(world, office):
    an, binh = office("an"), office("binh")
    number = walks.accepted(world).number
    told(an)
    with transaction():
        for who in ("an", "binh"):
            db.session.merge(world.people[who]).is_active = False
    assert an.send(number) == ["track_ask_phone"]
    assert _contact("an").officer_id is None
    jobs.unlink_departed(None)
    assert _contact("binh").officer_id is None
    assert binh.send("việc của tôi") != ["officer.work"]


def test_the_digest_reaches_the_linked_chat_at_a_quarter_to_eight(world, office):
    with clock.at(datetime(2026, 3, 2, 9, 0, tzinfo=clock.ZONE)):
        number = walks.in_progress(world).number
        an = office("an")
        told(an)
    due = clock.local(fresh(number).due_at)
    morning = due.replace(hour=7, minute=45)
    with clock.at(morning - timedelta(minutes=1)):
        jobs.write_digests(None)
        assert told(an) == ""
    with clock.at(morning):
        jobs.write_digests(None)
        jobs.write_digests(None)
    text = told(an)
    assert text.count("Chào Lý Văn An") == 1
    assert number in text
    with clock.at(morning):
        assert an.press("Việc của tôi") == ["officer.work"]


def test_a_blocked_chat_is_told_nothing(world, office):
    an = office("an")
    an.send(is_reachable=False)
    walks.accepted(world)
    rows = db.session.scalars(
        sa.select(OutboxRow).where(
            OutboxRow.notice == "officer.given", OutboxRow.state == OutboxState.QUEUED
        )
    ).all()
    assert rows == []


def test_a_wrong_code_says_the_same_whatever_is_wrong(world):
    with pytest.raises(BadInput, match="không đúng hoặc đã hết hạn"), transaction():
        open_contact = Contact(
            ward_id=world.ward.id,
            channel=Channel.CONSOLE,
            account="main",
            address="x",
            created_at=clock.now(),
        )
        db.session.add(open_contact)
        db.session.flush()
        chats.link(open_contact.id, "")
