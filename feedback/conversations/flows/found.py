"""A question that was answered before: is this what you need? If not, it goes to an official.

The slots: `report` (the collection it came in), `found` ([title, text] still to be shown).
"""

from feedback.conversations import words
from feedback.conversations.content import asked, new
from feedback.conversations.flows.report.questions import go_on
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import (
    Button,
    Choices,
    Found,
    Say,
    Scene,
    Slots,
    Standing,
    Step,
    Turn,
)

FLOW = "found"
CHOICES: Choices = (
    ("Đúng điều tôi cần", "found:yes"),
    ("Không phải", "found:no"),
    ("Gặp cán bộ", "person"),
)


def offer(report: Slots, found: tuple[Found, ...], scene: Scene, *says: Say) -> Turn:
    """Show the likeliest, keep the rest."""
    first, *others = found
    slots = asked(new(scene, report=report, found=[list(each) for each in others]), scene)
    question = Say("maybe_this", {"title": first.title, "answer": first.text}, CHOICES)
    return Turn(FLOW, "which", slots, (*says, question))


def which(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """'Đúng' and 'không' may be typed; anything else is said on top of the question."""
    said = inbound.text
    if said and words.means(said, "yes", "thanks"):
        return Turn(says=(Say("welcome"),))
    if said and words.means(said, "no", "skip"):
        return _next(standing, scene)
    from feedback.conversations.flows.report.steps import take  # it offers this flow in its turn

    return take(standing.slots["report"], inbound, scene)


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if standing.flow != FLOW or rest not in ("yes", "no"):
        return standing.stay(Say("old_button"))
    return Turn(says=(Say("welcome"),)) if rest == "yes" else _next(standing, scene)


def _next(standing: Standing, scene: Scene) -> Turn:
    report = standing.slots["report"]
    left = tuple(Found(*each) for each in standing.slots.get("found", []))
    return offer(report, left, scene) if left else go_on(report, scene, Say("ask_official"))


STEPS: dict[str, Step] = {"which": which}
BUTTONS: dict[str, Button] = {"found": button}
