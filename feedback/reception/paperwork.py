"""A day of reception as its papers print it. Reads only; call outside transactions, before `issuing`."""

from collections.abc import Sequence

from feedback import clock
from feedback.db import db
from feedback.papers.filling import office_of
from feedback.papers.inputs import (
    Concluded,
    Office,
    Person,
    ReceptionConclusions,
    ReceptionDate,
    ReceptionRefusal,
    ReceptionTimetable,
)
from feedback.papers.signing import Signer
from feedback.petitions.models import Kind
from feedback.reception import days, law, visits
from feedback.reception.models import ReceptionDay, Visit
from feedback.wards.models import Ward

REFUSAL, CONCLUSIONS, TIMETABLE = (
    "reception_refusal",
    "reception_conclusions",
    "reception_timetable",
)


def refusal(visit: Visit, signer: Signer) -> ReceptionRefusal:
    """Thông báo từ chối tiếp công dân (01/TCD)."""
    ground = law.refusal_grounds()[visit.ground]
    return ReceptionRefusal(
        office=_office(visit.day.ward_id),
        signer=signer,
        on=clock.today(),
        to=(f"Ông/Bà {visit.name}",),
        came_on=days.on_of(visit.day),
        where=visit.day.place,
        person=Person(visit.name, visit.address or "", visit.id_number or ""),
        kind=visit.kind.label,
        about=visit.subject,
        ground=ground.article,
    )


def conclusions(day: ReceptionDay, signer: Signer) -> ReceptionConclusions:
    """Thông báo kết luận việc tiếp công dân (khoản 2 Điều 25 NĐ 154/2026)."""
    rows = [visit for visit in visits.concluded(day) if visit.kind is not Kind.TO_CAO]
    return ReceptionConclusions(
        office=_office(day.ward_id),
        signer=signer,
        on=clock.today(),
        held_on=days.on_of(day),
        where=day.place,
        received_by=day.received_by.full_name if day.received_by else "",
        attending=tuple(day.attending),
        items=tuple(
            Concluded(
                visit.name,
                visit.subject,
                visit.conclusion,
                visit.position.title if visit.position else "",
                visit.due_on,
                visit.petition.number if visit.petition else "",
            )
            for visit in rows
        ),
    )


def timetable(ward_id: int, rows: Sequence[ReceptionDay], signer: Signer) -> ReceptionTimetable:
    """Lịch tiếp công dân, for the board: place, hours, who attends, what about."""
    return ReceptionTimetable(
        office=_office(ward_id),
        signer=signer,
        on=clock.today(),
        dates=tuple(
            ReceptionDate(
                day.opens_at,
                day.closes_at,
                day.place if day.mode.value == "in_person" else f"{day.place} (trực tuyến)",
                ", ".join(day.attending),
                day.topics,
            )
            for day in rows
        ),
    )


def _office(ward_id: int) -> Office:
    return office_of(db.session.get_one(Ward, ward_id))
