"""`/healthz`: for the machine that watches this one. 200 when all is well, 503 with what is not."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app

from feedback import health

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    found = health.examine()
    body = {
        "status": "ok" if found.is_well else "problem",
        "problems": list(found.problems),
        **_plain(found.figures),
    }
    response = current_app.json.response(body)
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if found.is_well else 503


def _plain(value: Any) -> Any:
    """Instants as ISO 8601."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
