"""What messages cost, within the month's budget: taken before a message leaves, given back if it did not.

The month's sum is one row, raised by a conditional update: however many send at once, the budget holds.
"""

from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from feedback import clock
from feedback.db import Base, choice, db
from feedback.outbox.window import Way


class MessageCost(Base):
    """What one message cost (đồng). A free message has no row."""

    __tablename__ = "message_cost"

    outbox_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox.id"), unique=True)
    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    month: Mapped[str] = mapped_column(sa.String(7))  # "2026-11", of Viet Nam
    way: Mapped[Way] = mapped_column(choice(Way))
    price: Mapped[int]
    created_at: Mapped[datetime]


class MonthSpending(Base):
    """The sum of a ward's month."""

    __tablename__ = "month_spending"
    __table_args__ = (sa.UniqueConstraint("ward_id", "month"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    month: Mapped[str] = mapped_column(sa.String(7))
    spent: Mapped[int]


_sums = cast(sa.Table, MonthSpending.__table__)
_begin = {
    name: insert(_sums).on_conflict_do_nothing()
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def take(outbox_id: int, ward_id: int, way: Way, price: int, budget: int | None) -> bool:
    """Take the price of a message from this month's budget (None: whatever it is); False: too little.

    A message that was paid for at an earlier try is not paid for again.
    """
    paid = sa.select(MessageCost.id).where(MessageCost.outbox_id == outbox_id)
    if db.session.scalar(paid) is not None:
        return True
    if not _add(ward_id, _month(), price, budget):
        return False
    cost = MessageCost(outbox_id=outbox_id, ward_id=ward_id, month=_month(), way=way, price=price)
    cost.created_at = clock.now()
    db.session.add(cost)
    db.session.flush()
    return True


def give_back(outbox_id: int) -> None:
    """The message did not leave, or cost nothing."""
    gone = db.session.execute(
        sa.delete(MessageCost)
        .where(MessageCost.outbox_id == outbox_id)
        .returning(MessageCost.ward_id, MessageCost.month, MessageCost.price)
    ).one_or_none()
    if gone:
        _add(gone.ward_id, gone.month, -gone.price, None)


def spent(ward_id: int, month: str | None = None) -> int:
    """What the ward spent in a month (this one), in đồng."""
    query = sa.select(MonthSpending.spent).where(
        MonthSpending.ward_id == ward_id, MonthSpending.month == (month or _month())
    )
    return db.session.scalar(query) or 0


def _add(ward_id: int, month: str, price: int, budget: int | None) -> bool:
    connection = db.session.connection()
    own = {"ward_id": ward_id, "month": month}
    connection.execute(_begin[connection.dialect.name], {**own, "spent": 0})
    fits = [_sums.c.spent + price <= budget] if budget is not None else []
    raised = (
        sa.update(_sums)
        .where(_sums.c.ward_id == ward_id, _sums.c.month == month, *fits)
        .values(spent=_sums.c.spent + price)
    )
    return bool(connection.execute(raised).rowcount)


def _month() -> str:
    return f"{clock.today():%Y-%m}"
