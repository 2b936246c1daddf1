"""The door: who gets in, who does not, and that nobody learns why."""

import re
from dataclasses import replace

import pytest
from flask import url_for

from feedback import clock
from feedback.db import db, transaction
from tests.web.lint import lint_page
from tests.web.staff import PASSWORD, at_desk, give_login
from web.accounts import logins, second_factor
from web.accounts.models import Login
from web.accounts.session import safe_next
from web.throttle import counts

LOGIN = "/login"


@pytest.fixture
def an(world):
    login = give_login(world.an, "ly.an", email="An.Ly@Ward.vn")
    db.session.rollback()
    return login


def enter(client, name="ly.an", password=PASSWORD, address=LOGIN):
    return client.post(address, data={"name": name, "password": password})


def is_inside(client) -> bool:
    return client.get("/account/password").status_code == 200


def test_the_login_page_is_sound(client, app):
    page = client.get(LOGIN)
    assert page.status_code == 200
    lint_page(page.text)


@pytest.mark.parametrize("name", ["ly.an", "LY.AN ", "an.ly@ward.vn", "An.Ly@WARD.vn"])
def test_username_or_email_opens_however_typed(client, an, name):
    response = enter(client, name)
    assert response.status_code == 302
    assert response.location == "/desk/"
    assert is_inside(client)


def test_unknown_name_wrong_password_closed_login_and_former_officer_look_the_same(
    client, an, world
):
    answers = [enter(client, "nobody"), enter(client, password="sai rồi nhé")]
    with transaction():
        logins.set_active(db.session.merge(an), False, by_officer_id=None)
    answers.append(enter(client))
    with transaction():
        logins.set_active(db.session.merge(an), True, by_officer_id=None)
        db.session.merge(world.an).is_active = False
    answers.append(enter(client))
    pages = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert [answer.status_code for answer in answers] == [422] * 4
    assert len(pages) == 1
    lint_page(answers[0].text)
    assert not is_inside(client)


def test_whoever_leaves_the_ward_is_outside_at_once(app, world):
    client = at_desk(app, world.an)
    assert is_inside(client)
    with transaction():
        db.session.merge(world.an).is_active = False
    assert not is_inside(client)


def test_logging_in_leads_back_to_the_page_that_was_wanted(client, an):
    asked = client.get("/desk/?tab=2")
    assert asked.status_code == 302
    assert asked.location == "/login?next=/desk/?tab%3D2"
    assert enter(client, address=asked.location).location == "/desk/?tab=2"


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "desk", "/a\nb", "", None],
)
def test_an_address_outside_this_site_is_not_followed(address):
    assert safe_next(address) is None


def test_logging_out_ends_the_session(app, world):
    client = at_desk(app, world.an)
    assert client.post("/logout").location == LOGIN
    assert not is_inside(client)


def test_closing_a_login_ends_its_sessions(app, world):
    client = at_desk(app, world.an)
    assert is_inside(client)
    with transaction():
        logins.set_active(logins.of_officer(world.an.id), False, by_officer_id=world.admin.id)
    assert not is_inside(client)


def test_too_many_wrong_tries_for_one_name_are_stopped_even_from_other_addresses(
    app, an, monkeypatch
):
    settings = replace(app.config["SETTINGS"], rate_limits=True)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    counts.storage.reset()
    client = app.test_client()
    for turn in range(10):
        wrong = {"name": "ly.an", "password": "sai"}
        place = {"REMOTE_ADDR": f"10.0.0.{turn}"}
        assert client.post(LOGIN, data=wrong, environ_base=place).status_code == 422
    assert enter(client).status_code == 429
    assert enter(client, "somebody.else").status_code == 422


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(app, world):
    here, elsewhere = at_desk(app, world.an), at_desk(app, world.an)
    new = "đèn ngõ nhỏ đã sáng"
    form = {"present": PASSWORD, "new": new, "again": new}
    lint_page(here.get("/account/password").text)
    assert here.post("/account/password", data=form).status_code == 302
    assert is_inside(here)
    assert not is_inside(elsewhere)
    username = logins.of_officer(world.an.id).username
    assert enter(app.test_client(), username, new).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"present": "sai"}, "Mật khẩu hiện tại chưa đúng"),
        ({"new": "ngắn", "again": "ngắn"}, "ít nhất 10 ký tự"),
        ({"new": "1234567890123", "again": "1234567890123"}, "dễ đoán"),
        ({"again": "khác"}, "chưa giống nhau"),
    ],
)
def test_a_bad_new_password_is_refused_with_its_reason(app, world, changes, words):
    client = at_desk(app, world.an)
    new = "đèn ngõ nhỏ đã sáng"
    answer = client.post(
        "/account/password", data={"present": PASSWORD, "new": new, "again": new, **changes}
    )
    assert answer.status_code == 422
    assert words in answer.text
    lint_page(answer.text)


def test_a_password_set_by_somebody_else_must_be_changed_first(client, world):
    give_login(world.an, "ly.an", must_change_password=True)
    enter(client)
    assert client.get("/desk/").location == "/account/password"
    assert "do người khác đặt" in client.get("/account/password").text


def test_every_post_needs_the_token_of_its_page(app, an):
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert enter(client).status_code == 400
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(LOGIN).text)[1]
        form = {"name": "ly.an", "password": PASSWORD, "csrf_token": token}
        assert client.post(LOGIN, data=form).status_code == 302
        assert client.post("/logout").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(client, an):
    cookie = enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" in cookie


class TestSecondFactor:
    @pytest.fixture
    def key(self, app, world):
        """An's second factor, switched on through the pages."""
        client = at_desk(app, world.an)
        page = client.get("/account/second-factor")
        lint_page(page.text)
        with client.session_transaction() as session:
            key = session["totp_key"]
        done = client.post("/account/second-factor", data={"code": self.code(key, ago=1)})
        assert done.status_code == 200
        lint_page(done.text)
        self.recovery = re.findall(r"\b[0-9a-f]{5}-[0-9a-f]{5}\b", done.text)
        assert len(self.recovery) == 8
        return key

    def code(self, key, ago=0):
        step = int(clock.now().timestamp()) // second_factor.STEP_SECONDS
        return second_factor.code_at(key, step - ago)

    def at_the_second_door(self, app, world):
        client = app.test_client()
        answer = enter(client, logins.of_officer(world.an.id).username)
        assert answer.location == "/login/code"
        assert not is_inside(client)
        return client

    def give_code(self, client, code):
        return client.post("/login/code", data={"code": code})

    def test_a_password_alone_no_longer_opens(self, app, world, key):
        client = self.at_the_second_door(app, world)
        lint_page(client.get("/login/code").text)
        wrong = self.give_code(client, "000000")
        assert wrong.status_code == 422
        lint_page(wrong.text)
        assert self.give_code(client, self.code(key)).status_code == 302
        assert is_inside(client)

    def test_a_code_opens_once(self, app, world, key):
        code = self.code(key)
        assert self.give_code(self.at_the_second_door(app, world), code).status_code == 302
        assert self.give_code(self.at_the_second_door(app, world), code).status_code == 422

    def test_a_recovery_code_opens_once(self, app, world, key):
        code = self.recovery[0].upper()
        assert self.give_code(self.at_the_second_door(app, world), code).status_code == 302
        assert self.give_code(self.at_the_second_door(app, world), code).status_code == 422

    def test_nobody_reaches_the_second_door_without_the_first(self, client, key):
        assert client.get("/login/code").location == LOGIN

    def test_it_is_switched_off_with_the_password(self, app, world, key):
        client = at_desk(app, world.an)
        page = client.get("/account/second-factor")
        assert "còn 8 mã dự phòng" in page.text
        lint_page(page.text)
        off = "/account/second-factor/removal"
        assert client.post(off, data={"password": "sai"}).status_code == 422
        assert client.post(off, data={"password": PASSWORD}).status_code == 302
        assert not logins.of_officer(world.an.id).has_second_factor

    def test_its_key_is_not_readable_in_the_database(self, app, world, key):
        stored = db.session.connection().exec_driver_sql("SELECT totp_key FROM login").scalar_one()
        assert key not in stored


# RFC 6238, appendix B, SHA-1, cut to six digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds, code):
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert second_factor.code_at(key, seconds // 30) == code


def test_every_page_of_the_door_answers_the_stranger_by_the_door(app, world):
    client = app.test_client()
    with app.test_request_context():
        for endpoint in ("accounts.password", "accounts.second_factor_page"):
            assert client.get(url_for(endpoint)).location.startswith(LOGIN)
    assert db.session.query(Login).count() == 0
