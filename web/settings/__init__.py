"""The administrator's pages: what the ward is, who works for it, when, and in which words."""

from flask import Flask

from web.settings import calendar, delegations, history, home, office_hours, people, posts, units
from web.settings.blueprint import settings

__all__ = [
    "calendar",
    "delegations",
    "history",
    "home",
    "init_app",
    "office_hours",
    "people",
    "posts",
    "units",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(settings)
