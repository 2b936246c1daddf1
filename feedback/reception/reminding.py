"""Who booked is reminded: the day before, and 2 hours before. `ReceptionDay.remind_at` is the next."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from feedback.db import db
from feedback.dialogue.reminding import rungs
from feedback.reception import notices
from feedback.reception.models import DayStatus, ReceptionDay
from feedback.wards.setup import setup_of

RUNGS = ((timedelta(days=1), "Ngày mai"), (timedelta(hours=2), "Còn {hours} giờ nữa"))


def first_reminder(day: ReceptionDay, now: datetime) -> datetime | None:
    """The next rung after `now`; None when all have passed."""
    return next((at for at, _ in _rungs(day) if at > now), None)


def tick(now: datetime, limit: int = 50) -> int:
    """Remind for every rung reached by now; how many days were looked at. Call again while it is full."""
    query = (
        sa.select(ReceptionDay)
        .where(ReceptionDay.remind_at <= now, ReceptionDay.status == DayStatus.PUBLISHED)
        .order_by(ReceptionDay.remind_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    days = db.session.scalars(query).all()
    for day in days:
        words = [words for at, words in _rungs(day) if at <= now]
        if words and now < day.opens_at:
            notices.to_booked(day, f"remind_{len(words)}", in_words=words[-1])
        day.remind_at = first_reminder(day, now)
    db.session.flush()
    return len(days)


def _rungs(day: ReceptionDay) -> list[tuple[datetime, str]]:
    return rungs(day.opens_at, RUNGS, setup_of(day.ward_id))
