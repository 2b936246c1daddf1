"""Which device and which registration a visitor is, by their signed session: for voices and own seats."""

import secrets

from flask import session

_MOST = 10


def remember_seat(dialogue_id: int, registration_id: int, token: str) -> None:
    """The page of a registration was opened here."""
    held = [row for row in session.get("seats", []) if row[0] != dialogue_id]
    session["seats"] = [*held, [dialogue_id, registration_id, token]][-_MOST:]


def forget_seat(dialogue_id: int) -> None:
    """The registration was given up: the form is offered again."""
    session["seats"] = [row for row in session.get("seats", []) if row[0] != dialogue_id]


def own_seat(dialogue_id: int) -> str | None:
    """The token of the registration of this session that was opened here last."""
    return next((row[2] for row in session.get("seats", []) if row[0] == dialogue_id), None)


def voter(dialogue_id: int) -> str:
    """Whose voice it is: of the registered, else of the device."""
    for row in session.get("seats", []):
        if row[0] == dialogue_id:
            return f"r:{row[1]}"
    if "device" not in session:
        session["device"] = secrets.token_urlsafe(18)
    return f"d:{session['device']}"
