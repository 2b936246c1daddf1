"""Saying who stands in, on the page."""

from datetime import timedelta

import pytest

from feedback import clock
from feedback.db import db
from feedback.wards import substitution
from feedback.wards.models import Substitution
from tests.web.lint import lint_page
from tests.web.staff import at_desk

PAGE = "/desk/absence"


def day(n):
    return f"{clock.today() + timedelta(days=n):%d/%m/%Y}"


def send(client, **form):
    answer = client.post(PAGE, data={"starts_on": day(1), "ends_on": day(3), **form})
    if answer.status_code == 422:
        lint_page(answer.text)
    return answer


@pytest.fixture
def an(app, world):
    return at_desk(app, world.an)


def test_an_officer_names_a_substitute_and_takes_it_back(an, world):
    page = an.get(PAGE)
    lint_page(page.text)
    assert 'name="absent_id"' not in page.text
    assert "Bùi Thị Giám" not in page.text
    assert send(an, substitute_id=world.binh.id, reason="Nghỉ phép").status_code == 302
    page = an.get(PAGE).text
    lint_page(page)
    assert "Vũ Thị Bình" in page
    assert "Nghỉ phép" in page
    row = db.session.query(Substitution).one()
    assert an.post(f"{PAGE}/{row.id}/end").status_code == 302
    db.session.rollback()
    assert substitution.coming(world.ward.id) == []


def test_an_officer_cannot_speak_for_others(an, world):
    send(an, substitute_id=world.binh.id, absent_id=world.clerk.id)
    assert db.session.query(Substitution).one().absent_id == world.an.id


def test_the_chair_names_one_for_anybody(app, world):
    chair = at_desk(app, world.chair)
    lint_page(chair.get(PAGE).text)
    assert send(chair, absent_id=world.an.id, substitute_id=world.binh.id).status_code == 302
    row = db.session.query(Substitution).one()
    assert (row.absent_id, row.declared_by_id) == (world.an.id, world.chair.id)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Xin chọn người thay"),
        ({"substitute_id": "{an}"}, "thay được cho chính mình"),
        ({"substitute_id": "{binh}", "starts_on": "31/02/2026"}, "Ngày chưa đúng"),
        ({"substitute_id": "{binh}", "starts_on": ""}, "Xin ghi ngày bắt đầu"),
        ({"substitute_id": "{binh}", "ends_on": "01/01/2020"}, "từ ngày bắt đầu trở đi"),
        ({"substitute_id": "{binh}", "starts_on": "01/01/2020"}, "từ hôm nay trở đi"),
        ({"substitute_id": "{supervisor}"}, "chọn"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(an, world, form, words):
    ids = {name: world.people[name].id for name in ("an", "binh", "supervisor")}
    answer = send(an, **{name: raw.format(**ids) for name, raw in form.items()})
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(Substitution).count() == 0


def test_somebody_elses_absence_cannot_be_ended(an, app, world):
    chair = at_desk(app, world.chair)
    send(chair, absent_id=world.binh.id, substitute_id=world.chi.id)
    row = db.session.query(Substitution).one()
    assert an.post(f"{PAGE}/{row.id}/end").status_code == 403
    assert an.post(f"{PAGE}/999999/end").status_code == 404
