"""What stands around every page of an official: the ward, who is logged in, the links they may use."""

from typing import Any

from flask import g

from feedback import clock
from feedback.db import db
from feedback.people.directory import position_of
from feedback.people.models import Permission as P
from feedback.wards.models import Ward
from web.accounts.session import current_actor, current_officer

LINKS = {
    "mine": frozenset(P) - {P.SETTINGS, P.SEE_ANONYMISED},
    "approvals": {P.APPROVE},
    "petitions": frozenset(P) - {P.SETTINGS},
    "entry": {P.ENTER_FOR_OTHERS},
    "absence": {P.SET_OWN_SUBSTITUTE, P.SET_ANY_SUBSTITUTE},
    "settings": {P.SETTINGS},
}


def frame() -> dict[str, Any]:
    """The context of `layouts/desk.html`; nothing for a stranger, who sees the log-in page."""
    officer = current_officer()
    if officer is None:
        return {}
    actor = current_actor()
    return {
        "actor": actor,
        "ward": current_ward(),
        "current_officer": officer,
        "current_position": position_of(officer.id, clock.today()),
        "may_open": {name for name, rights in LINKS.items() if any(map(actor.has, rights))},
    }


def current_ward() -> Ward:
    """The ward of this request's officer."""
    if "ward" not in g:
        g.ward = db.session.get_one(Ward, current_actor().ward_id)
    return g.ward
