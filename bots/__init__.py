"""CHANNELS: how words come in from chats and go out to them. Imports feedback, never web."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register webhooks, chat commands and senders with the application."""
