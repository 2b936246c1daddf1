"""A petition taken up under the law: suspended and resumed, talked over, decided, withdrawn, discontinued."""

from datetime import date, datetime, timedelta

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.petitions import deadlines, notices
from feedback.petitions.actions.admitting import ended, past_day
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.dating import midnight
from feedback.petitions.due import Due, due
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Petition
from feedback.petitions.notices import day
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.service_levels import procedures_of
from feedback.wards.setup import setup_of

NUMBER = "số quyết định"
SENT = {Kind.KHIEU_NAI: "decision_notice", Kind.TO_CAO: "conclusion_published"}


def suspend(
    petition: Petition,
    *,
    by: Actor,
    decision: str,
    on: date,
    reason: str,
    expected_version: int | None = None,
) -> Petition:
    """The clock of law stops on the day of the decision (Mẫu 14a)."""
    decision = needed(decision, NUMBER, field="decision")
    reason = needed(reason, "căn cứ tạm đình chỉ", field="reason")
    past_day(on, "on", _admitted_on(petition))
    apply(
        petition,
        Action.SUSPEND,
        by,
        text=f"Quyết định {decision} ngày {day(on)}. {reason}",
        detail={"decision": decision, "on": on.isoformat(), "send_by": _send_by(petition, on)},
        expected_version=expected_version,
    )
    deadlines.pause(petition, midnight(on), reason, decision)
    notices.suspended(petition, reason)
    return petition


def resume(
    petition: Petition, *, by: Actor, decision: str, on: date, expected_version: int | None = None
) -> Petition:
    """It goes on from the day of the decision to resume (Mẫu 14b): what was left then is left now."""
    decision = needed(decision, NUMBER, field="decision")
    stopped = deadlines.open_pause(petition)
    past_day(on, "on", clock.local(stopped.starts_at).date() if stopped else None)
    apply(
        petition,
        Action.RESUME,
        by,
        text=f"Quyết định {decision} ngày {day(on)}.",
        detail={"decision": decision, "on": on.isoformat(), "send_by": _send_by(petition, on)},
        expected_version=expected_version,
    )
    deadlines.resume(petition, midnight(on))
    notices.resumed(petition)
    return petition


def call_dialogue(
    petition: Petition,
    *,
    by: Actor,
    meets_at: datetime,
    where: str,
    expected_version: int | None = None,
) -> Petition:
    """Invite everybody, at least five days before (NĐ 155/2026, Đ.28 k.1). Raises BadInput when later."""
    where = needed(where, "địa điểm đối thoại", field="where")
    ahead = _limit(petition, "dialogue_notice", meets_at).total
    last = clock.local(meets_at).date() - timedelta(days=ahead)
    if clock.today() > last:
        raise BadInput(
            fields={
                "meets_at": f"Thông báo phải gửi trước ít nhất {ahead} ngày, muộn nhất {day(last)}."
            }
        )
    apply(
        petition,
        Action.CALL_DIALOGUE,
        by,
        text=f"{notices.when(meets_at)}, tại {where}.",
        detail={"meets_at": meets_at.isoformat(), "where": where},
        expected_version=expected_version,
    )
    notices.invited(petition, meets_at, where)
    return petition


def hold_dialogue(
    petition: Petition,
    *,
    by: Actor,
    agreed: str,
    differing: str,
    absence: str = "",
    expected_version: int | None = None,
) -> Petition:
    """What came of it (Mẫu 14). `absence`: why the complainant was away; it is decided all the same."""
    agreed = needed(agreed, "nội dung đã thống nhất", field="agreed")
    differing = needed(differing, "nội dung còn khác nhau", field="differing")
    text = f"Đã thống nhất: {agreed}\nCòn khác nhau: {differing}"
    if absence.strip():
        text += f"\nNgười khiếu nại vắng mặt: {absence.strip()}"
    apply(
        petition,
        Action.HOLD_DIALOGUE,
        by,
        text=text,
        detail={"agreed": agreed, "differing": differing, "absence": absence.strip()},
        expected_version=expected_version,
    )
    return petition


def resolve(
    petition: Petition,
    *,
    by: Actor,
    decision: str,
    on: date,
    summary: str,
    expected_version: int | None = None,
) -> Petition:
    """The decision on a complaint, the conclusion on an accusation: it is settled here."""
    decision = needed(decision, "số quyết định hoặc kết luận", field="decision")
    summary = needed(summary, "kết quả giải quyết", field="summary")
    past_day(on, "on", _admitted_on(petition))
    apply(
        petition,
        Action.RESOLVE,
        by,
        text=f"{decision} ngày {day(on)}. {summary}",
        detail={
            "decision": decision,
            "on": on.isoformat(),
            "send_by": _send_by(petition, on, SENT[petition.kind]),
        },
        expected_version=expected_version,
    )
    petition.answered_at = petition.updated_at
    ended(petition, Action.RESOLVE, decision)
    notices.resolved(petition, summary)
    return petition


def leave(
    petition: Petition, *, by: Actor, people: int, reason: str, expected_version: int | None = None
) -> Petition:
    """Some of several withdraw; it goes on for the others (NĐ 155/2026, Đ.7a k.1). All: `withdraw`."""
    reason = needed(reason, "ai rút và văn bản rút đơn", field="reason")
    proceeding = petition.proceeding
    left = (proceeding.people if proceeding else 1) - people
    if people < 1 or left < 1:
        raise BadInput(fields={"people": "Phải còn ít nhất 1 người; tất cả rút thì đình chỉ."})
    apply(
        petition,
        Action.LEAVE,
        by,
        text=f"{people} người rút, còn {left} người. {reason}",
        detail={"people": people, "left": left},
        expected_version=expected_version,
    )
    if proceeding:
        proceeding.people = left
    db.session.flush()
    return petition


def withdraw(
    petition: Petition, *, by: Actor, reason: str, expected_version: int | None = None
) -> Petition:
    """Taken back before it was taken up. Afterwards a decision discontinues it (`discontinue`)."""
    reason = needed(reason, "văn bản rút đơn", field="reason")
    apply(
        petition,
        Action.WITHDRAW,
        by,
        text=reason,
        changes={"ended_reason": "Người gửi đã rút đơn."},
        expected_version=expected_version,
    )
    ended(petition, Action.WITHDRAW)
    notices.withdrawn(petition)
    return petition


def discontinue(
    petition: Petition,
    *,
    by: Actor,
    decision: str,
    on: date,
    reason: str,
    expected_version: int | None = None,
) -> Petition:
    """Ended without a decision on the matter: all withdrew, or another ground of the law (Mẫu 14a).

    A withdrawn accusation goes on where there are signs of a violation or of pressure (NĐ 156/2026,
    Đ.4 k.4): the chair decides, and writes the reason.
    """
    decision = needed(decision, NUMBER, field="decision")
    reason = needed(reason, "căn cứ đình chỉ", field="reason")
    past_day(on, "on", _admitted_on(petition))
    apply(
        petition,
        Action.DISCONTINUE,
        by,
        text=f"Quyết định {decision} ngày {day(on)}. {reason}",
        detail={"decision": decision, "on": on.isoformat(), "send_by": _send_by(petition, on)},
        changes={"ended_reason": reason},
        expected_version=expected_version,
    )
    ended(petition, Action.DISCONTINUE, decision)
    notices.discontinued(petition)
    return petition


def _admitted_on(petition: Petition) -> date | None:
    return petition.proceeding.admitted_on if petition.proceeding else None


def _send_by(petition: Petition, on: date, step: str = "suspension_notice") -> str:
    """By when a decision of that day must reach the people concerned, as the law has it; ISO date."""
    return _limit(petition, step, midnight(on)).on.isoformat()


def _limit(petition: Petition, step: str, start: datetime) -> Due:
    setup = setup_of(petition.ward_id)
    return due(
        petition.kind,
        step,
        start,
        calendar=calendar_of(setup),
        procedures=procedures_of(setup),
        received_on=clock.local(start).date(),
    )
