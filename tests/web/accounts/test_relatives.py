"""An officer declares relatives; nobody else reads whom."""

import re

import pytest

from feedback.people import relatives
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk

PAGE = "/account/relatives"
BROTHER = {"name": "Lý Văn Bá", "relationship": "Anh ruột", "phone": "0987 654 321"}


def test_what_is_declared_is_shown_to_them_and_dropped(app, world):
    an = at_desk(app, world.an)
    assert an.post(PAGE, data=BROTHER | {"colleague_id": str(world.chi.id)}).status_code == 302
    page = an.get(PAGE).text
    lint_page(page)
    assert "Lý Văn Bá" in page
    assert "098" in page
    assert "Tại phường: Mai Thị Chi" in page
    address = re.search(r'action="([^"]+/withdrawal)"', page)[1]
    assert an.post(address).status_code == 302
    assert "Lý Văn Bá" not in an.get(PAGE).text
    assert relatives.declarers(world.ward.id) == frozenset()


def test_what_makes_no_sense_comes_back_with_the_reason(app, world):
    answer = at_desk(app, world.an).post(PAGE, data=BROTHER | {"phone": "12"})
    assert answer.status_code == 422
    lint_page(answer.text)
    assert "Số điện thoại chưa đúng." in answer.text
    assert "Lý Văn Bá" in answer.text


def test_the_administrator_learns_only_that_there_is_one(app, world):
    at_desk(app, world.an).post(PAGE, data=BROTHER)
    page = at_desk(app, world.admin).get("/desk/settings/people").text
    assert page.count("đã kê khai người thân") == 1
    assert "Lý Văn Bá" not in page
    assert "Anh ruột" not in page


def test_an_assignment_to_them_is_refused_and_somebody_else_proposed(app, world):
    at_desk(app, world.an).post(PAGE, data=BROTHER)
    petition = walks.accepted(world, phone="0987654321")
    form = {"version": walks.version_of(petition.number), "officer_id": str(world.an.id)}
    clerk = at_desk(app, world.clerk)
    answer = clerk.post(f"/desk/cases/{petition.number}/assignment", data=form)
    assert answer.status_code == 422
    lint_page(answer.text)
    assert "Có thể giao cho Phạm Thị Lê" in answer.text
    assert "Lý Văn Bá" not in answer.text


@pytest.mark.parametrize("page", ["", "/password", "/second-factor", "/relatives"])
def test_every_page_of_the_account_names_the_ward(app, world, page):
    shown = at_desk(app, world.an).get("/account" + page).text
    assert f'ward-header__name">{world.ward.name}<' in shown
