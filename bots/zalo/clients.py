"""Clients made from the settings: one connection pool for the life of the process."""

from functools import lru_cache

from flask import Flask

from bots.zalo import sdk
from bots.zalo.sdk.wire import Wire
from bots.zalo.tokens import StoredTokens
from config import Settings


@lru_cache(maxsize=1)
def _wire() -> Wire:
    return Wire()


def for_application(
    settings: Settings, access_token: str = "", refresh_token: str = ""
) -> sdk.oa.Client:
    """A client without an account: for consents, renewals, and tokens somebody just brought."""
    return sdk.oa.Client(
        settings.zalo_app_id,
        settings.zalo_app_secret,
        access_token,
        refresh_token,
        endpoint_prefix=settings.zalo_openapi_base_url,
        oauth_prefix=settings.zalo_oauth_base_url,
        wire=_wire(),
    )


def for_account(app: Flask, account_id: int, wire: Wire | None = None) -> sdk.oa.Client:
    """The client of a connected Official Account; its tokens live in the database."""
    settings: Settings = app.config["SETTINGS"]
    return sdk.oa.Client(
        settings.zalo_app_id,
        settings.zalo_app_secret,
        endpoint_prefix=settings.zalo_openapi_base_url,
        oauth_prefix=settings.zalo_oauth_base_url,
        tokens=stored_tokens(app, account_id),
        wire=wire or _wire(),
    )


def for_templates(app: Flask, account_id: int, wire: Wire | None = None) -> sdk.zns.Client:
    """The client of template messages by telephone number, for the same account."""
    settings: Settings = app.config["SETTINGS"]
    return sdk.zns.Client(
        settings.zalo_app_id,
        settings.zalo_app_secret,
        endpoint_prefix=settings.zalo_business_base_url,
        tokens=stored_tokens(app, account_id),
        wire=wire or _wire(),
    )


def stored_tokens(app: Flask, account_id: int) -> StoredTokens:
    settings: Settings = app.config["SETTINGS"]

    def exchange(refresh_token: str) -> tuple[str, str, int]:
        return for_application(settings, refresh_token=refresh_token).refresh_access_token()

    return StoredTokens(app, account_id, exchange)
