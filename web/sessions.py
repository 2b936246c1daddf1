"""The session cookie, signed by one signer that is made once; none where nobody is to be remembered."""

from flask import Flask, Request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

WITHOUT = ("/webhooks/", "/static/", "/healthz")


class Sessions(SecureCookieSessionInterface):
    """Flask makes a signer twice for each answer, which costs as much as what it signs."""

    def __init__(self, app: Flask):
        self._signer = super().get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        return None if request.path.startswith(WITHOUT) else super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer


def init_sessions(app: Flask) -> None:
    app.session_interface = Sessions(app)
