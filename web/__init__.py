"""PAGES: what people open in a browser. Imports feedback, never bots."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every page with the application."""
