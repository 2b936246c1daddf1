"""A new report: words, photos and a place in any order; a summary; sent only when the person says so.

Asks only for what is missing. `key` in the slots names this one report: a button of an earlier report
cannot send this one, and pressing "Gửi" twice sends once.
"""

from dataclasses import replace

from feedback.conversations import words
from feedback.conversations.content import (
    asked,
    corrected,
    gather,
    is_before_question,
    is_empty,
    new,
    text_of,
)
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import (
    Button,
    Choices,
    Effect,
    Say,
    Scene,
    Slots,
    Standing,
    Step,
    Turn,
)
from feedback.text import clip, normal_phone

FLOW = "report"
SKIP_PLACE = ("Bỏ qua", "report:nowhere")
PICK_AREA = ("Chọn tổ dân phố", "report:areas")
LONGEST_PLACE = 160  # characters; a longer text goes on with the story
SHOWN = 600  # characters of the story in the summary


def begin(inbound: Inbound, scene: Scene, slots: Slots | None = None) -> Turn:
    """A new report with whatever came; without anything, the one big question."""
    return _take(slots or new(scene), inbound, scene)


def go_on(slots: Slots, scene: Scene, *says: Say) -> Turn:
    """Ask for what is still missing, or show it all."""
    if not slots.get("pieces"):
        step, question = "text", Say("ask_text" if is_empty(slots) else "ask_text_too")
    elif not _has_place(slots):
        step, question = "place", _ask_place(slots)
    else:
        step, question = "summary", _summary(slots, scene)
    return Turn(FLOW, step, asked(slots, scene), (*says, question))


def _take(slots: Slots, inbound: Inbound, scene: Scene, *says: Say) -> Turn:
    """Gather what came, its words as the story."""
    hint = scene.hint(inbound.text) if inbound.text else None
    if hint and hint.is_accusation:
        return Turn(says=(Say("accusation", choices=(("Viết phản ánh khác", "report"),)),))
    is_first = not slots.get("pieces")
    slots, notes = gather(slots, inbound, scene)
    if hint and hint.danger and not slots.get("warned"):
        slots["warned"] = True
        says = (Say("danger", {"advice": hint.danger}), *says)
    if hint and is_first and not hint.needs_place:
        slots.setdefault("nowhere", True)
    if inbound.text and not _has_place(slots):
        slots = _with_place_in(slots, inbound.text, scene)
    return go_on(slots, scene, *says, *notes)


def _with_place_in(slots: Slots, text: str, scene: Scene) -> Slots:
    """Use a place the story itself names; one that may be incomplete is only offered."""
    address, is_complete = words.address_in(text)
    area = scene.area(words.area_number(text))
    if area:
        return slots | {"area": area.id, "address": address}
    if is_complete:
        return slots | {"address": address}
    return slots | {"said": address} if address else slots


def _has_place(slots: Slots) -> bool:
    return any(slots.get(name) for name in ("spot", "address", "area", "nowhere"))


def _ask_place(slots: Slots) -> Say:
    choices: Choices = (PICK_AREA, SKIP_PLACE)
    if slots.get("photo_spot"):
        choices = (("Đúng nơi chụp ảnh", "report:photo_spot"), *choices)
    if slots.get("said"):
        choices = ((f"Tại {clip(slots['said'], 40)}", "report:said"), *choices)
    return Say("ask_place", choices=choices, ask_location=True)


def _summary(slots: Slots, scene: Scene) -> Say:
    area = next((area.name for area in scene.areas if area.id == slots.get("area")), "")
    place = ", ".join(filter(None, (slots.get("address"), area)))
    choices: Choices = (("Gửi", f"report:send:{slots['key']}"), ("Sửa", "report:edit"))
    if not scene.phone:
        choices += (("Thêm số điện thoại", "report:phone"),)
    return Say(
        "summary",
        {
            "text": clip(text_of(slots), SHOWN),
            "place": place,
            "has_spot": bool(slots.get("spot")),
            "files": len(slots.get("files", [])),
            "phone": scene.phone,
            "is_hidden": bool(slots.get("hidden")),
        },
        choices,
    )


# Steps: what a message means here when no button was pressed.


def text(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots = standing.slots
    if is_empty(slots) and not scene.kept and words.is_small_talk(inbound.text):
        return None
    if slots.get("replace") and inbound.text:
        kept = {name: value for name, value in slots.items() if name not in ("pieces", "replace")}
        return _take(kept, inbound, scene)
    if inbound.text and not words.says_something(inbound.text) and not scene.kept:
        return standing.stay(
            Say("ask_text" if is_empty(slots) else "ask_text_too"),
            is_confused=not words.is_greeting(inbound.text),
        )
    return _take(slots, inbound, scene)


def place(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    slots = standing.slots
    if inbound.place or not inbound.text:
        return _take(slots, inbound, scene)
    said = inbound.text
    if words.means(said, "skip"):
        return nowhere("", standing, inbound, scene)
    if slots.get("said") and words.means(said, "yes"):
        return said_place("", standing, inbound, scene)
    number = words.area_number(said, bare=True)
    if number is not None and not words.address_in(said)[0]:
        area = scene.area(number)
        if area is None:
            return _areas(standing, scene, Say("no_such_area", {"number": number}))
        return _placed(slots, inbound, scene, area=area.id)
    is_place = words.looks_like_place(said)
    if not is_place and (not words.is_story(said) or said.endswith("?")):
        return standing.stay(
            Say("place_again", choices=(PICK_AREA, SKIP_PLACE), ask_location=True), is_confused=True
        )
    if len(said) > LONGEST_PLACE or (not is_place and is_before_question(slots, inbound)):
        return _take(slots, inbound, scene)
    area = scene.area(number)
    return _placed(slots, inbound, scene, address=said, area=area.id if area else None)


def area(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return place(standing, inbound, scene)


def summary(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    said = inbound.text
    if said and words.means(said, "yes"):
        return send(standing.slots["key"], standing, inbound, scene)
    if said and words.means(said, "edit", "no"):
        return edit("", standing, inbound, scene)
    if said and not words.is_story(said) and not (scene.kept or inbound.place):
        is_confused = not words.means(said, "skip", "thanks")
        return standing.stay(_summary(standing.slots, scene), is_confused=is_confused)
    return _take(standing.slots, inbound, scene)


def change(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """A message while the list of what can be changed is open."""
    said = inbound.text
    if said and words.means(said, "no", "skip", "yes"):
        return go_on(standing.slots, scene)
    if said and not (scene.kept or inbound.place):
        return standing.stay(_what_to_change(standing.slots), is_confused=True)
    return _take(standing.slots, inbound, scene)


def phone(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    said = inbound.text
    if scene.phone or (said and words.means(said, "skip", "no")):
        return go_on(standing.slots, scene)
    if said and normal_phone(said):
        return _with_phone(standing.slots, scene, said)
    if said and not (scene.kept or inbound.place):
        return standing.stay(_ask_phone("phone_wrong"), is_confused=True)
    return _take(standing.slots, inbound, scene)


def _with_phone(slots: Slots, scene: Scene, typed: str) -> Turn:
    turn = go_on(slots, replace(scene, phone=typed))
    return replace(turn, effect=Effect("keep_phone", {"phone": typed}))


def _placed(slots: Slots, inbound: Inbound, scene: Scene, **found: object) -> Turn:
    slots, notes = gather(slots, inbound, scene, words=False)
    kept = {name: value for name, value in slots.items() if name not in ("area", "nowhere")}
    return go_on(kept | {name: value for name, value in found.items() if value}, scene, *notes)


def _ask_phone(block: str = "ask_phone") -> Say:
    return Say(block, choices=(("Bỏ qua", "report:show"),), ask_phone=True)


def _what_to_change(slots: Slots) -> Say:
    choices: Choices = (("Nội dung", "report:new_text"), ("Nơi xảy ra", "report:new_place"))
    if slots.get("files"):
        choices += (("Bỏ ảnh, tệp", "report:no_files"),)
    hidden = ("Không cần giấu tên", "report:named") if slots.get("hidden") else None
    choices += (hidden or ("Giấu tên tôi", "report:hidden"),)
    choices += (("Xem lại", "report:show"), ("Hủy phản ánh", "cancel"))
    return Say("what_to_change", choices=choices)


def _areas(standing: Standing, scene: Scene, *says: Say) -> Turn:
    choices = tuple(
        (area.name.replace("Tổ dân phố số", "Tổ"), f"report:area:{area.id}") for area in scene.areas
    )
    question = Say("ask_area", choices=(*choices[:60], SKIP_PLACE))
    return Turn(FLOW, "area", asked(standing.slots, scene), (*says, question))


# Buttons.


def send(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    slots = standing.slots
    if standing.flow != FLOW or slots.get("key") != key or not slots.get("pieces"):
        sent = scene.memo.get("sent")
        if sent and sent[0] == key:
            return standing.stay(Say("already_sent", {"number": sent[1]}))
        return standing.stay(Say("old_button"))
    return Turn(
        effect=Effect("submit", {"slots": slots}),
        otherwise=Turn(FLOW, "summary", slots, (Say("refused"), _summary(slots, scene))),
    )


def edit(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(FLOW, "change", standing.slots, (_what_to_change(standing.slots),))


def new_text(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    slots = asked(standing.slots | {"replace": True}, scene)
    return Turn(FLOW, "text", slots, (Say("ask_new_text"),))


def new_place(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    placed = ("spot", "address", "area", "nowhere")
    slots = {name: value for name, value in standing.slots.items() if name not in placed}
    return go_on(slots, scene)


def nowhere(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"nowhere": True}, scene)


def areas(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _areas(standing, scene)


def pick_area(area_id: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if not any(str(area.id) == area_id for area in scene.areas):
        return standing.stay(Say("old_button"))
    return _placed(standing.slots, inbound, scene, area=int(area_id))


def photo_spot(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"spot": standing.slots.get("photo_spot")}, scene)


def said_place(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"address": standing.slots.get("said", "")}, scene)


def ask_phone(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(FLOW, "phone", asked(standing.slots, scene), (_ask_phone(),))


def no_files(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"files": [], "photo_spot": None}, scene)


def hidden(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"hidden": True}, scene)


def named(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots | {"hidden": False}, scene)


def show(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return go_on(standing.slots, scene)


def edited(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """The person edited an earlier message: it counts if its words are still being collected."""
    slots = corrected(standing.slots, inbound.ref, inbound.text)
    if slots is None:
        return None
    if standing.step == "summary":
        return go_on(slots, scene)
    return Turn(standing.flow, standing.step, slots)


STEPS: dict[str, Step] = {
    "text": text,
    "place": place,
    "area": area,
    "summary": summary,
    "change": change,
    "phone": phone,
}
# Buttons of a report under way; each keeps the slots unless it says otherwise.
BUTTONS: dict[str, Button] = {
    "send": send,
    "edit": edit,
    "new_text": new_text,
    "new_place": new_place,
    "nowhere": nowhere,
    "areas": areas,
    "area": pick_area,
    "photo_spot": photo_spot,
    "said": said_place,
    "phone": ask_phone,
    "no_files": no_files,
    "hidden": hidden,
    "named": named,
    "show": show,
}


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'report' begins a new one; 'report:…' belongs to the one under way."""
    name, _, value = rest.partition(":")
    if not name:
        if standing.flow == FLOW and not is_empty(standing.slots):
            return go_on(standing.slots, scene)
        return begin(inbound, scene)
    act = BUTTONS.get(name)
    if act is None or (standing.flow != FLOW and name != "send"):
        return standing.stay(Say("old_button"))
    return act(value, standing, inbound, scene)
