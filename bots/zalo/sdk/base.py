"""What both clients share: headers, calls, tokens."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any, Protocol
from urllib.parse import urlencode

import requests

from bots.zalo.sdk.errors import (
    ZaloException,
    ZaloHTTPError,
    ZaloNoAnswer,
    ZaloOAAuthTokenExpiredException,
    ZaloOAException,
    ZaloTryLater,
    error_for,
)
from bots.zalo.sdk.wire import Wire
from feedback import clock

OAUTH = "https://oauth.zaloapp.com"


class Tokens(Protocol):
    """Where access tokens come from when they are not the client's own."""

    def access_token(self) -> str:
        """A token that has not expired yet."""

    def renewed(self, refused: str) -> str:
        """Another token than this one, which Zalo no longer takes."""


class BaseClient:
    """`endpoint_prefix`, `oauth_prefix`: addresses of the hosts. `expire_at`: epoch seconds, 0 unknown.

    `tokens`: where tokens come from; without it the client renews its own. `patience`: seconds it may
    wait by itself when Zalo says "too fast". `has_proof`: send `appsecret_proof` with every call.
    """

    def __init__(
        self,
        access_token: str = "",
        refresh_token: str = "",
        app_id: str = "",
        secret_key: str = "",
        **kwargs: Any,
    ):
        self._refresh_token = refresh_token
        self._access_token = access_token
        self._app_id = app_id
        self._secret_key = secret_key
        self._expire_at = int(kwargs.get("expire_at") or 0)
        self._oauth = str(kwargs.get("oauth_prefix") or OAUTH)
        self._tokens: Tokens | None = kwargs.get("tokens")
        self._patience = float(kwargs.get("patience") or 0.0)
        self._has_proof = bool(kwargs.get("has_proof"))
        self.wire: Wire = kwargs.get("wire") or Wire()

    @property
    def refresh_token(self) -> str:
        return self._refresh_token

    @refresh_token.setter
    def refresh_token(self, token: str) -> None:
        self._refresh_token = token

    @property
    def access_token(self) -> str:
        return self._tokens.access_token() if self._tokens else self._access_token

    @access_token.setter
    def access_token(self, token: str) -> None:
        self._access_token = token

    # --- calls -----------------------------------------------------------------------------------

    def create_request_header(
        self,
        method: str,
        xtra_headers: dict[str, str] | None = None,
        type: str = "",
    ) -> dict[str, str]:
        """The headers of a call with the present access token."""
        return self._headers(self.access_token, method, xtra_headers, type)

    def send_request(
        self,
        method: str,
        url: str,
        body: Any = None,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        files: Any = None,
    ) -> requests.Response:
        """One request, sent once. A GET's `body` becomes its `data` parameter."""
        if method == "POST":
            how = {"files": files} if files else {"json": {} if body is None else body}
        elif method == "GET":
            data = {"data": json.dumps(body, ensure_ascii=False)} if body is not None else {}
            how = {"params": {**(params or {}), **data}}
        else:
            raise ValueError(f"Unknown method {method!r}")
        return self.wire.send(method, url, headers=headers or {}, **how)

    def call(self, method: str, url: str, **what: Any) -> dict[str, Any]:
        """A request and its answer; a token that is out is renewed once and the request repeated once.

        `what` as in `send_request`, without headers. Raises ZaloException.
        """
        until = time.monotonic() + self._patience
        while True:
            try:
                return self._with_token(method, url, what)
            except ZaloTryLater as error:
                wait = error.retry_after
                if error.code != -32 or wait is None or time.monotonic() + wait > until:
                    raise
                time.sleep(wait)

    def check_http_error(self, response: requests.Response) -> None:
        if response.status_code != requests.codes.ok:
            raise ZaloHTTPError(response.status_code)

    def check_zalo_zns_error(self, response: dict[str, Any]) -> None:
        self.check_zalo_oa_error(response)

    def check_zalo_oa_error(self, response: dict[str, Any]) -> None:
        code = response.get("error", 0)
        if code != 0:
            message = response.get("message") or response.get("error_description")
            error = error_for(_code(code), str(message)[:300] if message else None)
            error.hide(self._access_token, self._refresh_token, self._secret_key)
            if isinstance(error, ZaloTryLater) and error.code == -32:
                error.retry_after = max(self.wire.rate.pause(), 1.0)
            raise error

    def _with_token(self, method: str, url: str, what: dict[str, Any]) -> dict[str, Any]:
        token = self.access_token
        try:
            return self._once(token, method, url, what)
        except ZaloOAAuthTokenExpiredException:
            if self._tokens:
                token = self._tokens.renewed(token)
            elif self._refresh_token:
                token = self.refresh_access_token()[0]
            else:
                raise
        return self._once(token, method, url, what)

    def _once(self, token: str, method: str, url: str, what: dict[str, Any]) -> dict[str, Any]:
        pause = min(self.wire.rate.pause(), self._patience)
        if pause:
            time.sleep(pause)
        kind = "file" if what.get("files") else ""
        headers = self._headers(token, method, type=kind)
        try:
            return self._understood(self.send_request(method, url, headers=headers, **what))
        except ZaloOAException as error:
            error.hide(token)
            raise

    def _understood(self, answer: requests.Response) -> dict[str, Any]:
        self.check_http_error(answer)
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise ZaloNoAnswer(0, "an answer that makes no sense")
        self.check_zalo_oa_error(told)
        return told

    def _headers(
        self,
        token: str,
        method: str,
        more: dict[str, str] | None = None,
        type: str = "",
    ) -> dict[str, str]:
        if method not in ("GET", "POST"):
            raise ValueError(f"Unknown method {method!r}")
        is_json = method == "POST" and type != "file"
        json_type = {"Content-Type": "application/json"} if is_json else {}
        proof = {"appsecret_proof": self._proof(token)} if self._has_proof else {}
        return {**json_type, "access_token": token, **proof, **(more or {})}

    def _proof(self, token: str) -> str:
        return hmac.new(self._secret_key.encode(), token.encode(), hashlib.sha256).hexdigest()

    # --- tokens ----------------------------------------------------------------------------------

    def request_authorization_code_url(
        self, callback_url: str, code_challenge: str | None = None, state: str | None = None
    ) -> str:
        """The page on which an administrator of the Official Account gives consent."""
        more = {"code_challenge": code_challenge, "state": state}
        params = {"app_id": self._app_id, "redirect_uri": callback_url}
        params |= {name: value for name, value in more.items() if value is not None}
        return f"{self._oauth}/v4/oa/permission?{urlencode(params)}"

    request_authoriation_code_url = request_authorization_code_url

    def isAccessTokenExpired(self) -> bool:
        return self._expire_at != 0 and self._expire_at < clock.now().timestamp()

    def get_access_token_from_authorization_code(
        self, authorization_code: str, code_verifier: str
    ) -> tuple[str, str, int]:
        """(access token, refresh token, epoch second at which the former expires)."""
        return self._tokens_for(
            grant_type="authorization_code", code=authorization_code, code_verifier=code_verifier
        )

    def refresh_access_token(self) -> tuple[str, str, int]:
        """The same, for the refresh token, which is used up by it."""
        return self._tokens_for(grant_type="refresh_token", refresh_token=self._refresh_token)

    def refresh_acccess_token(self) -> tuple[str, str, int]:
        return self.refresh_access_token()

    def check_and_set_token(self, zalo_response: dict[str, Any]) -> None:
        for name in ("refresh_token", "access_token"):
            if not zalo_response.get(name):
                raise ZaloException(-1, f"'{name}' not found in the response")
        self._refresh_token = str(zalo_response["refresh_token"])
        self._access_token = str(zalo_response["access_token"])
        seconds = int(zalo_response.get("expires_in") or 0)
        self._expire_at = int(clock.now().timestamp()) + seconds

    def _tokens_for(self, **form: str) -> tuple[str, str, int]:
        answer = self.wire.send(
            "POST",
            f"{self._oauth}/v4/oa/access_token",
            data={"app_id": self._app_id, **form},
            headers={"secret_key": self._secret_key},
        )
        self.check_and_set_token(self._understood(answer))
        return self._access_token, self._refresh_token, self._expire_at


def new_verifier() -> str:
    """A PKCE verifier: 43 characters."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """The PKCE challenge of a verifier, as Zalo counts it (S256, no padding)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _code(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return -1
