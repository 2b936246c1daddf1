"""A voter asks the ward for a dialogue, 'demand': about what, by which telephone (one voter, one voice), by which
name. The slots: `about`, `phone`.
"""

from feedback.conversations import words
from feedback.conversations.content import asked, new
from feedback.conversations.flows import menu
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Choices, Effect, Say, Scene, Slots, Standing, Step, Turn
from feedback.text import clip, normal_phone

FLOW = "demand"
LONGEST = 500
AFTER: Choices = (("Các buổi đối thoại", "talk"),)
SKIP: Choices = (("Bỏ qua", "demand:skip"),)


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'demand' alone says how many ask already and begins."""
    if menu.has_draft(standing):
        return standing.stay(Say("unfinished", choices=menu.UNDER_WAY))
    here = standing.step if standing.flow == FLOW else None
    if rest == "":
        values = {"demand": scene.meetings.demand()}
        slots = asked(new(scene), scene)
        return Turn(FLOW, "about", slots, (Say("talk.demand", values, SKIP),))
    if rest == "skip" and here == "about":
        return _ask_phone(standing.slots | {"about": ""}, scene)
    if rest == "known" and here == "name":
        return _asks(scene.meetings.name(), standing)
    return standing.stay(Say("old_button"))


def about(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if not inbound.text:
        return None
    said = "" if words.means(inbound.text, "skip", "no") else clip(inbound.text, LONGEST)
    return _ask_phone(standing.slots | {"about": said}, scene)


def phone(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """Shared by the channel's own button, or typed; None when it is about something else."""
    typed = inbound.phone or inbound.text
    if not typed:
        return None
    number = normal_phone(typed)
    if number is None:
        return standing.stay(Say("talk.demand_phone_wrong", ask_phone=True), is_confused=True)
    return _ask_name(standing.slots | {"phone": number}, scene)


def name(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    return _asks(inbound.text, standing) if inbound.text else standing.stay(Say("talk.demand_name"))


def _ask_phone(slots: Slots, scene: Scene) -> Turn:
    if scene.phone:
        return _ask_name(slots | {"phone": scene.phone}, scene)
    return Turn(FLOW, "phone", asked(slots, scene), (Say("talk.demand_phone", ask_phone=True),))


def _ask_name(slots: Slots, scene: Scene) -> Turn:
    called = scene.meetings.name()
    choices: Choices = ((clip(called, 40), "demand:known"),) if called else ()
    return Turn(FLOW, "name", asked(slots, scene), (Say("talk.demand_name", choices=choices),))


def _asks(called: str, standing: Standing) -> Turn:
    held = standing.slots
    values = {"about": held["about"], "phone": held["phone"], "name": clip(called, 120)}
    return Turn(
        says=(Say("talk.demanded", choices=AFTER),),
        effect=Effect("ask_for_dialogue", values),
        otherwise=Turn(says=(Say("refused", choices=AFTER),)),
    )


STEPS: dict[str, Step] = {"about": about, "phone": phone, "name": name}
