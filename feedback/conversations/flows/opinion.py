"""Drafts the ward asks residents about, 'opinion:…': read one, say what one thinks, read what became of it.

The slots: `draft`, `text`.
"""

from feedback.conversations import words
from feedback.conversations.content import asked, new
from feedback.conversations.flows import menu
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import (
    Button,
    Choices,
    Draft,
    Effect,
    Say,
    Scene,
    Standing,
    Step,
    Turn,
)
from feedback.text import clip

FLOW = "opinion"
LONGEST = 3000
LIST: Choices = (("Các dự thảo", "opinion"),)


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'opinion' alone shows what is asked about; 'opinion:show:7' one draft."""
    if menu.has_draft(standing):
        return standing.stay(Say("unfinished", choices=menu.UNDER_WAY))
    name, _, value = rest.partition(":")
    act = BUTTONS.get(name)
    if act is None or (name in ("show", "say") and not value.isdecimal()):
        return standing.stay(Say("old_button"))
    return act(value, standing, inbound, scene)


def drafts(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = scene.meetings.drafts()
    if len(found) == 1:
        return show(str(found[0].id), standing, inbound, scene)
    choices = tuple((clip(each.title, 40), f"opinion:show:{each.id}") for each in found)
    return Turn(says=(Say("opinion.list", {"drafts": found}, choices),))


def show(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = scene.meetings.draft(int(value))
    return _shown(found) if found else _gone()


def say(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = scene.meetings.draft(int(value))
    if found is None or not found.is_open:
        return _gone()
    slots = asked(new(scene, draft=found.id), scene)
    return Turn(FLOW, "text", slots, (Say("opinion.say", {"title": found.title}),))


def text(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if not inbound.text:
        return standing.stay(Say("opinion.say_again"))
    slots = asked({**standing.slots, "text": clip(inbound.text, LONGEST)}, scene)
    called = scene.meetings.name()
    choices: Choices = ((clip(called, 40), "opinion:known"),) if called else ()
    choices += (("Không nêu tên", "opinion:hidden"),)
    return Turn(FLOW, "name", slots, (Say("opinion.name", choices=choices),))


def name(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if not inbound.text:
        return standing.stay(Say("opinion.name"))
    is_nobody = words.means(inbound.text, "no", "skip")
    return _said("" if is_nobody else inbound.text, standing)


def known(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _named(scene.meetings.name(), standing)


def hidden(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _named("", standing)


def _named(called: str, standing: Standing) -> Turn:
    if (standing.flow, standing.step) != (FLOW, "name"):
        return standing.stay(Say("old_button"))
    return _said(called, standing)


def _said(called: str, standing: Standing) -> Turn:
    held = standing.slots
    values = {
        "key": held["key"],
        "consultation_id": held["draft"],
        "text": held["text"],
        "name": clip(called, 120),
    }
    return Turn(
        says=(Say("opinion.said", choices=LIST),),
        effect=Effect("comment_on_draft", values),
        otherwise=Turn(says=(Say("refused", choices=LIST),)),
    )


def _shown(found: Draft) -> Turn:
    choices: Choices = (("Góp ý", f"opinion:say:{found.id}"),) if found.is_open else ()
    return Turn(says=(Say("opinion.draft", {"draft": found}, choices),))


def _gone() -> Turn:
    return Turn(says=(Say("opinion.closed", choices=LIST),))


STEPS: dict[str, Step] = {"text": text, "name": name}
BUTTONS: dict[str, Button] = {
    "": drafts,
    "show": show,
    "say": say,
    "known": known,
    "hidden": hidden,
}
