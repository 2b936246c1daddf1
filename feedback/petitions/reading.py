"""How a list is read so that one index leads it, whatever it is narrowed to.

A number or a phone leads, or the words, or the dates of open work, or the narrowest filter that has an
index, or the ways by which petitions come to the officer. What else must hold is checked row by row, on
`shy` columns (see `columns`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from feedback import clock, search
from feedback.people.actor import Actor
from feedback.people.models import Channel, Permission
from feedback.petitions.columns import plain, shy
from feedback.petitions.lifecycle import OPEN
from feedback.petitions.models import USUAL, Kind, Status, Urgency
from feedback.petitions.outcome import Outcome, counted, within
from feedback.petitions.paging import Order
from feedback.petitions.visibility import always, lanes, visible_to
from feedback.petitions.worklist import overdue
from feedback.sealing import fingerprints
from feedback.text import normal_phone
from feedback.wards.numbers import normal_number

Condition = Callable[[Any], Any]  # written on the columns it is given: plain or shy

NEWEST = Order(plain.id)
BY_DATE = Order(plain.id, plain.due_at, "due_at", rising=True)
BY_RECEIPT = Order(plain.id, plain.received_at, "received_at")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to. `outcome`, `is_counted`: as the indicators count. `text`: words, a petition's number, or (with UNMASK) a phone.

    `received_from`, `received_to`: local days, both inclusive; such a list goes by receipt, unless something narrower leads.
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
    department_id: int | None = None
    outcome: Outcome | None = None
    is_counted: bool | None = None
    received_from: date | None = None
    received_to: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Reading:
    """How a list is read: from the leading condition of each way, checking `rest`, in `order`.

    `is_narrowed`: `rest` holds more than what the officer may see. `is_probed`: the leading index knows no
    order, so the newest petitions are looked at first, and the index only when they do not fill the page.
    """

    ways: list[Any]
    rest: list[Any]
    order: Order
    is_narrowed: bool = True
    is_probed: bool = False


def reading(actor: Actor, filters: Filters) -> Reading:
    """How this officer reads the list narrowed so."""
    conditions = _conditions(filters)
    if filters.text:
        return _led_by_text(filters.text, actor, [c(shy) for c in conditions.values()])
    ways = lanes(actor)
    name = _leader(filters, whole_ward=ways is None)
    rest = [condition(shy) for each, condition in conditions.items() if each != name]
    if name:
        order = {"is_overdue": BY_DATE, "received": BY_RECEIPT}.get(name, NEWEST)
        lead = here(actor, conditions[name](plain))
        return Reading([lead], [visible_to(actor, shy), *rest], order, bool(rest))
    leads = [()] if ways is None else [(getattr(plain, w.column) == w.value,) for w in ways]
    own = [here(actor, *lead) for lead in leads]
    return Reading(own or [sa.false()], [always(actor, shy), *rest], NEWEST, bool(rest))


def here(actor: Actor, *conditions: Any) -> Any:
    """Conditions inside the officer's ward, on plain columns: an index may lead."""
    return sa.and_(plain.ward_id == actor.ward_id, *conditions)


def _led_by_text(text: str, actor: Actor, rest: list[Any]) -> Reading:
    """A petition's number, a phone (with UNMASK), or words."""
    rest = [visible_to(actor, shy), *rest]
    if number := normal_number(text):
        return Reading([plain.number == number], rest, Order(shy.id))
    if actor.has(Permission.UNMASK) and (phone := normal_phone(text)):
        return Reading([plain.phone_hash.in_(fingerprints(phone))], rest, Order(shy.id))
    words = search.matching(text, actor.ward_id or 0)
    if words is None:
        return Reading([sa.false()], rest, NEWEST)
    is_narrowed = len(rest) > 1
    order = Order(words.newest)
    return Reading([words.condition], rest, order, is_narrowed, is_probed=not words.is_sorted)


def _leader(filters: Filters, *, whole_ward: bool) -> str | None:
    """The filter whose index leads: first those that leave little, then, for who sees the whole ward,
    any that has one."""
    if filters.is_overdue:
        return "is_overdue"
    if filters.handler_id is not None:
        return "handler_id"
    if filters.status in OPEN:
        return "status"
    if filters.is_flagged:
        return "is_flagged"
    for name, usual in USUAL.items():
        if getattr(filters, name) not in (None, usual):
            return name
    if not whole_ward:
        return None
    if filters.received_from or filters.received_to:
        return "received"
    indexed = ("field_id", "neighbourhood_id", "status")
    return next((name for name in indexed if getattr(filters, name) is not None), None)


def _conditions(filters: Filters) -> dict[str, Condition]:
    """What the filters ask, but for the text, by name."""
    found: dict[str, Condition] = {}
    for name in _EQUAL:
        value = getattr(filters, name)
        if value is not None:
            found[name] = _equal(name, value)
    if filters.is_overdue:
        now = clock.now()
        found["is_overdue"] = lambda p: overdue(now, p)
    if filters.outcome or filters.is_counted:
        found["outcome"] = _counted(filters.outcome, clock.now())
    if filters.received_from or filters.received_to:
        found["received"] = _between(filters.received_from, filters.received_to)
    return found


_EQUAL = (
    "status",
    "field_id",
    "neighbourhood_id",
    "urgency",
    "handler_id",
    "kind",
    "channel",
    "is_open",
    "is_flagged",
    "department_id",
)


def _equal(name: str, value: Any) -> Condition:
    usual = USUAL.get(name)
    if usual is None or value == usual:
        return lambda p: getattr(p, name) == value
    partial: Any = sa.literal_column(f"petition.{name} <> '{usual}'")  # as the partial index has it
    return lambda p: sa.and_(getattr(p, name) == value, partial)


def _counted(outcome: Outcome | None, now: datetime) -> Condition:
    return lambda p: sa.and_(counted(p), within(outcome, now, p) if outcome else sa.true())


def _between(first: date | None, last: date | None) -> Condition:
    return lambda p: sa.and_(
        sa.true() if first is None else p.received_at >= _midnight(first),
        sa.true() if last is None else p.received_at < _midnight(last + timedelta(days=1)),
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock.ZONE)
