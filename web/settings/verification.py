"""The file by which Zalo sees that a domain is ours, as an administrator pasted it."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort

from feedback.db import db
from feedback.wards.models import Ward

verification = Blueprint("verification", __name__)


@verification.get("/zalo_verifier<code>.html")
def zalo_verifier(code: str) -> Response:
    """The pasted text, which no browser may run anything from."""
    said = (each.get("channels", {}) for each in db.session.scalars(sa.select(Ward.settings)))
    sites = (each["zalo_site"] for each in said if each.get("zalo_site"))
    text = next((site["text"] for site in sites if site["code"] == code), None)
    if text is None:
        abort(404)
    answer = Response(text, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
