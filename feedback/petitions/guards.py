"""What may stand in the way of an action besides status and rights: each says why, or None."""

from collections.abc import Callable
from datetime import datetime, timedelta

from feedback import clock
from feedback.people.actor import Actor
from feedback.people.models import Role
from feedback.petitions.models import Petition
from feedback.wards.setup import setup_of

Guard = Callable[[Petition, Actor], str | None]

RECALL_WINDOW = timedelta(seconds=15)
REOPEN_DAYS = 7  # unless the ward's settings say otherwise

CLARITY = {
    "handler_id": "người phụ trách",
    "work": "việc phải làm",
    "due_at": "thời hạn",
    "responsibility": "trách nhiệm",
    "expected_result": "kết quả",
    "authority": "thẩm quyền",
}


def is_clear(petition: Petition, _actor: Actor) -> str | None:
    """Nothing ends while one of the six "rõ" is empty."""
    missing = [words for name, words in CLARITY.items() if not getattr(petition, name)]
    return f"Chưa đủ sáu rõ, còn thiếu: {', '.join(missing)}." if missing else None


def may_hand_back(petition: Petition, actor: Actor) -> str | None:
    """Once per officer, and not from the desk it would land on."""
    if Role.CLERK in actor.roles:
        return "Cán bộ tiếp nhận là nơi nhận hồ sơ trả lại; vui lòng phân công người khác."
    names = {actor.officer_id, *actor.stands_in_for}
    if any(e.action == "hand_back" and e.officer_id in names for e in petition.timeline):
        return "Ông/Bà đã trả lại hồ sơ này một lần; vui lòng báo cáo lãnh đạo đơn vị."
    return None


def may_recall(petition: Petition, _actor: Actor) -> str | None:
    """Only in the seconds before the answer leaves the house."""
    if petition.answered_at and clock.now() <= petition.answered_at + RECALL_WINDOW:
        return None
    return "Trả lời đã gửi đi, không thu hồi được nữa."


def may_reopen(petition: Petition, _actor: Actor) -> str | None:
    """Within the ward's days after the answer."""
    until = reopen_until(petition)
    if until is None or clock.now() > until:
        return "Đã quá thời gian đề nghị xử lý lại; Ông/Bà vui lòng gửi phản ánh mới."
    return None


def reopen_until(petition: Petition, answered_at: datetime | None = None) -> datetime | None:
    """Until when the resident may ask for it to be handled again; None before an answer.

    `answered_at`: as if it were answered then.
    """
    answered_at = answered_at or petition.answered_at
    if answered_at is None:
        return None
    days = setup_of(petition.ward_id).settings.get("reopen_days", REOPEN_DAYS)
    return answered_at + timedelta(days=int(days))
