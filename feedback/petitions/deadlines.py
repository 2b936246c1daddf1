"""Until when each step of a petition is due: the law and the ward's promise, tied to rows.

Whatever happens to a date (a pause, an extension, another kind) is a row first; `recompute` then works
the dates out again from the rows, so the same rows always give the same dates and the same trace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.actor import Actor
from feedback.petitions import due
from feedback.petitions.dating import (
    ACCEPTANCE,
    FINAL,
    Past,
    date_of,
    final_step,
    pasts,
    present,
    steps,
)
from feedback.petitions.models import Deadline, Extension, Kind, Pause, Petition, Urgency
from feedback.procedures.changes import Extension as MoreTime
from feedback.procedures.limits import Unit
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import Setup, setup_of


@dataclass(frozen=True)
class Room:
    """How much more time a petition may be given: from 1 to `most`, in this unit."""

    most: int
    unit: Unit


def first(
    kind: Kind, urgency: Urgency, received_at: datetime, setup: Setup
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The limits of a new petition: values for `Deadline` rows without the petition's id, and for the
    petition's own date."""
    given = {"round": 0, "started_at": received_at, "met_at": None, "look_at": received_at}
    dates = {
        step: date_of(kind, urgency, step, received_at, received_at, setup)
        for step in steps(kind, setup)
    }
    limits = [{"step": step, **given, **_values(found)} for step, found in dates.items()]
    return limits, _own(dates[final_step(kind, setup)])


def recompute(petition: Petition) -> None:
    """Work the dates of the present round out again from the rows. Any number of times."""
    recompute_all([petition])


def recompute_all(petitions: Sequence[Petition]) -> None:
    """The same for many, for as many queries as for one."""
    ids = [petition.id for petition in petitions]
    past = pasts(ids)
    rows: dict[int, list[Deadline]] = {id: [] for id in ids}
    for row in db.session.scalars(sa.select(Deadline).where(Deadline.petition_id.in_(ids))):
        rows[row.petition_id].append(row)
    setups = {id: setup_of(id) for id in {petition.ward_id for petition in petitions}}
    for petition in petitions:
        own = [row for row in rows[petition.id] if row.round == petition.reopened]
        _recompute(petition, own, setups[petition.ward_id], past[petition.id])
    db.session.flush()
    for petition in petitions:
        db.session.expire(petition, ["deadlines"])


def _recompute(petition: Petition, present_rows: list[Deadline], setup: Setup, past: Past) -> None:
    rows = {row.step: row for row in present_rows}
    wanted = [step for step in steps(petition.kind, setup) if step != ACCEPTANCE or step in rows]
    started_at = max((row.started_at for row in rows.values()), default=petition.received_at)
    final = wanted[-1]
    for step in wanted:
        row = rows.pop(step, None) or Deadline(
            petition_id=petition.id, step=step, round=petition.reopened, started_at=started_at
        )
        found = present(petition, row, setup, past)
        if row.due_at != found.at:  # the reminders of another date no longer hold
            row.look_at = min(row.look_at or found.at, found.at, clock.now())
        for name, value in _values(found).items():
            setattr(row, name, value)
        db.session.add(row)
        if step == final:
            _date(petition, found)
    for row in rows.values():
        db.session.delete(row)


def met(petition: Petition, at: datetime, *steps: str) -> None:
    """Steps of the present round were done (all, unless named); the first time counts."""
    for row in _rows(petition):
        if (not steps or row.step in steps) and row.met_at is None:
            row.met_at = at


def unanswered(petition: Petition) -> None:
    """The answer was taken back before it left."""
    for row in _rows(petition):
        if row.step in FINAL:
            row.met_at = None


def pause(petition: Petition, at: datetime, reason: str) -> None:
    """The ward's own clock stands still; a clock of law does not (its procedure says which)."""
    db.session.add(Pause(petition_id=petition.id, starts_at=at, reason=reason))
    recompute(petition)


def resume(petition: Petition, at: datetime) -> None:
    """It goes on: what was left then is left now."""
    db.session.execute(
        sa.update(Pause)
        .where(Pause.petition_id == petition.id, Pause.ends_at.is_(None))
        .values(ends_at=at)
    )
    recompute(petition)


def extend(petition: Petition, amount: int, reason: str, by: Actor) -> None:
    """Move the final date by `amount` of its own unit. Raises ExtensionRefused."""
    setup = setup_of(petition.ward_id)
    row = _final_row(petition, setup)
    now = _now(petition, row, setup)
    later = due.extend(now, MoreTime(amount, reason), calendar=calendar_of(setup))
    db.session.add(
        Extension(
            petition_id=petition.id,
            at=petition.updated_at,
            amount=amount,
            old_due_at=now.at,
            new_due_at=later.at,
            reason=reason,
            officer_id=by.officer_id,
        )
    )
    recompute(petition)


def room(petition: Petition) -> Room | None:
    """How far the present date may still be moved; None when not at all."""
    setup = setup_of(petition.ward_id)
    now = _now(petition, _final_row(petition, setup), setup)
    allowed = now.length.extended_to[len(now.extensions) :]
    most = allowed[0] - now.total if allowed else 0
    return Room(most, now.unit) if most > 0 else None


def restart(petition: Petition, at: datetime) -> None:
    """A new round after a re-opening: the answer is due anew, counted from then."""
    setup = setup_of(petition.ward_id)
    row = Deadline(
        petition_id=petition.id,
        step=final_step(petition.kind, setup),
        round=petition.reopened,
        started_at=at,
    )
    found = present(petition, row, setup, Past())
    for name, value in _values(found).items():
        setattr(row, name, value)
    db.session.add(row)
    _date(petition, found)


def _now(petition: Petition, row: Deadline, setup: Setup) -> due.Due:
    return present(petition, row, setup, pasts([petition.id])[petition.id])


def _date(petition: Petition, found: due.Due) -> None:
    for name, value in _own(found).items():
        setattr(petition, name, value)


def _own(found: due.Due) -> dict[str, Any]:
    """The petition's own columns of the date by which it is due."""
    return {"due_at": found.at, "late_at": found.lapses_at}


def _values(found: due.Due) -> dict[str, Any]:
    return {
        "due_at": found.at,
        "article": found.article,
        "trace": list(found.trace),
        "is_stopped": found.is_stopped,
    }


def _rows(petition: Petition) -> Sequence[Deadline]:
    return db.session.scalars(
        sa.select(Deadline)
        .where(Deadline.petition_id == petition.id, Deadline.round == petition.reopened)
        .order_by(Deadline.id)
    ).all()


def _final_row(petition: Petition, setup: Setup) -> Deadline:
    step = final_step(petition.kind, setup)
    return next(row for row in _rows(petition) if row.step == step)
