"""Officers at their desks, for tests of staff pages."""

from functools import cache

from flask import Flask
from flask.testing import FlaskClient

from feedback.db import db, transaction
from feedback.people.models import Officer
from web.accounts import logins, passwords
from web.accounts.models import Login

PASSWORD = "mùa xuân có hoa ban"


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def give_login(officer: Officer, username: str, **values: object) -> Login:
    """A login made the way everyone's is, its hash counted only once for all tests."""
    with transaction():
        return logins.create_login(officer, username, password_hash=_hash(), **values)


def at_desk(app: Flask, officer: Officer) -> FlaskClient:
    """A client whose session belongs to this officer."""
    login = logins.of_officer(officer.id) or give_login(officer, f"officer{officer.id}")
    name = login.fs_uniquifier
    db.session.rollback()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = name
        session["_fresh"] = True
    return client
