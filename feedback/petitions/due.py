"""Until when: a limit of law or service level, run over a ward's calendar. Pure.

Bộ luật Dân sự 2015, Đ.147-148: a limit in hours begins at its moment; in a limit of days the first
day is not counted, and a last day that is no working day gives way to the next working day.

A limit in days lasts until midnight of its last day (Đ.148 k.6). `Due.at` stands at the end of
office hours of that day, so that work is ordered and reminded of by it; whether something is late
is asked of `Due.is_late`, which knows of the midnight.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from feedback.clock import ZONE
from feedback.petitions import due_words as words
from feedback.procedures.changes import Extension, Pause, refuse_extension, refuse_pause
from feedback.procedures.limits import Length, Limit, Procedures, Unit
from feedback.procedures.load import shipped
from feedback.worktime.calendar import Calendar, CalendarError
from feedback.worktime.trace import Step, Trace, said


@dataclass(frozen=True, slots=True)
class Due:
    """A date and its explanation.

    `at`: UTC instant; `on`: local date. `is_stopped`: a pause is open, so the date shown is the one
    before it and moves on when the clock starts again.
    """

    at: datetime
    on: date
    unit: Unit
    trace: tuple[Step, ...]
    article: str
    limit: Limit
    length: Length
    start: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    is_stopped: bool = False

    @property
    def total(self) -> int:
        """The whole length with its extensions, in `unit`."""
        return self.length.amount + sum(extension.amount for extension in self.extensions)

    @property
    def lapses_at(self) -> datetime:
        """The first UTC instant at which it is too late."""
        if self.unit.is_hours:
            return self.at
        midnight = datetime.combine(self.on + timedelta(days=1), time(), ZONE)
        return midnight.astimezone(UTC)

    def is_late(self, at: datetime) -> bool:
        return not self.is_stopped and at >= self.lapses_at


def due(
    kind: str,
    step: str,
    start: datetime,
    *,
    calendar: Calendar,
    urgency: str = "normal",
    options: frozenset[str] = frozenset(),
    procedures: Procedures | None = None,
    received_on: date | None = None,
) -> Due:
    """When a step of a petition is due, counted from an aware instant.

    `received_on` chooses the law (a petition keeps that of its day); without it, the day of
    `start`. `procedures` carry the ward's own service levels (`Procedures.override`).
    Raises NoSuchLimit, UnknownChoice, CalendarError.
    """
    if start.tzinfo is None:
        raise CalendarError(f"an instant needs a time zone: {start!r}")
    procedures = procedures or shipped()
    start = start.astimezone(ZONE)
    limit = procedures.limit(kind, step, received_on or start.date())
    length = procedures.length(limit, urgency, options)
    return _settled(limit, length, start, (), (), calendar)


def apply_pauses(due: Due, pauses: Iterable[Pause], *, calendar: Calendar) -> Due:
    """The same limit with these pauses, all of them: what was left goes on when the clock does.

    Raises PauseRefused: a legal clock stops only by a decision to suspend, and most not at all.
    """
    ordered = tuple(sorted(pauses, key=lambda pause: pause.starts_at))
    for pause in ordered:
        refuse_pause(due.limit, pause)
    return _settled(due.limit, due.length, due.start, ordered, due.extensions, calendar)


def extend(due: Due, extension: Extension, *, calendar: Calendar) -> Due:
    """The same limit with one more extension, counted from its start.

    Raises ExtensionRefused: past the maximum, once too often, or without reason or document.
    """
    refuse_extension(due.limit, due.length, due.extensions, extension)
    extensions = (*due.extensions, extension)
    return _settled(due.limit, due.length, due.start, due.pauses, extensions, calendar)


def as_json(due: Due) -> dict[str, Any]:
    """`{"due": "2026-08-28", …, "trace": […]}`; a limit in hours gives a local minute."""
    local = due.at.astimezone(ZONE).replace(tzinfo=None)
    return {
        "due": local.isoformat(timespec="minutes") if due.unit.is_hours else due.on.isoformat(),
        "unit": due.unit.value,
        "article": due.article,
        "confidence": due.limit.confidence.value,
        "trace": list(due.trace),
    }


def due_as_json(kind: str, step: str, start: datetime, **how: Any) -> dict[str, Any]:
    """`due`, as JSON."""
    return as_json(due(kind, step, start, **how))


# -- counting: instants here are local ------------------------------------------------------------


def _settled(
    limit: Limit,
    length: Length,
    start: datetime,
    pauses: tuple[Pause, ...],
    extensions: tuple[Extension, ...],
    calendar: Calendar,
) -> Due:
    trace = words.opening(limit, length, start, extensions)
    total = length.amount + sum(extension.amount for extension in extensions)
    if limit.before:
        total = -total
    at, is_stopped = _run(length.unit, total, start, pauses, calendar, trace)
    at = _capped(at, start, length.cap_days, calendar, trace)
    trace.append(words.ending(at, length.unit, is_stopped))
    if caveat := calendar.caveat(at.year):
        trace.append(said("note", caveat))
    return Due(
        at.astimezone(UTC),
        at.date(),
        length.unit,
        tuple(trace),
        limit.article,
        limit,
        length,
        start,
        pauses,
        extensions,
        is_stopped,
    )


def _run(
    unit: Unit,
    amount: int,
    start: datetime,
    pauses: tuple[Pause, ...],
    calendar: Calendar,
    trace: Trace,
) -> tuple[datetime, bool]:
    """Use up `amount` from `start`, standing still in the pauses; True if it still stands."""
    left = amount * 60 if unit.is_hours else amount
    for pause in pauses:
        stop = max(pause.starts_at.astimezone(ZONE), start)
        at = _add(unit, calendar, start, left)
        if _is_over(unit, at, stop):
            break
        if pause.ends_at and pause.ends_at <= stop:
            continue
        left = max(0, left - _used(unit, calendar, start, stop))
        trace.append(words.standing(pause, unit, left))
        if pause.ends_at is None:
            return at, True
        start = pause.ends_at.astimezone(ZONE)
    return _add(unit, calendar, start, left, trace), False


def _add(
    unit: Unit, calendar: Calendar, start: datetime, amount: int, trace: Trace | None = None
) -> datetime:
    """Working hours come as minutes; a limit in days ends with the office hours of its last day."""
    if unit is Unit.WORKING_HOURS:
        return calendar.add_working_minutes(start, amount, trace)
    if unit is Unit.WORKING_DAYS:
        return calendar.closes(calendar.add_working_days(start.date(), amount, trace))
    return calendar.closes(calendar.add_calendar_days(start.date(), amount, trace))


def _used(unit: Unit, calendar: Calendar, start: datetime, stop: datetime) -> int:
    if unit is Unit.WORKING_HOURS:
        return calendar.working_minutes_between(start, stop)
    if unit is Unit.WORKING_DAYS:
        return calendar.working_days_between(start.date(), stop.date())
    return (stop.date() - start.date()).days


def _is_over(unit: Unit, at: datetime, stop: datetime) -> bool:
    """The limit had run out before the clock stopped."""
    return at <= stop if unit.is_hours else at.date() < stop.date()


def _capped(
    at: datetime, start: datetime, cap_days: int | None, calendar: Calendar, trace: Trace
) -> datetime:
    if cap_days is None:
        return at
    why: Trace = []
    cap = calendar.closes(calendar.add_calendar_days(start.date(), cap_days, why))
    trace.append(words.cap(at.date(), cap.date(), cap_days))
    if at <= cap:
        return at
    trace.extend(why)
    return cap
