"""The administrator's pages: what the ward is, who works for it, when, and in which words."""

from flask import Flask

from web.settings import (
    calendar,
    channels,
    delegations,
    facts,
    history,
    home,
    levels,
    office_hours,
    people,
    posts,
    texts,
    units,
)
from web.settings.blueprint import settings
from web.settings.verification import verification

__all__ = [
    "calendar",
    "channels",
    "delegations",
    "facts",
    "history",
    "home",
    "init_app",
    "levels",
    "office_hours",
    "people",
    "posts",
    "texts",
    "units",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(settings)
    app.register_blueprint(verification)
