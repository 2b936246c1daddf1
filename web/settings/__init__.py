"""The administrator's pages: what the ward is, who works for it, when, and in which words."""

from flask import Flask

from web.settings import (
    approval,
    broadcast_hours,
    calendar,
    channels,
    delegations,
    facts,
    faq,
    groups,
    history,
    home,
    keeping,
    law,
    levels,
    office_hours,
    people,
    posts,
    texts,
    units,
    watch,
)
from web.settings.blueprint import settings
from web.settings.verification import verification

__all__ = [
    "approval",
    "broadcast_hours",
    "calendar",
    "channels",
    "delegations",
    "facts",
    "faq",
    "groups",
    "history",
    "home",
    "init_app",
    "keeping",
    "law",
    "levels",
    "office_hours",
    "people",
    "posts",
    "texts",
    "units",
    "watch",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(settings)
    app.register_blueprint(verification)
