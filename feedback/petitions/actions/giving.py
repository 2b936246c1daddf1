"""Into whose hands a petition goes: accept, assign, take, hand back, and what it is taken for."""

from typing import Any

from feedback import clock
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.directory import rights_of, table_of
from feedback.people.models import Permission
from feedback.petitions import conflicts, deadlines
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.dating import ACCEPTANCE
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.petitions.responsibility import given_to, open_petitions, routed
from feedback.wards import routing

MOST_TRANSFERS = 2
CORRECTABLE = ("kind", "field_id", "urgency", "neighbourhood_id", "address", "title")


def accept(
    petition: Petition,
    *,
    by: Actor,
    kind: Kind | None = None,
    field_id: int | None = None,
    urgency: Urgency | None = None,
    neighbourhood_id: int | None = None,
    expected_version: int | None = None,
) -> Petition:
    """Take it in, as what the official says it is; it is routed anew when that changes the route."""
    given = {
        "kind": kind,
        "field_id": field_id,
        "urgency": urgency,
        "neighbourhood_id": neighbourhood_id,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    changes = _classified(petition, changes)
    now = clock.now()
    apply(
        petition,
        Action.ACCEPT,
        by,
        detail={"route": changes.get("route_reason", petition.route_reason)},
        changes={**changes, "accepted_at": now},
        expected_version=expected_version,
    )
    deadlines.met(petition, now, ACCEPTANCE)
    deadlines.recompute(petition)
    return petition


def correct(
    petition: Petition, *, by: Actor, expected_version: int | None = None, **changes: Any
) -> Petition:
    """Put kind, field, urgency or place right; before work has begun that may change the handler.

    Raises BadInput for anything else.
    """
    if unknown := set(changes) - set(CORRECTABLE):
        raise BadInput(fields=dict.fromkeys(sorted(unknown), "Không sửa được mục này."))
    before = {name: _plain(getattr(petition, name)) for name in changes}
    settled = petition.status in (Status.RECEIVED, Status.ACCEPTED)
    apply(
        petition,
        Action.CORRECT,
        by,
        detail={"before": before, "after": {name: _plain(v) for name, v in changes.items()}},
        changes=_classified(petition, changes, may_move=settled),
        expected_version=expected_version,
    )
    deadlines.recompute(petition)
    return petition


def assign(
    petition: Petition,
    *,
    by: Actor,
    officer_id: int,
    instruction: str = "",
    expected_version: int | None = None,
) -> Petition:
    """Give it to an officer, or to who stands in for them today.

    Raises BadInput when that officer may not handle it, naming who may.
    """
    table = table_of(petition.ward_id)
    avoid = conflicts.avoided(petition, table.setup)
    route = routing.to_officer(officer_id, table=table, why="Được phân công cho", avoid=avoid)
    if route is None or Permission.HANDLE not in rights_of(table, officer_id):
        raise BadInput(fields={"officer_id": conflicts.refusal(petition, officer_id, table)})
    changes = given_to(petition, route, table.setup)
    apply(
        petition,
        Action.ASSIGN,
        by,
        text=f"{table.name(route.handler_id)}, {table.setup.posts[route.position_id].title}.",
        detail={
            "instruction": instruction.strip(),
            "from": petition.handler_id,
            "to": route.handler_id,
        },
        changes={**changes, **_passed_on(petition, route.handler_id)},
        expected_version=expected_version,
    )
    return petition


def take(petition: Petition, *, by: Actor, expected_version: int | None = None) -> Petition:
    """The handler begins."""
    apply(petition, Action.TAKE, by, expected_version=expected_version)
    return petition


def hand_back(
    petition: Petition, *, by: Actor, reason: str, expected_version: int | None = None
) -> Petition:
    """Once, with a reason, an officer gives it back: it lands on the reception desk."""
    reason = needed(reason, "lý do trả lại", field="reason")
    table = table_of(petition.ward_id)
    why = "Người phụ trách trả lại nơi phân công; giao cho"
    route = routing.to_clerk(
        table,
        why=why,
        avoid={*conflicts.avoided(petition, table.setup), petition.handler_id},
        loads=open_petitions,
    )
    apply(
        petition,
        Action.HAND_BACK,
        by,
        text=reason,
        detail={"from": petition.handler_id, "to": route.handler_id},
        changes={
            **given_to(petition, route, table.setup),
            **_passed_on(petition, route.handler_id),
            "was_handed_back": True,
        },
        expected_version=expected_version,
    )
    return petition


def _classified(
    petition: Petition, changes: dict[str, Any], *, may_move: bool = True
) -> dict[str, Any]:
    """The changes with what follows from them: who may see it, and who handles it."""
    if "kind" in changes:
        changes = {**changes, "is_restricted": changes["kind"] is Kind.TO_CAO}
    moves = {"kind", "field_id", "neighbourhood_id"} & set(changes)
    if not moves or not may_move:
        return changes
    now = {name: changes.get(name, getattr(petition, name)) for name in _ROUTED_BY}
    table = table_of(petition.ward_id)
    route = routed(table, avoid=conflicts.avoided(petition, table.setup), **now)
    return {**changes, **route}


_ROUTED_BY = ("kind", "field_id", "neighbourhood_id", "is_restricted")


def _passed_on(petition: Petition, to_id: int) -> dict[str, Any]:
    """Going from hand to hand is counted, and shows after the second time."""
    transfers = petition.transfers + (to_id != petition.handler_id)
    return {
        "transfers": transfers,
        "is_flagged": petition.is_flagged or transfers > MOST_TRANSFERS,
    }


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)
