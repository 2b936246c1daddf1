"""Residents to be told by telephone or on paper, since no message reached them: whose task it is, and done.

Calls are made by who takes petitions in; papers are also brought by the head of the neighbourhood the
petition is about. A sealed petition is on nobody's list but that of who may see it.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.errors import NotFound, WrongState
from feedback.outbox.models import OutboxRow
from feedback.outbox.outreach import Means, Outreach
from feedback.outbox.prompt import Prompt
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.petitions import by_itself
from feedback.petitions.by_itself import Entry, News
from feedback.petitions.models import Petition
from feedback.petitions.visibility import visible_to
from feedback.text import squeeze

MOST = 100
LONGEST = 300
WORDS = {Means.PHONE: "Đã gọi điện", Means.PAPER: "Đã đưa giấy"}


@dataclass(frozen=True)
class Task:
    """One resident to tell. `phone` only for who may see it; `text`: what the message said."""

    id: int
    number: str
    means: Means
    since: datetime
    name: str
    phone: str
    place: str
    text: str

    @property
    def done_words(self) -> str:
        return WORDS[self.means]


def waiting(by: Actor, limit: int = MOST) -> list[Task]:
    """What this officer is to do, oldest first. Call in a transaction: looking is written down."""
    rows = db.session.execute(_theirs(by).order_by(Outreach.id).limit(limit)).all()
    if rows:
        detail = {"petitions": [petition.number for _, petition, _ in rows]}
        audit.record(
            "outreach.read", "ward", by.ward_id, ward_id=by.ward_id, officer_id=by.officer_id,
            detail=detail,
        )  # fmt: skip
    return [_task(outreach, petition, row, by) for outreach, petition, row in rows]


def count(by: Actor) -> int:
    """How many wait, for a number beside a link."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_theirs(by).subquery())) or 0


def done(outreach_id: int, *, by: Actor, note: str = "") -> str:
    """The resident was told; the petition's number. Raises NotFound, WrongState when somebody already did."""
    row = db.session.execute(
        _theirs(by, is_open=False).where(Outreach.id == outreach_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    outreach, petition, _ = row
    told = sa.update(Outreach).where(Outreach.id == outreach_id, Outreach.done_at.is_(None))
    values = {"done_at": clock.now(), "done_by_id": by.officer_id}
    quiet = {"synchronize_session": False}
    result = db.session.execute(told.values(**values).execution_options(**quiet))
    if not result.rowcount:  # type: ignore[attr-defined]
        raise WrongState("Việc này đã có người làm rồi.")
    text = ": ".join(filter(None, (WORDS[outreach.means], squeeze(note)[:LONGEST])))
    by_itself.note(Entry(petition.id, News.REACHED, text, is_public=True, officer_id=by.officer_id))
    return str(petition.number)


def _theirs(by: Actor, *, is_open: bool = True) -> sa.Select[Outreach, Petition, OutboxRow]:
    means = [Means.PHONE, Means.PAPER] if by.has(P.INTAKE) else [Means.PAPER]
    query = (
        sa.select(Outreach, Petition, OutboxRow)
        .join(Petition, Petition.id == Outreach.petition_id)
        .join(OutboxRow, OutboxRow.id == Outreach.outbox_id)
        .where(Outreach.means.in_(means), visible_to(by, Petition))
    )
    return query.where(Outreach.done_at.is_(None)) if is_open else query


def _task(outreach: Outreach, petition: Petition, row: OutboxRow, by: Actor) -> Task:
    is_shown = by.has(P.UNMASK)
    return Task(
        outreach.id,
        petition.number,
        outreach.means,
        outreach.created_at,
        "" if petition.is_anonymous and not is_shown else petition.reporter_name or "",
        (petition.reporter_phone or "") if is_shown else "",
        petition.reporter_address or petition.address,
        Prompt.from_json(row.body).text,
    )
