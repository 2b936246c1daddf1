"""Officers at their desks, for tests of staff pages."""

from functools import cache

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from feedback.db import db, transaction
from feedback.people.models import Officer
from feedback.statement import Plain
from tests.world import key_of
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


_SESSIONS = Plain(sa.select(Login.fs_uniquifier).where(Login.officer_id == sa.bindparam("officer")))


def at_desk(app: Flask, officer: Officer) -> FlaskClient:
    """A client whose session belongs to this officer."""
    key = key_of(officer)
    found = _SESSIONS.look(db.engine, {"officer": key})
    name = found[0][0] if found else give_login(officer, f"officer{key}").fs_uniquifier
    db.session.rollback()
    client = app.test_client()
    signer = app.session_interface.get_signing_serializer(app)
    cookie = signer.dumps({"_user_id": name, "_fresh": True})
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
    return client
