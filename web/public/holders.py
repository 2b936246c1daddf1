"""Who holds a petition's link: a mark in the visitor's signed session, made when the page was opened."""

from flask import session

_MOST = 30  # the newest; a session travels in a cookie


def remember(petition_id: int) -> None:
    held = session.get("held", [])
    if petition_id not in held:
        session["held"] = [*held, petition_id][-_MOST:]


def holds(petition_id: int) -> bool:
    return petition_id in session.get("held", [])
