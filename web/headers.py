"""What every answer tells the browser not to do."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "frame-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A tracking link holds a secret: no other site may learn it from the Referer.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_headers(app: Flask) -> None:
    """Reads MAP_TILE_URL, the one foreign host pages may show pictures from ('' for none)."""
    headers = HEADERS | {"Content-Security-Policy": policy(app.config.get("MAP_TILE_URL") or "")}

    @app.after_request
    def add_headers(response: Response) -> Response:
        """Say each unless the page said it itself."""
        wanted = dict(headers)
        if request.is_secure:
            wanted["Strict-Transport-Security"] = "max-age=31536000"
        if response.mimetype == "text/html":
            wanted["Cache-Control"] = "private, no-cache"
        said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  pairs otherwise
        response.headers.extend(
            (name, value) for name, value in wanted.items() if name.lower() not in said
        )
        return response


def policy(tile_url: str) -> str:
    """The Content-Security-Policy: nothing inline, nothing foreign but map tiles.

    `tile_url` is a tile address such as https://{s}.tiles.example/{z}/{x}/{y}.png, or ''.
    """
    rules = dict(POLICY)
    if tile_url:
        parts = urlsplit(tile_url.replace("{s}", "*"))
        rules["img-src"] += f" {parts.scheme}://{parts.netloc}"
    return "; ".join(f"{name} {value}" for name, value in rules.items())
