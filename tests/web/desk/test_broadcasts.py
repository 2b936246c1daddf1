"""Announcements at the desk: written, seen, sent, stopped, and counted."""

import io
import re

import pytest
import sqlalchemy as sa
import time_machine

from feedback.broadcast import expansion, topics
from feedback.broadcast.models import Broadcast, BroadcastState
from feedback.db import db, transaction
from feedback.outbox.models import OutboxRow, OutboxState
from tests.feedback.broadcast.parts import announce, fresh, make_account, make_chat
from tests.web.desk.broadcast_routes import ROUTES
from tests.web.desk.conftest import jpeg
from tests.web.desk.test_permissions import ask
from tests.web.lint import lint_page
from tests.web.staff import at_desk

MONDAY = "2026-11-23 08:00+07:00"
WORDS = "Sáng thứ Bảy tổng vệ sinh ngõ 34, mời bà con."


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(app, world):
    make_account(world)
    return at_desk(app, world.clerk)


def only() -> Broadcast:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Broadcast)).one()


def write(client, *to, text=WORDS, **more):
    return client.post("/desk/broadcasts/new", data={"text": text, "topics": list(to), **more})


def test_it_is_written_with_a_picture_looked_at_and_sent(clerk, world):
    area = topics.area(world.neighbourhoods[1].id)
    make_chat(world, 1, topic=area)
    page = clerk.get("/desk/broadcasts/new")
    lint_page(page.text)
    assert "1 người đăng ký" in page.text
    answer = write(clerk, area, picture=(io.BytesIO(jpeg()), "ngõ.jpg"))
    seen = clerk.get(answer.location)
    lint_page(seen.text)
    for words in (WORDS, "Telegram", "Zalo", "Thôi nhận tin này", "07:00–21:00"):
        assert words in seen.text, words
    picture = clerk.get(re.search(r'src="([^"]+/picture)"', seen.text)[1])
    assert picture.mimetype.startswith("image/")
    clerk.post(f"{answer.location}/start")
    expansion.tick()
    assert db.session.scalar(sa.select(sa.func.count(OutboxRow.id))) == 2  # words and picture
    lint_page(clerk.get(answer.location).text)
    lint_page(clerk.get("/desk/broadcasts").text)


def test_what_is_missing_is_said_and_nothing_is_kept(clerk, world):
    for data in ({"text": ""}, {"text": WORDS}, {"text": "x" * 4000, "topics": ["ward"]}):
        page = clerk.post("/desk/broadcasts/new", data=data)
        assert page.status_code == 422
        lint_page(page.text)
    no_picture = write(clerk, "ward", picture=(io.BytesIO(b"%PDF-1.4"), "a.pdf"))
    assert no_picture.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Broadcast.id))) == 0


def test_a_draft_may_be_written_anew_and_a_sent_one_not(clerk, world):
    address = write(clerk, "ward").location
    lint_page(clerk.get(f"{address}/words").text)
    clerk.post(f"{address}/words", data={"text": "Khác", "topics": ["ward"]})
    assert only().text == "Khác"
    clerk.post(f"{address}/start")
    late = clerk.post(f"{address}/words", data={"text": "Nữa", "topics": ["ward"]})
    assert late.status_code == 409
    assert only().text == "Khác"


def test_it_can_be_put_off_to_a_day_and_hour(clerk, world):
    address = write(clerk, "ward").location
    clerk.post(f"{address}/start", data={"on": "25/11/2026", "at": "23:15"})
    assert only().starts_at.isoformat() == "2026-11-26T00:00:00+00:00"
    assert clerk.post(f"{address}/start", data={"on": "ngày mai"}).status_code == 422


def test_pausing_resuming_and_cancelling_from_the_page(clerk, world):
    make_chat(world, 1, topic=topics.WARD)
    address = write(clerk, "ward").location
    clerk.post(f"{address}/start")
    expansion.tick()
    for noun, state in (
        ("pause", BroadcastState.PAUSED),
        ("resumption", BroadcastState.SCHEDULED),
        ("cancellation", BroadcastState.CANCELLED),
    ):
        assert clerk.post(f"{address}/acts/{noun}").status_code == 302
        assert only().state is state
        lint_page(clerk.get(address).text)
    clerk.post(f"{address}/acts/resumption")
    assert "không làm được" in clerk.get(address).text
    assert clerk.post(f"{address}/acts/explosion").status_code == 404


def test_a_trial_reaches_ones_own_chat_or_says_how_to_link_one(clerk, world):
    address = write(clerk, "ward").location
    clerk.post(f"{address}/acts/trial")
    assert "chưa liên kết" in clerk.get(address).text
    make_chat(world, 9, officer_id=world.clerk.id)
    clerk.post(f"{address}/acts/trial")
    assert db.session.scalars(sa.select(OutboxRow.recipient)).all() == ["9"]


def test_the_outcome_of_each_is_shown_and_can_be_taken_along(app, clerk, world):
    for no, name in ((1, "=Trần Thị Dân"), (2, "Lê Văn Bạn")):
        make_chat(world, no, topic=topics.WARD, display_name=name)
    row = announce(world)
    expansion.tick()
    with transaction():
        db.session.execute(
            sa.update(OutboxRow)
            .where(OutboxRow.recipient == "1")
            .values(state=OutboxState.FAILED, error="bot was blocked", settled_at=sa.func.now())
        )
    page = clerk.get(f"/desk/broadcasts/{row.id}")
    assert "bot was blocked" in page.text
    assert "50 %" in clerk.get(f"/desk/broadcasts/{row.id}/progress").text
    table = clerk.get(f"/desk/broadcasts/{row.id}/outcomes.csv").text.splitlines()
    assert len(table) == 3
    assert "'=Trần Thị Dân" in table[1]
    assert "Không gửi được" in table[1]
    assert "bot was blocked" in table[1]


def test_a_neighbourhood_head_sees_no_names(app, world):
    make_account(world)
    area = topics.area(world.neighbourhoods[1].id)
    make_chat(world, 1, topic=area, display_name="Trần Thị Dân")
    row = announce(world, area)
    expansion.tick()
    head = at_desk(app, world.head_tdp)
    for path in ("", "/outcomes.csv"):
        page = head.get(f"/desk/broadcasts/{row.id}{path}")
        assert page.status_code == 200
        assert "Trần" not in page.text


def test_a_head_is_offered_their_own_neighbourhood_only_and_no_tricks_help(app, world):
    own, other = (topics.area(world.neighbourhoods[no].id) for no in (1, 2))
    head = at_desk(app, world.head_tdp)
    page = head.get("/desk/broadcasts/new")
    assert own in page.text
    assert other not in page.text
    for wrong in (other, "ward"):
        assert write(head, wrong).status_code == 422
    assert write(head, own).status_code == 302
    foreign = announce(world, other, key="foreign")
    for method, address, _ in ROUTES.values():
        if "{b}" in address:
            assert ask(head, method, address.format(b=foreign.id)).status_code == 404, address
    assert fresh(foreign).state is BroadcastState.SCHEDULED


def test_only_leaders_may_send_at_any_hour(app, clerk, world):
    assert "is_urgent" not in clerk.get("/desk/broadcasts/new").text
    assert write(clerk, "ward", is_urgent="y").status_code == 403
    chair = at_desk(app, world.chair)
    assert "is_urgent" in chair.get("/desk/broadcasts/new").text
    assert write(chair, "ward", is_urgent="y").status_code == 302
