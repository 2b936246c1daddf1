"""The queue of the day: a number on arrival, called in, done. Each step is one conditional update."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.once import changed
from feedback.errors import WrongState
from feedback.people.actor import Actor
from feedback.reception import access, slots
from feedback.reception.models import DayStatus, ReceptionDay, Visit, VisitState
from feedback.reception.slots import Booking

S = VisitState
# verb -> from which states, to which, and the column that keeps when
STEPS: dict[str, tuple[frozenset[VisitState], VisitState, str]] = {
    "arrive": (frozenset({S.BOOKED, S.ABSENT}), S.WAITING, "arrived_at"),
    "call": (frozenset({S.WAITING}), S.INSIDE, "called_at"),
    "finish": (frozenset({S.INSIDE}), S.DONE, "done_at"),
    "miss": (frozenset({S.BOOKED, S.WAITING}), S.ABSENT, ""),
    "back": (frozenset({S.INSIDE}), S.WAITING, ""),
}
LINE = frozenset({DayStatus.PUBLISHED, DayStatus.OPEN})


@dataclass(frozen=True)
class Standing:
    """How the queue stands. `inside`: the number that is in now."""

    inside: int | None
    waiting: int
    done: int
    expected: int


def step(visit: Visit, verb: str, *, by: Actor) -> Visit:
    """Let somebody one step on in the queue. Raises WrongState when they are elsewhere in it."""
    access.runs(visit.day.ward_id, by)
    day = slots.locked(visit.day_id)
    if day.status not in LINE:
        raise WrongState("Buổi tiếp này đã kết thúc hoặc chưa công bố.")
    states, to, stamp = STEPS[verb]
    values: dict[str, Any] = {"state": to}
    if stamp:
        values[stamp] = clock.now()
    if verb == "arrive" and visit.number is None:
        values["number"] = _next_number(day)
    moved = sa.update(Visit).where(Visit.id == visit.id, Visit.state.in_(states)).values(**values)
    if changed(moved) != 1:
        raise WrongState("Người này đang ở bước khác trong hàng chờ.")
    db.session.expire(visit)
    return visit


def walk_in(wish: Booking) -> Visit:
    """Somebody came without booking: a number at once. The clerk writes them down."""
    day = slots.locked(wish.day_id)
    by = wish.entered_by
    if by is None:
        raise WrongState("Người đến trực tiếp do cán bộ tiếp nhận ghi tên.")
    access.runs(day.ward_id, by)
    if wish.submission_key and (known := slots.by_key(wish.submission_key)):
        return known
    if day.status not in LINE:
        raise WrongState("Buổi tiếp này đã kết thúc hoặc chưa công bố.")
    return slots.written(wish, S.WAITING, number=_next_number(day))


def standing(day_id: int) -> Standing:
    """How many wait, are in, are done, are still to come."""
    query = sa.select(Visit.state, sa.func.count(), sa.func.max(Visit.number)).where(
        Visit.day_id == day_id
    )
    found = db.session.execute(query.group_by(Visit.state))
    rows = {state: (count, last) for state, count, last in found}
    waiting, done, booked = (
        rows.get(state, (0, None))[0] for state in (S.WAITING, S.DONE, S.BOOKED)
    )
    return Standing(rows.get(S.INSIDE, (0, None))[1], waiting, done, booked)


def ahead_of(visit: Visit) -> int:
    """How many wait before somebody who waits."""
    before = sa.select(sa.func.count()).where(
        Visit.day_id == visit.day_id, Visit.state == S.WAITING, Visit.number < visit.number
    )
    return db.session.scalar(before) or 0


def visits_of(day: ReceptionDay) -> list[Visit]:
    """Everybody of a day: who is in, who waits by number, who booked by time, the rest."""
    order = {
        S.INSIDE: 0,
        S.WAITING: 1,
        S.BOOKED: 2,
        S.DONE: 3,
        S.REFUSED: 3,
        S.ABSENT: 4,
        S.LEFT: 5,
    }
    rows = db.session.scalars(sa.select(Visit).filter_by(day_id=day.id)).all()
    return sorted(rows, key=lambda v: (order[v.state], v.number or 0, v.slot or 0, v.id))


def _next_number(day: ReceptionDay) -> int:
    """Counted by the database, under the day's lock."""
    counted = sa.update(ReceptionDay).where(ReceptionDay.id == day.id)
    changed(counted.values(last_number=ReceptionDay.last_number + 1))
    db.session.expire(day, ["last_number"])
    return day.last_number
