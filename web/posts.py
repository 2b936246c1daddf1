"""Every POST must carry the token of its own page (CSRF), except where a program posts, not a person."""

from flask import Flask, current_app, request
from flask_wtf import CSRFProtect

from web.error_pages import PROGRAM_PATHS

csrf = CSRFProtect()


def init_posts(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # we decide below
    app.config["WTF_CSRF_TIME_LIMIT"] = (
        None  # the session's life: a long answer takes long to write
    )
    csrf.init_app(app)
    app.before_request(_guard)


def _guard() -> None:
    if current_app.config["WTF_CSRF_ENABLED"] and not request.path.startswith(PROGRAM_PATHS):
        csrf.protect()
