"""The flows of an officer's own chat: what waits, one case, words for it, a decision, entering for others.

Their buttons are 'o:<what>:…'. Where nothing here fits, the resident's flows go on: an officer is a
resident, too.
"""

from feedback.conversations import words
from feedback.conversations.content import asked_ago
from feedback.conversations.flows.officer import (
    announcing,
    deciding,
    entering,
    linking,
    reading,
    writing,
)
from feedback.conversations.flows.officer.table import FLOW, STALE
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Say, Scene, Standing, Step, Turn

__all__ = ["FLOW", "STEPS", "button", "edited", "instead", "respond"]

BUTTONS = {**reading.BUTTONS, **deciding.BUTTONS, **writing.BUTTONS, **entering.BUTTONS}
BUTTONS |= announcing.BUTTONS | {"unlink": linking.ask_unlink, "unlinked": linking.unlink}
WISHES = {
    "work": ("work", ""),
    "sign": ("work", "sign"),
    "accept": ("work", "accept"),
    "late": ("work", "late"),
    "brief": ("brief", ""),
    "entry": ("entry", ""),
    "tell": ("tell", ""),
    "poster": ("poster", ""),
    "unlink": ("unlink", ""),
    "menu": ("menu", ""),
    "help": ("help", ""),
}
STEPS: dict[str, Step] = {**writing.STEPS, **entering.STEPS, **announcing.STEPS}


def respond(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """The answer to what an officer typed or sent; None when it is a resident's message."""
    said = inbound.text
    has_more = bool(scene.kept or inbound.place)
    wish = words.officer_wish(said) if said and not has_more else None
    if wish in WISHES:
        name, rest = WISHES[wish]
        return BUTTONS[name](rest, standing, inbound, scene)
    if wish == "cancel" and standing.flow == FLOW:
        return Turn(says=(Say("officer.cancelled", choices=reading.BACK),))
    if standing.flow not in (None, FLOW):
        return None
    step = STEPS.get(standing.step or "") if standing.flow == FLOW else None
    is_fresh = step is not None and asked_ago(standing.slots, scene) <= STALE
    turn = step(standing, inbound, scene) if step and is_fresh else None
    if turn is not None:
        return turn
    number = words.case_number(said, scene.ward_code, scene.now.year) if said else None
    if number and not has_more:
        return reading.case(number, standing, inbound, scene)
    if said and not has_more and (words.wish(said) or words.means(said, "thanks")):
        return None
    if has_more or words.is_story(said):
        return entering.loose(standing, inbound, scene)
    return reading.menu("", Standing(), inbound, scene)


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'o:…': for the officer whose chat this is; to anybody else it is no button at all."""
    name, _, value = rest.partition(":")
    act = BUTTONS.get(name)
    if scene.seat is None or act is None:
        return standing.stay(Say("old_button"))
    return act(value, standing, inbound, scene)


def instead(payload: str, standing: Standing) -> str:
    """What a resident's command means in an officer's chat."""
    if payload == "cancel" and standing.flow == FLOW:
        return "o:stop"
    if standing.flow in (None, FLOW):
        return {"menu": "o:menu", "help": "o:help", "start": "o:menu"}.get(payload, payload)
    return payload


def edited(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """An earlier message was corrected while its words are still held."""
    return writing.edited(standing, inbound, scene)
