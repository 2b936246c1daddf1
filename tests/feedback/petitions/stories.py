"""Petitions brought to a status by living through it, never by setting it."""

from feedback import clock
from feedback.db import transaction
from feedback.people.actor import CITIZEN
from feedback.petitions import actions
from feedback.petitions.models import Kind, Petition, Status
from tests.world import key_of


def do(verb, petition, by, **values) -> Petition:
    """One verb in its own transaction."""
    with transaction():
        return getattr(actions, verb)(petition, by=by, **values)


STEPS = {
    Status.RECEIVED: [],
    Status.ACCEPTED: [("accept", "clerk", {})],
    Status.ASSIGNED: [("assign", "chair", {"officer_id": "an"})],
    Status.IN_PROGRESS: [("take", "an", {})],
    Status.WAITING_CITIZEN: [("ask", "an", {"question": "Số nhà nào?"})],
    Status.COORDINATING: [
        ("consult", "an", {"department_id": "kinh_te_ha_tang", "question": "Ai giữ thang?"})
    ],
    Status.AWAITING_APPROVAL: [("submit_answer", "an", {"text": "Đã thay bóng đèn."})],
    Status.ANSWERED: [("approve", "chair", {})],
    Status.CLOSED: [("close", "clerk", {})],
    Status.REOPENED: [("reopen", "citizen", {"reason": "Đèn lại tắt"})],
    Status.TRANSFERRED: [("transfer", "chair", {"to": "Điện lực", "reason": "Không thuộc phường"})],
    Status.REJECTED: [("reject", "chair", {"reason": "Không rõ nội dung"})],
    Status.MERGED: [("merge", "clerk", {"into": "another"})],
    Status.AWAITING_SIGNATURE: [
        ("await_signature", "clerk", {"kind": Kind.KHIEU_NAI}),
        ("assign", "clerk", {"officer_id": "an"}),
    ],
    Status.SIGNED: [("receive_signed", "clerk", {"signed_on": "today"})],
    Status.ADMITTED: [("admit", "chair", {"on": "today", "decision": "12/TB-UBND"})],
    Status.SUSPENDED: [
        ("suspend", "chair", {"on": "today", "decision": "20/QĐ-UBND", "reason": "Ốm nặng"})
    ],
    Status.RESOLVED: [
        ("resolve", "chair", {"on": "today", "decision": "31/QĐ-UBND", "summary": "Giữ nguyên."})
    ],
    Status.NOT_ADMITTED: [
        (
            "refuse_admission",
            "chair",
            {"ground_code": "too_late", "reason": "Quá 90 ngày.", "decision": "13/TB-UBND"},
        )
    ],
    Status.DISCONTINUED: [
        ("discontinue", "chair", {"on": "today", "decision": "40/QĐ-UBND", "reason": "Rút hết."})
    ],
    Status.WITHDRAWN: [("withdraw", "clerk", {"reason": "Đơn rút ngày 5/10."})],
}
BEFORE = {
    Status.ACCEPTED: Status.RECEIVED,
    Status.ASSIGNED: Status.ACCEPTED,
    Status.IN_PROGRESS: Status.ASSIGNED,
    Status.WAITING_CITIZEN: Status.IN_PROGRESS,
    Status.COORDINATING: Status.IN_PROGRESS,
    Status.AWAITING_APPROVAL: Status.IN_PROGRESS,
    Status.ANSWERED: Status.AWAITING_APPROVAL,
    Status.CLOSED: Status.ANSWERED,
    Status.REOPENED: Status.ANSWERED,
    Status.TRANSFERRED: Status.ACCEPTED,
    Status.REJECTED: Status.ACCEPTED,
    Status.MERGED: Status.ACCEPTED,
    Status.AWAITING_SIGNATURE: Status.RECEIVED,
    Status.SIGNED: Status.AWAITING_SIGNATURE,
    Status.ADMITTED: Status.SIGNED,
    Status.SUSPENDED: Status.ADMITTED,
    Status.RESOLVED: Status.ADMITTED,
    Status.NOT_ADMITTED: Status.SIGNED,
    Status.DISCONTINUED: Status.ADMITTED,
    Status.WITHDRAWN: Status.SIGNED,
}


def petition_at(world, status: Status, **values) -> Petition:
    """A petition of An's (lighting) that has lived up to this status."""
    if status is Status.RECEIVED:
        return world.submit(field_id=key_of(world.fields[2]), **values)
    petition = petition_at(world, BEFORE[status], **values)
    for verb, who, keywords in STEPS[status]:
        by = CITIZEN if who == "citizen" else world.actor(who)
        do(verb, petition, by, **{k: meant(world, k, v) for k, v in keywords.items()})
    assert petition.status is status
    return petition


def meant(world, keyword, value):
    match keyword:
        case "officer_id":
            return world.people[value].id
        case "department_id":
            return world.departments[value].id
        case "on" | "signed_on":
            return clock.today()
        case "into":
            return world.submit("Đèn tắt", field_id=world.fields[2].id)
        case _:
            return value
