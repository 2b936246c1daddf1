"""Writing down for a neighbour: what, where, who; and what to do with an officer's words about nothing.

The slots are those of `content`, with `area`, `name` and `phone` of the neighbour.
"""

import re

from feedback.conversations import places, words
from feedback.conversations.content import asked, gather, new, text_of
from feedback.conversations.flows import report
from feedback.conversations.flows.officer.table import FLOW, seat_of
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
from feedback.text import clip, normal_phone, show_phone

_PHONE = re.compile(r"\+?\d(?:[ .-]?\d){8,11}")
_STOP: Choices = (("Thôi", "o:stop"),)
SHOWN = 600


def loose(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Words outside every case: hold them and ask whose they are."""
    slots, notes = gather(new(scene), inbound, scene)
    if (standing.flow, standing.step) == (FLOW, "loose"):
        slots, notes = gather(standing.slots, inbound, scene)
    choices: Choices = (("Phản ánh của tôi", "o:mine"),)
    if seat_of(scene).may_enter:
        choices = (("Nhập hộ bà con", "o:entry"), *choices)
    choices += (("Việc của tôi", "o:work"), ("Bỏ", "o:stop"))
    return Turn(FLOW, "loose", asked(slots, scene), (*notes, Say("officer.loose", choices=choices)))


def mine(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """The words held are the officer's own report, as a resident."""
    if (standing.flow, standing.step) != (FLOW, "loose"):
        return report.begin(inbound, scene)
    return report.go_on(standing.slots, scene)


def begin(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    seat = seat_of(scene)
    if not seat.may_enter:
        return standing.stay(Say("old_button"))
    slots = new(scene)
    if (standing.flow, standing.step) == (FLOW, "loose"):
        slots = dict(standing.slots)
    if len(seat.areas) == 1:
        slots["area"] = seat.areas[0][0]
    return _next(slots, scene)


def _next(slots: Slots, scene: Scene, *says: Say) -> Turn:
    seat = seat_of(scene)
    if not slots.get("pieces"):
        values = {"area": _area(slots, scene), "has_files": bool(slots.get("files"))}
        return Turn(
            FLOW, "entry", asked(slots, scene), (*says, Say("officer.entry", values, _STOP))
        )
    if "area" not in slots:
        choices = tuple((_short(name), f"o:area:{id}") for id, name in seat.areas[:60])
        question = Say("officer.entry_area", choices=(*choices, ("Chưa rõ", "o:area:0")))
        return Turn(FLOW, "entry_place", asked(slots, scene), (*says, question))
    if not is_placed(slots):
        question = Say(
            "officer.entry_place", {"area": _area(slots, scene)}, (("Bỏ qua", "o:nowhere"),)
        )
        return Turn(FLOW, "entry_place", asked(slots, scene), (*says, question))
    if "name" not in slots:
        question = Say("officer.entry_who", choices=(("Không nêu tên", "o:nobody"),))
        return Turn(FLOW, "entry_who", asked(slots, scene), (*says, question))
    values = {
        "text": clip(text_of(slots), SHOWN),
        "place": ", ".join(filter(None, (slots.get("address"), _area(slots, scene)))),
        "files": len(slots.get("files", [])),
        "who": ", ".join(filter(None, (slots.get("name"), _shown(slots.get("phone"))))),
    }
    choices = (("Gửi", f"o:enter:{slots['key']}"), ("Viết lại", "o:anew"), *_STOP)
    summary = Say("officer.entry_summary", values, choices)
    return Turn(FLOW, "entry_sure", asked(slots, scene), (*says, summary))


def is_placed(slots: Slots) -> bool:
    return bool(slots.get("address") or slots.get("spot") or slots.get("nowhere"))


def told(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """What the neighbour says, and photos."""
    slots, notes = gather(standing.slots, inbound, scene)
    if inbound.text:
        address, is_complete = places.address_in(inbound.text)
        if is_complete and not slots.get("address"):
            slots["address"] = address
    return _next(slots, scene, *notes)


def placed(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots, notes = gather(standing.slots, inbound, scene, words=False)
    said = inbound.text
    if not said:
        return _next(slots, scene, *notes)
    if "area" not in slots:
        area = scene.area(places.area_number(said, bare=True))
        if area is None or area.id not in dict(seat_of(scene).areas):
            return standing.stay(*_next(slots, scene).says, is_confused=True)
        return _next(slots | {"area": area.id}, scene, *notes)
    if words.means(said, "skip"):
        return _next(slots | {"nowhere": True}, scene, *notes)
    return _next(slots | {"address": clip(said, 300)}, scene, *notes)


def named(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """'Bà Lan, 0912 345 678' in any order."""
    slots, notes = gather(standing.slots, inbound, scene, words=False)
    said = inbound.text
    if not said and not inbound.phone:
        return _next(slots, scene, *notes)
    if said and words.means(said, "skip", "no"):
        return _next(slots | {"name": "", "phone": ""}, scene, *notes)
    found = _PHONE.search(said)
    phone = normal_phone(found.group()) if found else None
    if found and phone is None:
        return standing.stay(Say("phone_wrong"), is_confused=True)
    name = said.replace(found.group(), "") if found else said
    return _next(
        slots | {"name": clip(name.strip(" ,.;:–-\n"), 120), "phone": phone or ""}, scene, *notes
    )


def confirmed(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if inbound.text and words.means(inbound.text, "yes"):
        return _send(standing.slots)
    return told(standing, inbound, scene)


def area(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    known = dict(seat_of(scene).areas)
    is_known = rest == "0" or (rest.isdecimal() and int(rest) in known)
    if (standing.flow, standing.step) != (FLOW, "entry_place") or not is_known:
        return standing.stay(Say("old_button"))
    return _next(standing.slots | {"area": int(rest) or None}, scene)


def noted(**known: object) -> Button:
    """A button that only notes something and goes on."""

    def button(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
        if standing.flow != FLOW or standing.step not in ("entry_place", "entry_who"):
            return standing.stay(Say("old_button"))
        return _next(standing.slots | known, scene)

    return button


def anew(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if (standing.flow, standing.step) != (FLOW, "entry_sure"):
        return standing.stay(Say("old_button"))
    return begin("", Standing(), inbound, scene)


def enter(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Only the words this button stood under, and only once."""
    slots = standing.slots
    if (standing.flow, standing.step) != (FLOW, "entry_sure") or slots.get("key") != key:
        return standing.stay(Say("old_button"))
    return _send(slots)


def _send(slots: Slots) -> Turn:
    choices: Choices = (("Nhập hộ tiếp", "o:entry"), ("Mục lục", "o:menu"))
    return Turn(
        says=(Say("officer.entered", choices=choices),),
        effect=Effect("officer_enter", {"slots": slots}),
    )


def _area(slots: Slots, scene: Scene) -> str:
    return dict(seat_of(scene).areas).get(slots.get("area") or 0, "")


def _short(name: str) -> str:
    return name.replace("Tổ dân phố số", "Tổ")


def _shown(phone: str | None) -> str:
    return show_phone(phone) if phone else ""


STEPS: dict[str, Step] = {
    "loose": loose,
    "entry": told,
    "entry_place": placed,
    "entry_who": named,
    "entry_sure": confirmed,
}
BUTTONS: dict[str, Button] = {
    "entry": begin,
    "mine": mine,
    "area": area,
    "nowhere": noted(nowhere=True),
    "nobody": noted(name="", phone=""),
    "anew": anew,
    "enter": enter,
}
