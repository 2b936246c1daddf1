"""Who is to be told by telephone: who left a number, and has no chat or letter that reaches them.

A session makes news when it moves, is cancelled, a seat comes free, and on its eve. Somebody is on the list while
the newest of it is newer than what they know: what they registered for, or the last call.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.dialogue import door
from feedback.dialogue.codes import show_code
from feedback.dialogue.lifecycle import COMING, Action, may_run
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.notices import where
from feedback.dialogue.once import changed
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import WrongState
from feedback.labels import Labelled
from feedback.people.actor import Actor
from feedback.people.models import Contact
from feedback.text import mask_phone
from feedback.wards.setup import setup_of
from feedback.worktime.words import minute_name

EVE = timedelta(days=1)
TOLD = "Người này đã có cán bộ gọi, hoặc không còn tin mới. Xin xem lại danh sách."


class News(Labelled):
    """Why somebody is called; the weightiest first."""

    CANCELLED = "cancelled", "Hủy"
    MOVED = "moved", "Dời lịch"
    ONLINE = "online", "Chuyển trực tuyến"
    PROMOTED = "promoted", "Có chỗ"
    EVE = "eve", "Nhắc lịch"


@dataclass(frozen=True)
class Call:
    """One person to telephone. `words`: what to say; `since`: the instant of the news, which names it."""

    id: int
    name: str
    phone: str
    news: News
    words: str
    since: datetime
    place: str = ""


@dataclass(frozen=True)
class Told:
    """One who was telephoned."""

    id: int
    name: str
    at: datetime
    by: str


def waiting(dialogue: Dialogue, *, by: Actor) -> list[Call]:
    """Whom to call, the weightiest news first, then by neighbourhood. Heads see their own people, and
    numbers only of their own meeting. Call in a transaction: looking at numbers is written down."""
    places = setup_of(dialogue.ward_id).neighbourhoods
    calls = []
    for row in _unreached(dialogue, by):
        if found := news_of(dialogue, row):
            news, since = found
            shown = row.phone if may_run(dialogue, by) else mask_phone(row.phone or "")
            words, place = _words(dialogue, row, news), places.get(row.neighbourhood_id or 0, "")
            calls.append(Call(row.id, row.name, shown or "", news, words, since, place))
    if calls and may_run(dialogue, by):
        looked("registration", [call.id for call in calls], by)
    order, areas = list(News), list(places.values())
    return sorted(
        calls,
        key=lambda c: (
            order.index(c.news),
            areas.index(c.place) if c.place in areas else len(areas),
            c.id,
        ),
    )


def count(dialogue: Dialogue, *, by: Actor) -> int:
    """How many are to be called, for a number beside a link."""
    return sum(news_of(dialogue, row) is not None for row in _unreached(dialogue, by))


def told(dialogue: Dialogue, *, by: Actor) -> list[Told]:
    """Who was called, the newest call first."""
    names = setup_of(dialogue.ward_id).officers
    rows = [row for row in _theirs(dialogue, by) if row.phoned_at]
    found = [
        Told(row.id, row.name, row.phoned_at, names.get(row.phoned_by_id or 0, ""))
        for row in rows
        if row.phoned_at
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def tick(dialogue: Dialogue, registration: Registration, *, by: Actor, since: datetime) -> None:
    """They were told the news of that instant. Raises WrongState when somebody else did, or there is newer."""
    found = news_of(dialogue, registration)
    if found is None or found[1] != since:
        raise WrongState(TOLD)
    ticked(registration, since, by)


def untick(registration: Registration, *, by: Actor) -> None:
    """It was a slip: they were not reached."""
    unticked(registration, by)


def news_of(dialogue: Dialogue, row: Registration) -> tuple[News, datetime] | None:
    """The weightiest news they do not know, and the instant of the newest."""
    return newest(_news(dialogue, row), row.phoned_at or row.registered_at)


def newest(
    happened: Iterable[tuple[News, datetime]], known: datetime
) -> tuple[News, datetime] | None:
    """Of what happened after an instant the weightiest, and when the last of it did."""
    fresh = [(news, at) for news, at in happened if at > known]
    if not fresh:
        return None
    return min((news for news, _ in fresh), key=list(News).index), max(at for _, at in fresh)


def ticked(row: Any, since: datetime, by: Actor) -> None:
    """One call, once: the second of two officials learns that it was made. Raises WrongState."""
    model = type(row)
    is_open = sa.or_(model.phoned_at.is_(None), model.phoned_at < since)
    if not _marked(row, is_open, clock.now(), by):
        raise WrongState(TOLD)
    _noted("phoned", row, by)


def unticked(row: Any, by: Actor) -> None:
    if _marked(row, type(row).phoned_at.is_not(None), None, by):
        _noted("phoned_undone", row, by)


def looked(subject: str, ids: list[int], by: Actor) -> None:
    """Write down whose numbers were shown."""
    audit.record(
        "phones.read",
        subject,
        ward_id=by.ward_id,
        officer_id=by.officer_id,
        detail={"ids": ids},
    )


def _marked(row: Any, when: sa.ColumnElement[bool], at: datetime | None, by: Actor) -> bool:
    model = type(row)
    values = {"phoned_at": at, "phoned_by_id": by.officer_id if at else None}
    done = changed(sa.update(model).where(model.id == row.id, when).values(values)) == 1
    db.session.expire(row)
    return done


def _noted(action: str, row: Any, by: Actor) -> None:
    table = row.__tablename__
    audit.record(
        f"{table}.{action}",
        table,
        row.id,
        ward_id=by.ward_id,
        officer_id=by.officer_id,
    )


def _news(dialogue: Dialogue, row: Registration) -> Iterator[tuple[News, datetime]]:
    now = clock.now()
    if dialogue.starts_at <= now:
        return
    acts = {event.action: event.at for event in dialogue.events}
    if dialogue.status is Status.CANCELLED and Action.CANCEL in acts:
        yield News.CANCELLED, acts[Action.CANCEL]
    if dialogue.status not in COMING:
        return
    if Action.MOVE in acts:
        yield News.MOVED, acts[Action.MOVE]
    if row.promoted_at:
        yield News.PROMOTED, row.promoted_at
    if row.state is Seat.SEATED and dialogue.starts_at - EVE <= now:
        yield News.EVE, dialogue.starts_at - EVE


def _words(dialogue: Dialogue, row: Registration, news: News) -> str:
    when = f"{minute_name(clock.local(dialogue.starts_at))}, {where(dialogue)}"
    code = show_code(row.code)
    return {
        News.CANCELLED: f"Buổi này không tổ chức nữa. Lý do: {dialogue.reason}",
        News.MOVED: f"Dời sang {when}. Lý do: {dialogue.reason}",
        News.PROMOTED: f"Đã có chỗ, mã {code}. {when}",
    }.get(news, f"Nhắc lịch: {when}. Mã {code}")


def _unreached(dialogue: Dialogue, by: Actor) -> list[Registration]:
    """Who has a telephone, and no chat or letter-box that works."""
    query = (
        sa.select(Registration.id)
        .outerjoin(Contact, Contact.id == Registration.contact_id)
        .where(
            Registration.dialogue_id == dialogue.id,
            sa.or_(Registration.contact_id.is_(None), Contact.unreachable_at.is_not(None)),
        )
    )
    ids = set(db.session.scalars(query))
    return [row for row in _theirs(dialogue, by) if row.phone and row.id in ids]


def _theirs(dialogue: Dialogue, by: Actor) -> list[Registration]:
    rows = door.attendance(dialogue)
    runs = may_run(dialogue, by)
    return [row for row in rows if runs or row.neighbourhood_id in by.neighbourhood_ids]
