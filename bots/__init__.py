"""CHANNELS: how words come in from chats and go out to them. Imports feedback, never web."""

from flask import Flask, current_app

from bots import commands
from bots.console import chat
from bots.telegram.cli import telegram
from bots.webhook import webhooks
from feedback.conversations import fetching
from feedback.conversations.inbound import FileRef
from feedback.documents.intake import CleanFile
from feedback.outbox import channel, connecting
from feedback.outbox.mail import use as use_mail
from feedback.people.models import Channel


def init_app(app: Flask) -> None:
    """Register webhooks, chat commands and senders with the application."""
    channel.set_pace(Channel.TELEGRAM, app.config["SETTINGS"].telegram_per_second)
    channel.register(Channel.TELEGRAM, _telegram)
    channel.register(Channel.ZALO, _zalo)
    channel.register(Channel.EMAIL, _mail)
    use_mail(bool(app.config["SETTINGS"].smtp_url))
    fetching.register(Channel.TELEGRAM, _telegram_file)
    fetching.register(Channel.ZALO, _zalo_file)
    connecting.register(Channel.ZALO, _zalo_connector)
    commands.init_app(app)
    app.register_blueprint(webhooks)
    app.cli.add_command(telegram)
    app.cli.add_command(chat)


def _telegram(account: channel.Account) -> channel.ChannelSender | None:
    from bots.telegram.channel import sender_for  # loads the library: only who sends needs it

    return sender_for(current_app._get_current_object(), account)


def _zalo(account: channel.Account) -> channel.ChannelSender | None:
    from bots.zalo.channel import sender_for

    return sender_for(current_app._get_current_object(), account)


def _mail(account: channel.Account) -> channel.ChannelSender | None:
    from bots.mail.channel import sender_for

    return sender_for(current_app._get_current_object(), account)


def _telegram_file(account: str, file: FileRef) -> CleanFile:
    from bots.telegram.files import fetch  # only who downloads loads an HTTP client

    return fetch(account, file)


def _zalo_file(account: str, file: FileRef) -> CleanFile:
    from bots.zalo.files import fetch

    return fetch(account, file)


def _zalo_connector() -> connecting.Connector:
    from bots.zalo.connector import ZaloConnector

    return ZaloConnector(current_app._get_current_object())
