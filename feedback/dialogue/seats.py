"""Seats and the waiting list. The database decides: one row is locked, counted, and checked.

Everybody who registers, leaves or moves up passes the lock of their session's row, so the queue is in the
order of the registrations' ids, and the count can pass the number of seats in no way.
"""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue import notices
from feedback.dialogue.codes import new_code
from feedback.dialogue.lifecycle import COMING
from feedback.dialogue.models import Dialogue, Mode, Status
from feedback.dialogue.once import changed
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import BadInput, NotFound, WrongState
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.sealing import fingerprint, fingerprints
from feedback.text import normal_phone, squeeze

MOST_PEOPLE = 10
NAME = 120
AT_THE_DOOR = COMING | {Status.LIVE}


@dataclass(frozen=True)
class Wish:
    """Somebody wants to come, `people` of one household together.

    `entered_by`: the official who writes for them. `came`: they stand at the door, or stood there, on a list
    that arrives after the end. `submission_key`: of the form, so that sending twice registers once.
    """

    dialogue_id: int
    name: str
    channel: Channel
    phone: str | None = None
    people: int = 1
    is_online: bool = False
    neighbourhood_id: int | None = None
    contact_id: int | None = None
    entered_by: Actor | None = None
    came: bool = False
    submission_key: str | None = None


def register(wish: Wish) -> Registration:
    """A seat, or a place on the waiting list. Raises NotFound, WrongState, BadInput."""
    name, phone = _read(wish)
    dialogue = locked(wish.dialogue_id)
    if wish.submission_key and (known := _by_key(wish.submission_key)):
        return known
    _check(dialogue, wish)
    if phone and not wish.entered_by and _is_known(dialogue.id, phone):
        raise BadInput(
            fields={
                "phone": "Số điện thoại này đã đăng ký. Nếu quên mã, xin gọi phường hoặc "
                "đọc số điện thoại tại cửa."
            }
        )
    is_seated = wish.is_online or (not _has_queue(dialogue.id) and _take(dialogue, wish.people))
    row = Registration(
        dialogue_id=dialogue.id,
        code=_free_code(dialogue.id),
        token=secrets.token_urlsafe(16),
        state=Seat.SEATED if is_seated else Seat.WAITING,
        people=wish.people,
        is_online=wish.is_online,
        name=name,
        phone=phone,
        phone_hash=fingerprint(phone) if phone else None,
        neighbourhood_id=wish.neighbourhood_id,
        channel=wish.channel,
        contact_id=wish.contact_id,
        entered_by_id=wish.entered_by.officer_id if wish.entered_by else None,
        submission_key=wish.submission_key,
        registered_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    notices.to_one(row, dialogue, "registered" if is_seated else "waiting")
    return row


def leave(registration: Registration) -> Registration:
    """Give the seat back; the next in the queue get it at once and are told. Twice does nothing more."""
    dialogue = locked(registration.dialogue_id)
    given_up = (
        sa.update(Registration)
        .where(
            Registration.id == registration.id,
            Registration.state != Seat.LEFT,
            Registration.checked_in_at.is_(None),
        )
        .values(state=Seat.LEFT, left_at=clock.now())
    )
    held = db.session.scalar(
        sa.select(Registration.state).where(Registration.id == registration.id)
    )
    if changed(given_up) == 1 and not registration.is_online:
        if held is Seat.SEATED:
            _give_back(dialogue, registration.people)
        # A household that gives up its place in the queue may have blocked a smaller one.
        promote(dialogue)
    db.session.expire(registration)
    return registration


def promote(dialogue: Dialogue) -> int:
    """Seat as many of the queue as fit, in its order; how many. Nobody overtakes a larger household."""
    locked(dialogue.id)
    if dialogue.status not in AT_THE_DOOR:
        return 0
    query = (
        sa.select(Registration)
        .where(Registration.dialogue_id == dialogue.id, Registration.state == Seat.WAITING)
        .order_by(Registration.id)
    )
    moved = 0
    for row in db.session.scalars(query):
        if not _take(dialogue, row.people):
            break
        row.state, row.promoted_at = Seat.SEATED, clock.now()
        db.session.flush()
        notices.to_one(row, dialogue, "promoted")
        moved += 1
    return moved


def locked(dialogue_id: int) -> Dialogue:
    """The session, its row locked until the transaction ends. Raises NotFound."""
    query = (
        sa.select(Dialogue)
        .where(Dialogue.id == dialogue_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    dialogue = db.session.scalars(query).first()
    if dialogue is None:
        raise NotFound
    return dialogue


def place_in_queue(registration: Registration) -> int:
    """1 for the next to move up."""
    before = sa.select(sa.func.count()).where(
        Registration.dialogue_id == registration.dialogue_id,
        Registration.state == Seat.WAITING,
        Registration.id <= registration.id,
    )
    return db.session.scalar(before) or 0


def by_token(token: str) -> Registration:
    """Raises NotFound."""
    row = db.session.scalars(sa.select(Registration).filter_by(token=token)).first()
    if row is None:
        raise NotFound
    return row


def _read(wish: Wish) -> tuple[str, str | None]:
    fields: dict[str, str] = {}
    name = " ".join(squeeze(wish.name).split())
    if not name or len(name) > NAME:
        fields["name"] = "Xin ghi họ tên người tham dự."
    phone = normal_phone(wish.phone) if wish.phone else None
    if wish.phone and not phone:
        fields["phone"] = "Số điện thoại chưa đúng. Ví dụ: 0912 345 678"
    if not 1 <= wish.people <= MOST_PEOPLE:
        fields["people"] = f"Mỗi lượt đăng ký từ 1 đến {MOST_PEOPLE} người."
    if fields:
        raise BadInput(fields=fields)
    return name, phone


def _check(dialogue: Dialogue, wish: Wish) -> None:
    """Whether this session takes this registration now."""
    if wish.entered_by is None and not dialogue.of_kind.is_public:
        raise NotFound
    takes = AT_THE_DOOR if wish.entered_by else COMING
    if wish.came:
        takes |= {Status.HELD}
    if dialogue.status not in takes:
        raise WrongState("Buổi đối thoại này không nhận đăng ký nữa.")
    if wish.is_online and dialogue.mode is Mode.IN_PERSON:
        raise BadInput(fields={"is_online": "Buổi này chỉ tổ chức trực tiếp."})


def _take(dialogue: Dialogue, people: int) -> bool:
    """Count the seats up if they are there: the condition and the count are one statement."""
    taken = (
        sa.update(Dialogue)
        .where(
            Dialogue.id == dialogue.id,
            sa.or_(Dialogue.seats.is_(None), Dialogue.seats_taken + people <= Dialogue.seats),
        )
        .values(seats_taken=Dialogue.seats_taken + people)
    )
    found = changed(taken) == 1
    db.session.expire(dialogue, ["seats_taken"])
    return found


def _give_back(dialogue: Dialogue, people: int) -> None:
    changed(
        sa.update(Dialogue)
        .where(Dialogue.id == dialogue.id)
        .values(seats_taken=Dialogue.seats_taken - people)
    )
    db.session.expire(dialogue, ["seats_taken"])


def _has_queue(dialogue_id: int) -> bool:
    waiting = sa.exists().where(
        Registration.dialogue_id == dialogue_id, Registration.state == Seat.WAITING
    )
    return bool(db.session.scalar(sa.select(waiting)))


def _is_known(dialogue_id: int, phone: str) -> bool:
    known = sa.exists().where(
        Registration.dialogue_id == dialogue_id,
        Registration.phone_hash.in_(fingerprints(phone)),
        Registration.state != Seat.LEFT,
    )
    return bool(db.session.scalar(sa.select(known)))


def _by_key(key: str) -> Registration | None:
    return db.session.scalars(sa.select(Registration).filter_by(submission_key=key)).first()


def _free_code(dialogue_id: int) -> str:
    """Under the lock nobody else takes the same."""
    while True:
        code = new_code()
        used = sa.exists().where(Registration.dialogue_id == dialogue_id, Registration.code == code)
        if not db.session.scalar(sa.select(used)):
            return code
