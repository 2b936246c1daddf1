"""Everybody lands where their work is."""

from datetime import timedelta

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Officer
from feedback.petitions import actions
from feedback.petitions.models import Urgency
from feedback.wards import substitution
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk


def home(app, world, who):
    page = at_desk(app, world.people[who]).get("/desk/")
    if page.status_code == 200:
        lint_page(page.text)
    return page


def test_an_officer_sees_their_open_cases_due_soonest_first(app, world):
    slow = walks.accepted(world)
    urgent = walks.accepted(world, urgency=Urgency.URGENT)
    walks.accepted(world, field_id=world.fields[4].id)
    page = home(app, world, "an").text
    assert page.index(urgent.number) < page.index(slow.number)
    assert page.count("data-row") == 2


@pytest.mark.parametrize(
    ("pile", "walk"),
    [("new", walks.accepted), ("waiting", walks.waiting), ("approval", walks.submitted)],
)
def test_each_counter_opens_the_cases_it_counts(app, world, pile, walk):
    number = walk(world).number
    walks.in_progress(world)
    client = at_desk(app, world.an)
    tile = f'href="/desk/work?pile={pile}"><span class="ward-counter__number">1</span>'
    assert tile in client.get("/desk/").text
    assert tile in client.get("/desk/counters").text
    page = client.get(f"/desk/work?pile={pile}").text
    lint_page(page)
    assert number in page
    assert page.count("data-row") == 1


def test_a_case_past_its_date_is_counted_late(app, world, time_machine):
    number = walks.in_progress(world).number
    time_machine.move_to(clock.now() + timedelta(days=60), tick=False)
    client = at_desk(app, world.an)
    assert number in client.get("/desk/work?pile=late").text
    assert "Quá hạn" in client.get(f"/desk/cases/{number}").text


def test_the_clerk_sees_what_waits_to_be_taken_in(app, world):
    number = walks.received(world).number
    page = home(app, world, "clerk").text
    assert "Chờ tiếp nhận" in page
    assert number in page


def test_the_chair_sees_approvals_late_cases_and_hot_spots(app, world):
    waiting = walks.submitted(world).number
    for _ in range(3):
        walks.received(world)
    page = home(app, world, "chair").text
    assert "Duyệt trả lời (1)" in page
    assert waiting in page
    assert "Tổ dân phố số 1: chiếu sáng" in page


def test_a_deputy_is_not_led_to_approvals_that_are_not_theirs(app, world):
    number = walks.submitted(world, urgency=Urgency.COMPLEX).number
    page = home(app, world, "vice").text
    assert "Duyệt trả lời (0)" in page
    assert number not in page


def test_who_stands_in_for_the_chair_lands_where_the_chair_would(app, world):
    with transaction():
        substitution.declare(
            by=world.actor("chair"),
            absent_id=world.chair.id,
            substitute_id=world.dept_head.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    number = walks.submitted(world).number
    page = home(app, world, "dept_head").text
    assert "Duyệt trả lời (1)" in page
    client = at_desk(app, world.dept_head)
    version = walks.version_of(number)
    client.post(f"/desk/cases/{number}/approval", data={"version": version})
    assert "Đỗ Văn Dũng (thay Nguyễn Thị Hoa)" in client.get(f"/desk/cases/{number}").text


def test_a_neighbourhood_head_gets_three_buttons(app, world):
    page = home(app, world, "head_tdp").text
    assert page.count('role="button"') == 3


def test_supervisors_and_administrators_go_to_their_own_pages(app, world):
    assert home(app, world, "supervisor").location == "/desk/cases"
    assert home(app, world, "admin").location == "/desk/settings"


def test_somebody_without_a_post_is_told_so(app, world):
    with transaction():
        newcomer = Officer(ward_id=world.ward.id, full_name="Lê Mới", created_at=clock.now())
        db.session.add(newcomer)
    page = at_desk(app, newcomer).get("/desk/")
    lint_page(page.text)
    assert "chưa được giao chức vụ" in page.text


def test_an_empty_desk_says_how_it_fills(app, world):
    for who in ("an", "clerk", "chair", "vice", "dept_head"):
        assert "sẽ hiện ở đây" in home(app, world, who).text


def test_a_unit_asked_for_help_sees_it_on_its_desk(app, world):
    petition = walks.in_progress(world)
    walks.step(
        world,
        petition,
        "an",
        actions.consult,
        department_id=world.departments["van_hoa_xa_hoi"].id,
        question="Ý kiến?",
    )
    assert "Đề nghị phối hợp" in home(app, world, "chi").text
