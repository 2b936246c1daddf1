"""The resident's mark for an answer, a comment if they like, and asking for the case to be reopened."""

from datetime import timedelta

from feedback.conversations import words
from feedback.conversations.content import asked, asked_ago, gather, new, text_of
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
from feedback.petitions.ratings import STARS

FLOW = "rate"
LOW = 2  # marks up to here lead to the offer to reopen
HOLDING = {("add", "which"), (FLOW, "commented")}  # steps at which the reason is known already
PATIENCE = timedelta(minutes=30)  # later words are no comment on the mark any more


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'rate:<case>:5' marks that petition's answer, 'rate:5' the newest one; 'rate' asks for the mark."""
    if rest == "":
        return _ask_mark(standing, scene)
    key, _, score = rest.rpartition(":")
    case = scene.case(key) if key else _newest_answered(scene)
    if case is None or score not in ("1", "2", "3", "4", "5"):
        return standing.stay(Say("old_button"))
    slots = asked(new(scene, case=case.id, score=int(score)), scene)
    is_low = int(score) <= LOW
    choices: Choices = (("Không cần", "rated"),)
    if is_low and case.can_reopen:
        choices = (("Đề nghị xử lý lại", f"reopen:{case.id}"), *choices)
    return Turn(
        FLOW,
        "comment",
        slots,
        (Say("rated_low" if is_low else "rated", {"number": case.number}, choices),),
        effect=Effect("rate", {"case_id": case.id, "score": int(score), "comment": ""}),
    )


def _ask_mark(standing: Standing, scene: Scene) -> Turn:
    case = _newest_answered(scene)
    if case is None:
        return standing.stay(Say("nothing_to_rate"))
    marks = tuple((f"{mark} – {label}", f"rate:{case.id}:{mark}") for mark, label in STARS.items())
    return Turn(says=(Say("ask_mark", {"number": case.number}, marks),))


def _newest_answered(scene: Scene) -> Case | None:
    return next((case for case in scene.cases if case.can_reopen), None)


def rated(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'Không cần': nothing to add to the mark."""
    return Turn(says=(Say("welcome"),))


def comment(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """Words right after the mark; None when they are about something else."""
    slots = standing.slots
    if not inbound.text or scene.kept or asked_ago(slots, scene) > PATIENCE:
        return None
    if words.means(inbound.text, "no", "skip", "thanks"):
        return Turn(says=(Say("welcome"),))
    rated = {"case_id": slots["case"], "score": slots["score"], "comment": inbound.text}
    case = scene.case(str(slots["case"]))
    choices: Choices = ()
    if slots["score"] <= LOW and case and case.can_reopen:
        choices = (("Đề nghị xử lý lại", f"reopen:{case.id}"),)
    held, _ = gather(slots, inbound, scene)  # the reason, should it be reopened now
    return Turn(
        FLOW, "commented", held, (Say("commented", choices=choices),), effect=Effect("rate", rated)
    )


def commented(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """Everything was said; the next words are about something else."""
    return None


def reopen(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'reopen:<case>': ask what is still wrong, unless the words are held already."""
    case = scene.case(rest)
    if case is None or not case.can_reopen:
        return standing.stay(Say("reopen_too_late" if case else "old_button"))
    if (standing.flow, standing.step) in HOLDING and text_of(standing.slots):
        return _reopened(case, standing.slots)
    slots = asked(new(scene, case=case.id), scene)
    return Turn(FLOW, "reason", slots, (Say("ask_reopen", {"number": case.number}),))


def reason(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    case = scene.case(str(standing.slots["case"]))
    if case is None:
        return Turn(says=(Say("old_button"),))
    slots, notes = gather(standing.slots, inbound, scene)
    if not words.says_something(text_of(slots)):
        again = Say("ask_reopen", {"number": case.number})
        return Turn(FLOW, "reason", slots, (*notes, again), is_confused=not scene.kept)
    return _reopened(case, slots).after(*notes)


def _reopened(case: Case, slots: Slots) -> Turn:
    return Turn(effect=Effect("reopen", {"case_id": case.id, "slots": slots}))


STEPS: dict[str, Step] = {"comment": comment, "commented": commented, "reason": reason}
