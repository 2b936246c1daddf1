"""A ward's working calendar is edited: its rows, then every open date that the edit touches.

The handler is told in the next digest (at once if it is urgent), the resident only if the date got later
(and not while the clock stands still: the date moves again when it goes on).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.actor import Actor
from feedback.petitions import by_itself, deadlines, notices
from feedback.petitions.by_itself import Entry, News
from feedback.petitions.dating import final_step
from feedback.petitions.models import Deadline, Petition, Status
from feedback.reminders.deciding import Reached, remind
from feedback.reminders.ladder import ladder
from feedback.wards import calendar_days
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of
from feedback.worktime.holidays import Day, DayKind
from feedback.worktime.words import day_name

BATCH = 200


def set_day(ward_id: int, day: date, kind: DayKind, name: str, source: str, *, by: Actor) -> int:
    """Say what a day is; how many petitions got another date.

    It counts as confirmed when its year is. Raises NotAllowed, BadInput.
    """
    is_settled = calendar_of(setup_of(ward_id)).settled.get(day.year, False)
    return import_days(ward_id, [Day(day, name, kind, source, is_settled)], by=by)


def remove_day(ward_id: int, day: date, *, by: Actor) -> int:
    """Make it like its weekday again; how many petitions got another date. Raises NotAllowed."""
    return _follow(ward_id, calendar_days.erase(ward_id, day, by=by))


def import_days(ward_id: int, days: Iterable[Day], *, by: Actor) -> int:
    """Set many days at once; how many petitions got another date. Raises NotAllowed, BadInput."""
    return _follow(ward_id, calendar_days.write(ward_id, days, by=by))


def confirm_year(ward_id: int, year: int, decision_no: str, *, by: Actor) -> int:
    """The year's days, as they stand, are settled by a decision; dates only lose their caveat.

    Returns how many petitions got another date: none. Raises NotAllowed, BadInput.
    """
    return _follow(ward_id, calendar_days.confirm(ward_id, year, decision_no, by=by))


def _follow(ward_id: int, changed: Sequence[date]) -> int:
    """Work out anew every open date that counts over one of these days."""
    if not changed:
        return 0
    because = f"Lịch làm việc của phường thay đổi: {', '.join(_named(ward_id, changed))}."
    now, moved = clock.now(), 0
    for petitions in _touched(ward_id, min(changed)):
        before = {petition.id: petition.due_at for petition in petitions}
        deadlines.recompute_all(petitions)
        others = [(each, before[each.id]) for each in petitions if each.due_at != before[each.id]]
        _tell(ward_id, others, because, now)
        moved += len(others)
    _look_again(ward_id, now)
    return moved


def _touched(ward_id: int, first: date) -> Iterator[Sequence[Petition]]:
    """Open petitions due on the first changed day or later: no earlier date counted so far."""
    midnight = datetime.combine(first, time(), clock.ZONE)
    query = sa.select(Petition.id).where(
        Petition.ward_id == ward_id, Petition.is_open, Petition.due_at >= midnight
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
        is_later = after > before and petition.status is not Status.WAITING_CITIZEN
        text = f"Từ {notices.when(before)} sang {notices.when(after)}. {because}"
        detail = {"from": before.isoformat(), "to": after.isoformat()}
        entries.append(Entry(petition.id, News.REDATED, text, is_later, detail))
        step = final_step(petition.kind, setup)
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
