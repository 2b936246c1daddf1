"""The flows as tables of steps and buttons, and the choice among them for one message: pure."""

from dataclasses import replace
from datetime import timedelta

from feedback.conversations import words
from feedback.conversations.content import asked, asked_ago, gather
from feedback.conversations.flows import (
    add,
    demand,
    found,
    grouping,
    joining,
    meet,
    menu,
    news,
    officer,
    opinion,
    person,
    rate,
    report,
    survey,
    talk,
    track,
)
from feedback.conversations.flows.officer import linking
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Button, Effect, Say, Scene, Standing, Step, Turn
from feedback.people import persons
from feedback.text import fold, normal_phone


def start(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'start:talk-7' comes from the poster of session 7; the rest is the menu's."""
    kind, _, number = rest.partition("-")
    if kind == "talk":
        return talk.button(f"show:{number}", standing, inbound, scene)
    return menu.start(rest, standing, inbound, scene)


# A new flow is a module with its steps and buttons, and a line in each of these.
STEPS: dict[str, dict[str, Step]] = {
    report.FLOW: report.STEPS,
    add.FLOW: add.STEPS,
    rate.FLOW: rate.STEPS,
    track.FLOW: track.STEPS,
    officer.FLOW: officer.STEPS,
    person.FLOW: person.STEPS,
    found.FLOW: found.STEPS,
    news.FLOW: news.STEPS,
    meet.FLOW: meet.STEPS,
    talk.FLOW: talk.STEPS,
    demand.FLOW: demand.STEPS,
    opinion.FLOW: opinion.STEPS,
    survey.FLOW: survey.STEPS,
}
BUTTONS: dict[str, Button] = {
    "start": start,
    "menu": menu.menu,
    "help": menu.guide,
    "cancel": menu.cancel,
    "person": menu.person,
    "report": report.button,
    "add": add.button,
    "answer": add.button,
    "track": track.button,
    "rate": rate.button,
    "rated": rate.rated,
    "reopen": rate.reopen,
    "o": officer.button,
    "found": found.button,
    "news": news.button,
    "join": joining.button,
    "part": joining.part,
    "meet": meet.button,
    "talk": talk.button,
    "demand": demand.button,
    "opinion": opinion.button,
    "survey": survey.button,
}
EDITS = {report.FLOW: report.edited, add.FLOW: add.edited, officer.FLOW: officer.edited}
STALE = timedelta(hours=12)  # a report left lying so long is asked about before it goes on


def respond(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """What to answer to one message, and where the conversation stands afterwards."""
    if inbound.group and (turn := grouping.respond(standing, inbound, scene)):
        return turn
    if inbound.is_edit:
        return _edited(standing, inbound, scene)
    code = linking.code_in(inbound.text) if inbound.text else None
    if code:
        return linking.link(code, standing, inbound, scene)
    if inbound.text and (code := persons.code_in(inbound.text)):
        return joining.join(code, standing, inbound, scene)
    payload = _payload(standing, inbound, scene)
    if scene.seat and payload is None and not inbound.unread:
        turn = officer.respond(standing, inbound, scene)
        if turn is not None:
            return turn
    if payload is None and inbound.text:
        payload = words.wish(inbound.text)
    if payload is not None:
        if scene.seat:
            payload = officer.instead(payload, standing)
        name, _, rest = payload.partition(":")
        act = BUTTONS.get(name)
        bare = replace(inbound, text="", button=payload)
        return act(rest, standing, bare, scene) if act else standing.stay(Say("old_button"))
    if inbound.unread and not (inbound.text or scene.kept):
        block = "unread_contact" if inbound.unread == "contact" else "unread"
        return standing.stay(Say(block), is_confused=True)
    step = STEPS.get(standing.flow or "", {}).get(standing.step or "")
    answer = step(standing, inbound, scene) if step and not _is_stale(standing, scene) else None
    return answer or opening(standing, inbound, scene)


def opening(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """A message outside every flow."""
    said = inbound.text
    has_more = bool(scene.kept or inbound.place)
    if _is_stale(standing, scene) and menu.has_draft(standing):
        return _pick_up(standing, inbound, scene)
    if not has_more:
        if not said:
            return _nothing(standing, inbound, scene)
        if words.means(said, "thanks", "no", "skip"):
            return Turn(says=(Say("welcome"),))
        if words.is_greeting(said):
            return menu.hello(Standing(), inbound, scene)
        number = words.case_number(said)
        if number:
            return track.by_number(number, scene)
        if normal_phone(said):
            effect = Effect("phone_for_report", {"phone": said})
            return Turn(says=(Say("phone_added"),), effect=effect)
        if words.is_only_rude(said):
            return Turn(says=(Say("rude", choices=menu.CHOICES[:1]),))
        if not words.is_story(said):
            return Turn(says=(Say("not_understood", choices=menu.CHOICES[:2]),), is_confused=True)
    if add.candidates(scene) and not _is_known_question(said, scene):
        return add.begin(inbound, scene)
    return report.begin(inbound, scene)


def _begun(said: str, labels: dict[str, str]) -> str | None:
    """The one button that begins with these words, at least two: 'đăng ký' of 'Đăng ký dự'."""
    if len(said.split()) < 2:
        return None
    fits = [payload for label, payload in labels.items() if fold(label).startswith(said + " ")]
    return fits[0] if len(fits) == 1 else None


def _is_known_question(said: str, scene: Scene) -> bool:
    """A question the ward has answered before is about no petition of theirs."""
    is_bare = bool(said) and not scene.kept
    return is_bare and scene.hint(said).is_question and bool(scene.find_answers(said))


def _nothing(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    notes = tuple(Say("file_refused", {"sentence": file.sentence}) for file in scene.refused)
    if inbound.phone:
        notes += (Say("phone_kept"),)
    return standing.stay(*notes) if notes else menu.hello(standing, inbound, scene)


def _pick_up(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """A report lay unfinished for long: go on with it, words and all, only if that is meant."""
    is_story = not (words.is_greeting(inbound.text) or words.is_small_talk(inbound.text))
    slots, notes = gather(standing.slots, inbound, scene, words=is_story)
    question = Say("unfinished", choices=menu.UNDER_WAY)
    return Turn(standing.flow, standing.step, asked(slots, scene), (*notes, question))


def _is_stale(standing: Standing, scene: Scene) -> bool:
    return standing.flow not in (None, add.FLOW) and asked_ago(standing.slots, scene) > STALE


def _edited(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    edit = EDITS.get(standing.flow or "")
    turn = edit(standing, inbound, scene) if edit else None
    return turn or standing.stay(ignored="edited after it was used")


def _payload(standing: Standing, inbound: Inbound, scene: Scene) -> str | None:
    """The button meant: pressed, chosen by '#2', or typed as it reads."""
    pressed = inbound.button
    if pressed and pressed.startswith("#"):
        at = int(pressed[1:]) if pressed[1:].isdecimal() else 0
        return standing.choices[at - 1][1] if 1 <= at <= len(standing.choices) else "unknown"
    if pressed or not inbound.text:
        return pressed
    labels = dict(standing.choices)
    if standing.flow == report.FLOW:
        labels |= dict(report.pick_area_button(scene))  # an old keyboard may still show it
    said = fold(inbound.text)
    typed = next((payload for label, payload in labels.items() if fold(label) == said), None)
    typed = typed or _begun(said, labels)
    if typed and not (scene.kept or inbound.place):  # with those the step has more to do
        return typed
    return None
