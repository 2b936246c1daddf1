"""Every request has an id, carried by each log line it causes and by its answer."""

import logging
import re
import secrets
from time import perf_counter

from flask import Flask, Response, current_app, g, request, request_started

from feedback import logs

log = logging.getLogger("web")

HEADER = "X-Request-ID"
SILENT = ("static", "health.healthz")
_GIVEN = re.compile(r"[\w-]{8,64}")


def init_app(app: Flask) -> None:
    request_started.connect(_begin, app)  # before anything may refuse the request
    app.after_request(_end)


def _begin(_app: Flask) -> None:
    g.begun = perf_counter()
    g.request_id = _given() or secrets.token_hex(8)
    logs.begin(request=g.request_id)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    if request.endpoint not in SILENT and log.isEnabledFor(logging.INFO):
        fields = {
            "method": request.method,
            "endpoint": request.endpoint,
            "path": logs.redact(request.path),
            "status": response.status_code,
            "ms": round((perf_counter() - g.begun) * 1000, 1),
        }
        log.info("request", extra={"fields": fields})
    return response


def _given() -> str | None:
    """The id a reverse proxy gave, when there is one we trust."""
    given = request.headers.get(HEADER, "")
    is_trusted = current_app.config["SETTINGS"].trusted_proxies > 0
    return given if is_trusted and _GIVEN.fullmatch(given) else None
