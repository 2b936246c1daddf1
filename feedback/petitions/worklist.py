"""What waits for an officer: what is late, what is near, and how much of each."""

from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.labels import Labelled
from feedback.people.actor import Actor
from feedback.people.models import Permission
from feedback.petitions import approval
from feedback.petitions.columns import plain, shy
from feedback.petitions.models import STOPPED, Status
from feedback.petitions.paging import CAP
from feedback.petitions.visibility import always, own_names, visible_to


class Pile(Labelled):
    """The piles an officer's own work falls into; each is counted and can be looked at alone."""

    NEW = "new", "Việc mới"
    SOON = "soon", "Sắp đến hạn"
    LATE = "late", "Quá hạn"
    WAITING = "waiting", "Chờ người dân"
    APPROVAL = "approval", "Chờ duyệt"


_PILES = {
    Pile.NEW: (Status.RECEIVED, Status.ACCEPTED, Status.ASSIGNED, Status.REOPENED, Status.SIGNED),
    Pile.WAITING: STOPPED,
    Pile.APPROVAL: (Status.AWAITING_APPROVAL,),
}


def counters(actor: Actor) -> dict[str, int]:
    """What waits for this officer, each counted no further than 1001, in one query.

    mine, the `Pile`s by value (of the 1001 with the nearest dates), to_accept, to_approve, to_help,
    overdue (of all they see).
    """
    now = clock.now()
    mine = _mine(actor)
    waiting = {
        "to_accept": (Permission.INTAKE, plain.status == Status.RECEIVED),
        "to_approve": (None, _to_sign(actor)),
        "to_help": (Permission.HANDLE, _asked(actor)),
        "overdue": (None, overdue(now)),
    }
    columns = [_number(sa.select(mine.c.id)).label("mine")]
    for pile in Pile:
        piled = sa.select(mine.c.id).where(in_pile(pile, now, mine.c))
        columns.append(_number(piled).label(pile.value))
    for name, (right, lead) in waiting.items():
        rows = sa.select(plain.id).where(plain.ward_id == actor.ward_id, lead)
        allowed = right is None or actor.has(right)
        seen = visible_to(actor, shy) if allowed else sa.false()
        columns.append(_number(rows.where(seen).limit(CAP + 1)).label(name))
    return dict(db.session.execute(sa.select(*columns)).one()._mapping)


def own_work(actor: Actor) -> list[Any]:
    """The ways by which open work is an officer's: theirs, of those they stand in for, or done for
    them by somebody else in their absence."""
    own = [plain.handler_id == who for who in own_names(actor)]
    own.append(plain.handler_for_id == actor.officer_id)
    return [sa.and_(way, plain.is_open) for way in own]


def in_pile(pile: Pile, now: datetime, p: Any = plain) -> Any:
    """The condition of a pile, of open work."""
    if pile is Pile.LATE:
        return overdue(now, p)
    if pile is Pile.SOON:
        near = sa.and_(sa.not_(_missed(now, p)), p.due_at < soon(now))
        return sa.and_(near, p.status.not_in(STOPPED))
    return p.status.in_(_PILES[pile])


def soon(now: datetime) -> datetime:
    """The instant before which a date counts as near: the end of the next weekday."""
    on = clock.local(now).date() + timedelta(days=1)
    while on.weekday() >= 5:
        on += timedelta(days=1)
    return datetime.combine(on, time.max, clock.ZONE)


def overdue(now: datetime, p: Any = plain) -> Any:
    """Open, its date missed, and no clock stopped.

    The date leads by its index, one day or less too far; `late_at` knows that a limit in days lasts
    until midnight.
    """
    return sa.and_(p.is_open, p.due_at <= now, _missed(now, p), p.status.not_in(STOPPED))


def is_overdue(petition: Any, now: datetime) -> bool:
    """The same for a petition or a row at hand."""
    return bool(
        petition.is_open
        and petition.due_at is not None
        and (petition.late_at or petition.due_at) <= now
        and petition.status not in STOPPED
    )


def _missed(now: datetime, p: Any) -> Any:
    return sa.func.coalesce(p.late_at, p.due_at) <= now


def _mine(actor: Actor) -> Any:
    columns = (plain.id, plain.status, plain.is_open, plain.due_at, plain.late_at)
    ways = [
        sa.select(*columns)
        .where(way, always(actor, shy))
        .order_by(plain.due_at)
        .limit(CAP + 1)
        .subquery()
        for way in own_work(actor)
    ]
    return sa.union(*(sa.select(way) for way in ways)).cte("mine")


def _asked(actor: Actor) -> Any:
    units = plain.helping_department_id.in_(actor.department_ids or {0})
    return sa.and_(units, shy.status == Status.COORDINATING)


def _to_sign(actor: Actor) -> Any:
    return sa.and_(plain.status == Status.AWAITING_APPROVAL, approval.signable_by(actor, shy))


def _number(rows: Any) -> Any:
    return sa.select(sa.func.count()).select_from(rows.subquery()).scalar_subquery()
