"""What date a limit has: its procedure run over the ward's calendar, with what happened since. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.petitions import due
from feedback.petitions.models import Deadline, Extension, Kind, Pause, Petition, Urgency
from feedback.procedures.changes import Extension as MoreTime
from feedback.procedures.changes import Pause as Standstill
from feedback.procedures.limits import Pausing, Procedures, ServiceLevel, Unit
from feedback.procedures.load import shipped
from feedback.procedures.refusals import ExtensionRefused
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import Setup
from feedback.worktime.trace import Step, said

ACCEPTANCE = "acceptance"
# By which of its steps a petition is due: the first that its kind's procedure knows. A complaint has
# no answer from us in law but a notice of what became of it, until its own track begins.
FINAL = ("answer", "processing_notice")


def steps(kind: Kind, setup: Setup) -> tuple[str, str]:
    """The steps we keep dates for: acceptance, and the one by which the petition is due."""
    return ACCEPTANCE, final_step(kind, setup)


def final_step(kind: Kind, setup: Setup) -> str:
    known = procedures_of(setup).steps(kind)
    return next(step for step in FINAL if step in known)


def date_of(
    kind: Kind, urgency: Urgency, step: str, start: datetime, received_at: datetime, setup: Setup
) -> due.Due:
    """A limit as it stands at its start; the day of receipt chooses the law."""
    return due.due(
        kind,
        step,
        start,
        calendar=calendar_of(setup),
        urgency=urgency,
        procedures=procedures_of(setup),
        received_on=_day(received_at),
    )


@dataclass(frozen=True)
class Past:
    """What moved the dates of a petition: pauses, and extensions with the instant of each."""

    pauses: Sequence[Standstill] = ()
    extensions: Sequence[tuple[datetime, MoreTime]] = ()


def pasts(petition_ids: Collection[int]) -> dict[int, Past]:
    """The past of each of these petitions, for two queries."""
    pauses, extensions = defaultdict(list), defaultdict(list)
    paused = sa.select(Pause.petition_id, Pause.starts_at, Pause.ends_at)
    for id, starts_at, ends_at in db.session.execute(
        paused.where(Pause.petition_id.in_(petition_ids)).order_by(Pause.starts_at, Pause.id)
    ):
        pauses[id].append(Standstill(starts_at, ends_at))
    extended = sa.select(Extension.petition_id, Extension.at, Extension.amount, Extension.reason)
    for id, at, amount, reason in db.session.execute(
        extended.where(Extension.petition_id.in_(petition_ids)).order_by(Extension.id)
    ):
        extensions[id].append((at, MoreTime(amount, reason)))
    return {id: Past(pauses[id], extensions[id]) for id in petition_ids}


def present(petition: Petition, row: Deadline, setup: Setup, past: Past) -> due.Due:
    """A limit as it stands now, with the pauses and extensions made since its start."""
    found = date_of(
        petition.kind, petition.urgency, row.step, row.started_at, petition.received_at, setup
    )
    if row.step == ACCEPTANCE:
        return found
    calendar = calendar_of(setup)
    if found.limit.pauses is Pausing.WARD:
        found = due.apply_pauses(found, past.pauses, calendar=calendar)
    dropped: list[Step] = []
    for more in (more for at, more in past.extensions if at >= row.started_at):
        try:
            found = due.extend(found, more, calendar=calendar)
        except ExtensionRefused as refusal:  # another kind or urgency since: it no longer fits
            dropped.append(said("note", f"Không tính phần gia hạn trước đây: {refusal.sentence}"))
    return replace(found, trace=(*found.trace, *dropped))


def days_left(due_at: datetime, setup: Setup) -> int | None:
    """Working days until a date, today not counted; below 0: so many have passed since.

    None on the days off right after it, when not one working day has passed.
    """
    last = _day(due_at)
    left = calendar_of(setup).working_days_between(clock.today(), last)
    return None if left == 0 and last < clock.today() else left


def procedures_of(setup: Setup) -> Procedures:
    """The shipped procedures with the ward's own service levels (`settings["service_levels"]`)."""
    known: Procedures | None = setup.memory.get("procedures")
    if known is None:
        levels = [_level(**level) for level in setup.settings.get("service_levels", ())]
        known = setup.memory["procedures"] = shipped().override(levels) if levels else shipped()
    return known


def _level(unit: str, extended_to: Sequence[int] = (), **values: Any) -> ServiceLevel:
    return ServiceLevel(unit=Unit(unit), extended_to=tuple(extended_to), **values)


def _day(at: datetime) -> date:
    return clock.local(at).date()
