"""Who is asking: the login, the officer and the actor of this request, each looked up once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, g, redirect, request, session, url_for
from flask_security import current_user
from flask_security import login_user as _login_user
from werkzeug.wrappers import Response

from feedback import clock
from feedback.db import db
from feedback.people.actor import Actor
from feedback.people.directory import actor_for
from feedback.people.models import Officer, Permission
from web.accounts.models import Entered, Login

View = Callable[..., Any]


def entered() -> Entered | Login | None:
    """Who this request's session belongs to; None for a stranger and for one who left the ward."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def current_login() -> Login | None:
    """The row of that login."""
    who = entered()
    return db.session.get_one(Login, who.id) if who else None


def current_officer() -> Officer | None:
    """The officer behind the session; None for a stranger."""
    who = entered()
    return db.session.get(Officer, who.officer_id) if who else None


def current_actor() -> Actor:
    """The actor of this request. Answers 401 to a stranger; behind `staff_only` there is none."""
    if "actor" not in g:
        who = entered()
        if who is None:
            abort(401)
        g.actor = actor_for(who.officer_id)
    return g.actor


def staff_only() -> Response | None:
    """A blueprint's `before_request`: strangers go to the log-in page, and come back afterwards."""
    who = entered()
    if who is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.login", next=wanted))
    if who.must_change_password:
        return redirect(url_for("accounts.password"))
    return None


def needs(*rights: Permission) -> Callable[[View], View]:
    """A view's guard: one of these rights, own or borrowed. Others get 404, as if it did not exist."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not any(current_actor().has(right) for right in rights):
                abort(404)
            return view(*args, **kwargs)

        return guarded

    return guard


def begin(login: Login) -> None:
    """Start the session; call inside a transaction. The form token of the stranger is dropped."""
    for leftover in ("csrf_token", "second_factor"):
        session.pop(leftover, None)
    login.last_login_at = clock.now()
    _login_user(login)
    session.permanent = True


def safe_next(address: str | None) -> str | None:
    """The address when it stays on this site, else None."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    return None if any(ord(letter) < 32 for letter in address) else address
