"""The life of a session as one table: each action, from where, to where, by whom, through which gates."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from feedback.db import db
from feedback.dialogue.gates import Check, notice, publication
from feedback.dialogue.kinds import Convener
from feedback.dialogue.models import Dialogue
from feedback.dialogue.models import Status as S
from feedback.dialogue.question_models import Question, QuestionState
from feedback.labels import Labelled
from feedback.people.actor import Actor
from feedback.people.models import Party
from feedback.people.models import Permission as P


class Action(Labelled):
    """What can be done to a session; the label is the button."""

    PLAN = "plan", "Lập kế hoạch"
    REVISE = "revise", "Sửa kế hoạch"
    ANNOUNCE = "announce", "Thông báo"
    OPEN_QUESTIONS = "open_questions", "Mở nhận câu hỏi"
    MOVE = "move", "Dời lịch"
    CANCEL = "cancel", "Hủy buổi đối thoại"
    CONFIRM = "confirm", "Đã loan báo"
    START = "start", "Bắt đầu"
    END = "end", "Kết thúc"
    CONCLUDE = "conclude", "Lưu kết luận"
    PUBLISH = "publish", "Công bố kết quả"
    REPORT = "report", "Đã báo cáo"
    CLOSE = "close", "Hoàn thành"


class Relation(Labelled):
    """How somebody stands to a session."""

    CONVENER = "convener", "Người triệu tập"
    LOCAL_HEAD = "local_head", "Tổ trưởng của một tổ được mời"
    SYSTEM = "system", "Hệ thống"


Guard = Callable[[Dialogue], str | None]


@dataclass(frozen=True)
class Transition:
    """One action. `to` None: the status stays. `guard` gives a sentence that no reason overrides."""

    action: Action
    from_: frozenset[S]
    to: S | None
    who: frozenset[Relation]
    words: str
    gates: tuple[Check, ...] = ()
    guard: Guard | None = None
    stamps: str = ""  # the column that keeps when it happened


def has_open_question(dialogue: Dialogue) -> str | None:
    """Every question must have ended before the results are told."""
    left = sa.select(sa.func.count()).where(
        Question.dialogue_id == dialogue.id,
        Question.state.in_((QuestionState.NEW, QuestionState.ACCEPTED)),
    )
    count = db.session.scalar(left) or 0
    if not count:
        return None
    return (
        f"Còn {count} câu hỏi chưa có kết quả. Mỗi câu hỏi phải được trả lời, hứa giải quyết, "
        "chuyển nơi có thẩm quyền, hoặc từ chối có nêu lý do, rồi mới công bố."
    )


def concerns_nobody(dialogue: Dialogue) -> str | None:
    """Somebody must be told."""
    return None if dialogue.concerned else "Xin chọn ít nhất một tổ dân phố được mời."


COMING = frozenset({S.ANNOUNCED, S.QUESTIONS})
_CONVENER = frozenset({Relation.CONVENER})

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Action.PLAN, frozenset(), S.DRAFT, _CONVENER, "Lập kế hoạch."),
    Transition(Action.REVISE, COMING | {S.DRAFT}, None, _CONVENER, "Sửa kế hoạch."),
    Transition(
        Action.ANNOUNCE,
        frozenset({S.DRAFT}),
        S.ANNOUNCED,
        _CONVENER,
        "Đã thông báo.",
        gates=(notice,),
        guard=concerns_nobody,
        stamps="announced_at",
    ),
    Transition(
        Action.OPEN_QUESTIONS,
        frozenset({S.ANNOUNCED}),
        S.QUESTIONS,
        _CONVENER,
        "Mở nhận câu hỏi.",
    ),
    Transition(
        Action.MOVE,
        COMING,
        None,
        _CONVENER,
        "Dời lịch.",
        gates=(notice,),
        stamps="announced_at",
    ),
    Transition(
        Action.CANCEL,
        COMING | {S.DRAFT, S.LIVE},
        S.CANCELLED,
        _CONVENER,
        "Hủy.",
        stamps="cancelled_at",
    ),
    Transition(
        Action.CONFIRM,
        COMING | {S.LIVE},
        None,
        frozenset({Relation.LOCAL_HEAD, Relation.CONVENER}),
        "Đã loan báo.",
    ),
    Transition(Action.START, COMING, S.LIVE, _CONVENER, "Bắt đầu.", stamps="started_at"),
    Transition(Action.END, frozenset({S.LIVE}), S.HELD, _CONVENER, "Kết thúc.", stamps="held_at"),
    Transition(
        Action.CONCLUDE, frozenset({S.LIVE, S.HELD}), None, _CONVENER, "Ghi kết luận của chủ trì."
    ),
    Transition(
        Action.PUBLISH,
        frozenset({S.HELD}),
        S.PUBLISHED,
        _CONVENER,
        "Công bố kết quả.",
        gates=(publication,),
        guard=has_open_question,
        stamps="published_at",
    ),
    Transition(
        Action.REPORT,
        frozenset({S.HELD, S.PUBLISHED}),
        None,
        _CONVENER,
        "Đã báo cáo UBND và Ủy ban MTTQ phường.",
    ),
    Transition(
        Action.CLOSE,
        frozenset({S.PUBLISHED}),
        S.CLOSED,
        _CONVENER | {Relation.SYSTEM},
        "Hoàn thành.",
        stamps="closed_at",
    ),
)
BY_ACTION = {row.action: row for row in TRANSITIONS}


def relates(relation: Relation, dialogue: Dialogue, actor: Actor) -> bool:
    """Whether the actor stands so to the session."""
    if actor.party is not Party.OFFICER:
        return relation is Relation.SYSTEM and actor.party is Party.SYSTEM
    if actor.ward_id != dialogue.ward_id:
        return False
    own = {row.neighbourhood_id for row in dialogue.concerned} & actor.neighbourhood_ids
    match relation:
        case Relation.CONVENER:
            return actor.has(P.HOLD_DIALOGUE) or _convenes(dialogue, actor)
        case Relation.LOCAL_HEAD:
            is_theirs = dialogue.of_kind.is_public and bool(own)
            return is_theirs and actor.has(P.SEE_NEIGHBOURHOOD)
        case _:
            return False


def may_run(dialogue: Dialogue, actor: Actor) -> bool:
    """Whether the actor prepares and leads this session."""
    return relates(Relation.CONVENER, dialogue, actor)


def may_see(dialogue: Dialogue, actor: Actor) -> bool:
    """Whether the desk shows it: to who runs it, and to the heads of the neighbourhoods concerned."""
    if may_run(dialogue, actor):
        return True
    return dialogue.status is not S.DRAFT and relates(Relation.LOCAL_HEAD, dialogue, actor)


def allowed_actions(dialogue: Dialogue, actor: Actor) -> list[Action]:
    """What this person may do now, in the order of the table. Gates are asked when it is done."""
    return [
        row.action
        for row in TRANSITIONS
        if dialogue.status in row.from_
        and any(relates(relation, dialogue, actor) for relation in row.who)
    ]


def _convenes(dialogue: Dialogue, actor: Actor) -> bool:
    """The head of a neighbourhood calls its own meeting together, and no other's."""
    if dialogue.of_kind.convened_by is not Convener.NEIGHBOURHOOD:
        return False
    places = {row.neighbourhood_id for row in dialogue.concerned}
    return actor.has(P.SEE_NEIGHBOURHOOD) and bool(places) and places <= actor.neighbourhood_ids
