"""The chair's queue: one answer on the screen, approve or return, undo, go on."""

import re

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.petitions.models import Status, Urgency
from feedback.wards import substitution
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk

QUEUE = "/desk/approvals"


@pytest.fixture
def chair(app, world):
    return at_desk(app, world.chair)


def see(client, address=QUEUE) -> str:
    page = client.get(address)
    assert page.status_code == 200
    lint_page(page.text)
    return page.text


def send(client, page, noun, **form):
    """Press the button of the page in front of us."""
    part = page.split(f'/{noun}"')[1]
    action = re.search(rf'action="(/desk/cases/[\w-]+/{noun})"', page)[1]
    names = ("version", "seen", "back")
    hidden = {
        n: found[1] for n in names if (found := re.search(rf'name="{n}" value="([^"]*)"', part))
    }
    return client.post(action, data={**hidden, **form})


def test_an_empty_queue_says_how_it_fills(chair):
    assert "sẽ hiện ở đây" in see(chair)


def test_due_soonest_comes_first_and_one_at_a_time(chair, world):
    slow = walks.submitted(world).number
    urgent = walks.submitted(world, urgency=Urgency.URGENT).number
    page = see(chair)
    assert "Chờ duyệt: 2" in page
    assert urgent in page
    assert slow not in page
    skipped = see(chair, re.search(r'href="([^"]+)">Để sau', page)[1].replace("&amp;", "&"))
    assert slow in skipped


def test_approved_it_offers_the_next_one_and_an_undo(chair, world):
    first = walks.submitted(world, urgency=Urgency.URGENT).number
    second = walks.submitted(world).number
    answer = send(chair, see(chair), "approval")
    assert walks.status_of(first) is Status.ANSWERED
    page = see(chair, answer.location)
    assert second in page
    assert f"Trả lời {first} đã duyệt" in page
    undone = send(chair, page.split("data-undo-until")[1], "recall")
    assert undone.location == QUEUE
    assert walks.status_of(first) is Status.AWAITING_APPROVAL


def test_returned_it_goes_back_with_the_reason(chair, world):
    number = walks.submitted(world).number
    page = see(chair)
    empty = send(chair, page, "return")
    assert empty.status_code == 422
    lint_page(empty.text)
    assert send(chair, page, "return", reason="Thêm ảnh").status_code == 302
    assert walks.status_of(number) is Status.IN_PROGRESS


def test_a_substitute_approves_in_the_chairs_name(app, world):
    vice = at_desk(app, world.vice)
    with transaction():
        substitution.declare(
            by=world.actor("chair"),
            absent_id=world.chair.id,
            substitute_id=world.vice.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    number = walks.submitted(world, urgency=Urgency.COMPLEX).number
    page = see(vice)
    assert "Chủ tịch trực tiếp ký (kiến nghị và việc phức tạp)" in page
    assert "Trần Văn Vinh ký thay" in page
    assert "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH / Trần Văn Vinh" in page
    send(vice, page, "approval")
    assert "Trần Văn Vinh (thay Nguyễn Thị Hoa)" in vice.get(f"/desk/cases/{number}").text


def test_a_deputy_signs_the_ordinary_and_sees_nothing_else(app, world):
    vice = at_desk(app, world.vice)
    complex_ = walks.submitted(world, urgency=Urgency.COMPLEX).number
    assert complex_ not in see(vice)
    number = walks.submitted(world).number
    page = see(vice)
    assert "Phó Chủ tịch được ký thay" in page
    send(vice, page, "approval")
    assert walks.status_of(number) is Status.ANSWERED


def test_an_undo_of_somebody_elses_number_is_not_offered(chair, world):
    number = walks.submitted(world).number
    db.session.rollback()
    for address in (f"{QUEUE}?done={number}", f"{QUEUE}?done=BD-2026-999999", f"{QUEUE}?done=x"):
        assert "Hoàn tác" not in see(chair, address)


def test_a_mark_that_is_none_is_refused(chair):
    assert chair.get(f"{QUEUE}?after=zzz").status_code == 422
