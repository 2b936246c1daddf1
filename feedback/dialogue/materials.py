"""Open petitions of the neighbourhoods concerned: what people will ask about."""

import sqlalchemy as sa

from feedback.db import db
from feedback.dialogue.models import Dialogue
from feedback.people.actor import Actor
from feedback.petitions.models import Kind, Petition
from feedback.petitions.visibility import visible_to

MOST = 15
_NEVER = (Kind.TO_CAO, Kind.KHIEU_NAI)  # these have ways of their own


def open_petitions(dialogue: Dialogue, actor: Actor) -> list[Petition]:
    """Those this officer sees, soonest due first; nothing that is kept restricted."""
    areas = [row.neighbourhood_id for row in dialogue.concerned]
    query = (
        sa.select(Petition)
        .where(
            visible_to(actor, Petition),
            Petition.is_open,
            ~Petition.is_restricted,
            Petition.kind.not_in(_NEVER),
            Petition.neighbourhood_id.in_(areas),
        )
        .order_by(Petition.due_at, Petition.id)
        .limit(MOST)
    )
    return list(db.session.scalars(query))
