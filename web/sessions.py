"""The session cookie, signed by one signer that is made once."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
    """Flask makes a signer twice for each answer, which costs as much as what it signs."""

    def __init__(self, app: Flask):
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer


def init_sessions(app: Flask) -> None:
    app.session_interface = Sessions(app)
