"""Booking a time. The database decides: the day's row is locked, and one slot goes to one visit by a unique key."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.codes import new_code
from feedback.dialogue.once import changed
from feedback.errors import BadInput, NotFound, WrongState
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.petitions.models import Kind
from feedback.reception import notices
from feedback.reception.models import DayStatus, ReceptionDay, Visit, VisitState
from feedback.sealing import fingerprint, fingerprints
from feedback.text import normal_phone, squeeze

MOST_PEOPLE = 500
LONGEST_SUBJECT = 500
ACCUSATION = "Tố cáo (trình bày trực tiếp)"  # of an accusation nothing else is kept here


@dataclass(frozen=True)
class Booking:
    """Somebody wants to be received. `slot` None: the first that is free.

    `entered_by`: the official who writes for them, also on the day itself. `people`: with the same matter.
    """

    day_id: int
    name: str
    subject: str
    channel: Channel
    kind: Kind = Kind.KIEN_NGHI
    slot: int | None = None
    phone: str | None = None
    address: str = ""
    id_number: str = ""
    people: int = 1
    neighbourhood_id: int | None = None
    contact_id: int | None = None
    entered_by: Actor | None = None
    submission_key: str | None = None


def book(wish: Booking) -> Visit:
    """A time for them. Raises NotFound, WrongState (full, or past), BadInput (taken, or badly written)."""
    day = locked(wish.day_id)
    if wish.submission_key and (known := by_key(wish.submission_key)):
        return known
    takes = {DayStatus.PUBLISHED} | ({DayStatus.OPEN} if wish.entered_by else set())
    if day.status not in takes or day.closes_at <= clock.now():
        raise WrongState("Buổi tiếp công dân này không nhận đăng ký nữa.")
    free = [slot for slot, _ in free_slots(day)]
    if not free:
        raise WrongState(
            "Buổi này đã kín giờ hẹn. Xin chọn buổi khác, hoặc đến trực tiếp và lấy số."
        )
    slot = free[0] if wish.slot is None else wish.slot
    if slot not in free:
        raise BadInput(fields={"slot": "Giờ này vừa có người đăng ký. Xin chọn giờ khác."})
    visit = written(wish, VisitState.BOOKED, slot=slot)
    notices.to_one(visit, "booked")
    return visit


def written(
    wish: Booking, state: VisitState, *, slot: int | None = None, number: int | None = None
) -> Visit:
    """The row of somebody who booked or came. Raises BadInput. The day's row is locked."""
    name, phone = _read(wish)
    if phone and not wish.entered_by and _is_known(wish.day_id, phone):
        raise BadInput(fields={"phone": "Số điện thoại này đã đăng ký buổi này rồi."})
    now = clock.now()
    visit = Visit(
        day_id=wish.day_id,
        code=_free_code(wish.day_id),
        token=secrets.token_urlsafe(16),
        state=state,
        slot=slot,
        number=number,
        name=name,
        phone=phone,
        phone_hash=fingerprint(phone) if phone else None,
        address=squeeze(wish.address) or None,
        id_number=squeeze(wish.id_number) or None,
        neighbourhood_id=wish.neighbourhood_id,
        people=wish.people,
        kind=wish.kind,
        subject=ACCUSATION if wish.kind is Kind.TO_CAO else squeeze(wish.subject),
        channel=wish.channel,
        contact_id=wish.contact_id,
        entered_by_id=wish.entered_by.officer_id if wish.entered_by else None,
        submission_key=wish.submission_key,
        booked_at=now,
        arrived_at=now if number else None,
    )
    db.session.add(visit)
    db.session.flush()
    return visit


def cancel(visit: Visit) -> Visit:
    """Give the time back, for somebody else. Twice does nothing more."""
    given_up = (
        sa.update(Visit)
        .where(Visit.id == visit.id, Visit.state == VisitState.BOOKED)
        .values(state=VisitState.LEFT, slot=None)
    )
    changed(given_up)
    db.session.expire(visit)
    return visit


def free_slots(day: ReceptionDay) -> list[tuple[int, datetime]]:
    """The times still to be had, soonest first: (slot, when it begins)."""
    query = sa.select(Visit.slot).where(Visit.day_id == day.id, Visit.slot.is_not(None))
    taken, now = set(db.session.scalars(query)), clock.now()
    times = ((slot, begins_at(day, slot)) for slot in range(day.capacity) if slot not in taken)
    return [(slot, at) for slot, at in times if at > now]


def begins_at(day: ReceptionDay, slot: int) -> datetime:
    return day.opens_at + timedelta(minutes=slot * day.slot_minutes)


def last_taken(day: ReceptionDay) -> int | None:
    """The highest slot somebody holds."""
    return db.session.scalar(sa.select(sa.func.max(Visit.slot)).where(Visit.day_id == day.id))


def coming(ward_id: int, limit: int = 12) -> list[ReceptionDay]:
    """Published days that are not over, soonest first."""
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.status.in_((DayStatus.PUBLISHED, DayStatus.OPEN)),
        ReceptionDay.closes_at > clock.now(),
    )
    return list(db.session.scalars(query.order_by(ReceptionDay.opens_at).limit(limit)))


def locked(day_id: int) -> ReceptionDay:
    """The day, its row locked until the transaction ends. Raises NotFound."""
    query = (
        sa.select(ReceptionDay)
        .where(ReceptionDay.id == day_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    day = db.session.scalars(query).first()
    if day is None:
        raise NotFound
    return day


def by_token(token: str) -> Visit:
    """Raises NotFound."""
    row = db.session.scalars(sa.select(Visit).filter_by(token=token)).first()
    if row is None:
        raise NotFound
    return row


def _read(wish: Booking) -> tuple[str, str | None]:
    fields: dict[str, str] = {}
    name = " ".join(squeeze(wish.name).split())
    if not name or len(name) > 120:
        fields["name"] = "Xin ghi họ tên người cần gặp."
    phone = normal_phone(wish.phone) if wish.phone else None
    if wish.phone and not phone:
        fields["phone"] = "Số điện thoại chưa đúng. Ví dụ: 0912 345 678"
    subject = squeeze(wish.subject)
    if wish.kind is not Kind.TO_CAO and not 0 < len(subject) <= LONGEST_SUBJECT:
        fields["subject"] = f"Xin ghi muốn gặp về việc gì, nhiều nhất {LONGEST_SUBJECT} ký tự."
    if not 1 <= wish.people <= MOST_PEOPLE:
        fields["people"] = "Xin ghi số người cùng nội dung."
    if fields:
        raise BadInput(fields=fields)
    return name, phone


def _is_known(day_id: int, phone: str) -> bool:
    known = sa.exists().where(
        Visit.day_id == day_id,
        Visit.phone_hash.in_(fingerprints(phone)),
        Visit.state != VisitState.LEFT,
    )
    return bool(db.session.scalar(sa.select(known)))


def by_key(key: str) -> Visit | None:
    return db.session.scalars(sa.select(Visit).filter_by(submission_key=key)).first()


def _free_code(day_id: int) -> str:
    """Under the lock nobody else takes the same."""
    while True:
        code = new_code()
        used = sa.exists().where(Visit.day_id == day_id, Visit.code == code)
        if not db.session.scalar(sa.select(used)):
            return code
