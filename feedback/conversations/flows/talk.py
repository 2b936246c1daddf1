"""Public dialogue in a chat, 'talk:…': come, ask beforehand or while it goes on, vote, read the results.

The slots: `session`, and on the way to a seat `people`, to a question `text`.
"""

from feedback.conversations import words
from feedback.conversations.content import asked, new
from feedback.conversations.flows import menu
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import (
    Button,
    Choices,
    Effect,
    Say,
    Scene,
    Session,
    Slots,
    Standing,
    Step,
    Turn,
)
from feedback.text import clip

FLOW = "talk"
MOST_PEOPLE = 10
PEOPLE: Choices = tuple((f"{n} người", f"talk:people:{n}") for n in range(1, 5))
LIST: Choices = (("Các buổi đối thoại", "talk"),)


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'talk' alone shows what there is; 'talk:show:7' one session."""
    if menu.has_draft(standing):
        return standing.stay(Say("unfinished", choices=menu.UNDER_WAY))
    name, _, value = rest.partition(":")
    act = BUTTONS.get(name)
    if act is None or (name and name != "known" and not value.isdecimal()):
        return standing.stay(Say("old_button"))
    return act(value, standing, inbound, scene)


def sessions(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = scene.meetings.sessions()
    besides: Choices = (("Đề nghị đối thoại", "demand"),)
    if scene.meetings.drafts():
        besides += (("Góp ý dự thảo", "opinion"),)
    if len(found) == 1:
        return _shown(found[0], besides)
    choices = tuple((clip(each.title, 40), f"talk:show:{each.id}") for each in found)
    return Turn(says=(Say("talk.list", {"sessions": found}, choices + besides),))


def show(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = scene.meetings.session(int(value))
    return _shown(found) if found else _gone()


def join(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = scene.meetings.session(int(value))
    if found is None or not found.takes_people:
        return _gone()
    if found.registration_id:
        return _shown(found)
    slots = asked(new(scene, session=found.id), scene)
    return Turn(FLOW, "people", slots, (Say("talk.people", {"title": found.title}, PEOPLE),))


def people_button(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if (standing.flow, standing.step) != (FLOW, "people"):
        return standing.stay(Say("old_button"))
    return _ask_name(standing.slots | {"people": int(value)}, scene)


def people(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """'2', 'hai vợ chồng' is not understood; None when it is about something else."""
    said = words.plain(inbound.text).removesuffix("nguoi").strip() if inbound.text else ""
    if said.isdecimal() and 1 <= int(said) <= MOST_PEOPLE:
        return _ask_name(standing.slots | {"people": int(said)}, scene)
    return (
        standing.stay(Say("talk.people_again", choices=PEOPLE), is_confused=True) if said else None
    )


def name(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if not inbound.text:
        return standing.stay(Say("talk.name"))
    return _register(inbound.text, standing, scene)


def known_name(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    steps = {"name": _register, "asker": _ask}
    act = steps.get(standing.step or "") if standing.flow == FLOW else None
    return act(scene.meetings.name(), standing, scene) if act else standing.stay(Say("old_button"))


def leave(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(
        says=(Say("talk.left", choices=LIST),),
        effect=Effect("leave_session", {"registration_id": int(value)}),
        otherwise=Turn(says=(Say("refused"),)),
    )


def ask(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = scene.meetings.session(int(value))
    if found is None or not found.takes_questions:
        return _gone("talk.no_questions")
    slots = asked(new(scene, session=found.id), scene)
    block = "talk.raise_hand" if found.is_live else "talk.ask"
    return Turn(FLOW, "question", slots, (Say(block, {"title": found.title}),))


def question(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if not inbound.text:
        return standing.stay(Say("talk.ask", {"title": ""}))
    slots = asked({**standing.slots, "text": inbound.text}, scene)
    called = scene.meetings.name()
    choices: Choices = ((clip(called, 40), "talk:known"),) if called else ()
    choices += (("Không nêu tên", "talk:hidden:1"),)
    return Turn(FLOW, "asker", slots, (Say("talk.asker", choices=choices),))


def asker(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if not inbound.text:
        return None
    return _ask("" if words.means(inbound.text, "no", "skip") else inbound.text, standing, scene)


def hidden(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if (standing.flow, standing.step) != (FLOW, "asker"):
        return standing.stay(Say("old_button"))
    return _ask("", standing, scene)


def vote(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """The questions that wait, to choose one."""
    found = scene.meetings.session(int(value))
    waiting = scene.meetings.questions(found.id) if found and found.takes_questions else ()
    if not waiting:
        return _gone("talk.nothing_to_vote")
    choices = tuple((f"Câu {n}", f"talk:voice:{q.id}") for n, q in enumerate(waiting, 1))
    return Turn(says=(Say("talk.vote", {"questions": waiting}, choices),))


def voice(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(
        says=(Say("talk.voted", choices=LIST),),
        effect=Effect("vote_in_session", {"question_id": int(value)}),
        otherwise=Turn(says=(Say("refused", choices=LIST),)),
    )


def results(value: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(
        says=(Say("talk.results"),),
        effect=Effect("session_results", {"dialogue_id": int(value)}),
        otherwise=Turn(says=(Say("refused"),)),
    )


def _shown(found: Session, besides: Choices = ()) -> Turn:
    choices: Choices = ()
    if found.registration_id:
        choices += (
            (("Rút tên", f"talk:leave:{found.registration_id}"),) if found.takes_people else ()
        )
    elif found.takes_people:
        choices += (("Đăng ký dự", f"talk:join:{found.id}"),)
    if found.takes_questions:
        label = "Giơ tay, hỏi ngay" if found.is_live else "Gửi câu hỏi"
        choices += ((label, f"talk:ask:{found.id}"), ("Bình chọn câu hỏi", f"talk:vote:{found.id}"))
    if found.is_over:
        choices += (("Xem kết quả", f"talk:results:{found.id}"),)
    return Turn(says=(Say("talk.session", {"session": found}, choices + besides),))


def _gone(block: str = "talk.closed") -> Turn:
    return Turn(says=(Say(block, choices=LIST),))


def _ask_name(slots: Slots, scene: Scene) -> Turn:
    called = scene.meetings.name()
    choices: Choices = ((clip(called, 40), "talk:known"),) if called else ()
    return Turn(FLOW, "name", asked(slots, scene), (Say("talk.name", choices=choices),))


def _register(called: str, standing: Standing, scene: Scene) -> Turn:
    held = standing.slots
    values = {
        "key": held["key"],
        "dialogue_id": held["session"],
        "name": clip(called, 120),
        "people": held["people"],
    }
    choices: Choices = (
        ("Gửi câu hỏi", f"talk:ask:{held['session']}"),
        ("Rút tên", "talk:leave:{registration}"),
    )
    return Turn(
        says=(Say("talk.registered", choices=choices),),
        effect=Effect("register_for_session", values),
        otherwise=Turn(says=(Say("refused", choices=LIST),)),
    )


def _ask(called: str, standing: Standing, scene: Scene) -> Turn:
    held = standing.slots
    values = {
        "key": held["key"],
        "dialogue_id": held["session"],
        "text": held["text"],
        "name": clip(called, 120),
        "is_anonymous": not called,
    }
    choices: Choices = (("Bình chọn câu hỏi", f"talk:vote:{held['session']}"),)
    return Turn(
        says=(Say("talk.asked", choices=choices),),
        effect=Effect("ask_in_session", values),
        otherwise=Turn(says=(Say("refused", choices=LIST),)),
    )


STEPS: dict[str, Step] = {"people": people, "name": name, "question": question, "asker": asker}
BUTTONS: dict[str, Button] = {
    "": sessions,
    "show": show,
    "join": join,
    "people": people_button,
    "known": known_name,
    "leave": leave,
    "ask": ask,
    "hidden": hidden,
    "vote": vote,
    "voice": voice,
    "results": results,
}
