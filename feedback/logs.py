"""Log lines: one JSON object each, with the id of the request, update or job they belong to.

Tokens, keys and telephone numbers never reach a log: known secrets are cut out by value, the rest by
shape.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

HIDDEN = "•••"
QUIET = ("httpx", "httpcore", "apscheduler", "telegram", "urllib3", "alembic")
_SHAPES = (
    re.compile(r"(?<=bot)\d+:[\w-]+"),  # a Bot API address
    re.compile(r"\b\d{6,12}:[\w-]{30,}"),  # a bot token on its own
    # the secret of a tracking page, or of a file
    re.compile(r"(?:(?<=/t/)|(?<=/cam-on/)|(?<=/f/)|(?<=/files/))[\w-]{8,}"),
    re.compile(r"(?<![\w.:-])(?:\+?84|0)(?:[ .-]?\d){9,10}(?![\w:-])"),  # a telephone number
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # user and password in an address
)

_bound: ContextVar[dict[str, str]] = ContextVar("bound", default={})  # noqa: B039  never changed in place


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Every line logged inside the block carries these ids (`request="…"`, `update="…"`)."""
    token = _bound.set({**_bound.get(), **{name: str(value) for name, value in ids.items()}})
    try:
        yield
    finally:
        _bound.reset(token)


def begin(**ids: object) -> None:
    """From here on, in this context, lines carry these ids and no others."""
    _bound.set({name: str(value) for name, value in ids.items()})


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without anything that looks like, or is, a secret."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    for shape in _SHAPES:
        text = shape.sub(HIDDEN, text)
    return text


class JsonLines(logging.Formatter):
    """{"at": …, "level": …, "logger": …, "message": …, ids…, "error": …}"""

    def __init__(self, secrets: Iterable[str] = ()):
        super().__init__()
        self._secrets = sorted({each for each in secrets if each}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redacted(record.getMessage()),
            **_bound.get(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = self._redacted("".join(traceback.format_exception(*record.exc_info)))
        return json.dumps(line, ensure_ascii=False, default=str)

    def _redacted(self, text: str) -> str:
        return redact(text, self._secrets)


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to whatever stderr is now, not what it was when logging was set up."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Log as JSON lines on stderr. Calling it again replaces what it set up before."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each.formatter, JsonLines)]:
        root.removeHandler(handler)
    ours = _Stderr()
    ours.setFormatter(JsonLines(secrets))
    root.addHandler(ours)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
