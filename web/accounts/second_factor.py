"""The second factor: codes from a phone (RFC 6238), and recovery codes for the day it is lost."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from feedback import sealing
from web.accounts.models import Login

STEP_SECONDS = 30
STEPS_EACH_WAY = 1  # phones' clocks drift
RECOVERY_CODES = 8


def new_key() -> str:
    """A fresh shared secret: 32 letters and digits of base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(key: str, counter: int) -> str:
    """The six digits for one time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(base64.b32decode(key), counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def matching_step(key: str, code: str, at: datetime, after: int | None = None) -> int | None:
    """The time step this code belongs to, near `at` and later than `after`; None when it fits none."""
    present = int(at.timestamp()) // STEP_SECONDS
    for step in range(present - STEPS_EACH_WAY, present + STEPS_EACH_WAY + 1):
        if (after is None or step > after) and hmac.compare_digest(
            code_at(key, step).encode(), code.encode()
        ):
            return step
    return None


def address_for_phone(key: str, username: str, issuer: str) -> str:
    """What the QR code says to an authenticator app."""
    return f"otpauth://totp/{quote(f'{issuer}:{username}')}?" + urlencode(
        {"secret": key, "issuer": issuer}
    )


def switch_on(login: Login, key: str, code: str, at: datetime) -> list[str] | None:
    """Turn the second factor on and return new recovery codes; None when the code is wrong."""
    step = matching_step(key, code, at)
    if step is None:
        return None
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    login.totp_key, login.totp_counter = key, step
    login.recovery_codes = [sealing.fingerprint(each) for each in codes]
    return codes


def switch_off(login: Login) -> None:
    login.totp_key = login.totp_counter = None
    login.recovery_codes = []


def accepts(login: Login, code: str, at: datetime) -> bool:
    """Whether this code opens the door now; each code and each recovery code opens it once."""
    code = code.replace(" ", "").replace("-", "").lower()
    step = matching_step(login.totp_key or "", code, at, after=login.totp_counter)
    if step is not None:
        login.totp_counter = step
        return True
    known = [mark for mark in sealing.fingerprints(code) if mark in login.recovery_codes]
    login.recovery_codes = [mark for mark in login.recovery_codes if mark not in known]
    return bool(known)


def _recovery_code() -> str:
    return secrets.token_hex(5)
