"""The chair's days for calendars: a postponement is the same event at another time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from feedback import clock, ics, links
from feedback.db import db
from feedback.dialogue.codes import show_code
from feedback.reception.models import (
    DayKind,
    DayStatus,
    Mode,
    ReceptionDay,
    ReceptionEvent,
    Visit,
    VisitState,
)
from feedback.reception.notices import time_of
from feedback.wards.models import Ward

IN_FEEDS = timedelta(days=400)  # how far back the calendar reaches
TITLES = {
    DayKind.REGULAR: "Chủ tịch UBND tiếp công dân",
    DayKind.EXTRAORDINARY: "Tiếp công dân đột xuất",
}


def in_feeds(ward_id: int) -> Sequence[ReceptionDay]:
    """Every day residents were told of, soonest first; what was cancelled too."""
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.status != DayStatus.PLANNED,
        ReceptionDay.opens_at >= clock.now() - IN_FEEDS,
    )
    return db.session.scalars(query.order_by(ReceptionDay.opens_at, ReceptionDay.id)).all()


def calendar(ward: Ward, days: Sequence[ReceptionDay]) -> bytes:
    """An iCalendar file of these days."""
    changed = _changed_at(day.id for day in days)
    entries = [_entry(ward, day, changed.get(day.id, day.created_at)) for day in days]
    return ics.calendar(f"Tiếp công dân – {ward.name}", entries)


def appointment(ward: Ward, visit: Visit) -> bytes:
    """An iCalendar file of one resident's own time."""
    day = visit.day
    changed = _changed_at([day.id]).get(day.id, visit.booked_at)
    at = time_of(visit)
    entry = ics.Entry(
        uid=f"visit-{visit.id}@{_host(ward)}",
        sequence=day.sequence + (visit.state is VisitState.LEFT),
        changed_at=max(changed, visit.booked_at),
        starts_at=at,
        ends_at=at + timedelta(minutes=day.slot_minutes),
        title=f"Gặp Chủ tịch UBND {ward.name}",
        words=f"Mã hẹn {show_code(visit.code)}. {_line(day)}",
        place=day.place,
        url=links.appointment(visit.token),
        is_off=visit.state is VisitState.LEFT or day.status is DayStatus.CANCELLED,
    )
    return ics.calendar("Lịch hẹn gặp Chủ tịch", [entry])


def uid(day: ReceptionDay, ward: Ward) -> str:
    """The same for as long as the day is known, wherever it moves."""
    return f"reception-{day.id}@{_host(ward)}"


def _entry(ward: Ward, day: ReceptionDay, changed_at: datetime) -> ics.Entry:
    return ics.Entry(
        uid=uid(day, ward),
        sequence=day.sequence,
        changed_at=changed_at,
        starts_at=day.opens_at,
        ends_at=day.closes_at,
        title=TITLES[day.kind],
        words=_line(day),
        place=day.place,
        url=links.reception_day(ward.slug, day.id),
        is_off=day.status is DayStatus.CANCELLED,
    )


def _line(day: ReceptionDay) -> str:
    """Who is there, what about, how; why it was moved or cancelled."""
    parts = ["Không hẹn giờ vẫn được tiếp theo số thứ tự", day.topics]
    if day.mode is Mode.ONLINE:
        parts.insert(0, "Tiếp trực tuyến")
    if day.reason:
        parts.append(f"Lý do: {day.reason}")
    return ". ".join(part.rstrip(".") for part in parts if part)


def _changed_at(day_ids: Iterable[int]) -> dict[int, datetime]:
    """When something last happened to each day."""
    newest = sa.func.max(ReceptionEvent.at)
    query = sa.select(ReceptionEvent.day_id, newest).group_by(ReceptionEvent.day_id)
    rows = db.session.execute(query.where(ReceptionEvent.day_id.in_(list(day_ids))))
    return {row.day_id: row[1] for row in rows}


def _host(ward: Ward) -> str:
    return urlsplit(links.reception(ward.slug)).hostname or "ward"
