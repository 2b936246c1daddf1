"""The life of a petition as one table: each action, from where, to where, by whom, and how it is told.

`allowed_actions` feeds page buttons and chat buttons alike; `actions._apply` admits nothing else;
docs/lifecycle.md is drawn from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from feedback.labels import Labelled
from feedback.people.actor import Actor
from feedback.people.models import Party
from feedback.people.models import Permission as P
from feedback.petitions import approval, guards
from feedback.petitions.models import Petition
from feedback.petitions.models import Status as S
from feedback.petitions.visibility import can_see


class Action(Labelled):
    """What can be done to a petition; the label is the button."""

    SUBMIT = "submit", "Gửi đến phường"
    ACCEPT = "accept", "Tiếp nhận"
    ASSIGN = "assign", "Phân công"
    TAKE = "take", "Nhận việc"
    HAND_BACK = "hand_back", "Trả lại nơi phân công"
    ASK = "ask", "Yêu cầu bổ sung"
    ADD = "add", "Bổ sung thông tin"
    CONSULT = "consult", "Đề nghị phối hợp"
    CONSULTED = "consulted", "Trả lời phối hợp"
    DRAFT = "draft", "Lưu bản thảo"
    SUBMIT_ANSWER = "submit_answer", "Trình duyệt"
    APPROVE = "approve", "Phê duyệt"
    RETURN_ANSWER = "return_answer", "Trả lại"
    RECALL = "recall", "Thu hồi"
    EXTEND = "extend", "Gia hạn"
    TRANSFER = "transfer", "Chuyển cơ quan khác"
    REJECT = "reject", "Từ chối"
    MERGE = "merge", "Gộp trùng"
    CLOSE = "close", "Hoàn thành"
    REOPEN = "reopen", "Đề nghị xử lý lại"
    RATE = "rate", "Đánh giá"
    NOTE = "note", "Ghi chú nội bộ"
    CORRECT = "correct", "Sửa phân loại"
    SPLIT = "split", "Tách nội dung"
    GROUP = "group", "Lập vụ việc nhiều người"
    # complaints and accusations
    AWAIT_SIGNATURE = "await_signature", "Ghi nhận, chờ đơn có chữ ký"
    RECEIVE_SIGNED = "receive_signed", "Nhận đơn có chữ ký"
    RECLASSIFY = "reclassify", "Chuyển sang phản ánh, kiến nghị"
    PROPOSE = "propose", "Đề xuất thụ lý"
    ADMIT = "admit", "Thụ lý"
    REFUSE_ADMISSION = "refuse_admission", "Không thụ lý, hướng dẫn"
    PROLONG = "prolong", "Gia hạn giải quyết"
    SUSPEND = "suspend", "Tạm đình chỉ"
    RESUME = "resume", "Tiếp tục giải quyết"
    CALL_DIALOGUE = "call_dialogue", "Mời đối thoại"
    HOLD_DIALOGUE = "hold_dialogue", "Ghi kết quả đối thoại"
    RESOLVE = "resolve", "Ban hành quyết định, kết luận"
    LEAVE = "leave", "Một số người rút đơn"
    WITHDRAW = "withdraw", "Rút đơn"
    DISCONTINUE = "discontinue", "Đình chỉ giải quyết"


class Relation(Labelled):
    """How somebody stands to a petition."""

    HANDLER = "handler", "Người phụ trách"
    LEADER = "leader", "Lãnh đạo đơn vị chủ trì"
    COLLEAGUE = "colleague", "Người cùng đơn vị chủ trì"
    HELPER = "helper", "Người của đơn vị phối hợp"
    SIGNER = "signer", "Người ký trả lời (`approval.toml`)"
    WARD = "ward", "Người theo dõi toàn phường"
    KEEPER = "keeper", "Người giữ hồ sơ kín"
    CITIZEN = "citizen", "Người dân"
    SYSTEM = "system", "Hệ thống"


@dataclass(frozen=True)
class Transition:
    """One action.

    `who`: the relations that suffice, each with the right needed beside it. `to`: the next status, None
    when it stays; `stays`: those of `from_` in which it stays all the same. `guard` gives a sentence
    when something else stands in the way. `words`: what the timeline says.
    """

    action: Action
    from_: frozenset[S]
    to: S | None
    who: Mapping[Relation, P | None]
    is_public: bool
    words: str
    stays: frozenset[S] = frozenset()
    guard: guards.Guard | None = field(default=None, compare=False)

    def next(self, status: S) -> S:
        """Where the action leads from this status."""
        return status if self.to is None or status in self.stays else self.to


@dataclass(frozen=True)
class Standing:
    """What a status means: is it work to do, does its date run, and if not, why."""

    is_open: bool
    why_no_date: str = ""


@dataclass(frozen=True)
class Hat:
    """In whose name somebody acts: their own, or that of an absent officer.

    `takes_over`: the work was given for this officer's absence to somebody else, and comes back.
    """

    officer_id: int | None
    rights: frozenset[P]
    acting_for_id: int | None = None
    takes_over: bool = False


STANDINGS: Mapping[S, Standing] = {
    S.RECEIVED: Standing(True),
    S.ACCEPTED: Standing(True),
    S.ASSIGNED: Standing(True),
    S.IN_PROGRESS: Standing(True),
    S.WAITING_CITIZEN: Standing(
        True, "Thời hạn tạm dừng trong khi chờ người dân bổ sung thông tin."
    ),
    S.COORDINATING: Standing(True),
    S.AWAITING_APPROVAL: Standing(True),
    S.REOPENED: Standing(True),
    S.ANSWERED: Standing(False, "Đã trả lời; chờ người dân đánh giá."),
    S.CLOSED: Standing(False, "Đã hoàn thành."),
    S.TRANSFERRED: Standing(False, "Đã chuyển cơ quan có thẩm quyền."),
    S.REJECTED: Standing(False, "Đã từ chối, có nêu lý do."),
    S.MERGED: Standing(False, "Theo dõi ở hồ sơ gốc."),
    S.AWAITING_SIGNATURE: Standing(
        True, "Thời hạn theo luật bắt đầu từ ngày phường nhận được đơn có chữ ký hoặc điểm chỉ."
    ),
    S.SIGNED: Standing(True),
    S.ADMITTED: Standing(True),
    S.SUSPENDED: Standing(True, "Tạm đình chỉ theo quyết định; thời hạn không chạy."),
    S.RESOLVED: Standing(False, "Đã giải quyết xong."),
    S.NOT_ADMITTED: Standing(False, "Không thụ lý, có nêu lý do."),
    S.DISCONTINUED: Standing(False, "Đã đình chỉ giải quyết."),
    S.WITHDRAWN: Standing(False, "Người gửi đã rút đơn."),
}

READY = frozenset({S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.REOPENED})
ELSEWHERE = frozenset({S.WAITING_CITIZEN, S.COORDINATING})
WORK = READY | ELSEWHERE
UNANSWERED = WORK | {S.RECEIVED}
OURS = UNANSWERED | {S.AWAITING_APPROVAL}
UNTAKEN = frozenset({S.AWAITING_SIGNATURE, S.SIGNED})
UNDER_LAW = UNTAKEN | {S.ADMITTED, S.SUSPENDED}
OPEN = OURS | UNDER_LAW
SETTLED = frozenset({S.ANSWERED, S.CLOSED})
EVERY = frozenset(S)

_HANDLER = {Relation.HANDLER: P.HANDLE}
_SIGNER = {Relation.SIGNER: None}
_DECIDER = {Relation.WARD: P.DECIDE}
_INTAKE = {Relation.WARD: P.INTAKE}
_SEALED = {Relation.KEEPER: P.HANDLE}  # whoever was given a restricted petition
_CLERK = {**_INTAKE, **_SEALED}
_WORKER = {**_HANDLER, **_INTAKE}
_CITIZEN = {Relation.CITIZEN: None, Relation.WARD: P.ENTER_FOR_OTHERS}

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Action.SUBMIT,
        frozenset(),
        S.RECEIVED,
        {Relation.CITIZEN: None, Relation.WARD: P.ENTER_FOR_OTHERS},
        True,
        "Đã nhận được.",
    ),
    Transition(Action.ACCEPT, frozenset({S.RECEIVED}), S.ACCEPTED, _CLERK, True, "Đã tiếp nhận."),
    Transition(
        Action.ASSIGN,
        WORK | UNDER_LAW,
        S.ASSIGNED,
        {Relation.WARD: P.ASSIGN, Relation.LEADER: P.ASSIGN},
        True,
        "Đã phân công người phụ trách.",
        stays=UNDER_LAW,
    ),
    Transition(
        Action.TAKE,
        READY - {S.IN_PROGRESS},
        S.IN_PROGRESS,
        _HANDLER,
        True,
        "Người phụ trách đã nhận việc.",
    ),
    Transition(
        Action.HAND_BACK,
        READY,
        S.ACCEPTED,
        _HANDLER,
        False,
        "Trả lại nơi phân công.",
        guard=guards.may_hand_back,
    ),
    Transition(
        Action.ASK,
        READY,
        S.WAITING_CITIZEN,
        _HANDLER,
        True,
        "Đề nghị người dân bổ sung thông tin.",
    ),
    Transition(
        Action.ADD,
        OPEN,
        S.IN_PROGRESS,
        _CITIZEN,
        True,
        "Người dân bổ sung thông tin.",
        stays=OPEN - {S.WAITING_CITIZEN},
    ),
    Transition(
        Action.CONSULT,
        READY,
        S.COORDINATING,
        {Relation.HANDLER: P.HANDLE, Relation.WARD: P.ASSIGN},
        False,
        "Đề nghị đơn vị khác phối hợp.",
    ),
    Transition(
        Action.CONSULTED,
        frozenset({S.COORDINATING}),
        S.IN_PROGRESS,
        {Relation.HELPER: P.HANDLE, Relation.HANDLER: P.HANDLE},
        False,
        "Đã có ý kiến phối hợp.",
    ),
    Transition(
        Action.DRAFT,
        WORK,
        S.IN_PROGRESS,
        _HANDLER,
        False,
        "Lưu bản thảo trả lời.",
        stays=ELSEWHERE,
    ),
    Transition(
        Action.SUBMIT_ANSWER,
        WORK,
        S.AWAITING_APPROVAL,
        _HANDLER,
        False,
        "Trình duyệt trả lời.",
        guard=guards.is_complete,
    ),
    Transition(
        Action.APPROVE,
        frozenset({S.AWAITING_APPROVAL}),
        S.ANSWERED,
        _SIGNER,
        True,
        "Đã trả lời.",
        guard=guards.is_complete,
    ),
    Transition(
        Action.RETURN_ANSWER,
        frozenset({S.AWAITING_APPROVAL}),
        S.IN_PROGRESS,
        _SIGNER,
        False,
        "Trả lại bản trình để hoàn thiện.",
    ),
    Transition(
        Action.RECALL,
        frozenset({S.ANSWERED}),
        S.AWAITING_APPROVAL,
        _SIGNER,
        False,
        "Thu hồi trả lời chưa gửi đi.",
        guard=guards.may_recall,
    ),
    Transition(Action.EXTEND, OURS, None, _DECIDER, True, "Gia hạn trả lời."),
    Transition(
        Action.TRANSFER,
        UNANSWERED | UNTAKEN,
        S.TRANSFERRED,
        {**_DECIDER, **_SEALED},
        True,
        "Đã chuyển cơ quan có thẩm quyền.",
    ),
    Transition(
        Action.REJECT,
        UNANSWERED | {S.AWAITING_SIGNATURE},
        S.REJECTED,
        {**_DECIDER, **_SEALED},
        True,
        "Từ chối xử lý, có nêu lý do.",
    ),
    Transition(
        Action.MERGE,
        UNANSWERED | UNTAKEN,
        S.MERGED,
        _INTAKE,
        True,
        "Gộp vào hồ sơ cùng nội dung.",
    ),
    Transition(
        Action.CLOSE,
        frozenset({S.ANSWERED}),
        S.CLOSED,
        {Relation.SYSTEM: None, Relation.CITIZEN: None, Relation.WARD: P.DECIDE},
        True,
        "Đã hoàn thành.",
        guard=guards.may_close,
    ),
    Transition(
        Action.REOPEN,
        SETTLED,
        S.REOPENED,
        _CITIZEN,
        True,
        "Người dân đề nghị xử lý lại.",
        guard=guards.may_reopen,
    ),
    Transition(
        Action.RATE,
        SETTLED,
        None,
        {Relation.CITIZEN: None},
        True,
        "Người dân đánh giá.",
    ),
    Transition(
        Action.NOTE,
        EVERY,
        None,
        {
            Relation.HANDLER: P.HANDLE,
            Relation.LEADER: P.HANDLE,
            Relation.COLLEAGUE: P.HANDLE,
            Relation.HELPER: P.HANDLE,
            Relation.WARD: P.HANDLE,
        },
        False,
        "Ghi chú nội bộ.",
    ),
    Transition(Action.CORRECT, UNANSWERED | UNTAKEN, None, _CLERK, False, "Sửa phân loại."),
    Transition(
        Action.SPLIT,
        UNANSWERED | UNTAKEN,
        None,
        _INTAKE,
        True,
        "Đã tách một nội dung thành hồ sơ riêng.",
    ),
    Transition(
        Action.GROUP, UNANSWERED | UNDER_LAW, None, _INTAKE, False, "Lập vụ việc nhiều người."
    ),
    Transition(
        Action.AWAIT_SIGNATURE,
        UNANSWERED,
        S.AWAITING_SIGNATURE,
        _CLERK,
        True,
        "Đã ghi nhận; chờ đơn có chữ ký hoặc điểm chỉ.",
    ),
    Transition(
        Action.RECEIVE_SIGNED,
        UNANSWERED | {S.AWAITING_SIGNATURE},
        S.SIGNED,
        _CLERK,
        True,
        "Đã nhận đơn có chữ ký.",
    ),
    Transition(
        Action.RECLASSIFY,
        UNTAKEN,
        S.ACCEPTED,
        _CLERK,
        True,
        "Được xử lý như phản ánh, kiến nghị.",
    ),
    Transition(
        Action.PROPOSE,
        frozenset({S.SIGNED}),
        None,
        _WORKER,
        False,
        "Đề xuất thụ lý.",
        guard=guards.may_admit,
    ),
    Transition(
        Action.ADMIT,
        frozenset({S.SIGNED}),
        S.ADMITTED,
        _SIGNER,
        True,
        "Đã thụ lý.",
        guard=guards.may_admit,
    ),
    Transition(
        Action.REFUSE_ADMISSION,
        UNTAKEN,
        S.NOT_ADMITTED,
        _SIGNER,
        True,
        "Không thụ lý.",
    ),
    Transition(
        Action.PROLONG,
        frozenset({S.SIGNED, S.ADMITTED}),
        None,
        _SIGNER,
        True,
        "Gia hạn theo luật.",
    ),
    Transition(
        Action.SUSPEND,
        frozenset({S.ADMITTED}),
        S.SUSPENDED,
        _SIGNER,
        True,
        "Tạm đình chỉ giải quyết.",
    ),
    Transition(
        Action.RESUME,
        frozenset({S.SUSPENDED}),
        S.ADMITTED,
        _SIGNER,
        True,
        "Tiếp tục giải quyết.",
    ),
    Transition(
        Action.CALL_DIALOGUE,
        frozenset({S.ADMITTED}),
        None,
        _WORKER,
        True,
        "Mời đối thoại.",
        guard=guards.is_complaint,
    ),
    Transition(
        Action.HOLD_DIALOGUE,
        frozenset({S.ADMITTED}),
        None,
        _WORKER,
        True,
        "Đã đối thoại.",
        guard=guards.was_called,
    ),
    Transition(
        Action.RESOLVE,
        frozenset({S.ADMITTED}),
        S.RESOLVED,
        _SIGNER,
        True,
        "Đã ban hành văn bản giải quyết.",
    ),
    Transition(
        Action.LEAVE,
        UNDER_LAW,
        None,
        _WORKER,
        False,
        "Một số người rút đơn; tiếp tục giải quyết cho những người còn lại.",
        guard=guards.is_of_several,
    ),
    Transition(
        Action.WITHDRAW,
        UNTAKEN,
        S.WITHDRAWN,
        _CLERK,
        True,
        "Người gửi đã rút đơn.",
    ),
    Transition(
        Action.DISCONTINUE,
        frozenset({S.ADMITTED, S.SUSPENDED}),
        S.DISCONTINUED,
        _SIGNER,
        True,
        "Đình chỉ giải quyết.",
    ),
)
BY_ACTION: Mapping[Action, Transition] = {row.action: row for row in TRANSITIONS}


def allowed_actions(petition: Petition, actor: Actor) -> list[Action]:
    """What this person may do now, in the order of the table."""
    return [
        row.action
        for row in TRANSITIONS
        if petition.status in row.from_
        and hat_for(row, petition, actor) is not None
        and (row.guard is None or row.guard(petition, actor) is None)
    ]


def hat_for(row: Transition, petition: Petition, actor: Actor) -> Hat | None:
    """In whose name this person may do it (their own first), None when in nobody's."""
    if actor.party is not Party.OFFICER:
        relation = Relation.CITIZEN if actor.party is Party.CITIZEN else Relation.SYSTEM
        return Hat(None, frozenset()) if relation in row.who else None
    if not can_see(petition, actor):
        return None
    for hat in _hats(actor):
        for relation, right in row.who.items():
            if (right is None or right in hat.rights) and _relates(relation, petition, actor, hat):
                return _named(hat, relation, petition)
    return None


def _hats(actor: Actor) -> Iterator[Hat]:
    yield Hat(actor.officer_id, actor.rights)
    for absent_id, rights in actor.stands_in_for.items():
        yield Hat(absent_id, rights, acting_for_id=absent_id)


_UNTOUCHED = (Relation.HANDLER, Relation.HELPER, Relation.SIGNER)  # never by somebody too close


def _relates(relation: Relation, petition: Petition, actor: Actor, hat: Hat) -> bool:
    """Whether the officer, in this hat, stands so to the petition."""
    if hat.officer_id == petition.complained_officer_id:
        return False
    if relation in _UNTOUCHED and {hat.officer_id, actor.officer_id} & actor.kinship.avoided(
        petition.complained_officer_id, petition.phone_hash
    ):
        return False
    match relation:
        case Relation.HANDLER:
            return hat.officer_id in (petition.handler_id, petition.handler_for_id)
        case Relation.LEADER:
            leads = P.SEE_DEPARTMENT in hat.rights
            return leads and petition.department_id in actor.department_ids
        case Relation.COLLEAGUE:
            return petition.department_id in actor.department_ids
        case Relation.HELPER:
            return petition.helping_department_id in actor.department_ids
        case Relation.SIGNER:
            return approval.may_sign(petition, hat.officer_id, hat.rights)
        case Relation.KEEPER:
            own = hat.officer_id in (petition.handler_id, petition.handler_for_id)
            return petition.is_restricted and own
        case Relation.WARD:
            return P.SEE_WARD in hat.rights
        case _:
            return False


def _named(hat: Hat, relation: Relation, petition: Petition) -> Hat:
    """The handler of a case taken over during an absence acts for the absent officer."""
    sends_own = relation is Relation.SIGNER and not hat.rights & approval.SIGNERS
    is_handler = relation in (Relation.HANDLER, Relation.KEEPER) or sends_own
    if petition.handler_for_id is None or not is_handler:
        return hat
    if hat.officer_id == petition.handler_for_id:
        return replace(hat, takes_over=True)
    return replace(hat, acting_for_id=hat.acting_for_id or petition.handler_for_id)
