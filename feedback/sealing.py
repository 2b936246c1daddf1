"""Personal data at rest: encrypted columns, searchable only through a keyed fingerprint.

Keys rotate: the first key seals, every key opens. `flask rotate-keys` re-seals all rows with the first
key, after which the older ones may be dropped.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "1."  # what a sealed value begins with; without it Fernet sealed it, in the first versions
NONCE = 12  # bytes, new for each value

_ciphers: tuple[AESGCM, ...] = ()
_fernets: tuple[Fernet, ...] = ()
_hash_keys: tuple[bytes, ...] = ()


def use_keys(keys: tuple[str, ...]) -> None:
    """Set the keys for this process, newest first (each 32 bytes, url-safe base64)."""
    global _ciphers, _fernets, _hash_keys
    _ciphers = tuple(AESGCM(_derived("seal", key)) for key in keys)
    _fernets = tuple(Fernet(key) for key in keys)
    _hash_keys = tuple(_derived("fingerprint", key) for key in keys)


def seal(text: str) -> str:
    """Encrypt with the newest key: AES-256-GCM, in letters."""
    nonce = os.urandom(NONCE)
    sealed = _ready()[0].encrypt(nonce, text.encode(), None)
    return MARK + urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal(token: str) -> str:
    """Decrypt. Raises cryptography.fernet.InvalidToken when no key fits."""
    for at in range(len(_ready())):
        try:
            return _opened(token, at)
        except InvalidToken:
            continue
    raise InvalidToken


def is_newest(token: str) -> bool:
    """Whether the newest key sealed it, in the present way."""
    try:
        _opened(token, 0)
    except InvalidToken:
        return False
    return token.startswith(MARK)


def _opened(token: str, at: int) -> str:
    """Decrypt with one of the keys. Raises InvalidToken."""
    cipher = _ready()[at]
    if not token.startswith(MARK):
        return _fernets[at].decrypt(token.encode()).decode()
    try:
        data = urlsafe_b64decode(token[len(MARK) :])
        return cipher.decrypt(data[:NONCE], data[NONCE:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise InvalidToken from error


def _derived(purpose: str, key: str) -> bytes:
    """A key of its own for each purpose: 32 bytes."""
    return hashlib.sha256(f"{purpose}:{key}".encode()).digest()


def fingerprint(text: str) -> str:
    """Keyed hash to store beside a sealed value, for equality search. Normalise before."""
    return _hashed(_hash_keys[0], text)


def fingerprints(text: str) -> list[str]:
    """The same value under every key in use: search with `column.in_(fingerprints(value))`."""
    return [_hashed(key, text) for key in _hash_keys]


def _hashed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:40]


def _ready() -> tuple[AESGCM, ...]:
    if not _ciphers:
        raise RuntimeError("no keys: call sealing.use_keys(settings.field_keys) first")
    return _ciphers


class Sealed(sa.types.TypeDecorator[str]):
    """A text column that is ciphertext in the database and plain text in Python."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else unseal(value)
