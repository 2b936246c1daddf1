"""What became of a petition against its date: the one definition behind every figure and every list.

QĐ 766/QĐ-TTg: đúng hạn = số PAKN trả lời đúng, trước hạn ÷ tổng PAKN thuộc thẩm quyền; hài lòng =
(tổng − không hài lòng, quá hạn) ÷ tổng. So what is overdue counts against both. What the ward passed on
or refused was not in its competence; a duplicate counts with the petition it was merged into.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback.labels import Labelled
from feedback.petitions.columns import plain
from feedback.petitions.lifecycle import SETTLED
from feedback.petitions.models import Kind, Petition, Rating, Status
from feedback.petitions.worklist import is_overdue, overdue

UNHAPPY = 2  # a mark so low, or lower, says "chưa hài lòng"
COUNTED = (Kind.PHAN_ANH, Kind.KIEN_NGHI, Kind.HOI_DAP)  # what the decision calls PAKN
AWAY = (Status.TRANSFERRED, Status.REJECTED)


class Outcome(Labelled):
    """Where a counted petition stands against its date."""

    ON_TIME = "on_time", "Trả lời đúng hạn"
    LATE = "late", "Trả lời quá hạn"
    OVERDUE = "overdue", "Quá hạn, chưa trả lời"
    RUNNING = "running", "Đang trong hạn"
    AWAY = "away", "Chuyển nơi khác, từ chối"
    UNHAPPY = "unhappy", "Đúng hạn nhưng chưa hài lòng"
    DUE = "due", "Đã đến hạn hoặc đã trả lời"


def counted(p: Any = plain) -> Any:
    """What the indicators count, whatever became of it."""
    return sa.and_(p.kind.in_(COUNTED), p.is_restricted.is_(False), p.status != Status.MERGED)


def within(outcome: Outcome, now: datetime, p: Any = plain) -> Any:
    """The condition of an outcome, of what is counted; UNHAPPY is part of ON_TIME, DUE is made of
    ON_TIME, LATE and OVERDUE."""
    return _CONDITIONS[outcome](now, p)


def outcome_of(petition: Petition, now: datetime) -> Outcome:
    """The same for a petition at hand, without what the resident thinks of it."""
    if petition.status in AWAY:
        return Outcome.AWAY
    if petition.status in SETTLED:
        late_at = petition.late_at or petition.due_at
        is_late = late_at and petition.answered_at and petition.answered_at >= late_at
        return Outcome.LATE if is_late else Outcome.ON_TIME
    return Outcome.OVERDUE if is_overdue(petition, now) else Outcome.RUNNING


def last_mark(p: Any = plain) -> Any:
    """The mark for the newest answer that has one, as a scalar subquery."""
    marks = sa.select(Rating.score).where(Rating.petition_id == p.id)
    return marks.order_by(Rating.round.desc()).limit(1).correlate(Petition).scalar_subquery()


def _settled(p: Any) -> Any:
    return p.status.in_(sorted(SETTLED))


def _late(p: Any) -> Any:
    """Answered after its date was missed; without a date nothing was."""
    missed = p.answered_at >= sa.func.coalesce(p.late_at, p.due_at)
    return sa.func.coalesce(missed, sa.false())


def _open(p: Any) -> Any:
    return p.status.not_in(sorted([*SETTLED, *AWAY, Status.MERGED]))


def _overdue(now: datetime, p: Any) -> Any:
    return sa.and_(_open(p), sa.func.coalesce(overdue(now, p), sa.false()))


_CONDITIONS: dict[Outcome, Callable[[datetime, Any], Any]] = {
    Outcome.ON_TIME: lambda now, p: sa.and_(_settled(p), sa.not_(_late(p))),
    Outcome.LATE: lambda now, p: sa.and_(_settled(p), _late(p)),
    Outcome.OVERDUE: _overdue,
    Outcome.RUNNING: lambda now, p: sa.and_(_open(p), sa.not_(_overdue(now, p))),
    Outcome.AWAY: lambda now, p: p.status.in_(AWAY),
    Outcome.UNHAPPY: lambda now, p: sa.and_(
        within(Outcome.ON_TIME, now, p), last_mark() <= UNHAPPY
    ),
    Outcome.DUE: lambda now, p: sa.or_(_settled(p), _overdue(now, p)),
}
