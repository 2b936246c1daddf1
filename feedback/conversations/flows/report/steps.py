"""The steps of a report: what a message means at each of them when no button was pressed."""

from dataclasses import replace

from feedback.conversations import places, words
from feedback.conversations.content import (
    corrected,
    gather,
    is_empty,
    is_same_breath,
    kind_of,
    new,
)
from feedback.conversations.flows import found
from feedback.conversations.flows.report.questions import (
    FLOW,
    NOT_NEEDED,
    SEND,
    area_question,
    ask_place,
    changes,
    go_on,
    has_place,
    phone_question,
    summary_of,
)
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Effect, Say, Scene, Slots, Standing, Step, Turn
from feedback.text import normal_phone, show_phone

LONGEST_PLACE = 160  # characters; a longer text goes on with the story
LONGEST_WORDS = 14  # and so does one of more words, whatever numbers are in it
LONG = 8  # words; so many in the same breath tell more, though a word among them may name a place


def begin(inbound: Inbound, scene: Scene, slots: Slots | None = None) -> Turn:
    """A new report with whatever came; without anything, the one big question."""
    return take(slots or new(scene), inbound, scene)


def take(slots: Slots, inbound: Inbound, scene: Scene, *says: Say) -> Turn:
    """Gather what came, its words as the story."""
    hint = scene.hint(inbound.text) if inbound.text else None
    if hint and hint.is_accusation:
        if words.means(inbound.text, "accuse") and is_empty(slots) and not scene.kept:
            return Turn(says=(Say("accusation_how", choices=(("Hẹn gặp trực tiếp", "meet"),)),))
        return sealed(slots, inbound, scene)
    is_first = not slots.get("pieces")
    slots, notes = gather(slots, inbound, scene)
    if hint and hint.danger and not slots.get("warned"):
        slots["warned"] = True
        says = (Say("danger", {"advice": hint.danger}), *says)
    if hint and is_first and not hint.needs_place:
        slots.setdefault("nowhere", NOT_NEEDED)
    if inbound.text and not has_place(slots):
        slots = _with_place_in(slots, inbound.text, scene)
    if hint and hint.is_question and is_first and not scene.kept:
        answers = scene.find_answers(inbound.text)
        if answers:
            return found.offer(slots, answers, scene, *says, *notes)
    got = kind_of(scene.kept) if scene.kept else "vị trí" if inbound.place else ""
    return go_on(slots, scene, *says, *notes, got=got)


def sealed(slots: Slots, inbound: Inbound, scene: Scene) -> Turn:
    """Its words are kept where only two people see them, and what the law needs is said at once."""
    slots, notes = gather(slots, inbound, scene)
    again = (("Viết phản ánh khác", "report"),)
    return Turn(
        says=(*notes, Say("accusation", choices=again)),
        effect=Effect("submit_sealed", {"slots": slots}),
        otherwise=Turn(says=(Say("accusation_unkept", choices=again),)),
    )


def _with_place_in(slots: Slots, text: str, scene: Scene) -> Slots:
    """Use a place the story itself names; one that may be incomplete is only offered."""
    address, is_complete = places.address_in(text)
    area = scene.area(places.area_number(text))
    if area:
        return slots | {"area": area.id, "address": address}
    if is_complete:
        return slots | {"address": address}
    return slots | {"said": address} if address else slots


def text(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots = standing.slots
    if is_empty(slots) and not scene.kept and words.is_small_talk(inbound.text):
        return None
    if slots.get("replace") and inbound.text:
        kept = {name: value for name, value in slots.items() if name not in ("pieces", "replace")}
        return take(kept, inbound, scene)
    if inbound.text and not words.is_story(inbound.text) and not scene.kept:
        return standing.stay(
            go_on(slots, scene).says[0],
            is_confused=not words.is_greeting(inbound.text),
        )
    return take(slots, inbound, scene)


def place(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    slots = standing.slots
    if inbound.place or not inbound.text:
        return take(slots, inbound, scene)
    said = inbound.text
    if words.means(said, "skip"):
        return go_on(slots | {"nowhere": True}, scene)
    if slots.get("said") and words.means(said, "yes"):
        return go_on(slots | {"address": slots["said"]}, scene)
    number = places.area_number(said, bare=True)
    if number is not None and not places.address_in(said)[0]:
        area = scene.area(number)
        if area is None:
            unknown = {"number": number, "area_kind": scene.area_kind}
            return area_question(slots, scene, Say("no_such_area", unknown))
        return placed(slots, inbound, scene, area=area.id)
    is_place = places.looks_like_place(said)
    if not is_place and (not words.is_story(said) or said.endswith("?")):
        return standing.stay(ask_place(slots, scene, "place_again"), is_confused=True)
    is_told = not is_place or (len(said.split()) >= LONG and not any(map(str.isdecimal, said)))
    is_long = len(said) > LONGEST_PLACE or len(said.split()) > LONGEST_WORDS
    if is_long or (is_told and is_same_breath(slots, inbound)):
        return take(slots, inbound, scene)
    area = scene.area(number)
    return placed(slots, inbound, scene, address=said, area=area.id if area else None)


def summary(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    said = inbound.text
    if said and words.means(said, "yes"):
        slots, notes = gather(standing.slots, inbound, scene, words=False)
        is_asked = any(payload.startswith(SEND) for _, payload in standing.choices)
        if not is_asked:  # something else was said since the summary: the yes may be about that
            return go_on(slots, scene).after(*notes)
        return send(slots, scene).after(*notes)
    if said and words.means(said, "edit", "no"):
        return Turn(FLOW, "change", standing.slots, (changes(standing.slots),))
    if said and not words.is_story(said) and not (scene.kept or inbound.place):
        is_confused = not words.means(said, "skip", "thanks")
        choices = summary_of(standing.slots, scene).choices
        return standing.stay(Say("send_or_change", choices=choices), is_confused=is_confused)
    return take(standing.slots, inbound, scene)


def change(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """A message while the list of what can be changed is open."""
    said = inbound.text
    if said and words.means(said, "no", "skip", "yes"):
        return go_on(standing.slots, scene)
    if said and not (scene.kept or inbound.place):
        return standing.stay(changes(standing.slots), is_confused=True)
    return take(standing.slots, inbound, scene)


def phone(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    said = inbound.text
    if scene.phone or (said and words.means(said, "skip", "no")):
        return go_on(standing.slots, scene)
    if said and normal_phone(said):
        return _with_phone(standing.slots, scene, said)
    if said and not (scene.kept or inbound.place):
        return standing.stay(phone_question("phone_wrong"), is_confused=True)
    return take(standing.slots, inbound, scene)


def _with_phone(slots: Slots, scene: Scene, typed: str) -> Turn:
    turn = go_on(slots, replace(scene, phone=show_phone(normal_phone(typed) or typed)))
    return replace(turn, effect=Effect("keep_phone", {"phone": typed}))


def placed(slots: Slots, inbound: Inbound, scene: Scene, **found: object) -> Turn:
    slots, notes = gather(slots, inbound, scene, words=False)
    kept = {name: value for name, value in slots.items() if name not in ("area", "nowhere")}
    return go_on(kept | {name: value for name, value in found.items() if value}, scene, *notes)


def edited(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """The person edited an earlier message: it counts if its words are still being collected."""
    slots = corrected(standing.slots, inbound.ref, inbound.text)
    if slots is None:
        return None
    if standing.step == "summary":
        return go_on(slots, scene)
    return Turn(standing.flow, standing.step, slots)


def send(slots: Slots, scene: Scene) -> Turn:
    """Send it. Refused, it stands at the summary again."""
    return Turn(
        effect=Effect("submit", {"slots": slots}),
        otherwise=Turn(FLOW, "summary", slots, (Say("refused"), summary_of(slots, scene))),
    )


STEPS: dict[str, Step] = {
    "text": text,
    "place": place,
    "area": place,
    "summary": summary,
    "change": change,
    "phone": phone,
}
