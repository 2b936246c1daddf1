"""Who sees which petition: the one place that says so, as a condition and for a row at hand.

A petition that may hold an accusation is seen by the chair and the reception clerk alone (and by whoever
handles it in their place); one about an officer is never seen by that officer.
"""

from typing import Any

import sqlalchemy as sa

from feedback.people.actor import Actor
from feedback.people.models import Permission, Role
from feedback.petitions.models import Petition

Condition = sa.ColumnElement[bool]

KEEPERS = frozenset({Role.CHAIR, Role.CLERK})


def can_see(petition: Petition, actor: Actor) -> bool:
    """Whether an officer sees this petition."""
    if actor.ward_id != petition.ward_id or actor.officer_id == petition.complained_officer_id:
        return False
    if petition.is_restricted and not (
        KEEPERS & actor.roles or petition.handler_id == actor.officer_id
    ):
        return False
    return any(
        name is None or getattr(petition, name) in values for name, values in _lanes(actor).items()
    )


def visible_to(actor: Actor) -> Condition:
    """The petitions an officer sees, for a WHERE."""
    return sa.and_(always(actor), sa.or_(sa.false(), *lanes(actor)))


def always(actor: Actor) -> Condition:
    """What holds for everything an officer sees, by whatever lane."""
    conditions: list[Any] = [
        Petition.ward_id == actor.ward_id,
        sa.or_(
            Petition.complained_officer_id.is_(None),
            Petition.complained_officer_id != actor.officer_id,
        ),
    ]
    if not KEEPERS & actor.roles:
        conditions.append(
            sa.or_(Petition.is_restricted.is_(False), Petition.handler_id == actor.officer_id)
        )
    return sa.and_(*conditions)


def lanes(actor: Actor) -> list[Condition]:
    """The ways by which petitions come to an officer, each answered by one index; none: no petitions.

    A list reads the newest of each lane and merges them: its cost depends on the page, not the table.
    """
    return [
        sa.true() if name is None else getattr(Petition, name) == value
        for name, values in _lanes(actor).items()
        for value in (sorted(values) or [0])
    ]


def _lanes(actor: Actor) -> dict[str | None, frozenset[int]]:
    """Column -> values; None: the whole ward."""
    if actor.has(Permission.SEE_WARD) or actor.has(Permission.SEE_ANONYMISED):
        return {None: frozenset()}
    found: dict[str | None, frozenset[int]] = {}
    if actor.has(Permission.SEE_OWN) or actor.has(Permission.SEE_DEPARTMENT):
        own = {actor.officer_id, *actor.stands_in_for} - {None}
        found["handler_id"] = frozenset(own)  # type: ignore[arg-type]
        found["department_id"] = found["helping_department_id"] = actor.department_ids
    if actor.has(Permission.SEE_NEIGHBOURHOOD):
        found["neighbourhood_id"] = actor.neighbourhood_ids
    return found
