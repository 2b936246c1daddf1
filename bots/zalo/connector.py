"""Connecting Official Accounts: consent, pasted tokens, the settings' first token, and keeping them alive."""

import base64
import hashlib
import hmac
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bots import webhook
from bots.zalo import account as accounts
from bots.zalo import clients, spool
from bots.zalo.sdk.base import challenge_of
from bots.zalo.sdk.errors import ZaloException
from bots.zalo.tokens import TokenBusy, TokenLost
from config import Settings
from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import tokens
from feedback.outbox.connecting import NotConnected
from feedback.people.models import Channel
from feedback.sealing import fingerprint
from feedback.wards.models import ChannelAccount, Ward

log = logging.getLogger("zalo")

UNKNOWN_OA = "main"  # the name of an account before Zalo told its id
LIFE = timedelta(hours=25)  # of an access token whose age we do not know
NEEDED = ("zalo_app_id", "zalo_app_secret", "zalo_oa_secret_key")
LOOK_EVERY = timedelta(hours=6)
ADVICE = {
    -14002: "Ứng dụng chưa được kích hoạt: vào developers.zalo.me, bật ứng dụng.",
    -14003: "Callback URL chưa đúng: vào developers.zalo.me, Official Account, Thiết lập chung, đặt đúng "
    "Callback URL ghi ở trang này.",
    -216: "Access token không đúng. Lấy lại cặp mã ở API Explorer rồi dán ngay.",
    -220: "Access token đã hết hạn. Lấy lại cặp mã ở API Explorer rồi dán ngay.",
}
OTHER_WARD = "OA này đang nối với một phường khác trên cùng hệ thống."


class ZaloConnector:
    """See feedback.outbox.connecting.Connector."""

    def __init__(self, app: Flask):
        self._app = app
        self._settings: Settings = app.config["SETTINGS"]

    def missing(self) -> list[str]:
        return [name.upper() for name in NEEDED if not getattr(self._settings, name)]

    def challenge(self) -> str:
        return challenge_of(self._verifier())

    def consent_url(self, callback: str, state: str) -> str:
        client = clients.for_application(self._settings)
        return client.request_authorization_code_url(callback, self.challenge(), state)

    def connect(self, ward_id: int, code: str, named: str = "") -> int:
        """The pair is committed before it is used for anything."""
        client = clients.for_application(self._settings)
        try:
            access, refresh, second = client.get_access_token_from_authorization_code(
                code, self._verifier()
            )
        except ZaloException as error:
            raise _refused(error) from None
        expires_at = datetime.fromtimestamp(second, UTC)
        account_id = self._keep(ward_id, named or UNKNOWN_OA, access, refresh, expires_at)
        self.look(account_id)
        return account_id

    def paste(self, ward_id: int, access_token: str, refresh_token: str) -> int:
        client = clients.for_application(self._settings, access_token)
        try:
            told = _data(client.get_oa())
        except ZaloException as error:
            raise _refused(error) from None
        name = str(told.get("oaid") or UNKNOWN_OA)
        expires_at = clock.now() + LIFE
        account_id = self._keep(ward_id, name, access_token, refresh_token, expires_at)
        self.look(account_id)
        return account_id

    def look(self, account_id: int) -> None:
        client = clients.for_account(self._app, account_id)
        try:
            told = _data(client.get_oa())
            quotas = client.get_zalo_oa_quotas("OA").get("data")
        except ZaloException as error:
            raise _refused(error) from None
        with transaction():
            tokens.note(account_id, **_about(told), quota=_left(quotas))
            self._name(account_id, str(told.get("oaid") or ""))
        accounts.forget()

    def tend(self) -> int:
        """Take in what waits on disk, sow the first token, renew what is due, look now and then."""
        done = spool.take_in(self._settings.upload_dir, webhook.take_in_zalo)
        if self.missing()[:2]:
            return done
        self._sow()
        due = tokens.due(clock.now())
        db.session.rollback()
        for held in due:
            try:
                clients.stored_tokens(self._app, held.account_id).renewed(held.access_token or "")
            except (TokenBusy, TokenLost) as error:
                log.warning("account %s: %s", held.account_id, error)
        for account_id in self._unseen():
            try:
                self.look(account_id)
            except NotConnected as error:
                log.warning("account %s was not looked at: %s", account_id, error)
        return done + len(due)

    # --- rows ------------------------------------------------------------------------------------

    def _keep(
        self, ward_id: int, name: str, access: str, refresh: str, expires_at: datetime
    ) -> int:
        with transaction():
            row = _account(name)
            if row is None:
                row = ChannelAccount(ward_id=ward_id, channel=Channel.ZALO, name=name)
                db.session.add(row)
                db.session.flush()
            if row.ward_id != ward_id:
                raise NotConnected(OTHER_WARD)
            tokens.put(row.id, access, refresh, expires_at)
            row.is_enabled, row.last_error = True, None
            account_id = row.id
        accounts.forget()
        return account_id

    def _sow(self) -> None:
        """Let the settings' refresh token begin an account; each such token is tried once only."""
        seed = self._settings.zalo_refresh_token
        if not seed:
            return
        mark = fingerprint(seed)
        known = sa.select(tokens.ChannelToken.id).where(tokens.ChannelToken.seed == mark)
        if db.session.scalar(known) is not None:
            return
        with transaction():
            ward_id = db.session.scalar(sa.select(Ward.id).order_by(Ward.id).limit(1))
            if ward_id is None:
                return
            row = db.session.scalars(
                sa.select(ChannelAccount).where(ChannelAccount.channel == Channel.ZALO).limit(1)
            ).one_or_none()
            if row is None:
                row = ChannelAccount(ward_id=ward_id, channel=Channel.ZALO, name=UNKNOWN_OA)
                db.session.add(row)
                db.session.flush()
            tokens.put(row.id, None, seed, None, seed=mark)

    def _unseen(self) -> list[int]:
        """Accounts with a working token that nobody looked at lately."""
        query = (
            sa.select(tokens.ChannelToken.account_id, tokens.ChannelToken.about)
            .join(ChannelAccount, ChannelAccount.id == tokens.ChannelToken.account_id)
            .where(ChannelAccount.is_enabled, tokens.ChannelToken.refused_at.is_(None))
            .where(tokens.ChannelToken.access_token.is_not(None))
        )
        before = (clock.now() - LOOK_EVERY).isoformat()
        found = [row for row in db.session.execute(query) if _seen_at(row.about) < before]
        db.session.rollback()
        return [row.account_id for row in found]

    def _name(self, account_id: int, oa_id: str) -> None:
        """Give an account the id by which events name it."""
        row = db.session.get_one(ChannelAccount, account_id)
        if oa_id and row.name != oa_id and _account(oa_id) is None:
            row.name = oa_id

    def _verifier(self) -> str:
        """One PKCE verifier for this installation, since the console keeps one challenge."""
        key = self._settings.secret_key.encode()
        digest = hmac.new(key, b"zalo-consent", hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _account(name: str) -> ChannelAccount | None:
    own = ChannelAccount.channel == Channel.ZALO, ChannelAccount.name == name
    return db.session.scalars(sa.select(ChannelAccount).where(*own)).one_or_none()


def _refused(error: ZaloException) -> NotConnected:
    advice = ADVICE.get(error.code, "Kiểm tra lại thông tin rồi thử lần nữa.")
    return NotConnected(f"Zalo chưa chấp nhận: {error}. {advice}")


def _data(told: dict[str, Any]) -> dict[str, Any]:
    data = told.get("data")
    return data if isinstance(data, dict) else {}


def _about(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": str(told.get("name") or "")[:120],
        "package": str(told.get("package_name") or "")[:60],
        "is_verified": bool(told.get("is_verified")),
        "seen_at": clock.now().isoformat(),
    }


def _left(quotas: Any) -> str:
    """As "1990/2000", of the first quota there is; "" when nothing is said."""
    for each in quotas if isinstance(quotas, list) else [quotas]:
        if isinstance(each, dict) and "remain" in each:
            return f"{each['remain']}/{each.get('total', '?')}"
    return ""


def _seen_at(about: dict[str, Any]) -> str:
    return str(about.get("seen_at") or "")
