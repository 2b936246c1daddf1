"""Fourteen items by way and term; a consultation is open long enough and every comment is answered."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue.gates import Gated
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.outbox.models import OutboxRow
from feedback.papers import forms
from feedback.people.models import Channel
from feedback.publicity import board, consulting, forgetting
from feedback.publicity.law import Way, items
from feedback.publicity.models import Comment, Consultation, Publication, Stage, Taken
from tests.feedback.dialogue.stories import MONDAY, a_contact, at
from tests.world import make_world


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


def published(world, item: int = 12, **values) -> Publication:
    by = world.actor("clerk")
    given = {"title": "Mức thu phí vệ sinh", "decided_on": date(2026, 11, 27)} | values
    db.session.rollback()
    with transaction():
        return board.publish(world.ward.id, by=by, item=item, **given)


def opened(world, **values) -> Consultation:
    by = world.actor("clerk")
    given = {"title": "Quy chế chợ", "text": "Giờ họp chợ", "closes_on": date(2026, 12, 20)}
    db.session.rollback()
    with transaction():
        return consulting.open_up(world.ward.id, by=by, **given | values)


def test_fourteen_items_and_what_each_asks_for():
    assert list(items()) == list(range(1, 15))
    spoken = [no for no, item in items().items() if item.is_spoken]
    assert spoken == [7, 8, 9, 10, 11, 12]
    assert [no for no, item in items().items() if item.is_standing] == [4, 13]
    assert len(forms.form("publicity_register", date(2026, 11, 20)).columns) == 4 + len(Way)


def test_each_way_has_its_term_from_the_day_it_is_up(world):
    row = published(world)
    assert row.publish_by == date(2026, 12, 4), "5 working days after Friday 27/11"
    assert [each.way for each in row.postings] == list(Way)
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Publication, row.id)
        up = board.put_up(row, Way.BOARD, by=by, starts_on=date(2026, 11, 30), where="Nhà văn hóa")
        aloud = board.put_up(row, Way.LOUDSPEAKER, by=by)
        sent = board.put_up(row, Way.HEADS, by=by)
    assert (up.ends_on, aloud.ends_on, sent.ends_on) == (
        date(2026, 12, 30),
        date(2026, 12, 3),
        None,
    )
    with pytest.raises(WrongState), transaction():
        board.put_up(db.session.get_one(Publication, row.id), Way.BOARD, by=by)
    standing = published(world, item=13)
    with transaction():
        row = db.session.get_one(Publication, standing.id)
        assert board.put_up(row, Way.BOARD, by=by).ends_on is None
        with pytest.raises(NotFound):
            board.put_up(row, Way.LOUDSPEAKER, by=by)


def test_what_is_due_late_and_ended_is_reminded_of_once(world):
    row = published(world)
    a_contact(world, "le", officer_id=world.clerk.id)
    by = world.actor("clerk")
    assert len(list(board.owed(world.ward.id))) == 3
    for moment in (at(3, 9), at(3, 15), at(7, 9), at(7, 23)):
        with clock.at(moment):
            db.session.rollback()
            with transaction():
                board.remind_all(clock.now())
    keys = list(db.session.scalars(sa.select(OutboxRow.key)))
    assert len(keys) == 6, "three were due, then the same three were late"
    with clock.at(at(7, 9)), transaction():
        db.session.expire_all()
        row = db.session.get_one(Publication, row.id)
        for way in (Way.BOARD, Way.LOUDSPEAKER, Way.HEADS):
            board.put_up(row, way, by=by)
    with clock.at(at(10, 9)):
        (ended,) = board.owed(world.ward.id)
        assert "có thể gỡ" in ended.words


def test_the_quarterly_list(world):
    published(world)
    published(world, item=1, title="Kế hoạch 2027")
    assert board.quarter_of(date(2026, 11, 30)) == (date(2026, 10, 1), date(2026, 12, 31))
    found = board.register(world.actor("clerk"), date(2026, 10, 1), date(2026, 12, 31))
    assert [row[2] for row in found.rows] == ["Kế hoạch 2027", "Mức thu phí vệ sinh"]
    assert found.rows[1][4:] == ("30/11/2026", "Chưa", "Chưa", "Chưa")
    assert found.rows[0][6:] == ("", "")


def test_too_short_a_consultation_is_refused_with_its_article(world):
    with pytest.raises(Gated, match="Điều 28 Luật Thực hiện dân chủ"):
        opened(world, closes_on=date(2026, 12, 19))
    row = opened(world, closes_on=date(2026, 12, 19), override="Phải ban hành trước 20/12")
    assert row.overrides[0]["reason"] == "Phải ban hành trước 20/12"
    assert opened(world).overrides == []


def test_a_consultation_from_comments_to_the_published_explanation(world):
    row = opened(world)
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        draft = db.session.get_one(Consultation, row.id)
        one = consulting.comment(
            draft, "Nên mở đến 20 giờ", channel=Channel.WEB, name="Lê Góp", submission_key="k"
        )
        same = consulting.comment(
            draft, "Nên mở đến 20 giờ", channel=Channel.WEB, submission_key="k"
        )
        assert one.id == same.id
        with pytest.raises(BadInput):
            consulting.comment(draft, " ", channel=Channel.WEB)
        with pytest.raises(WrongState):
            consulting.publish(draft, by=by, summary="Sớm quá")
    with clock.at(at(21, 9)):
        db.session.rollback()
        draft = db.session.get_one(Consultation, row.id)
        assert consulting.stage_of(draft) is Stage.CLOSED
        with pytest.raises(WrongState, match="hết thời gian"), transaction():
            consulting.comment(
                db.session.get_one(Consultation, row.id), "Muộn", channel=Channel.WEB
            )
        with pytest.raises(WrongState, match="Còn 1 ý kiến"), transaction():
            consulting.publish(db.session.get_one(Consultation, row.id), by=by, summary="Tổng hợp")
        with transaction():
            made = db.session.get_one(Comment, one.id)
            consulting.answer(made, by=by, taken=Taken.PARTLY, words="Mở đến 19 giờ 30")
            draft = consulting.publish(
                db.session.get_one(Consultation, row.id), by=by, summary="1 ý kiến"
            )
        assert consulting.stage_of(draft) is Stage.PUBLISHED
        with pytest.raises(WrongState), transaction():
            made = db.session.get_one(Comment, one.id)
            consulting.answer(made, by=by, taken=Taken.NO, words="x")
        for before, gone in ((clock.now(), 0), (at(21, 10), 1), (at(21, 10), 0)):
            with transaction():
                assert forgetting.forget_commenters(world.ward.id, before, 100) == gone
        made = db.session.get_one(Comment, one.id)
        assert (made.name, made.text, made.taken) == (None, "Nên mở đến 20 giờ", Taken.PARTLY)


def test_strangers_and_other_wards_do_nothing(world):
    row = published(world)
    other = make_world("HK", "hoan-kiem")
    for actor, refusal in ((world.actor("an"), NotAllowed), (other.actor("clerk"), NotFound)):
        with pytest.raises(refusal), transaction():
            board.put_up(db.session.get_one(Publication, row.id), Way.BOARD, by=actor)
        with pytest.raises(refusal), transaction():
            consulting.open_up(
                world.ward.id,
                by=actor,
                title="x",
                text="y",
                closes_on=clock.today() + timedelta(days=30),
            )
