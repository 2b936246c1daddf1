"""The files under web/static: read once, compressed once, cached by browsers for a year.

A page names a file through `static_url`, which adds a digest of its bytes. A file asked for under
its digest, or whose name carries its version, never changes under that address.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request
from werkzeug.security import safe_join

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static"
FOREVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

_COMPRESSIBLE = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}
_VERSIONED = re.compile(r"-\d+\.\d+\.\d+\.")
_TYPES = {
    ".woff2": "font/woff2",
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    gzipped: bytes | None
    digest: str
    mimetype: str


def init_assets(app: Flask) -> None:
    """The application itself is made with static_folder=None."""
    app.add_url_rule(f"{PREFIX}/<path:filename>", "static", serve)
    app.add_url_rule("/favicon.ico", "favicon", lambda: serve("star.svg"))
    app.add_template_global(static_url)


def static_url(name: str) -> str:
    """`static_url('theme.css')` -> `/static/theme.css?v=3f1c09ab`; an unknown name is an error."""
    return _url.__wrapped__(name) if current_app.debug else _url(name)


def serve(filename: str) -> Response:
    try:
        asset = find(filename)
    except FileNotFoundError:
        abort(404)
    fixed = request.args.get("v") == asset.digest or _VERSIONED.search(filename)
    response = Response(asset.body, mimetype=asset.mimetype)
    if asset.gzipped is not None:
        response.vary.add("Accept-Encoding")
        if "gzip" in request.accept_encodings:
            response.set_data(asset.gzipped)
            response.content_encoding = "gzip"
    response.headers["Cache-Control"] = FOREVER if fixed else ASK_EACH_TIME
    response.set_etag(asset.digest + ("-gz" if response.content_encoding else ""))
    return response.make_conditional(request)


@cache
def _url(name: str) -> str:
    return f"{PREFIX}/{name}?v={find(name).digest}"


def find(name: str) -> Asset:
    """Raises FileNotFoundError."""
    path = safe_join(str(FOLDER), name)
    if path is None:
        raise FileNotFoundError(name)
    return _read.__wrapped__(path) if current_app.debug else _read(path)


@cache
def _read(path: str) -> Asset:
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(path)
    body = file.read_bytes()
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return Asset(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0) if file.suffix in _COMPRESSIBLE else None,
        digest=hashlib.sha256(body).hexdigest()[:8],
        mimetype=kind or "application/octet-stream",
    )
