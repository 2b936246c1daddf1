"""Until when each step of a petition is due, as rows with the trace that explains them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.actor import Actor
from feedback.petitions.models import Deadline, Extension, Kind, Pause, Petition, Urgency

ACCEPTANCE, ANSWER = "acceptance", "answer"
STEPS = (ACCEPTANCE, ANSWER)
_DAYS = {Urgency.URGENT: 1, Urgency.QUICK: 3, Urgency.NORMAL: 7, Urgency.COMPLEX: 11}


def first(kind: Kind, urgency: Urgency, received_at: datetime) -> Iterator[dict[str, Any]]:
    """The limits of a new petition, as values for `Deadline` rows without the petition's id."""
    for step in STEPS:
        yield _values(kind, urgency, step, received_at, 0)


def _values(
    kind: Kind, urgency: Urgency, step: str, started_at: datetime, round_: int
) -> dict[str, Any]:
    days = 1 if step == ACCEPTANCE else _DAYS[urgency]
    return {
        "step": step,
        "round": round_,
        "started_at": started_at,
        "due_at": _after(started_at, days),
        "article": "Mức phục vụ của phường",
        "trace": [],
    }


def _after(start: datetime, days: int) -> datetime:
    """Stand-in count: weekdays only."""
    at = clock.local(start)
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < 5
    return at.replace(hour=17, minute=0, second=0, microsecond=0)


def current(petition: Petition, step: str) -> Deadline | None:
    """The limit of a step in the present round."""
    return db.session.scalar(
        sa.select(Deadline).where(
            Deadline.petition_id == petition.id,
            Deadline.step == step,
            Deadline.round == petition.reopened,
        )
    )


def met(petition: Petition, step: str, at: datetime) -> None:
    """The step was done; once."""
    row = current(petition, step)
    if row is not None and row.met_at is None:
        row.met_at = at


def unmet(petition: Petition, step: str) -> None:
    """The step was taken back."""
    row = current(petition, step)
    if row is not None:
        row.met_at = None


def pause(petition: Petition, at: datetime, reason: str) -> None:
    """The ward's own clock stands still."""
    db.session.add(Pause(petition_id=petition.id, starts_at=at, reason=reason))


def resume(petition: Petition, at: datetime) -> None:
    """It goes on: the answer is due so much later."""
    row = db.session.scalar(
        sa.select(Pause).where(Pause.petition_id == petition.id, Pause.ends_at.is_(None))
    )
    if row is not None:
        row.ends_at = at
        _move(petition, at - row.starts_at)


def extend(petition: Petition, working_days: int, reason: str, by: Actor) -> None:
    """Move the answer's date by so many working days."""
    limit = current(petition, ANSWER)
    if limit is None or by.officer_id is None:
        return
    new = _after(limit.due_at, working_days)
    db.session.add(
        Extension(
            petition_id=petition.id,
            at=petition.updated_at,
            old_due_at=limit.due_at,
            new_due_at=new,
            reason=reason,
            officer_id=by.officer_id,
        )
    )
    limit.due_at = petition.due_at = new


def restart(petition: Petition, at: datetime) -> None:
    """A new round after a re-opening: the answer is due anew."""
    values = _values(petition.kind, petition.urgency, ANSWER, at, petition.reopened)
    db.session.add(Deadline(petition_id=petition.id, **values))
    petition.due_at = values["due_at"]


def recompute(petition: Petition) -> None:
    """Work the dates out again from the rows, after the case or the calendar changed."""


def _move(petition: Petition, by: timedelta) -> None:
    limit = current(petition, ANSWER)
    if limit is not None:
        limit.due_at += by
        petition.due_at = limit.due_at
