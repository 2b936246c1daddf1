"""Staff log-in: sessions, passwords, the second factor. The domain's Officer knows nothing of it.

Flask-Security keeps the sessions and the hashes; its own pages are not registered, ours are.
"""

from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from feedback.db import connected, db
from feedback.people.models import Officer
from feedback.statement import Plain
from web.accounts import chat, cli, pages, relatives
from web.accounts.logins import create_login
from web.accounts.models import Entered, Login
from web.accounts.session import current_actor, current_officer

__all__ = ["chat", "relatives", "create_login", "current_actor", "current_officer", "init_app"]

SETTINGS = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    # OWASP's measure for argon2id: a log-in takes 20 ms and 19 MiB, not 64.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 2,
        "argon2__memory_cost": 19456,
        "argon2__parallelism": 1,
    },
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},  # a new SECRET_KEY must not lock everybody out
    "SECURITY_CLI_USERS_NAME": "",
    "SECURITY_CLI_ROLES_NAME": "",
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {},
    "PERMANENT_SESSION_LIFETIME": timedelta(
        hours=10
    ),  # one working day, counted from the last page
}


class Logins(SQLAlchemyUserDatastore):
    """The library's door to our one table; commits stay with `feedback.db.transaction`."""

    def find_user(self, case_insensitive: bool = False, **key: Any) -> Entered | None:
        """The open login of somebody who still works for the ward, as far as every page asks."""
        found = _open_login(*key).rows(connected(), key)
        return Entered(*found[0]) if found else None

    def commit(self) -> None:
        self.db.session.flush()


@cache
def _open_login(*names: str) -> Plain:
    """Asked on every page, so written once."""
    query = sa.select(*(getattr(Login, name) for name in Entered.__annotations__))
    query = query.join(Officer, Officer.id == Login.officer_id)
    asked = (getattr(Login, name) == sa.bindparam(name) for name in names)
    return Plain(query.where(*asked, Login.active, Officer.is_active))


def init_app(app: Flask) -> None:
    for name, value in SETTINGS.items():
        app.config[name] = value
    security = Security(app, Logins(db, Login, None), register_blueprint=False)
    security.login_manager.request_loader(
        lambda _request: None
    )  # no tokens in headers or addresses
    # Who asks is looked up where a page wants to know (`session.py`). Looked up on every page, it
    # would also give each resident another cookie with every answer.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.register_blueprint(pages.accounts)
    app.cli.add_command(cli.officers)
