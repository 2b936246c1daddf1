"""Who answers for a petition, written into its columns: the route and the six "rõ"."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from feedback.db import db
from feedback.messages import say
from feedback.petitions import conflicts
from feedback.petitions.models import Kind, Petition
from feedback.wards import routing
from feedback.wards.delegation import Table
from feedback.wards.routing import Route
from feedback.wards.setup import Setup

CLARITY = tuple(
    f"petition.{block}" for block in ("work", "responsibility", "expected_result", "authority")
)


def routed(
    table: Table,
    *,
    kind: Kind,
    field_id: int,
    neighbourhood_id: int | None,
    avoid: Collection[int | None] = (),
    is_restricted: bool = False,
    is_above_ward: bool = False,
) -> dict[str, Any]:
    """Columns of a petition as routing has it. Raises Misconfigured."""
    route = routing.choose(
        neighbourhood_id,
        field_id,
        table=table,
        avoid=avoid,
        is_sealed=is_restricted,
        is_above=is_above_ward,
        loads=open_petitions,
    )
    place = None if is_restricted else neighbourhood_id
    return columns(
        route, table.setup, kind, field_id, place, _secrecy(is_restricted, is_above_ward)
    )


def rerouted(petition: Petition, table: Table) -> dict[str, Any]:
    """The same for a petition at hand."""
    return routed(
        table,
        kind=petition.kind,
        field_id=petition.field_id,
        neighbourhood_id=petition.neighbourhood_id,
        avoid=conflicts.avoided(petition, table.setup),
        is_restricted=petition.is_restricted,
        is_above_ward=petition.is_above_ward,
    )


def given_to(petition: Petition, route: Route, setup: Setup) -> dict[str, Any]:
    """Columns of a petition that was given to somebody by hand."""
    secrecy = _secrecy(petition.is_restricted, petition.is_above_ward)
    place = petition.neighbourhood_id
    return columns(route, setup, petition.kind, petition.field_id, place, secrecy)


def columns(
    route: Route,
    setup: Setup,
    kind: Kind,
    field_id: int,
    neighbourhood_id: int | None,
    secrecy: str = "",
) -> dict[str, Any]:
    """A route as columns, with work, responsibility, result and authority in words.

    `secrecy`: "" for most, "sealed" for what may hold an accusation, "above" for one of the leaders.
    """
    field = setup.fields.get(field_id)
    return {
        "head_id": route.head_id,
        "handler_id": route.handler_id,
        "handler_position_id": route.position_id,
        "handler_for_id": route.handler_for_id,
        "department_id": setup.posts[route.position_id].department_id
        or (field.department_id if field else None),
        "route_reason": route.reason,
        **_clarity(
            kind,
            setup.field_names.get(field_id, ""),
            setup.neighbourhoods.get(neighbourhood_id or 0, ""),
            f"{setup.officers[route.handler_id]} ({setup.posts[route.position_id].title})",
            setup.officers[route.head_id],
            setup.name,
            route.decision_no,
            secrecy,
            tuple((name, setup.texts[name]) for name in CLARITY if name in setup.texts),
        ),
    }


def _secrecy(is_restricted: bool, is_above_ward: bool) -> str:
    return "above" if is_above_ward else "sealed" if is_restricted else ""


def open_petitions(officers: Collection[int]) -> dict[int, int]:
    """How many open petitions each of these officers handles."""
    counted = (
        sa.select(Petition.handler_id, sa.func.count())
        .where(Petition.handler_id.in_(officers), Petition.is_open)
        .group_by(Petition.handler_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


@lru_cache(maxsize=2000)
def _clarity(
    kind: Kind,
    field: str,
    place: str,
    handler: str,
    head: str,
    ward: str,
    decision_no: str,
    secrecy: str,
    texts: tuple[tuple[str, str], ...],
) -> dict[str, str]:
    said = {
        "kind": kind.label.lower(),
        "kind_key": kind.value,
        "field": field,
        "place": place,
        "handler": handler,
        "head": head,
        "ward": ward,
        "decision_no": decision_no,
        "secrecy": secrecy,
    }
    own = dict(texts)
    return {name.partition(".")[2]: say(name, own, **said) for name in CLARITY}
