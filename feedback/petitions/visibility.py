"""Who sees which petition: the one place that says so, as a condition and for a row at hand.

A petition that may hold an accusation is seen by the chair and the one officer who handles it; when it
accuses the chair or a vice-chair, by that officer alone. One about an officer is never seen by that officer.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa

from feedback.people.actor import Actor
from feedback.people.models import Permission, Role
from feedback.petitions.columns import plain
from feedback.petitions.models import Kind, Petition

Condition = sa.ColumnElement[bool]


class Lane(NamedTuple):
    """One way by which petitions come to an officer: those with this value in this column."""

    column: str
    value: int


def may_be_told_in_chat(petition: Any) -> bool:
    """Whether its content may stand in an officer's chat: nothing sealed, no complaint, no accusation.

    Of those a chat says only that there is work, with a link. Takes a petition or a line of a list.
    """
    return not petition.is_restricted and petition.kind not in (Kind.KHIEU_NAI, Kind.TO_CAO)


def can_see(petition: Petition, actor: Actor) -> bool:
    """Whether an officer sees this petition."""
    if actor.ward_id != petition.ward_id or actor.officer_id == petition.complained_officer_id:
        return False
    if petition.is_restricted and not _keeps(petition, actor):
        return False
    found = lanes(actor)
    return found is None or any(getattr(petition, column) == value for column, value in found)


def visible_to(actor: Actor, p: Any = plain) -> Condition:
    """The petitions an officer sees, for a WHERE; `p`: whose columns to write it on."""
    found = lanes(actor)
    if found is None:
        return always(actor, p)
    return sa.and_(always(actor, p), sa.or_(sa.false(), *(getattr(p, c) == v for c, v in found)))


def always(actor: Actor, p: Any = plain) -> Condition:
    """What holds for everything an officer sees, by whatever lane."""
    conditions: list[Any] = [
        p.ward_id == actor.ward_id,
        sa.or_(p.complained_officer_id.is_(None), p.complained_officer_id != actor.officer_id),
    ]
    own = sa.or_(p.handler_id == actor.officer_id, p.handler_for_id == actor.officer_id)
    open_to = sa.not_(p.is_above_ward) if Role.CHAIR in actor.roles else sa.not_(p.is_restricted)
    conditions.append(sa.or_(open_to, own))
    return sa.and_(*conditions)


def lanes(actor: Actor) -> list[Lane] | None:
    """The lanes of an officer, none for somebody who sees nothing; None: the whole ward."""
    if actor.has(Permission.SEE_WARD) or actor.has(Permission.SEE_ANONYMISED):
        return None
    found: list[Lane] = []
    if actor.has(Permission.SEE_OWN) or actor.has(Permission.SEE_DEPARTMENT):
        found += [Lane("handler_id", who) for who in own_names(actor)]
        for column in ("department_id", "helping_department_id"):
            found += [Lane(column, unit) for unit in sorted(actor.department_ids)]
    if actor.has(Permission.SEE_NEIGHBOURHOOD):
        found += [Lane("neighbourhood_id", area) for area in sorted(actor.neighbourhood_ids)]
    return found


def _keeps(petition: Petition, actor: Actor) -> bool:
    """Whether a restricted petition is in this officer's keeping."""
    own = actor.officer_id in (petition.handler_id, petition.handler_for_id)
    return own or (Role.CHAIR in actor.roles and not petition.is_above_ward)


def own_names(actor: Actor) -> list[int]:
    """The officer and everybody for whom they stand in."""
    return sorted({actor.officer_id or 0, *actor.stands_in_for})
