"""Whether an event really comes from Zalo: decided over raw bytes, before anything is parsed.

`X-ZEvent-Signature: mac=<hex>`, the plain SHA-256 of application id + body + timestamp + key. The
timestamp stands in the body; wherever the word occurs, the one that fits is the right one.
"""

import hashlib
import hmac
import re

HEADER = "X-ZEvent-Signature"
MOST = 8  # timestamps tried in one body

_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*"?(\d{1,20})\b')
_MAC = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-fA-F]{64})\s*")


def fits(header: str, body: bytes, *, app_id: str, key: str) -> bool:
    """Whether the header proves that the sender of these bytes knows the key."""
    found = _MAC.fullmatch(header)
    if not (found and app_id and key):
        return False
    given = found[1].lower()
    stamps = dict.fromkeys(_TIMESTAMP.findall(body))
    known = [hmac.compare_digest(given, mac(app_id, body, at, key)) for at in [*stamps][:MOST]]
    return any(known)


def mac(app_id: str, body: bytes, timestamp: bytes, key: str) -> str:
    return hashlib.sha256(app_id.encode() + body + timestamp + key.encode()).hexdigest()
