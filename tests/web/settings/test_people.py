"""The administrator gives logins, resets passwords, opens and closes the door."""

import re

from feedback.audit import AuditRow
from feedback.db import db
from tests.web.lint import lint_page
from tests.web.staff import at_desk, give_login
from tests.world import make_world
from web.accounts import logins

PEOPLE = "/desk/settings/people"


def test_the_list_shows_everybody_and_their_logins(admin, world):
    page = admin.get(PEOPLE)
    lint_page(page.text)
    assert "Nguyễn Thị Hoa" in page.text
    assert "Tạo tài khoản" in page.text


def test_a_new_login_opens_with_the_password_shown_once(app, admin, world):
    answer = admin.post(f"{PEOPLE}/{world.an.id}/login", data={"username": "ly.an"})
    lint_page(answer.text)
    password = re.search(r"\b\w{4}-\w{4}-\w{4}\b", answer.text)[0]
    client = app.test_client()
    assert client.post("/login", data={"name": "ly.an", "password": password}).status_code == 302
    assert client.get("/desk/").location == "/account/password"


def test_a_name_that_is_taken_is_refused(admin, world):
    give_login(world.binh, "vu.binh")
    admin.post(f"{PEOPLE}/{world.an.id}/login", data={"username": "VU.BINH"})
    assert "đã có người dùng" in admin.get(PEOPLE).text
    assert logins.of_officer(world.an.id) is None


def test_a_reset_gives_a_new_password_and_ends_sessions(app, admin, world):
    client = at_desk(app, world.an)
    answer = admin.post(f"{PEOPLE}/{world.an.id}/password")
    lint_page(answer.text)
    assert client.get("/desk/").location.startswith("/login")
    row = db.session.query(AuditRow).filter_by(action="login.reset").one()
    assert (row.officer_id, row.subject_id) == (world.admin.id, world.an.id)


def test_the_door_closes_and_opens_again(app, admin, world):
    client = at_desk(app, world.an)
    admin.post(f"{PEOPLE}/{world.an.id}/closure")
    assert client.get("/desk/").status_code == 302
    assert "Đã khóa" in admin.get(PEOPLE).text
    admin.post(f"{PEOPLE}/{world.an.id}/opening")
    assert logins.of_officer(world.an.id).active


def test_nobody_shuts_themselves_out(admin, world):
    admin.post(f"{PEOPLE}/{world.admin.id}/closure")
    assert logins.of_officer(world.admin.id).active


def test_officers_of_another_ward_are_not_there(app, admin, world):
    other = make_world("HK", "hoan-kiem")
    give_login(other.an, "hk.an")
    for act in ("login", "password", "closure", "opening"):
        assert admin.post(f"{PEOPLE}/{other.an.id}/{act}").status_code == 404
    assert admin.get(PEOPLE).text.count('scope="row"') == len(world.people)
