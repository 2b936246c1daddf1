"""Who booked a time and is to be told by telephone that it moved, or is off."""

from datetime import datetime

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.phoning import TOLD, Call, News, Told, looked, ticked, unticked
from feedback.errors import WrongState
from feedback.people.actor import Actor
from feedback.people.models import Contact
from feedback.reception.models import DayStatus, ReceptionDay, Visit, VisitState
from feedback.reception.notices import time_of
from feedback.wards.setup import setup_of
from feedback.worktime.words import minute_name

_ACTS = {"postpone": News.MOVED, "cancel": News.CANCELLED}


def waiting(day: ReceptionDay, *, by: Actor) -> list[Call]:
    """Whom to call, in the order of their times. Call in a transaction: looking is written down."""
    news = _news(day)
    if news is None:
        return []
    names = setup_of(day.ward_id).neighbourhoods
    rows = [row for row in _unreached(day) if (row.phoned_at or row.booked_at) < news[1]]
    if rows:
        looked("reception_visit", [row.id for row in rows], by)
    return [
        Call(
            row.id,
            row.name,
            row.phone or "",
            news[0],
            _words(day, row, news[0]),
            news[1],
            names.get(row.neighbourhood_id or 0, ""),
        )
        for row in rows
    ]


def count(day: ReceptionDay) -> int:
    """How many are to be called, for a number beside a link."""
    news = _news(day)
    return sum((r.phoned_at or r.booked_at) < news[1] for r in _unreached(day)) if news else 0


def told(day: ReceptionDay) -> list[Told]:
    """Who was called, the newest call first."""
    names = setup_of(day.ward_id).officers
    query = sa.select(Visit).where(Visit.day_id == day.id, Visit.phoned_at.is_not(None))
    return [
        Told(row.id, row.name, row.phoned_at or row.booked_at, names.get(row.phoned_by_id or 0, ""))
        for row in db.session.scalars(query.order_by(Visit.phoned_at.desc()))
    ]


def tick(visit: Visit, *, by: Actor, since: datetime) -> None:
    """They were told the news of that instant. Raises WrongState when somebody else did, or there is newer."""
    news = _news(visit.day)
    if news is None or news[1] != since:
        raise WrongState(TOLD)
    ticked(visit, news[1], by)


def untick(visit: Visit, *, by: Actor) -> None:
    unticked(visit, by)


def _news(day: ReceptionDay) -> tuple[News, datetime] | None:
    """What happened last to a day that was published, and when."""
    happened = [(_ACTS[event.action], event.at) for event in day.events if event.action in _ACTS]
    is_coming = day.status in (DayStatus.PUBLISHED, DayStatus.CANCELLED)
    if not (day.sequence and is_coming and happened and day.opens_at > clock.now()):
        return None
    return happened[-1]


def _words(day: ReceptionDay, visit: Visit, news: News) -> str:
    if news is News.CANCELLED:
        return f"Buổi tiếp công dân không tổ chức nữa. Lý do: {day.reason}"
    return (
        f"Giờ hẹn mới: {minute_name(clock.local(time_of(visit)))}, {day.place}. Lý do: {day.reason}"
    )


def _unreached(day: ReceptionDay) -> list[Visit]:
    """Who booked, has a telephone, and no chat or letter-box that works; in the order of their times."""
    query = (
        sa.select(Visit)
        .outerjoin(Contact, Contact.id == Visit.contact_id)
        .where(
            Visit.day_id == day.id,
            Visit.state == VisitState.BOOKED,
            sa.or_(Visit.contact_id.is_(None), Contact.unreachable_at.is_not(None)),
        )
    )
    return [row for row in db.session.scalars(query.order_by(Visit.slot, Visit.id)) if row.phone]
