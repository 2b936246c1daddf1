"""What people look at: one case, one tracking page, and (from their own files) lists and counters.

Every list and case an officer sees passes `visibility`. A page costs the same number of queries and the
same work at a thousand petitions and at a million.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer_group

from feedback.db import db
from feedback.errors import NotFound
from feedback.people.actor import Actor
from feedback.petitions.listing import Row, approval_queue, listing, my_work
from feedback.petitions.models import Petition, TimelineEntry
from feedback.petitions.paging import Page
from feedback.petitions.reading import Filters
from feedback.petitions.visibility import visible_to
from feedback.petitions.worklist import Pile, counters, is_overdue, overdue, soon
from feedback.sealing import fingerprints
from feedback.text import normal_phone
from feedback.wards.numbers import normal_number

__all__ = [
    "Filters",
    "Page",
    "Pile",
    "Row",
    "approval_queue",
    "by_number_and_phone",
    "by_token",
    "case",
    "counters",
    "is_overdue",
    "listing",
    "my_work",
    "normal_number",
    "overdue",
    "soon",
    "to_change",
]


def by_token(token: str) -> Petition:
    """The petition of a tracking link. Raises NotFound."""
    return _one(_whole, Petition.token == token)


def by_number_and_phone(ward_id: int, number: str, phone: str) -> Petition:
    """The petition with this number if that phone was given with it.

    Raises NotFound for a wrong number, a wrong phone and an unknown petition alike, and for one that may
    hold an accusation: whoever guesses that a person accused somebody must not find it confirmed.
    """
    said, called = normal_number(number), normal_phone(phone)
    if said is None or called is None:
        raise NotFound
    return _one(
        _whole,
        Petition.ward_id == ward_id,
        Petition.number == said,
        Petition.is_restricted.is_(False),
        Petition.phone_hash.in_(fingerprints(called)),
    )


def case(number: str, actor: Actor) -> Petition:
    """The petition with everything its page shows; names come from the set-up in memory.

    Raises NotFound when not theirs to see.
    """
    return _one(_case, Petition.number == (normal_number(number) or number), visible_to(actor))


def to_change(number: str, actor: Actor) -> Petition:
    """The bare petition, for a verb. Raises NotFound when not theirs to see."""
    query = sa.select(Petition).where(
        Petition.number == (normal_number(number) or number), visible_to(actor)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


# Made once: making them costs more than the queries they stand for.
_parts = (
    undefer_group("reporter"),
    selectinload(Petition.files),
    selectinload(Petition.deadlines),
    selectinload(Petition.answers),
)
_case = sa.select(Petition).options(*_parts, selectinload(Petition.timeline))
_whole = sa.select(Petition).options(
    *_parts,
    joinedload(Petition.field),
    joinedload(Petition.neighbourhood),
    joinedload(Petition.head),
    joinedload(Petition.handler),
    joinedload(Petition.handler_position),
    joinedload(Petition.handler_for),
    selectinload(Petition.timeline).options(
        joinedload(TimelineEntry.officer), joinedload(TimelineEntry.acting_for)
    ),
)


def _one(query: sa.Select[Petition], *conditions: Any) -> Petition:
    found = db.session.scalars(query.where(*conditions)).one_or_none()
    if found is None:
        raise NotFound
    return found
