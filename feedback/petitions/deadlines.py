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
    ANSWER,
    FINAL,
    LEGAL,
    Past,
    date_of,
    pasts,
    plan,
    plan_of,
    present,
)
from feedback.petitions.models import (
    Deadline,
    Extension,
    Kind,
    Pause,
    Petition,
    Proceeding,
    Urgency,
)
from feedback.procedures.changes import Extension as MoreTime
from feedback.procedures.limits import Unit
from feedback.procedures.refusals import ExtensionRefused
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import Setup, setup_of

# Asked by almost every verb, so written once.
_OF_THESE = sa.select(Deadline).where(
    Deadline.petition_id.in_(sa.bindparam("petitions", expanding=True))
)
_OF_A_ROUND = (
    sa.select(Deadline)
    .where(
        Deadline.petition_id == sa.bindparam("petition"), Deadline.round == sa.bindparam("round")
    )
    .order_by(Deadline.id)
)


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
    received_on = clock.local(received_at).date()
    dates = {
        step: date_of(kind, urgency, step, received_at, received_on, setup)
        for step in (ACCEPTANCE, ANSWER)
    }
    limits = [{"step": step, **given, **_values(found)} for step, found in dates.items()]
    return limits, _own(dates[ANSWER])


def recompute(petition: Petition) -> None:
    """Work the dates of the present round out again from the rows. Any number of times."""
    recompute_all([petition])


def recompute_all(petitions: Sequence[Petition]) -> None:
    """The same for many, for as many queries as for one."""
    ids = [petition.id for petition in petitions]
    past = pasts(ids)
    rows: dict[int, list[Deadline]] = {id: [] for id in ids}
    for row in db.session.scalars(_OF_THESE, {"petitions": ids}):
        rows[row.petition_id].append(row)
    setups = {id: setup_of(id) for id in {petition.ward_id for petition in petitions}}
    by_law = _proceedings(petitions)
    for petition in petitions:
        own = [row for row in rows[petition.id] if row.round == petition.reopened]
        setup = setups[petition.ward_id]
        _recompute(petition, own, setup, past[petition.id], by_law.get(petition.id))
    db.session.flush()
    for petition in petitions:
        db.session.expire(petition, ["deadlines"])


def _recompute(
    petition: Petition,
    present_rows: list[Deadline],
    setup: Setup,
    past: Past,
    proceeding: Proceeding | None,
) -> None:
    rows = {row.step: row for row in present_rows}
    wanted = plan(petition, proceeding, setup)
    begun_at = max((row.started_at for row in rows.values()), default=petition.received_at)
    for step, starts_at in wanted.starts.items():
        if step == ACCEPTANCE and starts_at is None and step not in rows:
            continue  # it was taken in without that date, or in an earlier round
        row = rows.pop(step, None) or Deadline(
            petition_id=petition.id, step=step, round=petition.reopened, started_at=begun_at
        )
        if starts_at is not None and row.started_at != starts_at:
            row.started_at, row.met_at = starts_at, None
        found = present(petition, row, setup, past, wanted)
        if row.due_at != found.at:  # the reminders of another date no longer hold
            row.look_at = min(row.look_at or found.at, found.at, clock.now())
        for name, value in _values(found).items():
            setattr(row, name, value)
        db.session.add(row)
        if step == wanted.final:
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


def pause(petition: Petition, at: datetime, reason: str, decision: str = "") -> None:
    """The ward's own clock stands still; by a decision to suspend, the law's (its procedure says which)."""
    db.session.add(Pause(petition_id=petition.id, starts_at=at, reason=reason, decision=decision))
    recompute(petition)


def resume(petition: Petition, at: datetime) -> None:
    """It goes on: what was left then is left now."""
    db.session.execute(
        sa.update(Pause)
        .where(Pause.petition_id == petition.id, Pause.ends_at.is_(None))
        .values(ends_at=at)
    )
    recompute(petition)


def open_pause(petition: Petition) -> Pause | None:
    """The one that still stands, if any."""
    return db.session.scalar(
        sa.select(Pause).where(Pause.petition_id == petition.id, Pause.ends_at.is_(None))
    )


def extend(petition: Petition, amount: int, reason: str, by: Actor, decision: str = "") -> None:
    """Move the final date by `amount` of its own unit; the law asks for a written decision.

    Raises ExtensionRefused.
    """
    now, later = longer(petition, MoreTime(amount, reason, decision))
    db.session.add(
        Extension(
            petition_id=petition.id,
            at=petition.updated_at,
            amount=amount,
            old_due_at=now.at,
            new_due_at=later.at,
            reason=reason,
            step=now.limit.step,
            decision=decision,
            officer_id=by.officer_id,
        )
    )
    recompute(petition)


def longer(petition: Petition, more: MoreTime) -> tuple[due.Due, due.Due]:
    """The final date as it stands, and as it would be with more time. Writes nothing.

    Raises ExtensionRefused.
    """
    setup = setup_of(petition.ward_id)
    now = _now(petition, setup)
    if now is None:
        raise ExtensionRefused
    return now, due.extend(now, more, calendar=calendar_of(setup))


def room(petition: Petition) -> Room | None:
    """How far the present date may still be moved; None when not at all."""
    setup = setup_of(petition.ward_id)
    now = _now(petition, setup)
    if now is None:
        return None
    allowed = now.length.extended_to[len(now.extensions) :]
    most = allowed[0] - now.total if allowed else 0
    return Room(most, now.unit) if most > 0 else None


def restart(petition: Petition, at: datetime) -> None:
    """A new round after a re-opening: the answer is due anew, counted from then."""
    setup = setup_of(petition.ward_id)
    row = Deadline(
        petition_id=petition.id,
        step=ANSWER,
        round=petition.reopened,
        started_at=at,
    )
    found = present(petition, row, setup, Past(), plan(petition, None, setup))
    for name, value in _values(found).items():
        setattr(row, name, value)
    db.session.add(row)
    _date(petition, found)


def _now(petition: Petition, setup: Setup) -> due.Due | None:
    """The final date as it stands; None while none runs."""
    wanted = plan_of(petition, setup)
    row = next((row for row in _rows(petition) if row.step == wanted.final), None)
    if row is None:
        return None
    return present(petition, row, setup, pasts([petition.id])[petition.id], wanted)


def _proceedings(petitions: Sequence[Petition]) -> dict[int, Proceeding]:
    ids = [petition.id for petition in petitions if petition.kind in LEGAL]
    if not ids:
        return {}
    rows = db.session.scalars(sa.select(Proceeding).where(Proceeding.petition_id.in_(ids)))
    return {row.petition_id: row for row in rows}


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
    present = {"petition": petition.id, "round": petition.reopened}
    return db.session.scalars(_OF_A_ROUND, present).all()
