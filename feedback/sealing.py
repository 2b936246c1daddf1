"""Personal data at rest: encrypted columns, searchable only through a keyed fingerprint.

Keys rotate: the first key seals, every key opens. `flask rotate-keys` re-seals all rows with the first
key, after which the older ones may be dropped.
"""

import hashlib
import hmac
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_fernet: MultiFernet | None = None
_fernets: tuple[Fernet, ...] = ()
_hash_keys: tuple[bytes, ...] = ()


def use_keys(keys: tuple[str, ...]) -> None:
    """Set the keys for this process, newest first (each 32 bytes, url-safe base64)."""
    global _fernet, _fernets, _hash_keys
    _fernets = tuple(Fernet(key) for key in keys)
    _fernet = MultiFernet(_fernets)
    _hash_keys = tuple(hashlib.sha256(b"fingerprint:" + key.encode()).digest() for key in keys)


def seal(text: str) -> str:
    """Encrypt with the newest key."""
    return _ready().encrypt(text.encode()).decode("ascii")


def unseal(token: str) -> str:
    """Decrypt. Raises cryptography.fernet.InvalidToken when no key fits."""
    return _ready().decrypt(token.encode("ascii")).decode()


def is_newest(token: str) -> bool:
    """Whether the newest key sealed it."""
    _ready()
    try:
        _fernets[0].decrypt(token.encode("ascii"))
    except InvalidToken:
        return False
    return True


def fingerprint(text: str) -> str:
    """Keyed hash to store beside a sealed value, for equality search. Normalise before."""
    return _hashed(_hash_keys[0], text)


def fingerprints(text: str) -> list[str]:
    """The same value under every key in use: search with `column.in_(fingerprints(value))`."""
    return [_hashed(key, text) for key in _hash_keys]


def _hashed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:40]


def _ready() -> MultiFernet:
    if _fernet is None:
        raise RuntimeError("no keys: call sealing.use_keys(settings.field_keys) first")
    return _fernet


class Sealed(sa.types.TypeDecorator[str]):
    """A text column that is ciphertext in the database and plain text in Python."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else unseal(value)
