"""In a chat: the chair's time is booked and given back; a session is joined, asked in, voted in, read of."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.conversations import words
from feedback.db import db, transaction
from feedback.dialogue import commitments, questions
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question, QuestionState
from feedback.dialogue.registration_models import Registration, Seat
from feedback.people.models import Channel
from feedback.petitions.models import Kind
from feedback.reception import slots
from feedback.reception.models import Visit, VisitState
from tests.feedback.conversations.person import STORY, Person, open_account, petitions
from tests.feedback.dialogue import stories as dialogue_stories
from tests.feedback.dialogue.stories import do, planned
from tests.feedback.reception.stories import book
from tests.web.desk.reception_routes import a_day_soon


@pytest.fixture(params=[Channel.CONSOLE, Channel.TELEGRAM, Channel.ZALO])
def dan(world, request) -> Person:
    open_account(world, request.param)
    return Person(channel=request.param)


@pytest.fixture
def session(world) -> Dialogue:
    soon = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    row = do(world, planned(world, starts_at=soon, seats=1), "announce")
    return do(world, row, "open_questions")


def visits() -> list[Visit]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Visit).order_by(Visit.id)))


def settle(world, session, verb: str, **values) -> None:
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        for question in questions.every(db.session.get_one(Dialogue, session.id)):
            getattr(questions, verb)(question, by=by, **values)


def test_the_chairs_time_is_booked_in_five_messages(dan, world):
    a_day_soon(world)
    assert dan.send("gặp chủ tịch") == ["meet.days"]
    day = next(c for c in dan.last[-1].choices if c.payload.startswith("meet:day"))
    assert dan.press(day.label) == ["meet.times"]
    assert dan.press(dan.last[-1].choices[1].label) == ["meet.subject"]
    assert dan.send("Cống ngõ 34 tắc, mưa là ngập vào nhà") == ["meet.name"]
    assert dan.send("Trần Thị Dân") == ["reception.booked", "meet.booked"]
    (visit,) = visits()
    assert (visit.slot, visit.name, visit.channel) == (1, "Trần Thị Dân", dan.channel)
    assert visit.subject.startswith("Cống ngõ 34")
    assert petitions() == [], "a meeting is no report"
    assert dan.press("Hủy hẹn này") == ["meet.cancelled"]
    assert visits()[0].state is VisitState.LEFT


def test_a_time_may_be_typed_and_one_taken_meanwhile_is_refused_with_words(dan, world):
    day = a_day_soon(world)
    dan.send("đặt lịch hẹn")
    dan.send(button=f"meet:day:{day.id}")
    wanted = dan.last[-1].choices[0].label
    assert dan.send("giờ nào cũng được") == ["meet.time_missed", "meet.times"]
    assert 'gõ "hủy"' in dan.last[0].text
    assert dan.send("3h") == ["meet.time_missed", "meet.times"]
    assert dan.send(wanted.replace(":", " giờ ")) == ["meet.subject"]
    dan.send("Vỉa hè")
    book(day, "Nhanh hơn", slot=0)
    assert dan.send("Trần Thị Dân") == ["refused"]
    assert "vừa có người đăng ký" in dan.last[-1].text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("9h", "09:00"),
        ("9 giờ 30", "09:30"),
        ("9 giờ rưỡi", "09:30"),
        ("09:30", "09:30"),
        ("ngày mai", ""),
    ],
)
def test_times_as_people_type_them(said, meant):
    assert words.clock_time(said) == meant


def test_of_an_accusation_the_booking_keeps_nothing(dan, world):
    day = a_day_soon(world)
    dan.send(button=f"meet:at:{day.id}:0")
    assert dan.send("Tôi tố cáo ông X nhận hối lộ của dân") == ["meet.name_secret"]
    dan.send("Người Tố")
    (visit,) = visits()
    assert (visit.kind, visit.subject) == (Kind.TO_CAO, slots.ACCUSATION)


def test_somebody_elses_appointment_cannot_be_cancelled(dan, world):
    other = book(a_day_soon(world), "Người khác")
    assert dan.send(button=f"meet:cancel:{other.id}") == ["refused"]
    assert visits()[0].state is VisitState.BOOKED
    for payload in (
        "meet:day:x",
        "meet:day:999",
        "meet:at:1",
        "meet:name",
        "meet:nothing",
        "talk:x:1",
    ):
        assert dan.send(button=payload)[0] in ("old_button", "meet.full")


def test_a_session_is_joined_and_left_and_the_next_is_told(dan, world, session):
    other = dialogue_stories.register(session, "Đến trước")
    assert dan.send("đối thoại") == ["talk.session"]
    assert dan.press("Đăng ký dự") == ["talk.people"]
    assert dan.send("năm chục") == ["talk.people_again"]
    assert dan.send("1 người") == ["talk.name"]
    assert dan.send("Trần Thị Dân") == ["dialogue.waiting", "talk.registered"]
    assert "danh sách chờ" in dan.last[-1].text
    from feedback.dialogue import seats

    db.session.rollback()
    with transaction():
        seats.leave(db.session.get_one(Registration, other.id))
    assert dan.notices() == ["dialogue.promoted"]
    assert dan.send(button=f"talk:join:{session.id}") == ["talk.session"], "joined already"
    assert dan.press("Rút tên") == ["talk.left"]
    rows = db.session.scalars(sa.select(Registration.state).order_by(Registration.id)).all()
    assert rows == [Seat.LEFT, Seat.LEFT]
    assert dan.send(button=f"talk:leave:{other.id}") == ["refused"], "somebody else's seat"


def test_the_poster_of_a_session_leads_to_it(dan, session):
    assert dan.send(button=f"start:talk-{session.id}") == ["talk.session"]
    assert dan.press("Đăng ký dự") == ["talk.people"]
    assert Person("khac", dan.channel).send(button="start:talk-x") == ["old_button"]


def test_a_question_is_asked_voted_for_answered_and_read(dan, world, session):
    dan.send(button=f"talk:ask:{session.id}")
    assert dan.send("Bao giờ phường thông cống ngõ 34 vậy ạ?") == ["talk.asker"]
    assert dan.press("Không nêu tên") == ["talk.asked"]
    question = db.session.scalars(sa.select(Question)).one()
    assert (question.is_anonymous, question.channel) == (True, dan.channel)
    assert dan.send(button=f"talk:vote:{session.id}") == ["talk.nothing_to_vote"]
    settle(world, session, "accept")
    assert dan.notices() == ["dialogue.question_accepted"]
    dan.send("đối thoại")
    assert dan.press("Bình chọn câu hỏi") == ["talk.vote"]
    assert "thông cống" in dan.last[-1].text
    assert dan.press("Câu 1") == ["talk.voted"]
    assert "(1 phiếu)" in dan.last[-1].text
    dan.send(button=f"talk:voice:{question.id}")
    assert "đã bình chọn" in dan.last[-1].text
    assert "(1 phiếu)" in dan.last[-1].text
    do(world, session, "start")
    dan.send("giơ tay")
    assert dan.press("Giơ tay") == ["talk.raise_hand"]
    dan.send("Còn vỉa hè thì sao?")
    dan.send("Trần Thị Dân")
    assert [q.is_live for q in db.session.scalars(sa.select(Question).order_by(Question.id))] == [
        False,
        True,
    ]
    settle(world, session, "answer", text="Thông xong trước 30/12.")
    do(world, session, "end")
    do(world, session, "publish")
    dan.notices()
    dan.send("kết quả đối thoại")
    assert dan.press("Xem kết quả") == ["talk.results"]
    assert "Thông xong trước 30/12." in dan.last[-1].text
    states = {q.state for q in db.session.scalars(sa.select(Question))}
    assert states == {QuestionState.ANSWERED}
    assert commitments.of_ward(world.ward.id) == []


def test_a_voice_of_who_registered_is_one_voice_in_chat_and_on_the_web(dan, world, session):
    dan.send(button=f"talk:join:{session.id}")
    dan.send("2 người")
    dan.send("Trần Thị Dân")
    own = db.session.scalars(sa.select(Registration)).one()
    db.session.rollback()
    with transaction():
        asked = questions.ask(questions.Asked(session.id, "Rác?", Channel.WEB))
        questions.accept(asked, by=world.actor("clerk"))
        assert questions.vote(asked, f"r:{own.id}")
    dan.send(button=f"talk:voice:{asked.id}")
    assert "đã bình chọn" in dan.last[-1].text


def test_a_report_under_way_is_not_lost(dan, world, session):
    dan.send(STORY)
    assert dan.send("đối thoại") == ["unfinished"]
    assert dan.send("gặp chủ tịch") == ["unfinished"]


def test_a_session_of_another_ward_is_not_there(dan, world, session):
    from tests.world import make_world

    other = make_world("HK", "hoan-kiem")
    soon = clock.now() + timedelta(days=20)
    theirs = do(other, planned(other, starts_at=soon), "announce")
    assert dan.send(button=f"talk:show:{theirs.id}") == ["talk.closed"]
    assert dan.send(button=f"talk:results:{theirs.id}") == ["refused"]
