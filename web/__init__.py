"""PAGES: what people open in a browser. Imports feedback, never bots."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every page with the application."""
    from web import accounts, desk, ops, public, settings  # a third of a start: commands do without
    from web.kit import init_kit

    ops.init_app(app)
    init_kit(app)
    accounts.init_app(app)
    desk.init_app(app)
    settings.init_app(app)
    public.init_app(app)
