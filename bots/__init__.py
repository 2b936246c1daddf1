"""CHANNELS: how words come in from chats and go out to them. Imports feedback, never web."""

from flask import Flask, current_app

from bots import commands
from feedback.outbox import channel
from feedback.people.models import Channel


def init_app(app: Flask) -> None:
    """Register webhooks, chat commands and senders with the application."""
    channel.register(Channel.TELEGRAM, _telegram)
    commands.init_app(app)


def _telegram(account: channel.Account) -> channel.ChannelSender | None:
    from bots.telegram.channel import sender_for  # loads the library: only who sends needs it

    return sender_for(current_app._get_current_object(), account)  # type: ignore[attr-defined]
