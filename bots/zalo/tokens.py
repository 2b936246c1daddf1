"""The tokens of one Official Account, shared by every process through the database."""

import logging
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from bots.zalo.sdk.errors import (
    ZaloException,
    ZaloHTTPError,
    ZaloNoAnswer,
    ZaloNotHandedOver,
    ZaloTryLater,
)
from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import alarm, tokens
from feedback.outbox.tokens import Held

log = logging.getLogger("zalo")

Exchange = Callable[[str], tuple[str, str, int]]  # refresh token -> (access, refresh, epoch second)

LOOK_EVERY = 0.1  # seconds between looks while another process renews
PATIENCE = 40.0  # seconds it may take
MAY_PASS = (ZaloHTTPError, ZaloNoAnswer, ZaloNotHandedOver, ZaloTryLater)


class TokenLost(ZaloException):
    """Nobody can renew the tokens any more: an administrator must give consent again."""


class TokenBusy(ZaloException):
    """The tokens could not be renewed just now."""


class StoredTokens:
    """See sdk.Tokens. May be used by several threads and processes at once."""

    def __init__(self, app: Flask, account_id: int, exchange: Exchange):
        self._app, self._account_id, self._exchange = app, account_id, exchange

    def access_token(self) -> str:
        with self._app.app_context():
            held = self._held()
            db.session.rollback()
        if held.access_token and held.is_usable(clock.now()):
            return held.access_token
        return self.renewed(held.access_token or "")

    def renewed(self, refused: str) -> str:
        """An access token other than this one. Raises TokenLost or TokenBusy."""
        with self._app.app_context():
            return self._renewed(refused, secrets.token_hex(8))

    def _renewed(self, refused: str, by: str) -> str:
        end = time.monotonic() + PATIENCE
        while True:
            held = self._held()
            if held.access_token and held.access_token != refused:
                return held.access_token  # somebody was quicker
            if held.is_lost(clock.now()):
                raise TokenLost(0, "the refresh token was refused")
            with transaction():
                is_mine = tokens.claim(held, by)
            if is_mine:
                return self._renew(held, by)
            if time.monotonic() > end:
                raise TokenBusy(0, "another process does not finish renewing the token")
            time.sleep(LOOK_EVERY)

    def _renew(self, held: Held, by: str) -> str:
        """Ask with no transaction open, and commit the new pair before anybody uses it."""
        try:
            access, refresh, second = self._exchange(held.refresh_token)
        except MAY_PASS as error:
            with transaction():
                tokens.release(held, by)
            raise TokenBusy(error.code, f"not renewed: {error}") from None
        except ZaloException as error:
            log.error("the refresh token of account %s was refused: %s", held.account_id, error)
            with transaction():
                if tokens.refuse(held, str(error)):
                    alarm.token_refused(held.account_id, held.version, self._app_id)
            raise TokenLost(error.code, str(error)) from None
        with transaction():
            is_newest = tokens.keep(held, access, refresh, datetime.fromtimestamp(second, UTC))
        log.info("account %s has a new token", held.account_id)
        return access if is_newest else self.access_token()

    def _held(self) -> Held:
        db.session.rollback()
        held = tokens.of(self._account_id)
        if held is None:
            raise TokenLost(0, "the account was never connected")
        return held

    @property
    def _app_id(self) -> str:
        return str(self._app.config["SETTINGS"].zalo_app_id)
