"""What is owed once a year: the ward's conference, a meeting in every neighbourhood. Reminded of on the ladder
of petitions, from the first working day of the year to its end.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from feedback import clock, links
from feedback.db import db
from feedback.dialogue import duties, notices
from feedback.dialogue.duty_reminders import recipients
from feedback.dialogue.kinds import Convener, DialogueKind, kinds
from feedback.dialogue.models import Dialogue, Status
from feedback.messages import say
from feedback.people.directory import table_of
from feedback.reminders.ladder import ANSWER, Rung, ladder
from feedback.reminders.moments import Dated, moments
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.words import day_name


@dataclass(frozen=True)
class Yearly:
    """One session a year. `held` this year; else the one that is `coming`, announced or still a draft."""

    kind: DialogueKind
    words: str
    due_on: date
    position_id: int | None
    neighbourhood_id: int | None = None
    held: Dialogue | None = None
    coming: Dialogue | None = None

    @property
    def is_owed(self) -> bool:
        """Nobody has been invited yet."""
        return self.held is None and (self.coming is None or self.coming.status is Status.DRAFT)


def of_year(ward_id: int, year: int) -> list[Yearly]:
    """The conference first, then each neighbourhood's meeting in the ward's order."""
    setup = setup_of(ward_id)
    sessions = _sessions(ward_id, year)
    due_on = date(year, 12, 31)
    found = []
    for kind in kinds().values():
        if not kind.is_yearly:
            continue
        own = [row for row in sessions if row.kind == kind.key]
        if kind.convened_by is Convener.WARD:
            post = duties.post_of_clerk(setup)
            found.append(Yearly(kind, kind.name, due_on, post, None, *_best(own)))
            continue
        for area_id, name in setup.neighbourhoods.items():
            if area_id not in setup.unused_areas:
                there = [r for r in own if area_id in {c.neighbourhood_id for c in r.concerned}]
                post = duties.post_of_head(setup, area_id) or duties.post_of_clerk(setup)
                words = f"{kind.short}: {name}"
                found.append(Yearly(kind, words, due_on, post, area_id, *_best(there)))
    return found


def remind_all(now: datetime) -> int:
    """Tell who owes a session this year (in January still of last year), once for each rung; how many owe."""
    today = clock.local(now).date()
    years = (today.year - 1, today.year) if today.month == 1 else (today.year,)
    wards = db.session.scalars(sa.select(Ward.id)).all()
    return sum(_remind(ward_id, year, now) for ward_id in wards for year in years)


def _remind(ward_id: int, year: int, now: datetime) -> int:
    setup = setup_of(ward_id)
    calendar = calendar_of(setup)
    if not calendar.is_office_time(now):
        return 0
    begins = datetime(year, 1, 1, 8, tzinfo=clock.ZONE)
    ends = datetime(year, 12, 31, 17, tzinfo=clock.ZONE)
    rungs = [
        rung for rung, at in moments(Dated(ANSWER, begins, ends), ladder(), calendar) if at <= now
    ]
    owed = [each for each in of_year(ward_id, year) if each.is_owed] if rungs else []
    for rung in rungs[-1:]:
        _tell(owed, rung, year, setup)
    return len(owed)


def _tell(owed: Sequence[Yearly], rung: Rung, year: int, setup: Setup) -> None:
    for officer_id, theirs in _by_officer(owed, rung, setup):
        text = say(
            "dialogue.yearly",
            setup.texts,
            year=year,
            lines=[f"{each.words} ({each.kind.article})" for each in theirs],
            words=rung.words,
            due=day_name(theirs[0].due_on),
            link=links.desk_dialogues(),
        )
        key = f"dialogue-year:{setup.ward_id}:{year}:{rung.name}"
        notices.to_officer(officer_id, text, notice="dialogue.yearly", key=key)


def _by_officer(
    owed: Sequence[Yearly], rung: Rung, setup: Setup
) -> Iterator[tuple[int, list[Yearly]]]:
    table = table_of(setup.ward_id)
    theirs: dict[int, list[Yearly]] = defaultdict(list)
    for each in owed:
        if each.position_id is not None:
            for officer_id in dict.fromkeys(recipients(each.position_id, rung, table)):
                theirs[officer_id].append(each)
    yield from theirs.items()


def _sessions(ward_id: int, year: int) -> Sequence[Dialogue]:
    begins = datetime(year, 1, 1, tzinfo=clock.ZONE)
    query = sa.select(Dialogue).where(
        Dialogue.ward_id == ward_id,
        Dialogue.status != Status.CANCELLED,
        Dialogue.starts_at >= begins,
        Dialogue.starts_at < begins.replace(year=year + 1),
    )
    query = query.options(selectinload(Dialogue.concerned))
    return db.session.scalars(query.order_by(Dialogue.starts_at, Dialogue.id)).all()


def _best(rows: Sequence[Dialogue]) -> tuple[Dialogue | None, Dialogue | None]:
    """(held, coming): the first of each, an announced one before a draft."""
    held = next((row for row in rows if row.held_at), None)
    coming = sorted(
        (row for row in rows if not row.held_at), key=lambda r: r.status is Status.DRAFT
    )
    return held, next(iter(coming), None)
