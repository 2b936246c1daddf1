"""Who may do what about reception: reception's own people run the queue, those who decide the rest."""

from feedback.db import db
from feedback.errors import NotAllowed, NotFound
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.reception.models import DayStatus, ReceptionDay, Visit


def runs(ward_id: int, by: Actor) -> None:
    """May see and run the queue, and write the register. Raises NotFound, NotAllowed."""
    _with(P.INTAKE, ward_id, by)


def decides(ward_id: int, by: Actor) -> None:
    """May set and publish the timetable, refuse, conclude. Raises NotFound, NotAllowed."""
    _with(P.DECIDE, ward_id, by)


def day_for(day_id: int, by: Actor) -> ReceptionDay:
    """A day this officer runs. Raises NotFound."""
    day = db.session.get(ReceptionDay, day_id)
    if day is None or day.ward_id != by.ward_id or not by.has(P.INTAKE):
        raise NotFound
    return day


def visit_for(visit_id: int, by: Actor) -> Visit:
    """A visit of a day this officer runs. Raises NotFound."""
    visit = db.session.get(Visit, visit_id)
    if visit is None or visit.day.ward_id != by.ward_id or not by.has(P.INTAKE):
        raise NotFound
    return visit


def public_day(ward_id: int, day_id: int) -> ReceptionDay:
    """A day residents may read of. Raises NotFound."""
    day = db.session.get(ReceptionDay, day_id)
    if day is None or day.ward_id != ward_id or day.status is DayStatus.PLANNED:
        raise NotFound
    return day


def _with(right: P, ward_id: int, by: Actor) -> None:
    if by.ward_id != ward_id:
        raise NotFound
    if not by.has(right):
        raise NotAllowed
