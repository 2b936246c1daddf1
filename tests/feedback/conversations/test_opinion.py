"""In a chat: a draft is read, commented on and explained; a dialogue asked for; a session judged in three taps."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.broadcast import subscriptions, topics
from feedback.broadcast.models import Broadcast
from feedback.conversations import erasure, meeting_erasure
from feedback.db import db, transaction
from feedback.dialogue import door, requests, survey
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration, Seat, Survey
from feedback.dialogue.request_models import DialogueRequest
from feedback.people.models import Channel
from feedback.publicity import consulting
from feedback.publicity.models import Comment, Taken
from feedback.reception.models import Visit
from tests.feedback.conversations.person import STORY, Person, open_account, petitions
from tests.feedback.dialogue.stories import do, planned
from tests.feedback.dialogue.stories import register as stranger
from tests.web.desk.reception_routes import a_day_soon
from tests.world import make_world


@pytest.fixture(params=[Channel.TELEGRAM, Channel.ZALO])
def dan(world, request) -> Person:
    open_account(world, request.param)
    return Person(channel=request.param)


def draft(world, title: str = "Dự thảo quy chế chợ") -> int:
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        return consulting.open_up(
            world.ward.id,
            by=by,
            title=title,
            text="Giờ họp chợ từ 5 giờ đến 19 giờ.",
            closes_on=clock.today() + timedelta(days=25),
        ).id


def test_a_draft_is_read_commented_on_and_explained(dan, world):
    row_id = draft(world)
    assert dan.send("lấy ý kiến") == ["opinion.draft"]
    assert "5 giờ đến 19 giờ" in dan.last[-1].text
    assert dan.press("Góp ý") == ["opinion.say"]
    assert dan.send("Nên mở đến 20 giờ vì công nhân tan ca muộn") == ["opinion.name"]
    assert dan.press("Không nêu tên") == ["opinion.said"]
    said = db.session.scalars(sa.select(Comment)).one()
    assert (said.channel, said.name) == (dan.channel, None)
    assert petitions() == [], "a comment is no report"
    assert dan.send("góp ý dự thảo") == ["opinion.draft"]
    assert "Nên mở đến 20 giờ" in dan.last[-1].text, "one's own words are shown"

    by, said_id = world.actor("clerk"), said.id
    db.session.rollback()
    with clock.at(clock.now() + timedelta(days=26)), transaction():
        other = Comment(consultation_id=row_id, text="Giữ nguyên", channel=Channel.WEB)
        other.at = clock.now()
        db.session.add(other)
        db.session.flush()
        for comment_id in (said_id, other.id):
            made = db.session.get_one(Comment, comment_id)
            consulting.answer(made, by=by, taken=Taken.PARTLY, words="Mở đến 19 giờ 30.")
        consulting.publish(consulting.in_ward(world.ward.id, row_id), by=by, summary="2 ý kiến")
    assert dan.notices() == ["publicity.explained"], "told once, and only who commented in a chat"
    assert "Tiếp thu một phần. Mở đến 19 giờ 30." in dan.last[-1].text
    assert dan.send(button=f"opinion:show:{row_id}") == ["opinion.draft"]
    assert "Phường tổng hợp: 2 ý kiến" in dan.last[-1].text
    assert dan.last[-1].choices == ()
    assert dan.send(button=f"opinion:say:{row_id}") == ["opinion.closed"]


def test_who_asked_for_news_hears_of_a_new_draft_with_a_button(dan, world):
    dan.send("chào")
    contact_id = dan.contact.id
    db.session.rollback()
    with transaction():
        subscriptions.subscribe(contact_id, topics.WARD)
    row_id = draft(world)
    (told,) = db.session.scalars(sa.select(Broadcast)).all()
    assert told.buttons == [["Góp ý", f"opinion:say:{row_id}"]]
    assert "Dự thảo quy chế chợ" in told.text


def test_several_drafts_are_offered_and_what_is_not_theirs_is_not_there(dan, world):
    assert dan.send("dự thảo") == ["opinion.list"]
    assert "chưa hỏi ý kiến" in dan.last[-1].text
    ids = [draft(world, title) for title in ("Quy chế chợ", "Đặt tên phố")]
    assert dan.send("dự thảo") == ["opinion.list"]
    assert {c.payload for c in dan.last[-1].choices} == {f"opinion:show:{id}" for id in ids}
    theirs = draft(make_world("HK", "hoan-kiem"))
    assert dan.send(button=f"opinion:show:{theirs}") == ["opinion.closed"]
    assert dan.send(button="opinion:say:x") == ["old_button"]
    assert dan.send(button="opinion:known") == ["old_button"]
    dan.send(STORY)
    assert dan.send("dự thảo") == ["unfinished"], "a report under way is not lost"


def test_a_dialogue_is_asked_for_once_by_each_telephone(dan, world):
    assert dan.send("đề nghị đối thoại") == ["talk.demand"]
    assert dan.send("Thoát nước ngõ 34") == ["talk.demand_phone"]
    assert dan.send("số của tôi") == ["talk.demand_phone_wrong"]
    assert dan.send("0912 345 678") == ["talk.demand_name"]
    assert dan.send("Trần Thị Dân") == ["talk.demanded"]
    assert "Hiện có 1 cử tri đề nghị" in dan.last[-1].text
    row = db.session.scalars(sa.select(DialogueRequest)).one()
    assert (row.channel, row.about, row.name) == (dan.channel, "Thoát nước ngõ 34", "Trần Thị Dân")
    db.session.rollback()
    with transaction():
        again = requests.ask_for(world.ward.id, name="Trần Thị Dân", phone="0912345678")
    assert not again, "the same voter on the web"
    other = Person("khac", dan.channel)
    other.send("đề nghị đối thoại")
    assert other.press("Bỏ qua") == ["talk.demand_phone"]
    other.send("0912345678")
    other.send("Trần Thị Dân")
    assert "đã đề nghị rồi" in other.last[-1].text
    assert requests.count(world.ward.id).asking == 1
    assert dan.send(button="demand:known") == ["old_button"]


def test_three_taps_say_how_a_session_was(dan, world):
    soon = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    session = do(world, planned(world, starts_at=soon), "announce")
    dan.send(button=f"talk:join:{session.id}")
    dan.send("1")
    dan.send("Trần Thị Dân")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Dialogue, session.id)
        code = door.attendance(row)[0].code
        door.check_in(row, code, by=by)
    do(world, session, "start")
    do(world, session, "end")
    assert dan.notices() == ["dialogue.survey"]
    assert dan.press("Rất tốt") == ["talk.survey_next"]
    db.session.rollback()
    held = db.session.scalars(sa.select(Survey)).one()
    assert (held.heard, held.answered, held.believed) == (5, None, None), "kept at the tap"
    assert dan.press("Tốt") == ["talk.survey_next"]
    assert dan.press("Chưa tốt") == ["talk.survey_thanks"]
    assert dan.press("Viết thêm") == ["talk.survey_more"]
    assert dan.send("Loa nhỏ quá, ngồi cuối không nghe được") == ["welcome"]
    db.session.rollback()
    held = db.session.scalars(sa.select(Survey)).one()
    assert (held.heard, held.answered, held.believed) == (5, 4, 2)
    assert held.comment.startswith("Loa nhỏ")
    assert petitions() == []
    theirs = stranger_registration(world)
    assert dan.send(button=f"survey:{theirs}:heard:5") == ["refused"], "somebody else's sheet"
    for payload in ("survey:x:heard:5", "survey:1:liked:5", "survey:1:heard:x"):
        assert dan.send(button=payload) == ["old_button"]
    assert survey.mood(db.session.get_one(Dialogue, session.id)).count == 1


def test_who_withdraws_leaves_every_list(dan, world):
    soon = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=20)
    session = do(world, planned(world, starts_at=soon, seats=1), "announce")
    do(world, session, "open_questions")
    dan.send(button=f"talk:join:{session.id}")
    dan.send("1")
    dan.send("Trần Thị Dân")
    waits = stranger(session, "Người chờ")
    dan.send(button=f"talk:ask:{session.id}")
    dan.send("Bao giờ thông cống?")
    dan.send("Trần Thị Dân")
    row_id = draft(world)
    dan.send(button=f"opinion:say:{row_id}")
    dan.send("Nên mở đến 20 giờ")
    dan.send("Trần Thị Dân")
    day = a_day_soon(world)
    dan.send(button=f"meet:at:{day.id}:0")
    dan.send("Cống tắc")
    dan.send("Trần Thị Dân")
    contact_id = dan.contact.id
    for _ in range(2):
        db.session.rollback()
        with transaction():
            erasure.erase(contact_id)
    db.session.rollback()
    for model in (Registration, Question, Comment, Visit):
        rows = db.session.scalars(sa.select(model).filter_by(contact_id=contact_id)).all()
        assert [row.name for row in rows] in ([None], [meeting_erasure.NOBODY]), model
    assert db.session.get_one(Registration, waits.id).state is Seat.SEATED, "the seat goes on"
    (visit,) = db.session.scalars(sa.select(Visit))
    assert (visit.subject, visit.slot) == ("", None)


def stranger_registration(world) -> int:
    soon = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=30)
    return stranger(do(world, planned(world, starts_at=soon), "announce"), "Người khác").id
