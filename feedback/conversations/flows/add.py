"""More about a petition that exists, or the answer to an officer's question.

Which petition the words belong to is always asked, never guessed: one chat is not one petition. What
came is held meanwhile, and what else comes is held with it.
"""

from dataclasses import replace

from feedback.conversations import words
from feedback.conversations.content import (
    asked,
    corrected,
    gather,
    is_empty,
    is_same_breath,
    new,
)
from feedback.conversations.flows import menu, rate, report
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import (
    Case,
    Choices,
    Effect,
    Say,
    Scene,
    Slots,
    Standing,
    Step,
    Turn,
)

FLOW = "add"
MOST = 3  # petitions offered


def candidates(scene: Scene) -> list[Case]:
    """The petitions a free message may be about: questions first, then the newest."""
    cases = [case for case in scene.cases if case.is_open or case.can_reopen]
    return sorted(cases, key=lambda case: not case.has_question)[:MOST]


def begin(inbound: Inbound, scene: Scene) -> Turn:
    """Hold what came and ask where it belongs."""
    slots, notes = gather(new(scene), inbound, scene)
    return _ask(slots, scene, *notes)


def _ask(slots: Slots, scene: Scene, *says: Say) -> Turn:
    offered = candidates(scene)
    choices: Choices = (
        *((_label(case), _payload(case)) for case in offered),
        ("Việc mới", "add:new"),
    )
    question = Say("which", {"cases": offered, "is_empty": is_empty(slots)}, choices)
    return Turn(FLOW, "which", asked(slots, scene), (*says, question))


def _label(case: Case) -> str:
    if case.has_question:
        return f"Trả lời câu hỏi {case.number}"
    return f"{'Bổ sung' if case.is_open else 'Xử lý lại'} {case.number}"


def _payload(case: Case) -> str:
    return f"add:{case.id}" if case.is_open else f"reopen:{case.id}"


def which(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """No button yet. A plain "yes" is enough only where one officer waits for one answer."""
    offered = candidates(scene)
    said = inbound.text
    is_answer = len(offered) == 1 and offered[0].has_question
    if said and words.means(said, "yes") and is_answer:
        return _given(offered[0], standing, inbound, scene)
    if said and words.means(said, "new"):
        return report.go_on(standing.slots, scene)
    if said and words.means(said, "no") and len(offered) == 1:
        return report.go_on(standing.slots, scene)
    number = words.case_number(said) if said else None
    case = scene.case(number) if number else None
    if case:
        return _given(case, standing, inbound, scene)
    if said and not words.is_story(said) and not (scene.kept or inbound.place):
        return replace(_ask(standing.slots, scene), is_confused=True)
    slots, notes = gather(standing.slots, inbound, scene)
    goes_on = bool(scene.kept or inbound.place) or is_same_breath(standing.slots, inbound)
    return replace(_ask(slots, scene, *notes), is_confused=not goes_on)


def text(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """The petition is known; these are the words for it."""
    case = scene.case(str(standing.slots.get("case")))
    if case is None:
        return Turn(says=(Say("old_button"),))
    slots, notes = gather(standing.slots, inbound, scene)
    if not slots.get("pieces") and not slots.get("files"):
        return Turn(
            FLOW, "text", slots, (*notes, Say("ask_more", {"case": case})), is_confused=True
        )
    return _send(case, slots, *notes)


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'add:new' makes the held words a new report; 'add:<case>' gives them to that petition; 'add' asks."""
    holding = standing.flow == FLOW and standing.step == "which"
    if not rest:
        return _open(standing, inbound, scene, holding=holding)
    if rest == "new":
        if not holding:
            return report.begin(inbound, scene)
        return report.go_on(standing.slots, scene)
    case = scene.case(rest)
    if case is None:
        return standing.stay(Say("old_button"))
    return _given(case, standing, inbound, scene)


def _open(standing: Standing, inbound: Inbound, scene: Scene, *, holding: bool) -> Turn:
    """'bổ sung', typed: to the only petition at once, else which."""
    if menu.has_draft(standing):
        return standing.stay(Say("unfinished", choices=menu.UNDER_WAY))
    offered = candidates(scene)
    if not offered:
        return standing.stay(Say("nothing_open"))
    if len(offered) == 1:
        return _given(offered[0], standing, inbound, scene)
    return _ask(standing.slots if holding else new(scene), scene)


def _given(case: Case, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if not case.is_open:
        return rate.reopen(str(case.id), standing, inbound, scene)
    holding = standing.flow == FLOW and standing.step == "which"
    slots = standing.slots if holding else new(scene)
    if is_empty(slots):
        block = "ask_answer" if case.has_question else "ask_more"
        return Turn(
            FLOW, "text", asked(slots | {"case": case.id}, scene), (Say(block, {"case": case}),)
        )
    return _send(case, slots)


def _send(case: Case, slots: Slots, *says: Say) -> Turn:
    block = "answered" if case.has_question else "added"
    return Turn(
        says=(*says, Say(block, {"number": case.number})),
        effect=Effect("add", {"case_id": case.id, "slots": slots}),
    )


def edited(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots = corrected(standing.slots, inbound.ref, inbound.text)
    return Turn(standing.flow, standing.step, slots) if slots is not None else None


STEPS: dict[str, Step] = {"which": which, "text": text}
