"""Who is registered is reminded: 3 days, 1 day and 2 hours before, later where that is night. Each rung once for
each date.

`Dialogue.remind_at` is the next rung, so a look costs what is due. Somebody who registers between two
rungs hears from the next one on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedback.broadcast import hours
from feedback.db import db
from feedback.dialogue import notices
from feedback.dialogue.lifecycle import COMING
from feedback.dialogue.models import Dialogue
from feedback.wards.setup import Setup, setup_of

RUNGS = (
    (timedelta(days=3), "Còn 3 ngày nữa"),
    (timedelta(days=1), "Ngày mai"),
    (timedelta(hours=2), "Còn {hours} giờ nữa"),
)


def first_reminder(dialogue: Dialogue, now: datetime) -> datetime | None:
    """The next rung after `now`; None when all have passed."""
    return next((at for at, _ in _rungs(dialogue) if at > now), None)


def tick(now: datetime, limit: int = 50) -> int:
    """Remind for every rung reached by now; how many sessions were looked at.

    After an outage only the latest rung reached is told. Call in a transaction, again while it is full.
    """
    query = (
        sa.select(Dialogue)
        .where(Dialogue.remind_at <= now, Dialogue.status.in_(COMING))
        .order_by(Dialogue.remind_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    dialogues = db.session.scalars(query).all()
    for dialogue in dialogues:
        words = [words for at, words in _rungs(dialogue) if at <= now]
        if words and now < dialogue.starts_at:
            block = f"remind_{len(words)}"
            notices.to_registered(dialogue, block, in_words=words[-1])
        dialogue.remind_at = first_reminder(dialogue, now)
    db.session.flush()
    return len(dialogues)


def _rungs(dialogue: Dialogue) -> list[tuple[datetime, str]]:
    return rungs(dialogue.starts_at, RUNGS, setup_of(dialogue.ward_id))


def rungs(
    starts_at: datetime, before: Sequence[tuple[timedelta, str]], setup: Setup
) -> list[tuple[datetime, str]]:
    """When it is told, and in which words: '{hours}' is what is left then."""
    found = []
    for ahead, words in before:
        at = hours.reminding_at(starts_at - ahead, starts_at, setup)
        found.append((at, words.format(hours=max(1, round((starts_at - at) / timedelta(hours=1))))))
    return found
