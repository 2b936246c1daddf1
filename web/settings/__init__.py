"""The administrator's pages: what the ward is, who works for it, when, and in which words."""

from flask import Flask

from web.settings import calendar, history, home, office_hours, people
from web.settings.blueprint import settings

__all__ = ["calendar", "history", "home", "init_app", "office_hours", "people"]


def init_app(app: Flask) -> None:
    app.register_blueprint(settings)
