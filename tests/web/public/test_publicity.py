"""A resident reads what the ward made public, comments on a draft, and reads what was made of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.publicity import board, consulting
from feedback.publicity.models import Comment, Taken
from tests.web.public.resident import hidden
from tests.world import make_world


@pytest.fixture
def draft(world) -> int:
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        return consulting.open_up(
            world.ward.id,
            by=by,
            title="Dự thảo quy chế chợ",
            text="Chợ họp từ 5 giờ đến 19 giờ.",
            closes_on=clock.today() + timedelta(days=25),
        ).id


def test_a_comment_is_sent_once_answered_and_read_by_everybody(world, resident, draft):
    address = f"/ba-dinh/lay-y-kien/{draft}"
    assert "Dự thảo quy chế chợ" in resident.open("/ba-dinh/cong-khai")
    page = resident.open(address)
    assert "5 giờ đến 19 giờ" in page
    sent = {**hidden(page), "text": "Nên mở đến 20 giờ, gọi tôi 0912345678", "name": "Trần Thị Dân"}
    resident.post(address, sent)
    resident.post(address, sent)
    (said,) = db.session.scalars(sa.select(Comment)).all()
    assert (said.channel, said.name) == (Channel.WEB, "Trần Thị Dân")
    assert "Xin viết ý kiến." in resident.post(address, {"text": " "}, expect=422)
    resident.post(address, {"text": "x", "website": "http://spam"}, expect=422)
    assert "Nên mở đến 20 giờ" not in resident.open(address), "not before it is explained"

    by, said_id = world.actor("clerk"), said.id
    db.session.rollback()
    with clock.at(clock.now() + timedelta(days=26)), transaction():
        made = db.session.get_one(Comment, said_id)
        consulting.answer(made, by=by, taken=Taken.YES, words="Mở đến 20 giờ.")
        consulting.publish(made.consultation, by=by, summary="Một ý kiến, đã tiếp thu.")
    page = resident.open(address)
    assert "Một ý kiến, đã tiếp thu." in page
    assert "Mở đến 20 giờ." in page
    assert "0912345678" not in page
    assert "Trần Thị Dân" not in page, "names stay in the ward"
    assert "Đã hết thời gian" in resident.post(address, sent | {"submission_key": "k"}, expect=409)


def test_another_wards_draft_and_paper_are_not_here(world, resident, draft):
    make_world("HK", "hoan-kiem")
    resident.open(f"/hoan-kiem/lay-y-kien/{draft}", expect=404)
    resident.open("/ba-dinh/lay-y-kien/999", expect=404)
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = board.publish(
            world.ward.id, by=by, item=12, title="Mức thu phí vệ sinh", decided_on=clock.today()
        )
    assert "Mức thu phí vệ sinh" in resident.open("/ba-dinh/cong-khai")
    assert "Mức thu phí vệ sinh" not in resident.open("/hoan-kiem/cong-khai")
    resident.open(f"/ba-dinh/cong-khai/{row.id}/tep/khongcotepnay00000000", expect=404)
