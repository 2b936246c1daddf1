"""What stands around every page of an official: the ward, who is logged in, the links they may use."""

from dataclasses import dataclass
from typing import Any

from flask import g

from feedback import clock, reminders
from feedback.people.directory import table_of
from feedback.people.models import Permission as P
from feedback.petitions import calls
from feedback.wards.calendar_days import calendar_warning
from feedback.wards.delegation import Table
from feedback.wards.setup import Setup
from web.accounts.session import current_actor, entered

SET_UP = {P.SETTINGS, P.DELEGATE, P.SET_ANY_SUBSTITUTE}  # rights that open no case
LINKS = {
    "mine": frozenset(P) - SET_UP - {P.SEE_ANONYMISED},
    "approvals": {P.APPROVE, P.APPROVE_FOR_CHAIR},
    "petitions": frozenset(P) - SET_UP,
    "conversations": {P.INTAKE},
    "outreach": {P.INTAKE, P.SEE_NEIGHBOURHOOD},
    "entry": {P.ENTER_FOR_OTHERS},
    "broadcasts": {P.ANNOUNCE, P.ANNOUNCE_OWN},
    "posters": {P.ANNOUNCE, P.SEE_NEIGHBOURHOOD},
    "dialogues": {P.HOLD_DIALOGUE, P.SEE_NEIGHBOURHOOD, P.HANDLE},
    "publicity": {P.HOLD_DIALOGUE},
    "receptions": {P.INTAKE},
    "reminders": {P.HANDLE},
    "briefing": {P.APPROVE, P.APPROVE_FOR_CHAIR},
    "absence": {P.SET_OWN_SUBSTITUTE, P.SET_ANY_SUBSTITUTE},
    "report": {P.SEE_WARD, P.SEE_DEPARTMENT, P.SEE_ANONYMISED, P.SETTINGS},
    "registers": {P.SEE_WARD, P.SEE_DEPARTMENT},
    "settings": {P.SETTINGS, P.DELEGATE},
}


@dataclass(frozen=True)
class Seat:
    """Who sits at the desk, for the header."""

    full_name: str
    title: str


def frame() -> dict[str, Any]:
    """The context of `layouts/desk.html`; nothing for a stranger, who sees the log-in page."""
    if entered() is None:
        return {}
    actor = current_actor()
    seat = _seat(today())
    return {
        "ward": current_setup(),
        "current_officer": seat,
        "current_position": seat if seat.title else None,
        "calendar_notice": actor.has(P.SETTINGS) and calendar_warning(actor.ward_id, clock.today()),
        "badges": badges,
        "may_open": {name for name, rights in LINKS.items() if any(map(actor.has, rights))},
    }


def badges() -> dict[str, int]:
    """Numbers beside the links of the navigation; counted once a request, where they are shown."""
    if "badges" not in g:
        actor = current_actor()
        count = reminders.standing_of(actor.officer_id or 0) if actor.has(P.HANDLE) else 0
        is_asked = any(map(actor.has, LINKS["outreach"]))
        g.badges = {"reminders": count, "outreach": calls.count(actor) if is_asked else 0}
    return g.badges


def today() -> Table:
    """Who holds what in this officer's ward today; looked up once a request."""
    if "today" not in g:
        g.today = table_of(current_actor().ward_id)
    return g.today


def current_setup() -> Setup:
    return today().setup


def _seat(table: Table) -> Seat:
    officer_id = current_actor().officer_id
    held = table.posts_of.get(officer_id, ())
    return Seat(table.name(officer_id), table.setup.posts[held[0]].title if held else "")
