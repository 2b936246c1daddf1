"""When people come and go: every open petition keeps one accountable head and one handler in office.

An absence moves nothing (somebody stands in); leaving a position does.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.errors import Misconfigured
from feedback.people.directory import table_of
from feedback.petitions import by_itself, conflicts
from feedback.petitions.by_itself import Entry, News
from feedback.petitions.models import Petition
from feedback.petitions.responsibility import given_to, rerouted
from feedback.wards import routing
from feedback.wards.delegation import Table
from feedback.wards.models import Ward
from feedback.wards.routing import Route

log = logging.getLogger("succession")


def settle(on: date, limit: int = 200) -> int:
    """Give open petitions of people who left to who came, at most `limit` of a ward; how many.

    Call in a transaction, again and again: a table once found settled is not looked through again.
    """
    settled = 0
    for ward_id in db.session.scalars(sa.select(Ward.id).order_by(Ward.id)).all():
        table = table_of(ward_id, on)
        if ("settled", on) in table.setup.memory:
            continue
        try:
            done = _settle(table, limit)
        except Misconfigured as error:  # nobody left to take it: the doctor says so, too
            log.warning("ward %s: %s", ward_id, error.sentence)
            done = 0
        if not done:
            table.setup.memory["settled", on] = True
        settled += done
    return settled


def keep(petition: Petition, table: Table) -> None:
    """The same for one petition, which is open again. Raises Misconfigured."""
    holders = table.holders.get(petition.handler_position_id, ())
    is_held = petition.handler_id in holders or petition.handler_for_id in holders
    head_id = routing.head_of(table)
    if petition.handler_id not in table.posts_of or not is_held:
        _pass_on(petition, table)
    elif petition.head_id != head_id:
        _answer_to(petition, head_id, table)


def _settle(table: Table, limit: int) -> int:
    head_id = routing.head_of(table)
    left = _orphaned(table, limit)
    for petition in left:
        _pass_on(petition, table)
    if len(left) == limit:
        return limit
    headless = _some(_open(table, Petition.head_id != head_id), limit - len(left))
    for petition in headless:
        _answer_to(petition, head_id, table)
    return len(left) + len(headless)


def _open(table: Table, *conditions: Any) -> sa.Select[Any]:
    return sa.select(Petition).where(
        Petition.ward_id == table.setup.ward_id, Petition.is_open, *conditions
    )


def _orphaned(table: Table, limit: int) -> Sequence[Petition]:
    """Handled by somebody who no longer holds that position and stands in for nobody who does."""
    posts = [(post, who) for post, officers in table.holders.items() for who in officers]
    held = [
        sa.tuple_(Petition.handler_position_id, who).in_(posts)
        for who in (Petition.handler_id, Petition.handler_for_id)
    ]
    in_office = sa.and_(
        Petition.handler_id.in_(list(table.posts_of)), sa.func.coalesce(sa.or_(*held), sa.false())
    )
    return _some(_open(table, sa.or_(~in_office, *_too_close(table))), limit)


def _too_close(table: Table) -> Iterator[Any]:
    """Handled by somebody who has to keep out of it, or whose substitute today has to."""
    kinship = table.setup.kinship
    for officer_id in {*kinship.kin, *(who for all in kinship.phones.values() for who in all)}:
        away = [absence.absent_id for absence in table.lent.get(officer_id, ())]
        close = sa.or_(
            Petition.complained_officer_id.in_(kinship.kin.get(officer_id, ())),
            Petition.phone_hash.in_(kinship.phones_of(officer_id)),
        )
        yield sa.and_(
            Petition.handler_id.in_([officer_id, *away]), sa.func.coalesce(close, sa.false())
        )


def _some(query: sa.Select[Any], limit: int) -> Sequence[Petition]:
    return db.session.scalars(query.order_by(Petition.id).limit(limit)).all()


_HANDS = ("handler_id", "handler_position_id", "handler_for_id")


def _pass_on(petition: Petition, table: Table) -> None:
    before = petition.handler_id
    now = _successor(petition, table)
    if all(getattr(petition, name) == now[name] for name in _HANDS):
        return  # there is nobody better
    for name, value in now.items():
        setattr(petition, name, value)
    petition.waiting_since = clock.now()
    db.session.flush()
    post = table.setup.posts[petition.handler_position_id]
    by_itself.note(
        Entry(
            petition.id,
            News.SUCCEEDED,
            f"{table.name(petition.handler_id)}, {post.title}.",
            is_public=not petition.is_restricted,
            detail={"from": before, "to": petition.handler_id, "route": petition.route_reason},
        )
    )


def _successor(petition: Petition, table: Table) -> dict[str, Any]:
    """Who holds the position now; when nobody does, where it would go if it came today."""
    avoid = conflicts.avoided(petition, table.setup)
    for holder_id in table.holders.get(petition.handler_position_id, ()):
        why = f"{table.name(petition.handler_id)} thôi giữ vị trí; giao cho"
        route = routing.to_officer(holder_id, table=table, why=why, avoid=avoid)
        if route and route.position_id == petition.handler_position_id:
            return given_to(petition, route, table.setup)
    return rerouted(petition, table)


def _answer_to(petition: Petition, head_id: int, table: Table) -> None:
    """Another head answers for it; who does the work stays."""
    route = Route(
        petition.handler_id,
        petition.handler_position_id,
        petition.handler_for_id,
        head_id,
        petition.route_reason,
    )
    now = given_to(petition, route, table.setup)
    petition.head_id, petition.responsibility = head_id, now["responsibility"]
    db.session.flush()
