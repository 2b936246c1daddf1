"""Who booked a time and is to be told by telephone: it moved, is off, is online; on the eve, that it is tomorrow."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.codes import show_code
from feedback.dialogue.phoning import (
    EVE,
    TOLD,
    Call,
    News,
    Told,
    looked,
    newest,
    ticked,
    unticked,
)
from feedback.errors import WrongState
from feedback.people.actor import Actor
from feedback.people.models import Contact
from feedback.reception.models import DayStatus, Mode, ReceptionDay, Visit, VisitState
from feedback.reception.notices import time_of
from feedback.wards.setup import setup_of
from feedback.worktime.words import minute_name

_ACTS = {"postpone": News.MOVED, "cancel": News.CANCELLED, "online": News.ONLINE}


def waiting(day: ReceptionDay, *, by: Actor) -> list[Call]:
    """Whom to call, in the order of their times. Call in a transaction: looking is written down."""
    names = setup_of(day.ward_id).neighbourhoods
    found = [(row, news) for row in _unreached(day) if (news := news_of(day, row))]
    if found:
        looked("reception_visit", [row.id for row, _ in found], by)
    return [
        Call(
            row.id,
            row.name,
            row.phone or "",
            news,
            _words(day, row, news),
            since,
            names.get(row.neighbourhood_id or 0, ""),
        )
        for row, (news, since) in found
    ]


def count(day: ReceptionDay) -> int:
    """How many are to be called, for a number beside a link."""
    return sum(news_of(day, row) is not None for row in _unreached(day))


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
    found = news_of(visit.day, visit)
    if found is None or found[1] != since:
        raise WrongState(TOLD)
    ticked(visit, since, by)


def untick(visit: Visit, *, by: Actor) -> None:
    unticked(visit, by)


def news_of(day: ReceptionDay, visit: Visit) -> tuple[News, datetime] | None:
    """The weightiest news they do not know, and the instant of the newest."""
    return newest(_news(day), visit.phoned_at or visit.booked_at)


def _news(day: ReceptionDay) -> Iterator[tuple[News, datetime]]:
    """What happened to a day since it was published; on its eve, that it is tomorrow."""
    if day.published_at is None or day.opens_at <= clock.now():
        return
    is_off = day.status is DayStatus.CANCELLED
    if not is_off and day.status is not DayStatus.PUBLISHED:
        return
    for event in day.events:
        news = _ACTS.get(event.action)
        if news and is_off is (news is News.CANCELLED) and event.at > day.published_at:
            yield news, event.at
    if not is_off and day.opens_at - EVE <= clock.now():
        yield News.EVE, day.opens_at - EVE


def _words(day: ReceptionDay, visit: Visit, news: News) -> str:
    when = minute_name(clock.local(time_of(visit)))
    place = f"trực tuyến, hoặc đến {day.place}" if day.mode is Mode.ONLINE else day.place
    return {
        News.CANCELLED: f"Buổi tiếp công dân không tổ chức nữa. Lý do: {day.reason}",
        News.MOVED: f"Giờ hẹn mới: {when}, {place}. Lý do: {day.reason}",
        News.ONLINE: f"Buổi tiếp chuyển sang {place}. Giờ hẹn: {when}",
    }.get(news, f"Nhắc lịch hẹn: {when}, {place}. Mã {show_code(visit.code)}")


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
