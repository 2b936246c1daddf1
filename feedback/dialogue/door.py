"""At the door: a code is checked in once, whenever and however often the list arrives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue import seats
from feedback.dialogue.codes import read_code
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.once import changed
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import NotFound, WrongState
from feedback.labels import Labelled
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.sealing import fingerprints
from feedback.text import normal_phone

EARLY = timedelta(hours=12)  # a device's clock may be wrong; a check-in is not older than this
_OPEN = seats.AT_THE_DOOR | {Status.HELD}  # a list that was offline may arrive after the end


class Verdict(Labelled):
    """What the person at the door is told."""

    IN = "in", "Mời vào"
    ALREADY = "already", "Mã này đã vào rồi"
    WAITING = "waiting", "Còn trong danh sách chờ"
    LEFT = "left", "Đã rút tên"
    UNKNOWN = "unknown", "Không có mã này"


@dataclass(frozen=True)
class Checked:
    """The verdict on one code; `people` come in together."""

    verdict: Verdict
    name: str = ""
    people: int = 0
    code: str = ""


@dataclass(frozen=True)
class Crowd:
    """How many people are expected, inside, and waiting; `seats` None is no limit."""

    seats: int | None
    expected: int
    inside: int
    waiting: int


def check_in(
    dialogue: Dialogue, typed: str, *, by: Actor, at: datetime | None = None, key: str | None = None
) -> Checked:
    """Let a code (or a registered telephone number) in. `key` names this act on the device that did it.

    The same act sent again gives the same verdict and counts nothing. Raises WrongState.
    """
    if dialogue.status not in _OPEN:
        raise WrongState("Chưa đến giờ điểm danh buổi đối thoại này.")
    row = _find(dialogue.id, typed)
    if row is None:
        return Checked(Verdict.UNKNOWN, code=typed[:12])
    if key and row.check_key == key:
        return Checked(Verdict.IN, row.name, row.people, row.code)
    if row.state is not Seat.SEATED:
        verdict = Verdict.LEFT if row.state is Seat.LEFT else Verdict.WAITING
        return Checked(verdict, row.name, row.people, row.code)
    let_in = (
        sa.update(Registration)
        .where(Registration.id == row.id, Registration.checked_in_at.is_(None))
        .values(checked_in_at=_when(at), checked_in_by_id=by.officer_id, check_key=key)
    )
    done = changed(let_in) == 1
    db.session.expire(row)
    return Checked(Verdict.IN if done else Verdict.ALREADY, row.name, row.people, row.code)


def walk_in(
    dialogue: Dialogue,
    *,
    by: Actor,
    name: str,
    phone: str | None = None,
    people: int = 1,
    neighbourhood_id: int | None = None,
    key: str | None = None,
    at: datetime | None = None,
) -> Checked:
    """Write somebody down who just came; they go in when there is a seat, else they wait."""
    row = seats.register(
        seats.Wish(
            dialogue.id,
            name,
            Channel.DESK,
            phone=phone,
            people=people,
            neighbourhood_id=neighbourhood_id,
            entered_by=by,
            came=True,
            submission_key=f"door:{key}" if key else None,
        )
    )
    return check_in(dialogue, row.code, by=by, at=at, key=key)


def release(dialogue: Dialogue, *, by: Actor) -> int:
    """Give the seats of who has not come to the waiting list; how many seats. After the start only."""
    if dialogue.status is not Status.LIVE:
        raise WrongState("Chỉ mở chỗ của người chưa đến khi buổi đối thoại đã bắt đầu.")
    absent = sa.select(Registration).where(
        Registration.dialogue_id == dialogue.id,
        Registration.state == Seat.SEATED,
        Registration.is_online.is_(False),
        Registration.checked_in_at.is_(None),
    )
    rows = list(db.session.scalars(absent.order_by(Registration.id)))
    for row in rows:
        seats.leave(row)
    return sum(row.people for row in rows)


def crowd(dialogue: Dialogue) -> Crowd:
    """How full it is."""
    people = sa.func.coalesce(sa.func.sum(Registration.people), 0)
    mine = Registration.dialogue_id == dialogue.id
    expected, inside, waiting = (
        db.session.scalar(sa.select(people).where(mine, *conditions)) or 0
        for conditions in (
            (Registration.state == Seat.SEATED,),
            (Registration.checked_in_at.is_not(None),),
            (Registration.state == Seat.WAITING,),
        )
    )
    return Crowd(dialogue.seats, int(expected), int(inside), int(waiting))


def attendance(dialogue: Dialogue) -> list[Registration]:
    """Everybody on the list, in the order they registered; who left is not."""
    query = sa.select(Registration).where(
        Registration.dialogue_id == dialogue.id, Registration.state != Seat.LEFT
    )
    return list(db.session.scalars(query.order_by(Registration.state, Registration.id)))


def of(dialogue: Dialogue, registration_id: int) -> Registration:
    """Raises NotFound."""
    row = db.session.get(Registration, registration_id)
    if row is None or row.dialogue_id != dialogue.id:
        raise NotFound
    return row


def _find(dialogue_id: int, typed: str) -> Registration | None:
    mine = sa.select(Registration).where(Registration.dialogue_id == dialogue_id)
    if code := read_code(typed):
        return db.session.scalars(mine.where(Registration.code == code)).first()
    if phone := normal_phone(typed):
        known = mine.where(
            Registration.phone_hash.in_(fingerprints(phone)), Registration.state != Seat.LEFT
        )
        return db.session.scalars(known.order_by(Registration.id)).first()
    return None


def _when(at: datetime | None) -> datetime:
    """The instant the device names, as far as it can be true."""
    now = clock.now()
    return at if at and now - EARLY <= at <= now else now
