"""What people look at: lists, counters, one case, one tracking page.

Every list and case an officer sees passes `visibility`. A page costs the same number of queries and the
same work at a thousand petitions and at a million.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer_group

from feedback import clock, search
from feedback.db import db
from feedback.errors import NotFound
from feedback.labels import Labelled
from feedback.people.actor import Actor
from feedback.people.models import Channel, Permission
from feedback.petitions.models import Kind, Petition, Status, TimelineEntry, Urgency
from feedback.petitions.paging import CAP, Mark, Order, Page, cut
from feedback.petitions.visibility import always, lanes, visible_to
from feedback.sealing import fingerprints
from feedback.text import normal_phone
from feedback.wards.setup import Setup, setup_of

_NUMBER = re.compile(r"\s*([A-Za-z]{1,12})[-\s./]*(\d{4})[-\s./]*(\d{1,9})\s*")
_NEWEST = Order(Petition.id)
_BY_DATE = Order(Petition.id, Petition.due_at)


class Pile(Labelled):
    """The piles an officer's own work falls into; each is counted and can be looked at alone."""

    NEW = "new", "Việc mới"
    SOON = "soon", "Sắp đến hạn"
    LATE = "late", "Quá hạn"
    WAITING = "waiting", "Chờ người dân"
    APPROVAL = "approval", "Chờ duyệt"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to. `text`: words, a petition's number, or (with UNMASK) a phone.

    `received_from`, `received_to`: local days, both inclusive.
    """

    status: Status | None = None
    field_id: int | None = None
    neighbourhood_id: int | None = None
    urgency: Urgency | None = None
    handler_id: int | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    is_overdue: bool = False
    is_open: bool | None = None
    is_flagged: bool | None = None
    received_from: date | None = None
    received_to: date | None = None
    text: str = ""


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
    is_open: bool
    is_flagged: bool
    is_restricted: bool
    field_name: str
    neighbourhood_name: str
    handler_name: str
    is_overdue: bool


_COLUMNS = [getattr(Petition, name) for name in list(Row.__annotations__)[:15]]


def by_token(token: str) -> Petition:
    """The petition of a tracking link. Raises NotFound."""
    return _one(Petition.token == token)


def by_number_and_phone(ward_id: int, number: str, phone: str) -> Petition:
    """The petition with this number if that phone was given with it.

    Raises NotFound for a wrong number, a wrong phone and an unknown petition alike.
    """
    said, called = normal_number(number), normal_phone(phone)
    if said is None or called is None:
        raise NotFound
    return _one(
        Petition.ward_id == ward_id,
        Petition.number == said,
        Petition.phone_hash.in_(fingerprints(called)),
    )


def case(number: str, actor: Actor) -> Petition:
    """The petition with everything its page shows. Raises NotFound when not theirs to see."""
    return _one(Petition.number == (normal_number(number) or number), visible_to(actor))


def to_change(number: str, actor: Actor) -> Petition:
    """The bare petition, for a verb. Raises NotFound when not theirs to see."""
    query = sa.select(Petition).where(
        Petition.number == (normal_number(number) or number), visible_to(actor)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def listing(
    actor: Actor, filters: Filters | None = None, after: str | None = None, limit: int = 25
) -> Page[Row]:
    """The petitions an officer sees, newest first; the overdue ones by date. Raises BadInput."""
    filters = filters or Filters()
    conditions = [always(actor), *_narrowed(filters, actor)]
    order = _BY_DATE if filters.is_overdue else Order(search.newest(_words(filters, actor)))
    return _page(actor, lanes(actor), conditions, order, after, limit)


def my_work(
    actor: Actor, after: str | None = None, limit: int = 25, pile: Pile | None = None
) -> Page[Row]:
    """The officer's open petitions, theirs and those of people they stand in for, by date."""
    conditions = [always(actor), Petition.is_open]
    if pile is not None:
        conditions.append(_in_pile(pile, clock.now()))
    return _page(actor, _own(actor), conditions, _BY_DATE, after, limit)


def approval_queue(actor: Actor, after: str | None = None, limit: int = 25) -> Page[Row]:
    """Answers that wait for the chair's word, by date."""
    conditions = [always(actor), Petition.status == Status.AWAITING_APPROVAL]
    if not actor.has(Permission.APPROVE):
        conditions.append(sa.false())
    return _page(actor, lanes(actor), conditions, _BY_DATE, after, limit)


def counters(actor: Actor) -> dict[str, int]:
    """What waits for this officer, each counted no further than 1001.

    mine, the `Pile`s by value, to_accept, to_approve, to_help, overdue (of all they see).
    """
    now = clock.now()
    own = sa.or_(sa.false(), *_own(actor))
    sees, late = visible_to(actor), overdue(now)
    asked = (Petition.helping_department_id.in_(actor.department_ids or {0}),)
    wanted: dict[str, list[Any]] = {
        "mine": [own, Petition.is_open],
        **{pile.value: [own, Petition.is_open, _in_pile(pile, now)] for pile in Pile},
        "to_accept": [_if(actor, Permission.INTAKE), Petition.status == Status.RECEIVED],
        "to_approve": [_if(actor, Permission.APPROVE), Petition.status == Status.AWAITING_APPROVAL],
        "to_help": [*asked, Petition.status == Status.COORDINATING],
        "overdue": [late],
    }
    counts = [
        _counted(sa.select(Petition.id).where(sees, *conditions)).label(name)
        for name, conditions in wanted.items()
    ]
    return dict(db.session.execute(sa.select(*counts)).one()._mapping)


def soon(now: datetime) -> datetime:
    """The instant before which a date counts as near: the end of the next weekday."""
    on = clock.local(now).date() + timedelta(days=1)
    while on.weekday() >= 5:
        on += timedelta(days=1)
    return datetime.combine(on, time.max, clock.ZONE)


def _in_pile(pile: Pile, now: datetime) -> sa.ColumnElement[bool]:
    if pile is Pile.LATE:
        return overdue(now)
    if pile is Pile.SOON:
        near = sa.and_(Petition.due_at >= now, Petition.due_at < soon(now))
        return sa.and_(near, Petition.status != Status.WAITING_CITIZEN)
    return Petition.status.in_(_PILES[pile])


_PILES = {
    Pile.NEW: (Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.REOPENED),
    Pile.WAITING: (Status.WAITING_CITIZEN,),
    Pile.APPROVAL: (Status.AWAITING_APPROVAL,),
}


def overdue(now: datetime) -> sa.ColumnElement[bool]:
    """Open, past its date, and not waiting for the resident."""
    return sa.and_(
        Petition.is_open, Petition.due_at < now, Petition.status != Status.WAITING_CITIZEN
    )


def is_overdue(petition: Any, now: datetime) -> bool:
    """The same for a petition or a row at hand."""
    return bool(
        petition.is_open
        and petition.due_at is not None
        and petition.due_at < now
        and petition.status is not Status.WAITING_CITIZEN
    )


def normal_number(typed: str) -> str | None:
    """'bd 2026 123' as BD-2026-000123; None when it is no petition number."""
    found = _NUMBER.fullmatch(typed)
    return f"{found[1].upper()}-{found[2]}-{int(found[3]):06d}" if found else None


def _one(*conditions: Any) -> Petition:
    found = db.session.scalars(
        sa.select(Petition)
        .where(*conditions)
        .options(
            undefer_group("reporter"),
            joinedload(Petition.field),
            joinedload(Petition.neighbourhood),
            joinedload(Petition.head),
            joinedload(Petition.handler),
            joinedload(Petition.handler_position),
            joinedload(Petition.handler_for),
            selectinload(Petition.timeline).options(
                joinedload(TimelineEntry.officer), joinedload(TimelineEntry.acting_for)
            ),
            selectinload(Petition.files),
            selectinload(Petition.deadlines),
            selectinload(Petition.answers),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _narrowed(filters: Filters, actor: Actor) -> list[Any]:
    names = (
        "status",
        "field_id",
        "neighbourhood_id",
        "urgency",
        "handler_id",
        "kind",
        "channel",
        "is_open",
        "is_flagged",
    )
    wanted = {name: getattr(filters, name) for name in names}
    found = [getattr(Petition, name) == v for name, v in wanted.items() if v is not None]
    if filters.is_overdue:
        found.append(overdue(clock.now()))
    if filters.received_from:
        found.append(Petition.received_at >= _midnight(filters.received_from))
    if filters.received_to:
        found.append(Petition.received_at < _midnight(filters.received_to + timedelta(days=1)))
    if filters.text:
        found.append(_named(filters.text, actor))
        if words := _words(filters, actor):
            condition = search.matching(words, actor.ward_id or 0)
            found.append(sa.false() if condition is None else condition)
    return [condition for condition in found if condition is not None]


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock.ZONE)


def _named(text: str, actor: Actor) -> Any:
    """The condition of a text that is a number or a phone, None when it is words."""
    if number := normal_number(text):
        return Petition.number == number
    if actor.has(Permission.UNMASK) and (phone := normal_phone(text)):
        return Petition.phone_hash.in_(fingerprints(phone))
    return None


def _words(filters: Filters, actor: Actor) -> str:
    return filters.text if filters.text and _named(filters.text, actor) is None else ""


def _own(actor: Actor) -> list[Any]:
    own = sorted({actor.officer_id or 0, *actor.stands_in_for})
    return [
        *(Petition.handler_id == officer_id for officer_id in own),
        Petition.handler_for_id == actor.officer_id,
    ]


def _page(
    actor: Actor,
    ways: list[Any],
    conditions: list[Any],
    order: Order,
    after: str | None,
    limit: int,
) -> Page[Row]:
    mark = Mark.read(after)

    def narrow(*columns: Any, way: Any) -> Any:
        return sa.select(*columns).where(way, *conditions)

    beyond = order.beyond(mark)
    if len(ways) == 1:
        query = narrow(*_COLUMNS, way=ways[0]).where(*beyond)
    else:
        newest = [
            sa.select(
                narrow(Petition.id, way=way)
                .where(*beyond)
                .order_by(*order.by(mark))
                .limit(limit + 1)
                .subquery()
                .c.id
            )
            for way in ways
        ]
        query = sa.select(*_COLUMNS).where(Petition.id.in_(sa.union(*newest)))
        order = Order(Petition.id, order.due_at)
    found = db.session.execute(query.order_by(*order.by(mark)).limit(limit + 1)).all()
    setup = setup_of(actor.ward_id) if actor.ward_id else None
    rows, next_, previous = cut(found, limit, mark, order)
    count = len(rows) if not after and next_ is None else _count(ways, conditions)
    return Page(_lines(rows, setup), next_, previous, count)


def _lines(rows: Sequence[Any], setup: Setup | None) -> list[Row]:
    if setup is None:
        return []
    now = clock.now()
    return [
        Row(
            **row._mapping,
            field_name=setup.fields[row.field_id].name if row.field_id in setup.fields else "",
            neighbourhood_name=setup.neighbourhoods.get(row.neighbourhood_id, ""),
            handler_name=setup.officers.get(row.handler_id, ""),
            is_overdue=is_overdue(row, now),
        )
        for row in rows
    ]


def _count(ways: list[Any], conditions: list[Any]) -> int:
    branches = [
        sa.select(sa.select(Petition.id).where(way, *conditions).limit(CAP + 1).subquery().c.id)
        for way in ways
    ]
    rows = branches[0] if len(branches) == 1 else sa.union(*branches)
    return int(db.session.scalar(sa.select(_counted(rows))) or 0)


def _counted(rows: Any) -> Any:
    return sa.select(sa.func.count()).select_from(rows.limit(CAP + 1).subquery()).scalar_subquery()


def _if(actor: Actor, right: Permission) -> Any:
    return sa.true() if actor.has(right) else sa.false()
