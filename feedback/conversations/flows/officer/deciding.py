"""Pressing: take, accept, assign, approve, undo, grant. What was overtaken meanwhile changes nothing."""

from typing import Any

from feedback.conversations.content import asked, new
from feedback.conversations.flows.officer.table import FLOW, seat_of
from feedback.conversations.inbound import Inbound
from feedback.conversations.seat import Dossier
from feedback.conversations.turn import Button, Choices, Effect, Say, Scene, Standing, Turn
from feedback.petitions.lifecycle import Action

HANDS = 12  # people offered


def act(do: str, case_id: int, done: str, choices: Choices = (), **values: Any) -> Turn:
    """Do it and say so; refused, say why and offer the case as it stands."""
    look: Choices = (("Xem hồ sơ", f"o:case:{case_id}"),)
    return Turn(
        says=(Say(f"officer.{done}", choices=choices or look),),
        effect=Effect("officer_act", {"do": do, "case_id": case_id, **values}),
        otherwise=Turn(says=(Say("officer.refused", choices=look),)),
    )


def numbers(rest: str) -> list[int] | None:
    """The ids in a payload; None when somebody made it up."""
    parts = rest.split(":")
    return [int(part) for part in parts] if all(p.isdecimal() for p in parts) else None


def take(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _simple(
        rest, standing, "take", "taken", (("Soạn trả lời", "draft"), ("Xem hồ sơ", "case"))
    )


def accept(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _simple(
        rest, standing, "accept", "accepted", (("Phân công", "assign"), ("Xem hồ sơ", "case"))
    )


def undo(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _simple(rest, standing, "recall", "recalled", (("Xem hồ sơ", "case"),))


def _simple(
    rest: str, standing: Standing, do: str, done: str, then: tuple[tuple[str, str], ...]
) -> Turn:
    ids = numbers(rest)
    if not ids or len(ids) != 1:
        return standing.stay(Say("old_button"))
    return act(do, ids[0], done, tuple((label, f"o:{what}:{ids[0]}") for label, what in then))


def approve(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'ok:<case>:<mark>': exactly the words that stood above the button."""
    case_id, _, mark = rest.partition(":")
    if not case_id.isdecimal() or not mark:
        return standing.stay(Say("old_button"))
    look: Choices = (("Xem hồ sơ", f"o:case:{case_id}"),)
    undo_it: Choices = (("Hoàn tác", f"o:undo:{case_id}"), ("Việc tiếp theo", "o:work:sign"))
    return Turn(
        says=(Say("officer.signed", choices=undo_it),),
        effect=Effect("officer_sign", {"do": "approve", "case_id": int(case_id), "mark": mark}),
        otherwise=Turn(says=(Say("officer.refused", choices=look),)),
    )


def submit(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'submit:<case>:<mark>': the draft as it was shown, to whoever signs it.

    While the photo of the result is missing, the next photo sent is taken for it.
    """
    case_id, _, mark = rest.partition(":")
    if not case_id.isdecimal() or not mark:
        return standing.stay(Say("old_button"))
    found = seat_of(scene).find_case(case_id)
    is_sent = found is not None and found.is_sent_by_handler
    look: Choices = (("Xem hồ sơ", f"o:case:{case_id}"),)
    choices = (
        (("Hoàn tác", f"o:undo:{case_id}"),) if is_sent else (*look, ("Việc của tôi", "o:work"))
    )
    return Turn(
        says=(Say("officer.signed" if is_sent else "officer.submitted", choices=choices),),
        effect=Effect("officer_submit", {"case_id": int(case_id), "mark": mark}),
        otherwise=_wait_for_photo(found, scene)
        or Turn(says=(Say("officer.refused", choices=look),)),
    )


def _wait_for_photo(found: Dossier | None, scene: Scene) -> Turn | None:
    if found is None or Action.DRAFT not in found.may or not found.needs_photo:
        return None
    slots = asked(new(scene, case=found.id), scene)
    values = {"number": found.number}
    choices: Choices = (("Xem hồ sơ", f"o:case:{found.id}"), ("Để sau", "o:later"))
    return Turn(FLOW, "draft", slots, (Say("officer.not_submitted", values, choices),))


def assign(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Offer the people it could be given to, its own unit first."""
    seat = seat_of(scene)
    found = seat.find_case(rest)
    if found is None or found.is_sealed or Action.ASSIGN not in found.may:
        return not_now(rest, found.number if found else "", found.status if found else "")
    hands: Choices = tuple(
        (name, f"o:to:{found.id}:{who}") for who, name in seat.find_hands(found.id)[:HANDS]
    )
    return Turn(says=(Say("officer.ask_hands", {"number": found.number}, hands),))


def grant(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'grant:<case>:<request>'"""
    ids = numbers(rest)
    if not ids or len(ids) != 2:
        return standing.stay(Say("old_button"))
    return act("grant_more_time", ids[0], "granted", request_id=ids[1])


def not_now(key: str, number: str, status: str) -> Turn:
    look: Choices = (("Xem hồ sơ", f"o:case:{key}"),)
    if not number:
        return Turn(says=(Say("officer.no_case", {"key": ""}, (("Việc của tôi", "o:work"),)),))
    return Turn(says=(Say("officer.not_now", {"number": number, "status": status}, look),))


BUTTONS: dict[str, Button] = {
    "take": take,
    "accept": accept,
    "undo": undo,
    "ok": approve,
    "submit": submit,
    "assign": assign,
    "grant": grant,
}
