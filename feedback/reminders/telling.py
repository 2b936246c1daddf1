"""Reminders as messages: urgent ones at once, all others in one digest a person and working morning.

What may hold an accusation is never named in a chat; people without a chat see their reminders on their page.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from feedback import clock, links
from feedback.db import UTC, db
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Choice, Prompt
from feedback.people import chats
from feedback.people.directory import table_of
from feedback.people.models import Officer
from feedback.petitions.notices import when
from feedback.petitions.visibility import may_be_told_in_chat
from feedback.reminders.ladder import ladder
from feedback.reminders.models import Reminder
from feedback.reminders.recipients import still_holds
from feedback.reminders.standing import gravest, waits
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.words import day_month

LINES = 15  # of a digest; the rest is on the page

_every_ward = sa.select(Ward.id).order_by(Ward.id)
_UNTOLD = (Reminder.cleared_at.is_(None), Reminder.told_at.is_(None))


def at_once(petition_ids: Collection[int], now: datetime) -> None:
    """Tell of urgent petitions now, whatever the hour; each person the gravest of each."""
    if not petition_ids:
        return
    query = (
        sa.select(Reminder)
        .options(joinedload(Reminder.petition))
        .where(*_UNTOLD, Reminder.is_urgent, Reminder.petition_id.in_(petition_ids), waits())
        .order_by(Reminder.id)
    )
    people: dict[int, list[Reminder]] = {}
    for row in db.session.scalars(query):
        people.setdefault(row.officer_id, []).append(row)
    for rows in people.values():
        _mark(rows, told_at=now)
        for row in gravest(rows):
            text = _urgent_words(row, setup_of(row.petition.ward_id))
            _send(row.officer_id, Prompt(text), "reminder.at_once", f"reminder:{row.id}")


def _urgent_words(row: Reminder, setup: Setup) -> str:
    if not may_be_told_in_chat(row.petition):
        return say("reminder.at_once_sealed", setup.texts, link=links.desk())
    link = links.case(row.petition.number)
    return say(
        "reminder.at_once", setup.texts, why=_why(row, setup), line=_line(row, setup), link=link
    )


def morning_digests(now: datetime, limit: int = 50) -> int:
    """Tell everybody whose working morning it is what waits for them, at most `limit` people; how many.

    Call in a transaction after `tick`, and again while it returns `limit`.
    """
    today = clock.local(now).date()
    wards = [ward_id for ward_id in _wards() if is_time(setup_of(ward_id), now)]
    if not wards:
        return 0
    asked = {"wards": wards, "morning": _morning(today), "today": today}
    people = db.session.execute(_unread(limit), asked).all()
    for person in people:
        _digest(person, today, now)
    return len(people)


def is_time(setup: Setup, now: datetime) -> bool:
    """From the morning of a working day until its office hours end."""
    calendar, local = calendar_of(setup), clock.local(now)
    if not calendar.is_working_day(local.date()):
        return False
    return local.time() >= ladder().morning and local < calendar.closes(local.date())


def _morning(on: date) -> datetime:
    return datetime.combine(on, ladder().morning, clock.ZONE)


def _wards() -> Sequence[int]:
    return db.session.scalars(_every_ward).all()


@cache
def _unread(limit: int) -> sa.Select[int, int, str]:
    """Officers of `:wards` with something to be told since `:morning`, who had no digest `:today`."""
    earlier = sa.orm.aliased(Reminder)
    had_one = sa.exists().where(
        earlier.officer_id == Reminder.officer_id,
        earlier.digest_on == sa.bindparam("today", type_=sa.Date()),
    )
    return (
        sa.select(Officer.id, Officer.ward_id, Officer.full_name)
        .join(Reminder, Reminder.officer_id == Officer.id)
        .where(
            *_UNTOLD,
            Reminder.at <= sa.bindparam("morning", type_=UTC()),
            Officer.ward_id.in_(sa.bindparam("wards", expanding=True)),
            waits(),
            ~had_one,
        )
        .distinct()
        .order_by(Officer.id)
        .limit(limit)
    )


def _digest(officer: sa.Row[int, int, str], today: date, now: datetime) -> None:
    rows = _claim(officer.id, today, now)
    if not rows:
        return
    shown = rows[:LINES]
    text = say(
        "reminder.digest",
        setup_of(officer.ward_id).texts,
        name=officer.full_name,
        day=day_month(today),
        count=len(rows),
        groups=_groups(shown),
        more=len(rows) - len(shown),
        link=links.desk(),
    )
    prompt = Prompt(text, (Choice("Việc của tôi", "o:work"),))
    _send(officer.id, prompt, "reminder.digest", f"digest:{officer.id}:{today}")


def _claim(officer_id: int, today: date, now: datetime) -> list[Reminder]:
    """What this officer is told today, one reminder for each petition, the gravest first.

    What no longer concerns them is cleared.
    """
    query = (
        sa.select(Reminder)
        .options(joinedload(Reminder.petition))
        .where(*_UNTOLD, Reminder.at <= _morning(today), Reminder.officer_id == officer_id, waits())
        .with_for_update(of=Reminder, skip_locked=True)
    )
    rows = db.session.scalars(query).all()
    tables = {id: table_of(id) for id in {row.petition.ward_id for row in rows}}
    told = [row for row in rows if still_holds(row, tables[row.petition.ward_id])]
    _mark(told, told_at=now, digest_on=today)
    _mark([row for row in rows if row not in told], cleared_at=now)
    return gravest(told)


def _mark(rows: Sequence[Reminder], **values: Any) -> None:
    if not rows:
        return
    db.session.execute(
        sa.update(Reminder)
        .where(Reminder.id.in_([row.id for row in rows]))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _groups(rows: list[Reminder]) -> list[dict[str, Any]]:
    """Lines under the reason for which the person reads them."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        setup = setup_of(row.petition.ward_id)
        groups.setdefault(_why(row, setup), []).append(_line(row, setup))
    return [{"why": why, "lines": lines} for why, lines in groups.items()]


def _why(row: Reminder, setup: Setup) -> str:
    if row.for_id is None:
        return row.relation.label
    return say(
        "reminder.why_for", setup.texts, why=row.relation.label, absent=setup.officers[row.for_id]
    )


def _line(row: Reminder, setup: Setup) -> str:
    petition, rung = row.petition, ladder().rung(row.rung)
    if not may_be_told_in_chat(petition):
        return say("reminder.line_sealed", setup.texts)
    return say(
        "reminder.line",
        setup.texts,
        number=petition.number,
        field=setup.field_names.get(petition.field_id, ""),
        place=setup.neighbourhoods.get(petition.neighbourhood_id or 0, ""),
        words=rung.words if rung else "",
        due=when(row.due_at),
    )


def _send(officer_id: int, prompt: Prompt, notice: str, key: str) -> None:
    """To every chat that the officer has linked and that can be reached."""
    for contact in chats.reaching([officer_id]):
        enqueue.say_to(contact, prompt, notice=notice, key=f"{key}:{contact.id}")
