"""What date a limit has: its procedure run over the ward's calendar, with what happened since. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.petitions import due
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
from feedback.procedures.changes import Pause as Standstill
from feedback.procedures.limits import Pausing
from feedback.procedures.refusals import ExtensionRefused
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.service_levels import procedures_of
from feedback.wards.setup import Setup
from feedback.worktime.trace import Step, said

ACCEPTANCE = "acceptance"
ANSWER = "answer"
RESOLUTION = "resolution"
SORTING = "sorting"  # of a letter that is not signed yet: whoever wrote it is told what it needs
FINAL = (ANSWER, RESOLUTION)
NAMES = {  # of the dates a page shows, for petitions of the ward's own promise and of the law
    ACCEPTANCE: "Hạn tiếp nhận",
    ANSWER: "Hạn trả lời",
}
NAMES_OF_LAW = {
    ACCEPTANCE: "Hạn thụ lý",
    RESOLUTION: "Hạn giải quyết",
    SORTING: "Hạn phân loại, hướng dẫn",
    "processing_notice": "Hạn thông báo kết quả xử lý đơn",
    "transfer": "Hạn chuyển, nếu không thuộc thẩm quyền",
    "acceptance_notice": "Hạn thông báo thụ lý",
}
LEGAL = frozenset({Kind.KHIEU_NAI, Kind.TO_CAO})

# What the law dates besides, from the day the signed petition came and from the day it was taken up.
_SINCE_SIGNED = (ACCEPTANCE, "transfer", "processing_notice")
_SINCE_ADMITTED = (RESOLUTION, "acceptance_notice")


@dataclass(frozen=True)
class Plan:
    """The steps a petition has dates for now: each with its start (UTC; None: as its row has it), and
    the one by which the petition is due. `received_on` chooses the law."""

    starts: Mapping[str, datetime | None]
    final: str
    received_on: date
    options: frozenset[str] = frozenset()


def plan(petition: Petition, proceeding: Proceeding | None, setup: Setup) -> Plan:
    """By kind: the ward's own two steps, or the law's, which begin with the signed petition."""
    if petition.kind not in LEGAL:
        starts: dict[str, datetime | None] = {ACCEPTANCE: None, ANSWER: None}
        return Plan(starts, ANSWER, _day(petition.received_at))
    if proceeding is None:
        return Plan({SORTING: petition.received_at}, SORTING, _day(petition.received_at))
    known = procedures_of(setup).steps(petition.kind)
    starts = {step: midnight(proceeding.signed_on) for step in _SINCE_SIGNED if step in known}
    if proceeding.admitted_on is None:
        return Plan(starts, ACCEPTANCE, proceeding.signed_on)
    admitted_at = midnight(proceeding.admitted_on)
    starts |= {step: admitted_at for step in _SINCE_ADMITTED if step in known}
    return Plan(starts, RESOLUTION, proceeding.signed_on, _options(petition.kind, proceeding))


def _options(kind: Kind, proceeding: Proceeding) -> frozenset[str]:
    """An accusation begins with the plain length and is extended in writing (Luật Tố cáo Đ.30)."""
    if kind is not Kind.KHIEU_NAI:
        return frozenset()
    options = {"complex": bool(proceeding.criteria), "remote": proceeding.is_remote}
    return frozenset(option for option, holds in options.items() if holds)


def name_of(step: str, kind: Kind) -> str:
    """How a page calls a date."""
    return (NAMES_OF_LAW if kind in LEGAL else NAMES).get(step, "Thời hạn")


def plan_of(petition: Petition, setup: Setup) -> Plan:
    """The plan of a petition at hand; looks its proceeding up where the law dates it."""
    return plan(petition, petition.proceeding if petition.kind in LEGAL else None, setup)


def midnight(on: date) -> datetime:
    """The beginning of a local day."""
    return datetime.combine(on, time(), clock.ZONE).astimezone(UTC)


def date_of(
    kind: Kind,
    urgency: Urgency,
    step: str,
    start: datetime,
    received_on: date,
    setup: Setup,
    options: frozenset[str] = frozenset(),
) -> due.Due:
    """A limit as it stands at its start; the day of receipt chooses the law."""
    return due.due(
        kind,
        step,
        start,
        calendar=calendar_of(setup),
        urgency=urgency,
        options=options,
        procedures=procedures_of(setup, received_on),
        received_on=received_on,
    )


@dataclass(frozen=True)
class Past:
    """What moved the dates of a petition: pauses, and extensions with the instant and step of each."""

    pauses: Sequence[Standstill] = ()
    extensions: Sequence[tuple[datetime, str, MoreTime]] = ()


_THESE: sa.BindParameter[int] = sa.bindparam("petitions", expanding=True)
_PAUSED = (
    sa.select(Pause.petition_id, Pause.starts_at, Pause.ends_at, Pause.decision)
    .where(Pause.petition_id.in_(_THESE))
    .order_by(Pause.starts_at, Pause.id)
)
_EXTENDED = (
    sa.select(Extension.petition_id, Extension.at, Extension.step)
    .add_columns(Extension.amount, Extension.reason, Extension.decision)
    .where(Extension.petition_id.in_(_THESE))
    .order_by(Extension.id)
)


def pasts(petition_ids: Collection[int]) -> dict[int, Past]:
    """The past of each of these petitions, for two queries."""
    pauses, extensions = defaultdict(list), defaultdict(list)
    these = {"petitions": list(petition_ids)}
    for id, starts_at, ends_at, decision in db.session.execute(_PAUSED, these):
        pauses[id].append(Standstill(starts_at, ends_at, decision))
    for id, at, step, amount, reason, decision in db.session.execute(_EXTENDED, these):
        extensions[id].append((at, step or ANSWER, MoreTime(amount, reason, decision)))
    return {id: Past(pauses[id], extensions[id]) for id in petition_ids}


def present(petition: Petition, row: Deadline, setup: Setup, past: Past, plan: Plan) -> due.Due:
    """A limit as it stands now, with the pauses and extensions made since its start."""
    options = plan.options if row.step == RESOLUTION else frozenset()
    found = date_of(
        petition.kind,
        petition.urgency,
        row.step,
        row.started_at,
        plan.received_on,
        setup,
        options,
    )
    calendar = calendar_of(setup)
    if found.limit.pauses is not Pausing.NONE:
        by_law = found.limit.pauses is Pausing.SUSPENSION
        stops = [pause for pause in past.pauses if bool(pause.decision) is by_law]
        found = due.apply_pauses(found, stops, calendar=calendar)
    dropped: list[Step] = []
    for at, step, more in past.extensions:
        if step != row.step or at < row.started_at:
            continue
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


def _day(at: datetime) -> date:
    return clock.local(at).date()
