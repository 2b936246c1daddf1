"""Who is who today: the rights of an officer, the holders of a position, the chair."""

from datetime import date

import sqlalchemy as sa

from feedback import clock
from feedback.db import connected, db
from feedback.errors import NotFound
from feedback.people import permissions
from feedback.people.actor import Actor
from feedback.people.models import Officer, Party, Permission, Position, Role
from feedback.statement import Plain
from feedback.wards import routing
from feedback.wards.delegation import Table, table
from feedback.wards.models import Ward
from feedback.wards.setup import as_read, setup_of


def table_of(ward_id: int, on: date | None = None) -> Table:
    """The ward's posts as they stand on a local day (today)."""
    return table(setup_of(ward_id), on or clock.today())


# Asked on every page of an official.
_WARD_OF = Plain(
    sa.select(Officer.ward_id, Ward.setup_version)
    .join(Ward, Ward.id == Officer.ward_id)
    .where(Officer.id == sa.bindparam("officer"))
)


def actor_for(officer_id: int, on: date | None = None) -> Actor:
    """The officer with the rights of that local day (today), borrowed ones included.

    Somebody retired or without a position gets an Actor without rights. Raises NotFound.
    """
    found = _WARD_OF.rows(connected(), {"officer": officer_id})
    if not found:
        raise NotFound
    day = table(as_read(*found[0]), on or clock.today())
    return actor_in(day, officer_id)


def actor_in(day: Table, officer_id: int) -> Actor:
    """The same from a table at hand."""
    lent = {
        absence.absent_id: rights_of(day, absence.absent_id)
        for absence in day.lent.get(officer_id, ())
    }
    posts = [day.setup.posts[p] for who in (officer_id, *lent) for p in day.posts_of.get(who, ())]
    return Actor(
        party=Party.OFFICER,
        ward_id=day.setup.ward_id,
        officer_id=officer_id,
        roles=roles_of(day, officer_id),
        rights=rights_of(day, officer_id),
        position_ids=frozenset(day.posts_of.get(officer_id, ())),
        department_ids=frozenset(post.department_id for post in posts if post.department_id),
        neighbourhood_ids=frozenset(
            post.neighbourhood_id for post in posts if post.neighbourhood_id
        ),
        stands_in_for=lent,
        kinship=day.setup.kinship,
    )


def roles_of(day: Table, officer_id: int) -> frozenset[Role]:
    return frozenset(day.setup.posts[p].role for p in day.posts_of.get(officer_id, ()))


def rights_of(day: Table, officer_id: int) -> frozenset[Permission]:
    return permissions.rights(roles_of(day, officer_id))


def holders(position_id: int, on: date | None = None) -> list[Officer]:
    """Who holds a position on a local day (today), in the order they came. Raises NotFound."""
    ward_id = db.session.scalar(sa.select(Position.ward_id).where(Position.id == position_id))
    if ward_id is None:
        raise NotFound
    return [_officer(who) for who in table_of(ward_id, on).holders.get(position_id, ())]


def chair_of(ward_id: int, on: date | None = None) -> Officer:
    """The accountable head: the chair, or the vice-chair while that post is vacant.

    Raises Misconfigured when the ward has neither.
    """
    return _officer(routing.head_of(table_of(ward_id, on)))


def position_of(officer_id: int, on: date | None = None) -> Position | None:
    """The officer's first position on a local day (today)."""
    ward_id = db.session.scalar(sa.select(Officer.ward_id).where(Officer.id == officer_id))
    if ward_id is None:
        raise NotFound
    held = table_of(ward_id, on).posts_of.get(officer_id, ())
    return db.session.get(Position, held[0]) if held else None


def _officer(officer_id: int) -> Officer:
    return db.session.get_one(Officer, officer_id)
