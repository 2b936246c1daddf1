"""The administrator's pages: what the ward is and who works for it."""

from flask import Flask

from web.settings import home, people
from web.settings.blueprint import settings

__all__ = ["home", "init_app", "people"]


def init_app(app: Flask) -> None:
    app.register_blueprint(settings)
