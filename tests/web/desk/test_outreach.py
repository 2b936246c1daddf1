"""Residents no message reached: who is told to call or bring a paper, and that it was done."""

import pytest
import sqlalchemy as sa

from feedback.audit import AuditRow
from feedback.db import db
from feedback.outbox.outreach import Means, Outreach
from feedback.petitions.models import Kind, TimelineEntry
from tests.web.desk import walks
from tests.web.desk.broadcast_routes import to_bring
from tests.web.lint import lint_page
from tests.web.staff import at_desk


def said(number_of) -> list[str]:
    db.session.rollback()
    query = sa.select(TimelineEntry.text).where(TimelineEntry.petition_id == number_of)
    return list(db.session.scalars(query))


def test_the_clerk_calls_and_says_so_once(app, world):
    petition = walks.received(world)
    task = to_bring(world, petition, Means.PHONE)
    clerk = at_desk(app, world.clerk)
    page = clerk.get("/desk/outreach")
    lint_page(page.text)
    for words in (petition.number, "Gọi điện", "tel:+84912345678", "Phường đã trả lời"):
        assert words in page.text, words
    assert "1" in clerk.get("/desk/").text.split("Báo trực tiếp")[1][:80]
    clerk.post(f"/desk/outreach/{task}/done", data={"note": "Gặp con gái bác"})
    assert "Báo người dân trực tiếp. Đã gọi điện: Gặp con gái bác" in said(petition.id)
    assert petition.number not in clerk.get("/desk/outreach").text.split("<main")[1].split("<h1")[1]
    again = clerk.post(f"/desk/outreach/{task}/done", follow_redirects=True)
    assert "đã có người làm" in again.text
    assert "outreach.read" in db.session.scalars(sa.select(AuditRow.action)).all()


def test_the_head_brings_papers_of_their_own_neighbourhood_and_sees_no_number(app, world):
    own = walks.received(world)
    other = walks.received(world, neighbourhood_id=world.neighbourhoods[2].id)
    called = walks.received(world)
    mine = to_bring(world, own, address="1")
    foreign = to_bring(world, other, address="2")
    call = to_bring(world, called, Means.PHONE, address="3")
    head = at_desk(app, world.head_tdp)
    page = head.get("/desk/outreach").text
    assert own.number in page
    for hidden in (other.number, called.number, "0912", "912345678"):
        assert hidden not in page, hidden
    assert "Đưa giấy cho người dân (1)" in head.get("/desk/").text
    for theirs in (foreign, call):
        assert head.post(f"/desk/outreach/{theirs}/done").status_code == 404
    assert head.post(f"/desk/outreach/{mine}/done").status_code == 302
    assert "Báo người dân trực tiếp. Đã đưa giấy" in said(own.id)
    assert db.session.get_one(Outreach, mine).done_by_id == world.head_tdp.id


def test_a_sealed_petition_is_on_nobodys_list_who_may_not_see_it(app, world):
    petition = walks.received(world, kind=Kind.TO_CAO)
    task = to_bring(world, petition)
    head = at_desk(app, world.head_tdp)
    assert petition.number not in head.get("/desk/outreach").text
    assert head.post(f"/desk/outreach/{task}/done").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True)
def test_the_list_is_sound_at_every_width(world, faults):
    for no, means in enumerate((Means.PHONE, Means.PAPER)):
        to_bring(world, walks.received(world), means, address=str(no))
    db.session.rollback()
    assert faults([("clerk", "/desk/outreach")]) == []
