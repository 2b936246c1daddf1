"""Requests on the wire: one session, limits of time and size, and how fast Zalo lets us go."""

import logging
import time
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from bots.zalo.sdk.errors import ZaloNoAnswer, ZaloNotHandedOver

log = logging.getLogger("zalo")

CONNECT, READ, WHOLE = 3.0, 10.0, 25.0  # seconds: to connect, between two bytes, in all
LARGEST = 4 * 1024 * 1024  # bytes of an answer
MINUTE = 60.0  # over which Zalo counts requests
PACED = 0.1  # below this part of the limit the rest of the minute is shared out


@dataclass
class Rate:
    """What the headers `X-RateLimit-…` said last, and so how long to wait. Seconds are monotonic."""

    limit: int = 0
    remain: int | None = None
    until: float = 0.0

    def note(self, headers: Any) -> None:
        now = time.monotonic()
        limit, remain = (_whole(headers.get(f"X-RateLimit-{name}")) for name in ("Limit", "Remain"))
        if remain is None:
            return
        if now >= self.until or self.remain is None or remain > self.remain:
            self.until = now + MINUTE
        self.limit, self.remain = limit or self.limit, remain

    def pause(self) -> float:
        """Seconds to wait before the next call; 0 while there is room."""
        left = self.until - time.monotonic()
        if self.remain is None or left <= 0 or self.remain > self.limit * PACED:
            return 0.0
        return left / max(self.remain, 1) if self.remain else left


class Wire:
    """One session for the life of the process; may be used by several threads."""

    def __init__(self, connect: float = CONNECT, read: float = READ, whole: float = WHOLE):
        self._limits, self._whole = (connect, read), whole
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=8, pool_maxsize=64))
        self.rate = Rate()

    def send(self, method: str, url: str, **more: Any) -> requests.Response:
        """The answer, read to its end. Raises ZaloNotHandedOver or ZaloNoAnswer; neither names a token.

        Redirects are not followed: a token must not travel to another host.
        """
        begun = time.monotonic()
        try:
            answer = self._session.request(
                method, url, timeout=self._limits, stream=True, allow_redirects=False, **more
            )
            self._read(answer, begun + self._whole)
        except requests.RequestException as error:
            kind = ZaloNotHandedOver if _never_left(error) else ZaloNoAnswer
            raise kind(0, type(error).__name__) from None
        except OSError as error:
            raise ZaloNoAnswer(0, type(error).__name__) from None
        self.rate.note(answer.headers)
        path = url.split("?")[0]
        log.debug(
            "%s %s %s %.0f ms", method, path, answer.status_code, (time.monotonic() - begun) * 1e3
        )
        return answer

    def close(self) -> None:
        self._session.close()

    @staticmethod
    def _read(answer: requests.Response, until: float) -> None:
        """Read the body, however slowly it drips, no longer and no further than allowed."""
        data = bytearray()
        with answer:
            while chunk := answer.raw.read1(64 * 1024, decode_content=True):
                data += chunk
                if time.monotonic() > until or len(data) > LARGEST:
                    raise ZaloNoAnswer(0, "the answer does not end")
        answer._content, answer._content_consumed = (
            bytes(data),
            True,
        )  # as if `requests` had read it


def _never_left(error: requests.RequestException) -> bool:
    """Whether no connection was made, so that nothing can have been carried out."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    early = requests.exceptions.ConnectTimeout | requests.exceptions.SSLError
    return isinstance(error, early) or isinstance(cause, NewConnectionError)


def _whole(value: str | None) -> int | None:
    return int(value) if value and value.strip().isdecimal() else None
