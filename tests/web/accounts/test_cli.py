"""The way in for the day nobody can log in."""

from feedback.db import db
from web.accounts import logins


def run(app, *words):
    return app.test_cli_runner().invoke(args=["officers", *words])


def test_an_officer_is_added_with_a_login(app, world):
    result = run(app, "add", "BD", "clerk", "Trần Thị Mới", "tran.moi")
    assert result.exit_code == 0, result.output
    assert logins.find("tran.moi").must_change_password
    db.session.rollback()
    assert "no position" in run(app, "add", "BD", "nothing", "X", "x").output


def test_a_password_is_reset_by_name(app, world):
    run(app, "add", "BD", "clerk", "Trần Thị Mới", "tran.moi")
    old = logins.find("tran.moi").password
    db.session.rollback()
    assert run(app, "reset-password", "TRAN.MOI").exit_code == 0
    assert logins.find("tran.moi").password != old
    assert run(app, "reset-password", "nobody").exit_code != 0
