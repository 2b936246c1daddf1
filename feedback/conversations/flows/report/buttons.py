"""The buttons of a report under way: 'report:<name>:<value>'."""

from feedback.conversations.content import asked, is_empty, new
from feedback.conversations.flows.report import steps
from feedback.conversations.flows.report.questions import (
    FLOW,
    area_question,
    changes,
    go_on,
    phone_question,
)
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Button, Say, Scene, Slots, Standing, Turn

OPENINGS = {"praise": "ask_praise", "question": "ask_question"}  # other first questions
PLACE = ("spot", "address", "area", "nowhere", "said")
# Buttons that only note something and go on.
NOTED: dict[str, Slots] = {
    "show": {},
    "nowhere": {"nowhere": True},
    "no_files": {"files": [], "photo_spot": None},
    "hidden": {"hidden": True},
    "named": {"hidden": False},
}


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'report' alone begins a new one, or goes on with the one under way."""
    name, _, value = rest.partition(":")
    is_under_way = standing.flow == FLOW
    if not name:
        if is_under_way and not is_empty(standing.slots):
            return go_on(standing.slots, scene)
        return steps.begin(inbound, scene)
    if name in OPENINGS:
        if is_under_way and not is_empty(standing.slots):
            return go_on(standing.slots, scene)
        return Turn(FLOW, "text", asked(new(scene), scene), (Say(OPENINGS[name]),))
    if name == "send":
        return send(value, standing, inbound, scene)
    if not is_under_way or name not in NOTED | BUTTONS:
        return standing.stay(Say("old_button"))
    if name in NOTED:
        return go_on(standing.slots | NOTED[name], scene)
    return BUTTONS[name](value, standing, inbound, scene)


def send(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Only the report this button was made for, and only once."""
    slots = standing.slots
    if standing.flow == FLOW and slots.get("key") == key and slots.get("pieces"):
        return steps.send(slots, scene)
    sent = scene.memo.get("sent")
    if sent and sent[0] == key:
        return standing.stay(Say("already_sent", {"number": sent[1]}))
    return standing.stay(Say("old_button"))


def edit(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(FLOW, "change", standing.slots, (changes(standing.slots),))


def new_text(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    slots = asked(standing.slots | {"replace": True}, scene)
    return Turn(FLOW, "text", slots, (Say("ask_new_text"),))


def new_place(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    slots = {name: value for name, value in standing.slots.items() if name not in PLACE}
    return go_on(slots, scene)


def areas(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return area_question(standing.slots, scene)


def pick_area(area_id: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if not any(str(area.id) == area_id for area in scene.areas):
        return standing.stay(Say("old_button"))
    return steps.placed(standing.slots, inbound, scene, area=int(area_id))


def photo_spot(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"spot": standing.slots.get("photo_spot")}, scene)


def said_place(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"address": standing.slots.get("said", "")}, scene)


def ask_phone(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(FLOW, "phone", asked(standing.slots, scene), (phone_question(),))


BUTTONS: dict[str, Button] = {
    "edit": edit,
    "new_text": new_text,
    "new_place": new_place,
    "areas": areas,
    "area": pick_area,
    "photo_spot": photo_spot,
    "said": said_place,
    "phone": ask_phone,
}
