"""Words for a case: asked for, held, shown where the resident will read them, and only then sent.

The slots: `case`, `do` (a line of WANTED), `mark` or `entry` (what a button named), and the words and
files of `content`.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from feedback.conversations import words
from feedback.conversations.content import asked, corrected, gather, new, text_of
from feedback.conversations.flows.officer.deciding import act, not_now, numbers
from feedback.conversations.flows.officer.table import FLOW, seat_of
from feedback.conversations.inbound import Inbound
from feedback.conversations.seat import Dossier
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
from feedback.petitions.lifecycle import Action

_DAYS = re.compile(r"^\D{0,30}?(\d{1,3})\s*(?:ngày|ngay|n)?(?:\s+làm việc|\s+lam viec)?[\s,.:;–-]*")
_STOP: Choices = (("Thôi", "o:stop"),)


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `verb` gets the words as `name`; `is_read_out`: shown before it leaves."""

    action: Action | None
    ask: str
    verb: str
    name: str
    done: str
    is_read_out: bool = False
    has_days: bool = False
    is_optional: bool = False


WANTED: dict[str, Wanted] = {
    "back": Wanted(Action.HAND_BACK, "ask_back", "hand_back", "reason", "handed_back_now"),
    "return": Wanted(Action.RETURN_ANSWER, "ask_return", "return_answer", "reason", "returned_now"),
    "ask": Wanted(Action.ASK, "ask_question", "ask", "question", "asked", is_read_out=True),
    "note": Wanted(Action.NOTE, "ask_note", "note", "text", "noted"),
    "opinion": Wanted(Action.CONSULTED, "ask_opinion", "consulted", "text", "opinion_given"),
    "time": Wanted(None, "ask_time", "ask_more_time", "reason", "time_asked", has_days=True),
    "extend": Wanted(
        Action.EXTEND, "ask_extend", "extend", "reason", "extended", is_read_out=True, has_days=True
    ),
    "deny": Wanted(Action.EXTEND, "ask_deny", "refuse_more_time", "reason", "denied"),
    "to": Wanted(
        Action.ASSIGN, "ask_instruction", "assign", "instruction", "assigned", is_optional=True
    ),
}


def want(do: str) -> Button:
    """The button that asks for these words: '<case>', or '<case>:<what more it names>'."""

    def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
        wanted = WANTED[do]
        case_id, _, more = rest.partition(":")
        found = seat_of(scene).find_case(case_id) if case_id.isdecimal() else None
        if found is None or found.is_sealed:
            return not_now(case_id, "", "")
        may = found.can_ask_time if wanted.action is None else wanted.action in found.may
        if not may or (do in ("deny", "to") and not numbers(more)):
            return not_now(case_id, found.number, found.status)
        slots = asked(new(scene, case=found.id, do=do, more=more), scene)
        return Turn(FLOW, "words", slots, (_question(wanted, found, slots),))

    return button


def _question(wanted: Wanted, found: Dossier, slots: Slots) -> Say:
    choices = _STOP
    if wanted.is_optional:
        choices = (("Giao ngay", f"o:plain:{slots['key']}"), *_STOP)
    values = {"number": found.number, "room": found.room, "title": found.title}
    return Say(f"officer.{wanted.ask}", values, choices)


def given(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """The words came."""
    slots, notes = gather(standing.slots, inbound, scene)
    wanted = WANTED[slots["do"]]
    said = text_of(slots)
    if not words.says_something(said):
        return standing.stay(*notes, Say("officer.write_words", choices=_STOP), is_confused=True)
    if wanted.has_days:
        days, reason = days_in(said)
        if not days or not words.says_something(reason):
            again = {name: value for name, value in slots.items() if name != "pieces"}
            return Turn(FLOW, "words", again, (Say("officer.days_again", choices=_STOP),))
        slots |= {"days": days, "reason": reason}
    if not wanted.is_read_out:
        return _done(slots)
    return Turn(FLOW, "sure", asked(slots, scene), (*notes, _read_out(slots)))


def sure(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """More words, or 'gửi' typed instead of pressed."""
    if inbound.text and words.means(inbound.text, "yes"):
        return _done(standing.slots)
    if inbound.text and words.means(inbound.text, "edit", "no"):
        return again("", standing, inbound, scene)
    slots, notes = gather(standing.slots, inbound, scene)
    if "days" in slots:
        slots["reason"] = days_in(text_of(slots))[1]
    return Turn(FLOW, "sure", asked(slots, scene), (*notes, _read_out(slots)))


def _read_out(slots: Slots) -> Say:
    values = {"do": slots["do"], "text": _words(slots), "days": slots.get("days", 0)}
    key = slots["key"]
    choices: Choices = (("Gửi", f"o:sure:{key}"), ("Viết lại", f"o:again:{key}"), *_STOP)
    return Say("officer.sure", values, choices)


def send(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'sure:<key>': only the words this button stood under, and only once."""
    if (standing.flow, standing.step) != (FLOW, "sure") or standing.slots.get("key") != key:
        return standing.stay(Say("old_button"))
    return _done(standing.slots)


def plain(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'plain:<key>': without any words."""
    slots = standing.slots
    is_asked = (standing.flow, standing.step) == (FLOW, "words") and slots.get("key") == key
    if not is_asked or not WANTED[slots["do"]].is_optional:
        return standing.stay(Say("old_button"))
    return _done({**slots, "pieces": []})


def again(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Write them anew."""
    slots = standing.slots
    if (standing.flow, standing.step) != (FLOW, "sure"):
        return standing.stay(Say("old_button"))
    return want(slots["do"])(
        f"{slots['case']}:{slots.get('more', '')}".rstrip(":"), standing, inbound, scene
    )


def stop(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    choices: Choices = (("Việc của tôi", "o:work"), ("Mục lục", "o:menu"))
    return Turn(says=(Say("officer.cancelled", choices=choices),))


def _done(slots: Slots) -> Turn:
    wanted, more = WANTED[slots["do"]], str(slots.get("more", ""))
    values: dict[str, Any] = {wanted.name: _words(slots)}
    if wanted.has_days:
        values["working_days"] = slots["days"]
    if slots["do"] == "to":
        values["officer_id"] = int(more)
    if slots["do"] == "deny":
        values["request_id"] = int(more)
    case_id = slots["case"]
    if slots["do"] != "return":
        return act(wanted.verb, case_id, wanted.done, **values)
    turn = act(wanted.verb, case_id, wanted.done, (("Việc tiếp theo", "o:work:sign"),), **values)
    sign = {"do": wanted.verb, "case_id": case_id, "mark": more, **values}
    return replace(turn, effect=Effect("officer_sign", sign))


def _words(slots: Slots) -> str:
    return str(slots.get("reason") or text_of(slots))


def days_in(text: str) -> tuple[int, str]:
    """'3 ngày, chờ vật tư' -> (3, 'chờ vật tư'); 0 when no number begins it."""
    found = _DAYS.match(text)
    return (int(found[1]), text[found.end() :].strip()) if found else (0, text)


# --- the answer ---------------------------------------------------------------------------------


def draft(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Ask for the answer; show the draft there is."""
    found = seat_of(scene).find_case(rest) if rest.isdecimal() else None
    if found is None or found.is_sealed:
        return not_now(rest, "", "")
    if Action.DRAFT not in found.may:
        return not_now(rest, found.number, found.status)
    slots = asked(new(scene, case=found.id), scene)
    values = {"number": found.number, "title": found.title, "answer": found.answer}
    if found.answer is None or not found.answer.is_written:
        return Turn(FLOW, "draft", slots, (Say("officer.ask_answer", values, _STOP),))
    shown = {"preview": found.answer.preview, "returned": found.answer.returned, "files": 0}
    return Turn(FLOW, "draft", slots, (_drafted(found, shown, found.answer.mark),))


def rewrite(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = seat_of(scene).find_case(rest) if rest.isdecimal() else None
    if found is None or found.is_sealed or Action.DRAFT not in found.may:
        return not_now(rest, found.number if found else "", found.status if found else "")
    slots = asked(new(scene, case=found.id), scene)
    values = {"number": found.number, "title": found.title, "answer": None}
    return Turn(FLOW, "draft", slots, (Say("officer.ask_answer", values, _STOP),))


def drafted(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """Words and photos of the answer, kept at once; everything shown as the resident will read it."""
    found = seat_of(scene).find_case(str(standing.slots["case"]))
    if found is None or found.is_sealed:
        return not_now("", "", "")
    slots, notes = gather(standing.slots, inbound, scene)
    if not slots.get("pieces") and not slots.get("files"):
        values = {"number": found.number, "title": found.title, "answer": None}
        return standing.stay(*notes, Say("officer.ask_answer", values, _STOP), is_confused=True)
    sent = {name: value for name, value in slots.items() if name != "files"}
    count = len(found.results) + len(scene.kept)
    if not slots.get("pieces") and (found.answer is None or not found.answer.is_written):
        question = Say("officer.ask_answer_too", {"files": count}, _STOP)
        says: tuple[Say, ...] = (*notes, question)
    else:
        says = (*notes, _drafted(found, {"returned": "", "files": count}, "{mark}"))
    return Turn(
        FLOW,
        "draft",
        asked(sent, scene),
        says,
        effect=Effect("officer_draft", {"case_id": found.id, "slots": slots}),
        otherwise=Turn(
            says=(Say("officer.refused", choices=(("Xem hồ sơ", f"o:case:{found.id}"),)),)
        ),
    )


def _drafted(found: Dossier, values: dict[str, Any], mark: str) -> Say:
    send_it = "Gửi người dân" if found.is_sent_by_handler else "Trình duyệt"
    choices: Choices = (
        (send_it, f"o:submit:{found.id}:{mark}"),
        ("Sửa", f"o:rewrite:{found.id}"),
        ("Để sau", "o:later"),
    )
    values = {"number": found.number, "needs_photo": found.needs_photo, **values}
    return Say("officer.drafted", values, choices)


def later(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    choices: Choices = (("Việc của tôi", "o:work"), ("Mục lục", "o:menu"))
    return Turn(says=(Say("officer.kept", choices=choices),))


def edited(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """The officer corrected a message whose words are held: the draft follows, the rest is shown anew."""
    slots = corrected(standing.slots, inbound.ref, inbound.text)
    if slots is None:
        return None
    if standing.step == "sure":
        return Turn(FLOW, "sure", asked(slots, scene), (_read_out(slots),))
    if standing.step != "draft":
        return Turn(standing.flow, standing.step, slots)
    found = seat_of(scene).find_case(str(slots["case"])) if scene.seat else None
    if found is None:
        return None
    return Turn(
        FLOW,
        "draft",
        asked(slots, scene),
        (_drafted(found, {"returned": "", "files": len(found.results)}, "{mark}"),),
        effect=Effect("officer_draft", {"case_id": found.id, "slots": slots}),
    )


STEPS: dict[str, Step] = {"words": given, "sure": sure, "draft": drafted}
BUTTONS: dict[str, Button] = {
    **{do: want(do) for do in WANTED},
    "draft": draft,
    "rewrite": rewrite,
    "later": later,
    "sure": send,
    "plain": plain,
    "again": again,
    "stop": stop,
}
