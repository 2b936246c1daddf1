"""Which sessions there are, for residents' pages and for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.kinds import kinds
from feedback.dialogue.lifecycle import may_see
from feedback.dialogue.models import Dialogue, Reach, Status
from feedback.dialogue.question_models import Question, QuestionState
from feedback.errors import NotFound
from feedback.people.actor import Actor
from feedback.people.models import Permission as P

PAST = (Status.HELD, Status.PUBLISHED, Status.CLOSED)
IN_FEEDS = timedelta(days=400)  # how far back calendars and feeds reach
_PUBLIC_KINDS = tuple(key for key, kind in kinds().items() if kind.is_public)
_SHOWN = (
    Dialogue.status != Status.DRAFT,
    Dialogue.kind.in_(_PUBLIC_KINDS),
    Dialogue.announced_at.is_not(None),
)


@dataclass
class Programme:
    """A ward's sessions: to come (soonest first), and past (newest first)."""

    coming: list[Dialogue] = field(default_factory=list)
    past: list[Dialogue] = field(default_factory=list)


def programme(ward_id: int, limit: int = 50) -> Programme:
    """What residents see. A cancelled session stays among those to come until its day."""
    found = Programme()
    query = sa.select(Dialogue).where(Dialogue.ward_id == ward_id, *_SHOWN)
    today = clock.now() - timedelta(hours=12)
    for row in db.session.scalars(query.order_by(Dialogue.starts_at.desc()).limit(limit)):
        is_past = row.status in PAST or (row.status is Status.CANCELLED and row.starts_at < today)
        (found.past if is_past else found.coming).append(row)
    found.coming.reverse()
    return found


def in_feeds(ward_id: int) -> Sequence[Dialogue]:
    """What calendars and feed readers get, newest announcement first."""
    since = clock.now() - IN_FEEDS
    query = sa.select(Dialogue).where(
        Dialogue.ward_id == ward_id, Dialogue.starts_at >= since, *_SHOWN
    )
    return db.session.scalars(query.order_by(Dialogue.announced_at.desc(), Dialogue.id)).all()


def public(ward_id: int, dialogue_id: int) -> Dialogue:
    """A session residents may read. Raises NotFound."""
    row = db.session.get(Dialogue, dialogue_id)
    if row is None or row.ward_id != ward_id or not row.is_public or row.announced_at is None:
        raise NotFound
    return row


def seen(dialogue_id: int, actor: Actor) -> Dialogue:
    """A session this officer may see. Raises NotFound."""
    row = db.session.get(Dialogue, dialogue_id)
    if row is None or row.ward_id != actor.ward_id or not may_see(row, actor):
        raise NotFound
    return row


def of_desk(actor: Actor, limit: int = 100) -> list[Dialogue]:
    """The sessions an officer runs or has to announce, newest first."""
    query = sa.select(Dialogue).where(Dialogue.ward_id == actor.ward_id)
    if not actor.has(P.HOLD_DIALOGUE):
        mine = sa.exists().where(
            Reach.dialogue_id == Dialogue.id,
            Reach.neighbourhood_id.in_(actor.neighbourhood_ids or {0}),
        )
        query = query.where(mine)
    rows = db.session.scalars(query.order_by(Dialogue.starts_at.desc()).limit(limit))
    return [row for row in rows if may_see(row, actor)]


def to_prepare(actor: Actor) -> list[Question]:
    """Questions given to the officer's own department, not prepared first."""
    if not actor.has(P.HANDLE) or not actor.department_ids:
        return []
    query = (
        sa.select(Question)
        .join(Dialogue, Dialogue.id == Question.dialogue_id)
        .where(
            Question.department_id.in_(actor.department_ids),
            Question.state.in_((QuestionState.NEW, QuestionState.ACCEPTED)),
            Dialogue.status.in_((Status.ANNOUNCED, Status.QUESTIONS, Status.LIVE, Status.HELD)),
        )
        .order_by(Question.prepared_at.is_not(None), Dialogue.starts_at, Question.id)
    )
    return list(db.session.scalars(query))
