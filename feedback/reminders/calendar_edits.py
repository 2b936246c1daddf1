"""A ward's working time is edited, days or office hours: its rows, then every open date it touches.

The handler is told in the next digest (at once if it is urgent), the resident only if the date got later
(and not while the clock stands still: the date moves again when it goes on).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.actor import Actor
from feedback.petitions import by_itself, deadlines, notices
from feedback.petitions.by_itself import Entry, News
from feedback.petitions.dating import pasts, plan_of, present
from feedback.petitions.models import STOPPED, Deadline, Petition
from feedback.reminders.deciding import Reached, remind
from feedback.reminders.ladder import ladder
from feedback.wards import calendar_days, office_windows
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.holidays import Day, DayKind, Window
from feedback.worktime.words import day_name

BATCH = 200
SHOWN = 5  # petitions named in a forecast


@dataclass(frozen=True)
class Move:
    """One petition's date, now and after the edit."""

    number: str
    before: datetime
    after: datetime


@dataclass
class Forecast:
    """What an edit would do: how many dates move, how many later, how many would have passed at once."""

    moved: int = 0
    later: int = 0
    passed: int = 0
    shown: tuple[Move, ...] = ()


def set_day(ward_id: int, day: date, kind: DayKind, name: str, source: str, *, by: Actor) -> int:
    """Say what a day is; how many petitions got another date.

    It counts as confirmed when its year is. Raises NotAllowed, BadInput.
    """
    is_settled = calendar_of(setup_of(ward_id)).settled.get(day.year, False)
    return import_days(ward_id, [Day(day, name, kind, source, is_settled)], by=by)


def remove_day(ward_id: int, day: date, *, by: Actor) -> int:
    """Make it like its weekday again; how many petitions got another date. Raises NotAllowed."""
    return _follow_days(ward_id, calendar_days.erase(ward_id, day, by=by))


def import_days(ward_id: int, days: Iterable[Day], *, by: Actor) -> int:
    """Set many days at once; how many petitions got another date. Raises NotAllowed, BadInput."""
    return _follow_days(ward_id, calendar_days.write(ward_id, days, by=by))


def confirm_year(ward_id: int, year: int, decision_no: str, *, by: Actor) -> int:
    """The year's days, as they stand, are settled by a decision; dates only lose their caveat.

    Returns how many petitions got another date: none. Raises NotAllowed, BadInput.
    """
    return _follow_days(ward_id, calendar_days.confirm(ward_id, year, decision_no, by=by))


def doubt_year(ward_id: int, year: int, *, by: Actor) -> int:
    """The year's days are only expected again; dates get their caveat back. Raises NotAllowed."""
    return _follow_days(ward_id, calendar_days.doubt(ward_id, year, by=by))


def set_week(ward_id: int, week: Sequence[Sequence[Window]], *, by: Actor) -> int:
    """Other office hours; how many petitions got another date. What is overdue stays overdue.

    Raises NotAllowed, BadInput.
    """
    if not office_windows.set_week(ward_id, week, by=by):
        return 0
    return _follow(ward_id, clock.now(), "Giờ làm việc của phường thay đổi.")


def forecast(after: Setup, first: date | None = None) -> Forecast:
    """What would move if the ward's set-up were `after`, which differs from that day on (now). Reads only."""
    found, now = Forecast(), clock.now()
    for petitions in _touched(after.ward_id, _midnight(first) if first else now):
        for move in _moves(petitions, after):
            found.moved += 1
            found.later += move.after > move.before
            found.passed += move.after <= now < move.before
            if len(found.shown) < SHOWN:
                found.shown += (move,)
    return found


def _moves(petitions: Sequence[Petition], after: Setup) -> Iterator[Move]:
    ids = [petition.id for petition in petitions]
    past = pasts(ids)
    rows = {
        (row.petition_id, row.round, row.step): row
        for row in db.session.scalars(sa.select(Deadline).where(Deadline.petition_id.in_(ids)))
    }
    for each in petitions:
        wanted = plan_of(each, after)
        row = rows.get((each.id, each.reopened, wanted.final))
        due_at = present(each, row, after, past[each.id], wanted).at if row else each.due_at
        if due_at and each.due_at and due_at != each.due_at:
            yield Move(each.number, each.due_at, due_at)


def _follow_days(ward_id: int, changed: Sequence[date]) -> int:
    if not changed:
        return 0
    because = f"Lịch làm việc của phường thay đổi: {', '.join(_named(ward_id, changed))}."
    return _follow(ward_id, _midnight(min(changed)), because)


def _follow(ward_id: int, since: datetime, because: str) -> int:
    """Work out anew every open date from an instant on: no earlier one counted over what changed."""
    now, moved = clock.now(), 0
    for petitions in _touched(ward_id, since):
        before = {petition.id: petition.due_at for petition in petitions}
        deadlines.recompute_all(petitions)
        others = [(each, before[each.id]) for each in petitions if each.due_at != before[each.id]]
        _tell(ward_id, others, because, now)
        moved += len(others)
    _look_again(ward_id, now)
    return moved


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.ZONE)


def _touched(ward_id: int, since: datetime) -> Iterator[Sequence[Petition]]:
    """Open petitions due at an instant or later, a batch at a time."""
    query = sa.select(Petition.id).where(
        Petition.ward_id == ward_id, Petition.is_open, Petition.due_at >= since
    )
    ids = db.session.scalars(query.order_by(Petition.id)).all()
    for start in range(0, len(ids), BATCH):
        some = sa.select(Petition).where(Petition.id.in_(ids[start : start + BATCH]))
        yield db.session.scalars(some.order_by(Petition.id)).all()


def _look_again(ward_id: int, now: datetime) -> None:
    """The mornings to come may be others, also of dates that stay the same or have passed."""
    is_open = sa.select(Petition.id).where(Petition.ward_id == ward_id, Petition.is_open)
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.met_at.is_(None), Deadline.look_at > now, Deadline.petition_id.in_(is_open))
        .values(look_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def _tell(
    ward_id: int, moved: list[tuple[Petition, datetime | None]], because: str, now: datetime
) -> None:
    """Timeline, handler and, where the date is later, resident."""
    setup = setup_of(ward_id)
    opens = calendar_of(setup).next_office_time(now)
    entries, reached = [], []
    for petition, before in moved:
        after = petition.due_at
        if before is None or after is None:
            continue
        is_later = after > before and petition.status not in STOPPED
        text = f"Từ {notices.when(before)} sang {notices.when(after)}. {because}"
        detail = {"from": before.isoformat(), "to": after.isoformat()}
        entries.append(Entry(petition.id, News.REDATED, text, is_later, detail))
        step = plan_of(petition, setup).final
        reached.append(Reached(petition, step, after, ladder().moved, now))
        if is_later and not petition.is_restricted:
            notices.moved(petition, because, opens)
    by_itself.note(*entries)
    remind(reached, now)


def _named(ward_id: int, days: Sequence[date]) -> Iterator[str]:
    """'Thứ Hai 31/8/2026 (hoán đổi sang Thứ Bảy 22/8/2026)'; of many, the first and the last."""
    known = calendar_of(setup_of(ward_id)).known
    shown: list[Any] = list(days) if len(days) <= 3 else [days[0], None, days[-1]]
    for on in shown:
        if on is None:
            yield "…"
        else:
            why = known[on].why if on in known else "ngày thường"
            yield f"{day_name(on)} ({why})"
