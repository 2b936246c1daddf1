"""What follows from the ward, its officers and a petition, put into what the forms need.

Reads only; call outside transactions, before `issue` or `preview`. A petition that may hold an accusation
gives no paper but the printable guidance: nothing of it may leave in print.
"""

from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.errors import BadInput, NotAllowed, WrongState
from feedback.papers.citing import in_full
from feedback.papers.inputs import (
    NOBODY,
    AcceptanceProposal,
    Accusation,
    AnswerLetter,
    Apology,
    Complaint,
    ComplaintNotice,
    ExtensionNotice,
    Guidance,
    Office,
    Official,
    Person,
    Receipt,
    Referral,
)
from feedback.papers.signing import Authority, Capacity, Signer
from feedback.people.directory import actor_for, position_of
from feedback.people.models import Officer, Role
from feedback.petitions import deadlines
from feedback.petitions.dating import LEGAL
from feedback.petitions.guards import reopen_until
from feedback.petitions.models import Answer, AnswerState, Extension, Part, Petition
from feedback.procedures.changes import Extension as MoreTime
from feedback.procedures.refusals import ExtensionRefused
from feedback.wards.models import Ward

_KINDS = ("Phường", "Xã", "Thị trấn", "Đặc khu")
_CAPACITIES = {Role.CHAIR: Capacity.CHAIR, Role.VICE_CHAIR: Capacity.DEPUTY}


def office_of(ward: Ward) -> Office:
    """The ward as it prints itself.

    `settings["papers"]` may say `over`, `place`, corrected `forms`, and `authority`: "chair" or "committee"
    for the sign block of ordinary letters (CHỦ TỊCH, or TM. ỦY BAN NHÂN DÂN).
    """
    own = ward.settings.get("papers", {})
    name = ward.name[:1].lower() + ward.name[1:]
    return Office(
        names=("ỦY BAN NHÂN DÂN", ward.name.upper()),
        name=f"Ủy ban nhân dân {name}",
        place=own.get("place") or _place(ward.name),
        province=ward.province_name,
        over=own.get("over", ""),
        address=ward.address,
        hotline=ward.hotline,
        hours=ward.office_hours,
        authority=Authority(own["authority"]) if own.get("authority") else None,
        corrections=own.get("forms", {}),
    )


def _place(name: str) -> str:
    """'Ba Đình'; a number or a person's name stays whole ("Phường 4", NĐ 30/2020, Phụ lục I, mục II.4)."""
    kind = next((kind for kind in _KINDS if name.startswith(kind + " ")), "")
    bare = name[len(kind) :].strip()
    return name if not bare or bare[0].isdecimal() else bare


def signer_of(officer_id: int, capacity: Capacity | None = None, on: date | None = None) -> Signer:
    """Who signs and as what: the chair, a vice-chair in the chair's place, others by order of the chair."""
    officer = db.session.get_one(Officer, officer_id)
    roles = actor_for(officer_id, on).roles
    own = next((_CAPACITIES[role] for role in _CAPACITIES if role in roles), Capacity.ORDER)
    position = position_of(officer_id, on)
    return Signer(
        officer.full_name, capacity or own, position.title if position else "", officer.id
    )


def signer_of_answer(petition: Petition) -> Signer:
    """Who let the newest approved answer leave, as what they were that day.

    Somebody who stood in for the chair signs "KT." as a vice-chair, otherwise "TUQ."; a handler who sent it
    themself signs "TL.". Raises WrongState without an approved answer.
    """
    answer = _approved(petition)
    on = _day(answer.decided_at) if answer.decided_at else None
    signer = signer_of(answer.decided_by_id or 0, on=on)
    if answer.decided_for_id and signer.capacity is Capacity.ORDER:
        return replace(signer, capacity=Capacity.WARRANT)
    return signer


def receiver_of(officer_id: int) -> Signer:
    """An officer who takes something in, under their own title."""
    return signer_of(officer_id, Capacity.SELF)


def person_of(petition: Petition) -> Person:
    """The reporter as papers may name them: not at all when they asked to be hidden. A group's papers
    name who speaks for it, and for how many."""
    if petition.is_anonymous:
        return Person()
    people = petition.proceeding.people if petition.proceeding else 1
    if petition.representatives and people > 1:
        names = ", ".join(each.name for each in petition.representatives)
        address = petition.representatives[0].address or petition.reporter_address or ""
        return Person(name=f"{names} (đại diện cho {people} người)", address=address)
    return Person(
        name=petition.reporter_name or "",
        address=petition.reporter_address or "",
    )


def to_of(petition: Petition) -> tuple[str, ...]:
    """'Ông/Bà Trần Thị Dân, số 12 ngõ 34'; without a name the petition's number says who is meant."""
    person = person_of(petition)
    if not person.name:
        return (f"Ông/Bà gửi {petition.called} số {petition.number}",)
    return (", ".join(part for part in (f"Ông/Bà {person.name}", person.address) if part),)


def receipt(petition: Petition, signer: Signer = NOBODY) -> Receipt:
    """Phiếu tiếp nhận; without a signer, for the resident to print."""
    printable(petition)
    place = ", ".join(
        part
        for part in (
            petition.address,
            petition.neighbourhood.name if petition.neighbourhood else "",
        )
        if part
    )
    return Receipt(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        number=petition.number,
        received_at=petition.received_at,
        kind=_named(petition),
        subject=petition.title,
        field=petition.field.name,
        place=place,
        handler=_handler(petition),
        due_at=petition.due_at,
        link=links.tracking(petition.token),
        person=person_of(petition),
    )


def answer(petition: Petition, signer: Signer) -> AnswerLetter:
    """Thông báo kết quả or công văn trả lời, with the approved answer. Raises WrongState without one."""
    printable(petition)
    approved = _approved(petition)
    until = reopen_until(petition)
    return AnswerLetter(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        to=to_of(petition),
        person=person_of(petition),
        kind=_named(petition),
        number=petition.number,
        received_on=_day(petition.received_at),
        about=petition.title,
        answer=approved.text,
        reopen_until=_day(until) if until else None,
    )


def referral(
    petition: Petition, signer: Signer, *, ground: str, to: str = "", enclosures: str = ""
) -> Referral:
    """Phiếu chuyển đơn, to where it was transferred unless `to` says otherwise."""
    printable(petition)
    if not (to or petition.transferred_to):
        raise WrongState("Chưa ghi cơ quan nhận chuyển đơn.")
    return Referral(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        to=(to or petition.transferred_to or "",),
        received_on=_received_on(petition),
        person=person_of(petition),
        kind=_named(petition),
        about=petition.title,
        ground=ground,
        enclosures=enclosures,
    )


def guidance(
    petition: Petition, signer: Signer, *, ground: str, competent: str, competent_contact: str = ""
) -> Guidance:
    """Phiếu hướng dẫn: whom the resident should turn to."""
    printable(petition)
    return Guidance(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        to=to_of(petition),
        received_on=_received_on(petition),
        person=person_of(petition),
        kind=_named(petition),
        about=petition.title,
        ground=ground,
        competent=competent,
        competent_contact=competent_contact,
    )


def extension(
    petition: Petition,
    signer: Signer,
    *,
    article: str = "",
    days: int | None = None,
    reason: str = "",
) -> ExtensionNotice:
    """Thông báo gia hạn: of `days` more that are not written on the petition yet (the law wants the
    document first), else of the newest extension. Raises BadInput.
    """
    printable(petition)
    if days is not None:
        old, new = _longer(petition, days, reason)
    else:
        newest = _newest_extension(petition)
        if newest is None:
            raise BadInput(fields={"days": "Hồ sơ chưa được gia hạn; xin ghi thêm bao nhiêu ngày."})
        old, new = _day(newest.old_due_at), _day(newest.new_due_at)
        reason = reason or newest.reason
    return ExtensionNotice(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        to=to_of(petition),
        person=person_of(petition),
        kind=_named(petition),
        number=petition.number,
        about=petition.title,
        reason=in_full(reason),
        old_due_on=old,
        new_due_on=new,
        article=article,
    )


def apology(petition: Petition, signer: Signer, *, reason: str = "") -> Apology:
    """Thư xin lỗi: for the date that passed, or was moved. Raises WrongState when nothing is late."""
    printable(petition)
    until = petition.answered_at or clock.now()
    newest = _newest_extension(petition)
    if petition.due_at and (petition.late_at or petition.due_at) <= until:
        missed, promised = petition.due_at, None
    elif newest:
        missed, promised = newest.old_due_at, newest.new_due_at
    else:
        raise WrongState("Hồ sơ chưa quá hạn nên chưa có gì phải xin lỗi.")
    return Apology(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        to=to_of(petition),
        person=person_of(petition),
        kind=_named(petition),
        number=petition.number,
        received_on=_day(petition.received_at),
        about=petition.title,
        due_on=_day(missed),
        reason=reason or (newest.reason if newest else ""),
        new_due_on=_day(promised) if promised else None,
        contact=_handler(petition),
    )


def complaint(petition: Petition) -> Complaint:
    """Đơn khiếu nại to be printed and signed: what the resident wrote, the rest to be added by hand."""
    printable(petition)
    office = office_for(petition)
    return Complaint(
        office=office,
        on=clock.today(),
        to=(office.chair,),
        person=person_of(petition),
        complained=_complained(petition),
        about=petition.title,
        text=petition.text,
        enclosures=", ".join(file.name for file in petition.files),
    )


def acceptance_proposal(
    petition: Petition,
    proposer: Signer,
    *,
    due_on: date | None = None,
    decided_before: str = "",
    why: str = "",
) -> AcceptanceProposal:
    """Phiếu đề xuất thụ lý đơn."""
    printable(petition)
    office = office_for(petition)
    return AcceptanceProposal(
        office=office,
        signer=proposer,
        on=clock.today(),
        to=(office.chair,),
        received_on=_received_on(petition),
        person=person_of(petition),
        kind=_named(petition),
        about=petition.title,
        proposer=Official(proposer.name, proposer.title),
        decided_before=decided_before,
        due_on=due_on,
        why=why,
        split_from=_split_from(petition),
    )


def complaint_notice(
    petition: Petition, signer: Signer, *, reason: str = "", due_on: date | None = None
) -> ComplaintNotice:
    """Thông báo thụ lý, or with a reason không thụ lý."""
    printable(petition)
    return ComplaintNotice(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        to=to_of(petition),
        person=person_of(petition),
        about=petition.title,
        reason=reason,
        due_on=due_on,
    )


def accusation(ward: Ward, timetable: str = "") -> Accusation:
    """Đơn tố cáo with guidance; knows nothing of any petition."""
    return Accusation(office=office_of(ward), on=clock.today(), timetable=timetable)


def printable(petition: Petition) -> None:
    """Raises NotAllowed for what may hold an accusation."""
    if petition.is_restricted:
        raise NotAllowed("Hồ sơ có nội dung tố cáo: chỉ in phiếu hướng dẫn, không in nội dung.")


def _longer(petition: Petition, days: int, reason: str) -> tuple[date, date]:
    if not reason:
        raise BadInput(fields={"reason": "Xin điền: lý do."})
    try:  # the number of this very paper is the decision; it is not known before it is given out
        now, later = deadlines.longer(petition, MoreTime(days, reason, "văn bản này"))
    except ExtensionRefused as refusal:
        raise BadInput(fields={"days": refusal.sentence}) from None
    return now.on, later.on


def _newest_extension(petition: Petition) -> Extension | None:
    query = sa.select(Extension).where(Extension.petition_id == petition.id)
    return db.session.scalars(query.order_by(Extension.id.desc())).first()


def office_for(petition: Petition) -> Office:
    """The ward of a petition as it prints itself."""
    return office_of(db.session.get_one(Ward, petition.ward_id))


def _approved(petition: Petition) -> Answer:
    approved = [each for each in petition.answers if each.state is AnswerState.APPROVED]
    if not approved:
        raise WrongState("Chưa có trả lời được duyệt nên chưa in được văn bản trả lời.")
    return approved[-1]


def _handler(petition: Petition) -> str:
    return f"{petition.handler.full_name} – {petition.handler_position.title}"


def _complained(petition: Petition) -> str:
    if petition.complained_officer_id is None:
        return ""
    officer = db.session.get_one(Officer, petition.complained_officer_id)
    position = position_of(officer.id)
    return f"{officer.full_name}, {position.title}" if position else officer.full_name


def _named(petition: Petition) -> str:
    """'Kiến nghị', 'Câu hỏi', 'Khiếu nại': how a paper names it."""
    in_law = petition.kind in LEGAL
    return petition.kind.label if in_law else petition.called.capitalize()


def _received_on(petition: Petition) -> date:
    """What the law counts: a complaint was received when its signed petition was."""
    proceeding = petition.proceeding
    return proceeding.signed_on if proceeding else _day(petition.received_at)


def _split_from(petition: Petition) -> str:
    """The number of the letter it was one content of; of a sealed one nothing."""
    query = sa.select(Petition.number).join(Part, Part.petition_id == Petition.id)
    whole = query.where(Part.part_id == petition.id, Petition.is_restricted.is_(False))
    return db.session.scalar(whole) or ""


def _day(at: datetime) -> date:
    return clock.local(at).date()
