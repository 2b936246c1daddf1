"""A client of Zalo's Open API with the public names of `zalo-sdk` 0.3: change the import, keep the code.

    from bots.zalo import sdk as zalo_sdk
    client = zalo_sdk.oa.Client(app_id, secret_key, access_token=…, refresh_token=…)

What it adds: one session with time limits, a token that is renewed once and the call repeated, waiting
when Zalo says "too fast", and errors whose class says what to do (`errors.py`).
"""

from bots.zalo.sdk import oa, zns
from bots.zalo.sdk.base import BaseClient, Tokens
from bots.zalo.sdk.errors import (
    ZaloBadRequest,
    ZaloException,
    ZaloHTTPError,
    ZaloNeedsAdministrator,
    ZaloNoAnswer,
    ZaloNotHandedOver,
    ZaloOAAuthTokenExpiredException,
    ZaloOAException,
    ZaloRecipientRefused,
    ZaloTryLater,
)

__all__ = [
    "BaseClient",
    "Tokens",
    "ZaloBadRequest",
    "ZaloException",
    "ZaloHTTPError",
    "ZaloNeedsAdministrator",
    "ZaloNoAnswer",
    "ZaloNotHandedOver",
    "ZaloOAAuthTokenExpiredException",
    "ZaloOAException",
    "ZaloRecipientRefused",
    "ZaloTryLater",
    "oa",
    "zns",
]
