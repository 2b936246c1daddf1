"""What an officer may press on a case, in the order in which it is offered."""

from datetime import timedelta

from feedback.conversations.seat import Dossier, Seat
from feedback.conversations.turn import Choices, Scene
from feedback.petitions.lifecycle import Action

FLOW = "officer"
STALE = timedelta(hours=2)  # words written later belong to nothing that was asked
MOST = 5  # buttons under a case; the rest one touch further

ACTIONS: tuple[tuple[Action, str, str], ...] = (
    (Action.APPROVE, "Duyệt", "ok"),
    (Action.RETURN_ANSWER, "Trả lại để sửa", "return"),
    (Action.RECALL, "Hoàn tác", "undo"),
    (Action.ACCEPT, "Tiếp nhận", "accept"),
    (Action.TAKE, "Nhận việc", "take"),
    (Action.DRAFT, "Soạn trả lời", "draft"),
    (Action.CONSULTED, "Trả lời phối hợp", "opinion"),
    (Action.ASSIGN, "Phân công", "assign"),
    (Action.ASK, "Hỏi người dân", "ask"),
    (Action.HAND_BACK, "Trả lại", "back"),
    (Action.EXTEND, "Gia hạn", "extend"),
    (Action.NOTE, "Ghi chú", "note"),
)
SIGNED = ("ok", "return")  # these name the words they decide over


def seat_of(scene: Scene) -> Seat:
    """The seat of a scene known to have one."""
    if scene.seat is None:
        raise LookupError("no officer's chat")
    return scene.seat


def buttons(case: Dossier) -> Choices:
    """Everything this officer may do to it from a chat."""
    found: list[tuple[str, str]] = []
    for action, label, what in ACTIONS:
        if action not in case.may or (action is Action.EXTEND and not case.room):
            continue
        mark = f":{case.answer.mark}" if what in SIGNED and case.answer else ""
        found.append((label, f"o:{what}:{case.id}{mark}"))
    if case.can_ask_time:
        last = len(found) - (Action.NOTE in case.may)
        found.insert(last, ("Xin gia hạn", f"o:time:{case.id}"))
    return tuple(found)


def first(case: Dossier) -> Choices:
    """What fits under one message."""
    every = buttons(case)
    if len(every) <= MOST:
        return every
    return (*every[: MOST - 1], ("Việc khác", f"o:rest:{case.id}"))
