"""Into whose hands a petition goes: accept, assign, take, hand back, and what it is taken for."""

from typing import Any

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.directory import rights_of, table_of
from feedback.people.models import Permission
from feedback.petitions import conflicts, deadlines, notices, tidings
from feedback.petitions.accused import accuses_leaders
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.dating import ACCEPTANCE, LEGAL, SORTING
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.petitions.responsibility import given_to, open_petitions, routed
from feedback.wards import routing
from feedback.wards.delegation import Table

MOST_TRANSFERS = 2
CORRECTABLE = (
    "kind",
    "field_id",
    "urgency",
    "neighbourhood_id",
    "address",
    "title",
    "complained_officer_id",
    "is_above_ward",
)


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
    changes: dict[str, Any] = {n: value for n, value in given.items() if value is not None}
    if (kind or petition.kind) in LEGAL:
        meant = {**changes, "kind": kind or petition.kind}
        return await_signature(petition, by=by, expected_version=expected_version, **meant)
    before = _before(petition, changes)
    changes = classified(petition, changes)
    now = clock.now()
    entry = apply(
        petition,
        Action.ACCEPT,
        by,
        detail={"route": changes.get("route_reason", petition.route_reason), **before},
        changes={**changes, "accepted_at": now},
        expected_version=expected_version,
    )
    deadlines.met(petition, now, ACCEPTANCE)
    deadlines.recompute(petition)
    tidings.after(petition, entry)
    return petition


def correct(
    petition: Petition, *, by: Actor, expected_version: int | None = None, **changes: Any
) -> Petition:
    """Put kind, field, urgency or place right; before work has begun that may change the handler.

    Raises BadInput for anything else.
    """
    if unknown := set(changes) - set(CORRECTABLE):
        raise BadInput(fields=dict.fromkeys(sorted(unknown), "Không sửa được mục này."))
    now_legal, was_legal = changes.get("kind", petition.kind) in LEGAL, petition.kind in LEGAL
    if now_legal and not was_legal:
        return await_signature(petition, by=by, expected_version=expected_version, **changes)
    if was_legal and not now_legal:
        return reclassify(petition, by=by, expected_version=expected_version, **changes)
    settled = petition.status in (Status.RECEIVED, Status.ACCEPTED)
    apply(
        petition,
        Action.CORRECT,
        by,
        detail=_before(petition, changes),
        changes=classified(petition, changes, may_move=settled),
        expected_version=expected_version,
    )
    deadlines.recompute(petition)
    return petition


def await_signature(
    petition: Petition,
    *,
    by: Actor,
    kind: Kind,
    expected_version: int | None = None,
    **changes: Any,
) -> Petition:
    """An official calls it a complaint or an accusation: no clock of law runs before it comes signed."""
    if kind not in LEGAL:
        raise BadInput(fields={"kind": "Chọn khiếu nại hoặc tố cáo."})
    changes = {"kind": kind, **changes}
    apply(
        petition,
        Action.AWAIT_SIGNATURE,
        by,
        detail=_before(petition, changes),
        changes={
            **classified(petition, changes),
            "accepted_at": petition.accepted_at or clock.now(),
        },
        expected_version=expected_version,
    )
    deadlines.recompute(petition)
    deadlines.met(petition, petition.updated_at, SORTING)  # sorted, and told what it needs
    notices.awaiting_signature(petition)
    return petition


def reclassify(
    petition: Petition,
    *,
    by: Actor,
    kind: Kind,
    expected_version: int | None = None,
    **changes: Any,
) -> Petition:
    """It is no complaint or accusation after all: the ward's own promise holds, from the day it came."""
    if kind in LEGAL:
        raise BadInput(fields={"kind": "Chọn phản ánh, kiến nghị, hỏi đáp hoặc khen ngợi."})
    changes = {"kind": kind, **changes}
    apply(
        petition,
        Action.RECLASSIFY,
        by,
        detail=_before(petition, changes),
        changes=classified(petition, changes),
        expected_version=expected_version,
    )
    if petition.proceeding is not None:
        db.session.delete(petition.proceeding)
        db.session.flush()
        db.session.expire(petition, ["proceeding"])
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
    if petition.is_above_ward:
        avoid |= routing.leaders(table)
    route = routing.to_officer(officer_id, table=table, why="Được phân công cho", avoid=avoid)
    if route is None or Permission.HANDLE not in rights_of(table, officer_id):
        raise BadInput(fields={"officer_id": conflicts.refusal(petition, officer_id, table)})
    changes = given_to(petition, route, table.setup)
    entry = apply(
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
    tidings.after(petition, entry)
    return petition


def take(petition: Petition, *, by: Actor, expected_version: int | None = None) -> Petition:
    """The handler begins."""
    entry = apply(petition, Action.TAKE, by, expected_version=expected_version)
    tidings.after(petition, entry)
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
    entry = apply(
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
    tidings.after(petition, entry)
    return petition


def classified(
    petition: Petition, changes: dict[str, Any], *, may_move: bool = True
) -> dict[str, Any]:
    """The changes with what follows from them: who may see it, and who handles it."""
    table = table_of(petition.ward_id)
    changes = {**changes, **_secrecy(petition, changes, table)}
    now = {name: changes.get(name, getattr(petition, name)) for name in _ROUTED_BY}
    is_hidden_anew = any(
        changes.get(name, False) is not getattr(petition, name)
        for name in ("is_restricted", "is_above_ward")
        if name in changes
    )
    if not is_hidden_anew and not (may_move and {*_ROUTED_BY} & {*changes}):
        return changes
    avoid = conflicts.avoided(petition, table.setup)
    if "complained_officer_id" in changes:
        accused_id = changes["complained_officer_id"]
        avoid |= table.setup.kinship.avoided(accused_id, petition.phone_hash)
    helping = {"helping_department_id": None} if now["is_restricted"] else {}
    return {**changes, **routed(table, avoid=avoid, **now), **helping}


_ROUTED_BY = ("kind", "field_id", "neighbourhood_id", "is_restricted", "is_above_ward")


def _secrecy(petition: Petition, changes: dict[str, Any], table: Table) -> dict[str, bool]:
    """An accusation is restricted; of the ward's leaders, kept from them."""
    if "kind" not in changes and "complained_officer_id" not in changes:
        return {}
    if changes.get("kind", petition.kind) is not Kind.TO_CAO:
        return {"is_restricted": False, "is_above_ward": False} if "kind" in changes else {}
    accused_id = changes.get("complained_officer_id", petition.complained_officer_id)
    is_above = changes.get("is_above_ward", petition.is_above_ward) or accuses_leaders(
        petition.text if "kind" in changes else "", accused_id, table
    )
    return {"is_restricted": True, "is_above_ward": is_above}


def _before(petition: Petition, changes: dict[str, Any]) -> dict[str, Any]:
    """What was said and what is said now, for the trace."""
    before = {name: _plain(getattr(petition, name)) for name in changes}
    return {"before": before, "after": {name: _plain(v) for name, v in changes.items()}}


def _passed_on(petition: Petition, to_id: int) -> dict[str, Any]:
    """Going from hand to hand is counted, and shows after the second time."""
    transfers = petition.transfers + (to_id != petition.handler_id)
    return {
        "transfers": transfers,
        "is_flagged": petition.is_flagged or transfers > MOST_TRANSFERS,
    }


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)
