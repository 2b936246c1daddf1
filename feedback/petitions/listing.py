"""Lists of petitions: newest first, or by date; the same few queries and the same work on every page."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.petitions import approval
from feedback.petitions.columns import plain, shy
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.petitions.paging import CAP, Mark, Order, Page, cut
from feedback.petitions.reading import BY_DATE, Filters, Reading, here, reading
from feedback.petitions.visibility import always, visible_to
from feedback.petitions.waiting import waited_for
from feedback.petitions.worklist import Pile, in_pile, is_overdue, own_work
from feedback.wards.setup import setup_of

SCANNED = 1000  # rows looked at to count a narrowed list
RECENT = 100_000  # then the newest ones that two indexes find together
PROBED = 2000  # newest rows looked at before an index that knows no order


@dataclass(frozen=True, slots=True)
class Row:
    """A petition as a line of a list, with the names it needs."""

    id: int
    number: str
    title: str
    status: Status
    kind: Kind
    urgency: Urgency
    channel: Channel
    field_id: int
    neighbourhood_id: int | None
    handler_id: int
    received_at: datetime
    due_at: datetime | None
    late_at: datetime | None
    is_open: bool
    is_flagged: bool
    is_restricted: bool
    helping_department_id: int | None
    waiting_since: datetime | None
    field_name: str
    neighbourhood_name: str
    handler_name: str
    is_overdue: bool
    waits_for: str


_COLUMNS = [getattr(Petition, each.name) for each in fields(Row)[:18]]


def listing(
    actor: Actor, filters: Filters | None = None, after: str | None = None, limit: int = 25
) -> Page[Row]:
    """The petitions an officer sees, newest first; the overdue ones by date. Raises BadInput."""
    return _page(actor, reading(actor, filters or Filters()), after, limit)


def my_work(
    actor: Actor, after: str | None = None, limit: int = 25, pile: Pile | None = None
) -> Page[Row]:
    """The officer's open petitions, theirs and those of people they stand in for, by date."""
    rest = [always(actor, shy)]
    if pile is not None:
        rest.append(in_pile(pile, clock.now(), shy))
    return _page(actor, Reading(own_work(actor), rest, BY_DATE, pile is not None), after, limit)


def approval_queue(actor: Actor, after: str | None = None, limit: int = 25) -> Page[Row]:
    """Answers that wait for this officer's word, by date."""
    way = here(actor, plain.status == Status.AWAITING_APPROVAL)
    seen = sa.and_(visible_to(actor, shy), approval.signable_by(actor, shy))
    order = Order(shy.id, shy.due_at, "due_at", rising=True)  # few: sorted
    return _page(actor, Reading([way], [seen], order, is_narrowed=False), after, limit)


def _page(actor: Actor, reading: Reading, after: str | None, limit: int) -> Page[Row]:
    if actor.ward_id is None:
        return Page([], None, None, 0)
    mark, order = Mark.read(after), reading.order
    found: Sequence[Any] = ()
    is_probe = reading.is_probed
    if is_probe:
        counted = () if after else _counted_beside(reading)
        found = db.session.execute(_query(_probe(reading, mark), mark, limit + 1, *counted)).all()
        is_probe = len(found) > limit
    is_recent = False
    if not is_probe and (recent := _recent(reading, mark)):
        found = db.session.execute(_query(recent, mark, limit + 1)).all()
        is_recent = len(found) > limit
    if not (is_probe or is_recent):
        found = db.session.execute(_query(reading, mark, limit + 1)).all()
    rows, next_, previous = cut(found, limit, mark, order)
    if not after and next_ is None:
        count, is_more = len(rows), False
    elif is_probe and not after:
        count, is_more = _said(found[0].fitting, found[0].looked_at, PROBED)
    elif is_probe:
        count, is_more = _count(_probe(reading, None), PROBED)
    elif is_recent:
        count, is_more = len(found), True
    else:
        count, is_more = _count(reading, SCANNED if reading.is_narrowed else CAP + 1)
    return Page(_lines(rows, actor.ward_id), next_, previous, max(count, len(rows)), is_more)


def _probe(reading: Reading, mark: Mark | None) -> Reading:
    """The same list among the newest petitions only (beyond a mark)."""
    order = reading.order
    newest = sa.select(plain.id).where(*order.beyond(mark)).order_by(*order.by(mark)).limit(PROBED)
    checked = [way.is_(True) for way in reading.ways]  # so written, it calls for no index
    lead = plain.id.in_(newest)
    return replace(reading, ways=[lead], rest=[*checked, *reading.rest], is_probed=False)


def _recent(reading: Reading, mark: Mark | None) -> Reading | None:
    """The same among the newest RECENT (from a mark on), where there are more and an index knows no order.

    A word of one petition in a hundred stands in ten thousand of a million: to look at all of them took a
    quarter of a second.
    """
    if not reading.is_probed:
        return None
    from_id = mark.id if mark else db.session.scalar(sa.select(sa.func.max(plain.id))) or 0
    if mark and mark.is_back:
        near = plain.id < from_id + RECENT
    elif from_id > RECENT:
        near = plain.id > from_id - RECENT
    else:
        return None
    return replace(reading, rest=[near, *reading.rest])


def _counted_beside(reading: Reading) -> tuple[Any, Any]:
    """The count of a probe's first page as columns of its rows, all of which it reads anyway."""
    newest = sa.select(plain.id).order_by(*reading.order.by(None)).limit(PROBED).subquery()
    looked_at = sa.select(sa.func.count()).select_from(newest).scalar_subquery()
    return sa.func.count().over().label("fitting"), looked_at.label("looked_at")


def _query(reading: Reading, mark: Mark | None, limit: int, *beside: Any) -> Any:
    """The page's rows, with more columns `beside`; of several ways, the first of each, merged."""
    order = reading.order
    ways = [sa.and_(way, *reading.rest, *order.beyond(mark)) for way in reading.ways]
    rows = sa.select(*_COLUMNS, *beside).order_by(*order.by(mark)).limit(limit)
    if reading.is_probed:  # few are left: all of them from the index, then the first
        hits = sa.select(plain.id).where(*ways).cte("hits").prefix_with("MATERIALIZED")
        key = replace(order, id=hits.c.id)
        return rows.where(plain.id.in_(sa.select(hits.c.id).order_by(*key.by(mark)).limit(limit)))
    if len(ways) == 1:
        return rows.where(ways[0])
    firsts = [
        sa.select(plain.id).where(way).order_by(*order.by(mark)).limit(limit).subquery()
        for way in ways
    ]
    return rows.where(plain.id.in_(sa.union(*(sa.select(first.c.id) for first in firsts))))


def _count(reading: Reading, most: int) -> tuple[int, bool]:
    """How many there are, at least, and whether there may be more: it looks at `most` rows only."""
    fits = sa.case((sa.and_(*reading.rest), 1), else_=0).label("fits")
    looked = [sa.select(plain.id, fits).where(way).limit(most).subquery() for way in reading.ways]
    rows = sa.union(*(sa.select(each) for each in looked)).subquery()
    total, fitting = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(rows.c.fits), 0))
    ).one()
    return _said(int(fitting), int(total), most)


def _said(fitting: int, looked_at: int, most: int) -> tuple[int, bool]:
    """The number shown, and whether there may be more: beyond the cap, or beyond the rows looked at."""
    return min(fitting, CAP), fitting > CAP or looked_at >= most


def _lines(rows: Sequence[Any], ward_id: int) -> list[Row]:
    setup, now = setup_of(ward_id), clock.now()
    return [
        Row(
            **{column.key: row._mapping[column] for column in _COLUMNS},
            field_name=setup.field_names.get(row.field_id, ""),
            neighbourhood_name=setup.neighbourhoods.get(row.neighbourhood_id, ""),
            handler_name=setup.officers.get(row.handler_id, ""),
            is_overdue=is_overdue(row, now),
            waits_for=waited_for(row, setup),
        )
        for row in rows
    ]
