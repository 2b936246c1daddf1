"""Where the newest petitions crowd: the same work in the same neighbourhood, again and again."""

from collections import Counter
from typing import NamedTuple

import sqlalchemy as sa

from feedback.db import db
from feedback.petitions.models import Petition
from feedback.wards.setup import setup_of

NEWEST = 300  # looked at, whatever the size of the table
CROWD = 3


class Spot(NamedTuple):
    """So many of the newest petitions share this field and this neighbourhood."""

    size: int
    field_id: int
    field_name: str
    neighbourhood_id: int
    neighbourhood_name: str


def busiest(ward_id: int, most: int = 5) -> list[Spot]:
    """The fullest places first; restricted petitions are not counted."""
    newest = (
        sa.select(Petition.field_id, Petition.neighbourhood_id, Petition.is_restricted)
        .where(Petition.ward_id == ward_id)
        .order_by(Petition.id.desc())
        .limit(NEWEST)
    )
    places = Counter(
        (field_id, neighbourhood_id)
        for field_id, neighbourhood_id, is_restricted in db.session.execute(newest)
        if neighbourhood_id is not None and not is_restricted
    )
    setup = setup_of(ward_id)
    return [
        Spot(count, field_id, field.name, place_id, setup.neighbourhoods.get(place_id, ""))
        for (field_id, place_id), count in places.most_common(most)
        if count >= CROWD and (field := setup.fields.get(field_id)) is not None
    ]
