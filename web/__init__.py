"""PAGES: what people open in a browser. Imports feedback, never bots."""

from flask import Flask

from web import accounts, commands, desk, ops, public, settings
from web.kit import init_kit


def init_app(app: Flask) -> None:
    """Register every page with the application."""
    ops.init_app(app)
    init_kit(app)
    accounts.init_app(app)
    desk.init_app(app)
    settings.init_app(app)
    commands.init_app(app)
    public.init_app(app)
