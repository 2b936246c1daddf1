"""Who is registered is reminded: 3 days, 1 day and 2 hours before. Each rung once for each date.

`Dialogue.remind_at` is the next rung, so a look costs what is due. Somebody who registers between two
rungs hears from the next one on.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from feedback.db import db
from feedback.dialogue import notices
from feedback.dialogue.lifecycle import COMING
from feedback.dialogue.models import Dialogue

RUNGS = (
    (timedelta(days=3), "Còn 3 ngày nữa"),
    (timedelta(days=1), "Ngày mai"),
    (timedelta(hours=2), "Còn 2 giờ nữa"),
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
    return [(dialogue.starts_at - before, words) for before, words in RUNGS]
