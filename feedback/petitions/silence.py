"""What follows from silence: an answer nobody spoke up against closes its petition."""

from datetime import datetime

from feedback.db import db
from feedback.people.actor import SYSTEM
from feedback.petitions import ratings
from feedback.petitions.actions import close
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Petition


def close_stale(now: datetime, limit: int = 200) -> int:
    """Close petitions answered long ago without a word since; how many. Call in a transaction."""
    closed = 0
    for petition_id in ratings.silent(now, limit):
        petition = db.session.get_one(Petition, petition_id)
        if Action.CLOSE in allowed_actions(petition, SYSTEM):
            close(petition, by=SYSTEM)
            closed += 1
    return closed
