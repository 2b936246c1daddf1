"""Publicity as a checklist: each matter by each way its item asks for, with its day and its term."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.dialogue.funnel import needed
from feedback.dialogue.notices import to_officer
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.messages import say
from feedback.papers.filling import office_of
from feedback.papers.inputs import Register
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Permission as P
from feedback.people.models import Role
from feedback.publicity.law import Way, days_of, items, terms
from feedback.publicity.models import Posting, Publication
from feedback.text import squeeze
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.models import Ward
from feedback.wards.setup import setup_of
from feedback.worktime.words import day_name


@dataclass(frozen=True)
class Owed:
    """Something to put up, or that may come down. `key` names it for its reminder."""

    key: str
    words: str
    due_on: date
    article: str
    is_late: bool = False


def publish(
    ward_id: int,
    *,
    by: Actor,
    item: int,
    title: str,
    decided_on: date,
    text: str = "",
    file_id: int | None = None,
) -> Publication:
    """A matter to be made public; on the web it is at once. Raises BadInput, NotAllowed."""
    _allowed(ward_id, by)
    if item not in items():
        raise BadInput(fields={"item": "Xin chọn một nội dung công khai."})
    if decided_on > clock.today():
        raise BadInput(fields={"decided_on": "Ngày quyết định không thể ở tương lai."})
    calendar = calendar_of(setup_of(ward_id))
    row = Publication(
        ward_id=ward_id,
        item=item,
        title=needed(title, "tên nội dung công khai", field="title")[:300],
        text=squeeze(text),
        decided_on=decided_on,
        publish_by=calendar.add_working_days(decided_on, terms()["within_working_days"]),
        file_id=file_id,
        created_at=clock.now(),
        created_by_id=by.officer_id or 0,
    )
    db.session.add(row)
    db.session.flush()
    for way in items()[item].ways:
        db.session.add(Posting(publication_id=row.id, way=way))
    db.session.flush()
    db.session.expire(row, ["postings"])
    put_up(row, Way.WEB, by=by)
    return row


def put_up(
    row: Publication, way: Way, *, by: Actor, starts_on: date | None = None, where: str = ""
) -> Posting:
    """It is there since `starts_on` (today); its term runs from that day. Raises NotFound, BadInput."""
    _allowed(row.ward_id, by)
    posting = next((each for each in row.postings if each.way is way), None)
    if posting is None:
        raise NotFound
    if posting.starts_on is not None:
        raise WrongState("Cách công khai này đã ghi rồi.")
    starts_on = starts_on or clock.today()
    if starts_on > clock.today():
        raise BadInput(fields={"starts_on": "Chỉ ghi việc đã làm: ngày không thể ở tương lai."})
    days = days_of(way, row.of_item)
    posting.starts_on, posting.where = starts_on, squeeze(where)[:300]
    posting.ends_on = starts_on + timedelta(days=days) if days else None
    posting.done_by_id, posting.done_at = by.officer_id, clock.now()
    db.session.flush()
    return posting


def found(publication_id: int, by: Actor) -> Publication:
    """Raises NotFound."""
    row = db.session.get(Publication, publication_id)
    if row is None or row.ward_id != by.ward_id or not by.has(P.HOLD_DIALOGUE):
        raise NotFound
    return row


def of_ward(ward_id: int, limit: int = 200) -> list[Publication]:
    """Newest first."""
    query = sa.select(Publication).filter_by(ward_id=ward_id)
    return list(db.session.scalars(query.order_by(Publication.id.desc()).limit(limit)))


def owed(ward_id: int) -> Iterator[Owed]:
    """What is still to be put up, and which term ended lately."""
    today = clock.today()
    query = (
        sa.select(Posting, Publication)
        .join(Publication, Publication.id == Posting.publication_id)
        .where(Publication.ward_id == ward_id)
        .where(
            sa.or_(
                Posting.starts_on.is_(None), Posting.ends_on.between(today - timedelta(7), today)
            )
        )
        .order_by(Publication.publish_by, Posting.id)
    )
    for posting, row in db.session.execute(query):
        if posting.starts_on is None:
            late = row.publish_by < today
            words = f"{posting.way.label}: {row.title}"
            key = f"{posting.id}:{'late' if late else 'due'}"
            yield Owed(key, words, row.publish_by, terms()["within_article"], late)
        elif posting.ends_on is not None:
            words = f"Đã đủ thời hạn, có thể gỡ ({posting.way.label.lower()}): {row.title}"
            article = terms()[
                "board_article" if posting.way is Way.BOARD else "loudspeaker_article"
            ]
            yield Owed(f"{posting.id}:end", words, posting.ends_on, article)


def remind_all(now: datetime) -> int:
    """Tell reception what is due tomorrow, late, or at its end: once each, in office time."""
    wards = db.session.scalars(sa.select(Publication.ward_id).distinct()).all()
    return sum(_remind(ward_id, now) for ward_id in wards)


def quarter_of(on: date) -> tuple[date, date]:
    """The first and last local day of the quarter."""
    first = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def register(actor: Actor, starts_on: date, ends_on: date, most: int = 10_000) -> Register:
    """The list of what was made public in a period, for paper and spreadsheet. Raises BadInput."""
    query = (
        sa.select(Publication)
        .where(
            Publication.ward_id == actor.ward_id,
            Publication.decided_on >= starts_on,
            Publication.decided_on <= ends_on,
        )
        .order_by(Publication.item, Publication.decided_on, Publication.id)
        .limit(most + 1)
    )
    rows = list(db.session.scalars(query))
    if len(rows) > most:
        raise BadInput(f"Kỳ này có hơn {most} dòng. Vui lòng chọn kỳ ngắn hơn.")
    return Register(
        office=office_of(db.session.get_one(Ward, actor.ward_id)),
        on=clock.today(),
        starts_on=starts_on,
        ends_on=ends_on,
        rows=tuple((n, *_line(row)) for n, row in enumerate(rows, 1)),
    )


def _line(row: Publication) -> tuple[str | int | date, ...]:
    known = {posting.way: posting for posting in row.postings}

    def said(way: Way) -> str:
        posting = known.get(way)
        if posting is None:
            return ""
        if posting.starts_on is None:
            return "Chưa"
        until = f"–{posting.ends_on - timedelta(days=1):%d/%m/%Y}" if posting.ends_on else ""
        return f"{posting.starts_on:%d/%m/%Y}{until}"

    return (row.of_item.name, row.title, row.decided_on, *(said(way) for way in Way))


def _remind(ward_id: int, now: datetime) -> int:
    setup = setup_of(ward_id)
    if not calendar_of(setup).is_office_time(now):
        return 0
    tomorrow = clock.today() + timedelta(days=1)
    due = [each for each in owed(ward_id) if each.due_on <= tomorrow]
    clerks = [who for who, _ in table_of(ward_id).with_role(Role.CLERK)]
    for each in due:
        values = {"words": each.words, "due": day_name(each.due_on), "article": each.article}
        text = say("publicity.duty", setup.texts, **values, link=links.desk_publicity())
        for officer_id in clerks:
            to_officer(officer_id, text, notice="publicity.duty", key=f"publicity:{each.key}")
    return len(due)


def _allowed(ward_id: int, by: Actor) -> None:
    if by.ward_id != ward_id:
        raise NotFound
    if not by.has(P.HOLD_DIALOGUE):
        raise NotAllowed
