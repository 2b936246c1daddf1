"""Getting what residents send: from Zalo's own hosts only, at once, since its addresses die soon."""

from functools import lru_cache
from urllib.parse import urlsplit

import requests
from flask import current_app

from config import Settings
from feedback.conversations.fetching import Unavailable
from feedback.conversations.inbound import FileRef
from feedback.documents import attach
from feedback.documents.intake import LIMIT, CleanFile, FileRefused
from feedback.errors import Refusal

HOSTS = (".zdn.vn", ".zadn.vn")
OFFICIAL = "openapi.zalo.me"
TIMEOUT = (5.0, 15.0)  # seconds to connect, and between two bytes
GONE = "Tệp “{name}” không còn tải về được. Ông/Bà vui lòng gửi lại."


def fetch(_account: str, file: FileRef) -> CleanFile:
    """One file of a message. Raises Refusal when it will never do, Unavailable when later may."""
    settings: Settings = current_app.config["SETTINGS"]
    if not is_allowed(file.key, settings.zalo_openapi_base_url):
        raise Refusal(GONE.format(name=file.name))
    if file.size and file.size > LIMIT:
        raise FileRefused(file.name, "too_large")
    return attach.receive(settings.upload_dir, file.name, download(file))


def is_allowed(url: str, api_url: str) -> bool:
    """Whether the address is one of Zalo's; a stand-in may serve the files of its own address."""
    try:
        parts, api = urlsplit(url), urlsplit(api_url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if api.hostname != OFFICIAL and (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    usual = {"https": (None, 443), "http": (None, 80)}.get(parts.scheme, ())
    return port in usual and host.endswith(HOSTS) and not parts.username


def download(file: FileRef) -> bytes:
    """At most LIMIT + 1 bytes. Redirects are not followed: they could lead anywhere."""
    try:
        with _session().get(
            file.key, timeout=TIMEOUT, stream=True, allow_redirects=False
        ) as answer:
            if 400 <= answer.status_code < 500 or answer.is_redirect:
                raise Refusal(GONE.format(name=file.name))
            if answer.status_code != requests.codes.ok:
                raise Unavailable(f"HTTP {answer.status_code}")
            data = bytearray()
            for chunk in answer.iter_content(64 * 1024):
                data += chunk
                if len(data) > LIMIT:
                    break
            return bytes(data[: LIMIT + 1])
    except requests.RequestException as error:
        raise Unavailable(f"download: {type(error).__name__}") from None


@lru_cache(maxsize=1)
def _session() -> requests.Session:
    return requests.Session()
