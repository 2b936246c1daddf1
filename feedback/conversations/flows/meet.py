"""Meeting the chair: 'meet:…' chooses a day and a time; then what about, then by which name.

The slots: `day`, `slot`, `subject`.
"""

from dataclasses import replace

from feedback.conversations import words
from feedback.conversations.content import asked, new
from feedback.conversations.flows import menu
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Button, Choices, Effect, Say, Scene, Standing, Step, Turn
from feedback.text import clip

FLOW = "meet"
LONGEST = 500
SHORT = 30  # characters: nothing a report could begin with
AGAIN: Choices = (("Chọn giờ khác", "meet"),)


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'meet' alone shows the days and one's own appointments."""
    if menu.has_draft(standing):
        return standing.stay(Say("unfinished", choices=menu.UNDER_WAY))
    name, _, value = rest.partition(":")
    act = BUTTONS.get(name)
    return act(value, standing, inbound, scene) if act else standing.stay(Say("old_button"))


def days(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = [day for day in scene.meetings.days() if day.free]
    held = scene.meetings.appointments()
    choices = tuple((day.label, f"meet:day:{day.id}") for day in found)
    choices += tuple((f"Hủy hẹn {when}", f"meet:cancel:{id}") for id, when in held)
    choices += (("Hội nghị đối thoại", "talk"),)
    values = {"days": found, "held": [when for _, when in held]}
    return Turn(says=(Say("meet.days", values, choices),))


def day(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    times = scene.meetings.times(int(value)) if value.isdecimal() else ()
    if not times:
        return Turn(says=(Say("meet.full", choices=AGAIN),))
    choices = tuple((words_, f"meet:at:{value}:{slot}") for slot, words_ in times)
    return Turn(
        FLOW,
        "time",
        asked(new(scene, day=int(value)), scene),
        (Say("meet.times", choices=choices),),
    )


def at(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    day_id, _, slot = value.partition(":")
    if not (day_id.isdecimal() and slot.isdecimal()):
        return standing.stay(Say("old_button"))
    slots = asked(new(scene, day=int(day_id), slot=int(slot)), scene)
    return Turn(FLOW, "subject", slots, (Say("meet.subject"),))


def cancel(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if not value.isdecimal():
        return standing.stay(Say("old_button"))
    return Turn(
        says=(Say("meet.cancelled", choices=AGAIN),),
        effect=Effect("cancel_reception", {"visit_id": int(value)}),
        otherwise=Turn(says=(Say("refused"),)),
    )


def time(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """'9 giờ', '09:00' of the times offered; None when it is about something else."""
    said = words.clock_time(inbound.text) if inbound.text else ""
    day_id = standing.slots["day"]
    slot = next((s for s, at_ in scene.meetings.times(day_id) if at_ == said), None)
    if slot is not None:
        return at(f"{day_id}:{slot}", standing, inbound, scene)
    if not 0 < len(inbound.text) <= SHORT:
        return None
    missed = Say("meet.time_missed", {"time": said})
    return replace(day(str(day_id), standing, inbound, scene).after(missed), is_confused=not said)


def subject(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """Whatever is written says what about; of an accusation nothing is kept."""
    if not inbound.text:
        return standing.stay(Say("meet.subject"))
    is_accusation = scene.hint(inbound.text).is_accusation
    kept = {
        "subject": "" if is_accusation else clip(inbound.text, LONGEST),
        "secret": is_accusation,
    }
    slots = asked({**standing.slots, **kept}, scene)
    name = scene.meetings.name()
    choices: Choices = ((clip(name, 40), "meet:name"),) if name else ()
    block = "meet.name_secret" if is_accusation else "meet.name"
    return Turn(FLOW, "name", slots, (Say(block, choices=choices),))


def name(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    return _book(inbound.text, standing, scene) if inbound.text else standing.stay(Say("meet.name"))


def known_name(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if (standing.flow, standing.step) != (FLOW, "name"):
        return standing.stay(Say("old_button"))
    return _book(scene.meetings.name(), standing, scene)


def _book(called: str, standing: Standing, scene: Scene) -> Turn:
    held = standing.slots
    values = {
        "key": held["key"],
        "day_id": held["day"],
        "slot": held["slot"],
        "subject": held["subject"],
        "name": clip(called, 120),
        "is_accusation": held["secret"],
    }
    return Turn(
        says=(Say("meet.booked", choices=(("Hủy hẹn này", "meet:cancel:{visit}"),)),),
        effect=Effect("book_reception", values),
        otherwise=Turn(says=(Say("refused", choices=AGAIN),)),
    )


STEPS: dict[str, Step] = {"time": time, "subject": subject, "name": name}
BUTTONS: dict[str, Button] = {
    "": days,
    "day": day,
    "at": at,
    "cancel": cancel,
    "name": known_name,
}
