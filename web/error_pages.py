"""What people read when something is refused or breaks: a page for a person, JSON for a program."""

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from feedback.errors import Refusal

PROGRAM_PATHS = ("/api/", "/webhooks/")


def init_error_pages(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(HTTPException, http_error)


def refused(refusal: Refusal) -> Response:
    if is_for_program():
        return _json(refusal.status, refusal.sentence)
    return _page(refusal.status, sentence=refusal.sentence)


def form_expired(error: CSRFError) -> Response:
    if is_for_program():
        return _json(400, error.description or "csrf")
    return _page(400, kind="form_expired")


def http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error.get_response()
    response = (
        _json(code, error.name) if is_for_program() else _page(code, bare=is_our_failure(error))
    )
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):  # Retry-After, Allow, WWW-Authenticate
            response.headers[name] = value
    return response


def is_our_failure(error: HTTPException) -> bool:
    return isinstance(error, InternalServerError)


def is_for_program() -> bool:
    """Whether the present request comes from a program, which reads JSON and holds no cookie."""
    return request.path.startswith(PROGRAM_PATHS)


def _json(code: int, sentence: str) -> Response:
    response = jsonify(error={"code": code, "message": sentence})
    response.status_code = code
    return response


def _page(code: int, *, kind: str = "", sentence: str = "", bare: bool = False) -> Response:
    """`bare`: without context processors, which may be what broke."""
    words = {"code": code, "kind": kind or str(code), "sentence": sentence}
    if bare:
        page = current_app.jinja_env.get_template("errors/error.html").render(words)
    else:
        page = render_template("errors/error.html", **words)
    return Response(page, code, mimetype="text/html")
