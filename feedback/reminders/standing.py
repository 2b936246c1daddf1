"""Which reminders hold (the date is still that date, nobody has met it, it runs), and which weigh most."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa

from feedback.petitions.models import Deadline
from feedback.reminders.ladder import ladder
from feedback.reminders.models import Reminder


def stands(*conditions: Any) -> sa.Exists:
    """The date of a reminder is still its petition's, and open."""
    return sa.exists().where(
        Deadline.petition_id == Reminder.petition_id,
        Deadline.step == Reminder.step,
        Deadline.due_at == Reminder.due_at,
        Deadline.met_at.is_(None),
        *conditions,
    )


@cache
def waits() -> sa.Exists:
    """The same, and its clock is not stopped."""
    return stands(Deadline.is_stopped.is_(False))


def weight(row: Reminder) -> tuple[int, float]:
    """How grave a reminder is, beside others: its rung, then how long ago its date was."""
    return ladder().weight(row.rung), -row.due_at.timestamp()


def gravest(rows: Iterable[Reminder]) -> list[Reminder]:
    """One reminder for each petition, the gravest first."""
    ordered = sorted(rows, key=weight)
    return sorted({row.petition_id: row for row in ordered}.values(), key=weight, reverse=True)
