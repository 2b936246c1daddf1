"""How far a petition has come: one's own at a touch, any other by its number and phone number."""

from dataclasses import replace
from datetime import timedelta

from feedback.conversations import words
from feedback.conversations.content import asked, new
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Choices, Effect, Say, Scene, Slots, Standing, Step, Turn
from feedback.text import clip, normal_phone

FLOW = "track"
MOST = 5  # petitions listed
MOST_MISSES = 5  # wrong pairs of number and phone in an hour


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'track' lists one's own; 'track:<number>' shows one; 'track:other' asks for a number."""
    if rest == "other" or (not rest and not scene.cases):
        return _ask_number(scene)
    if rest:
        return by_number(rest, scene)
    shown = scene.cases[:MOST]
    choices: Choices = tuple((case.number, f"track:{case.number}") for case in shown)
    return Turn(
        FLOW,
        "number",
        asked(new(scene), scene),
        (Say("track_list", {"cases": shown}, (*choices, ("Mã khác", "track:other"))),),
    )


def by_number(number: str, scene: Scene) -> Turn:
    """Show one's own petition; for anybody else's ask for the phone number it was sent with."""
    case = scene.case(number)
    if case:
        choices: Choices = ((f"Bổ sung {case.number}", f"add:{case.id}"),) if case.is_open else ()
        if case.can_reopen:
            choices = (("Đề nghị xử lý lại", f"reopen:{case.id}"),)
        return _show(Effect("track", {"case_id": case.id}), choices=choices)
    slots = asked(new(scene, number=number), scene)
    return Turn(FLOW, "phone", slots, (_ask_phone(number),))


def number(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """None when these words are no number but something new to say."""
    if standing.slots.get("number") and normal_phone(inbound.text):
        return phone(standing, inbound, scene)
    typed = words.case_number(inbound.text, scene.ward_code, scene.now.year)
    if typed:
        return by_number(typed, scene)
    if not _may_be_number(inbound.text):
        return None
    return standing.stay(
        Say("track_number_again", {"ward_code": scene.ward_code}), is_confused=True
    )


def phone(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots = standing.slots
    given = inbound.phone or (normal_phone(inbound.text) if inbound.text else None)
    if given:
        misses = [at for at in scene.memo.get("misses", []) if at > _an_hour_before(scene)]
        if len(misses) >= MOST_MISSES:
            return Turn(says=(Say("track_too_many"),))
        again = _ask_number(scene, "track_not_found", number=slots["number"])
        return _show(
            Effect("track_other", {"number": slots["number"], "phone": given}),
            otherwise=replace(again, memo={"misses": [*misses, scene.now.isoformat()]}),
        )
    typed = words.case_number(inbound.text)
    if typed:
        return by_number(typed, scene)
    if not _may_be_number(inbound.text):
        return None
    return standing.stay(Say("phone_wrong", ask_phone=True), is_confused=True)


def _may_be_number(text: str) -> bool:
    """Whether somebody tried to write one; words are about something else, and nobody is held fast here."""
    return 0 < len(text) <= 30 and any(char.isdecimal() for char in text)


def _an_hour_before(scene: Scene) -> str:
    return (scene.now - timedelta(hours=1)).isoformat()


def _ask_number(scene: Scene, block: str = "ask_number", **known: str) -> Turn:
    slots: Slots = asked(new(scene, **known), scene)
    return Turn(FLOW, "number", slots, (Say(block, {"ward_code": scene.ward_code}),))


def _ask_phone(number: str) -> Say:
    return Say("track_ask_phone", {"number": clip(number, 30)}, ask_phone=True)


def _show(effect: Effect, *, choices: Choices = (), otherwise: Turn | None = None) -> Turn:
    return Turn(says=(Say("track_case", choices=choices),), effect=effect, otherwise=otherwise)


STEPS: dict[str, Step] = {"number": number, "phone": phone}
