"""The signed petition, from the day it comes to the day it is taken up, or not: clocks of law begin here."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput, WrongState
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.petitions import deadlines, notices
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.actions.giving import classified
from feedback.petitions.dating import ACCEPTANCE, LEGAL
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Petition, Proceeding, Status
from feedback.petitions.notices import day
from feedback.procedures.grounds import Use, ground

BY_HAND = (Channel.DESK, Channel.PAPER)


def receive_signed(
    petition: Petition,
    *,
    by: Actor,
    signed_on: date,
    kind: Kind | None = None,
    came_by: Channel = Channel.DESK,
    is_remote: bool = False,
    people: int = 1,
    expected_version: int | None = None,
) -> Petition:
    """The petition lies signed on the desk since a local day: from that day the law counts.

    Raises BadInput for a day to come, and when nobody said yet whether it complains or accuses.
    """
    kind = kind or petition.kind
    if kind not in LEGAL:
        raise BadInput(fields={"kind": "Chọn khiếu nại hoặc tố cáo."})
    if came_by not in BY_HAND:
        raise BadInput(fields={"came_by": "Đơn có chữ ký đến trực tiếp hoặc qua bưu chính."})
    if people < 1:
        raise BadInput(fields={"people": "Số người phải từ 1 trở lên."})
    past_day(signed_on, "signed_on")
    changes: dict[str, Any] = {"accepted_at": petition.accepted_at or clock.now()}
    if kind is not petition.kind:
        changes |= classified(petition, {"kind": kind})
    apply(
        petition,
        Action.RECEIVE_SIGNED,
        by,
        text=f"Ngày nhận: {day(signed_on)}.",
        detail={"on": signed_on.isoformat(), "kind": kind, "came_by": came_by, "people": people},
        changes=changes,
        expected_version=expected_version,
    )
    values = {"signed_on": signed_on, "came_by": came_by, "people": people}
    db.session.add(Proceeding(petition_id=petition.id, is_remote=is_remote, criteria=[], **values))
    _dated(petition)
    notices.signed(petition)
    return petition


def propose(
    petition: Petition, *, by: Actor, text: str, expected_version: int | None = None
) -> Petition:
    """Lay before the chair why it should be taken up (Phiếu đề xuất thụ lý)."""
    text = needed(text, "nội dung đề xuất")
    apply(petition, Action.PROPOSE, by, text=text, expected_version=expected_version)
    return petition


def admit(
    petition: Petition,
    *,
    by: Actor,
    on: date,
    decision: str,
    criteria: Sequence[str] = (),
    expected_version: int | None = None,
) -> Petition:
    """Take it up, by the notice (accusation: decision) of that number and day.

    `criteria`: what makes a complaint complex from the beginning, as codes.
    Raises BadInput for a day before the petition came, or an unknown criterion.
    """
    decision = needed(decision, "số văn bản thụ lý", field="decision")
    if petition.kind is not Kind.KHIEU_NAI and criteria:
        raise BadInput(fields={"criteria": "Tố cáo phức tạp: thụ lý rồi gia hạn bằng văn bản."})
    whys = [_criterion(petition, code) for code in criteria]
    proceeding = _proceeding(petition)
    past_day(on, "on", proceeding.signed_on)
    text = f"{decision} ngày {day(on)}."
    if whys:
        text += f" Vụ việc phức tạp: {'; '.join(whys)}."
    apply(
        petition,
        Action.ADMIT,
        by,
        text=text,
        detail={"decision": decision, "on": on.isoformat(), "criteria": list(criteria)},
        expected_version=expected_version,
    )
    proceeding.admitted_on, proceeding.admission = on, decision
    proceeding.criteria = list(criteria)
    deadlines.met(petition, petition.updated_at, ACCEPTANCE, "processing_notice", "transfer")
    _dated(petition)
    notices.admitted(petition)
    return petition


def refuse_admission(
    petition: Petition,
    *,
    by: Actor,
    ground_code: str,
    reason: str,
    decision: str = "",
    expected_version: int | None = None,
) -> Petition:
    """Not taken up, for one of the law's grounds, or guided to whom it belongs; the writer reads why.

    Raises BadInput without the notice's number, unless an unsigned petition is only guided elsewhere.
    """
    reason = needed(reason, "lý do, như người gửi sẽ đọc", field="reason")
    is_signed = petition.status is Status.SIGNED
    uses = (Use.REFUSAL, Use.GUIDE) if is_signed else (Use.GUIDE,)
    found = ground(petition.kind, ground_code, *uses)
    if is_signed:
        decision = needed(decision, "số thông báo không thụ lý", field="decision")
    apply(
        petition,
        Action.REFUSE_ADMISSION,
        by,
        text=f"{found.with_article}. {reason}",
        detail={"ground": found.code, "decision": decision},
        changes={"ended_reason": f"{found.with_article}. {reason}"},
        expected_version=expected_version,
    )
    ended(petition, Action.REFUSE_ADMISSION, decision, ground=found.code)
    notices.refused_admission(petition)
    return petition


def prolong(
    petition: Petition,
    *,
    by: Actor,
    days: int,
    decision: str,
    reason: str,
    criterion: str,
    expected_version: int | None = None,
) -> Petition:
    """More days, in the limit's own unit, by a written document: never past the law's maximum.

    Raises ExtensionRefused; BadInput without the criterion that makes the case complex.
    """
    decision = needed(decision, "số văn bản gia hạn", field="decision")
    reason = needed(reason, "lý do gia hạn", field="reason")
    why = f"{_criterion(petition, criterion)}. {reason}"
    apply(
        petition,
        Action.PROLONG,
        by,
        text=f"{decision}. {why}",
        detail={"days": days, "decision": decision, "criterion": criterion},
        expected_version=expected_version,
    )
    deadlines.extend(petition, days, why, by, decision)
    db.session.flush()
    notices.prolonged(petition, why)
    return petition


def past_day(on: date, field: str, earliest: date | None = None) -> None:
    """Raises BadInput for a day to come or before `earliest`."""
    if on > clock.today():
        raise BadInput(fields={field: "Ngày này chưa tới."})
    if earliest is not None and on < earliest:
        raise BadInput(fields={field: f"Ngày này không thể trước ngày {day(earliest)}."})


def ended(petition: Petition, action: Action, decision: str = "", *, ground: str = "") -> None:
    """It ended here: no step of it is due any more."""
    petition.closed_at = petition.updated_at
    deadlines.met(petition, petition.updated_at)
    if petition.proceeding is not None:
        proceeding = petition.proceeding
        proceeding.ended_on, proceeding.outcome = clock.today(), action
        proceeding.decision, proceeding.ground = decision, ground
    db.session.flush()


def _criterion(petition: Petition, code: str) -> str:
    try:
        return ground(petition.kind, code, Use.COMPLEX).with_article
    except BadInput:
        raise BadInput(fields={"criterion": "Chọn căn cứ vụ việc phức tạp."}) from None


def _proceeding(petition: Petition) -> Proceeding:
    if petition.proceeding is None:
        raise WrongState
    return petition.proceeding


def _dated(petition: Petition) -> None:
    db.session.flush()
    db.session.expire(petition, ["proceeding"])
    deadlines.recompute(petition)
