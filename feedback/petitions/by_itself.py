"""What happens to a petition without anybody doing it: an entry of the timeline, no change of status."""

from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.labels import Labelled
from feedback.people.models import Party
from feedback.petitions.lifecycle import BY_ACTION, Action
from feedback.petitions.models import Petition, TimelineEntry


class News(Labelled):
    """The `action` of such an entry; the label is its words on the timeline."""

    UNDELIVERED = "undelivered", "Tin gửi người dân."
    ESCALATED = "escalated", "Báo cáo việc chậm hạn."
    APOLOGY = "apology", "Xin lỗi vì chậm trả lời."
    REDATED = "redated", "Đổi hạn do lịch làm việc thay đổi."
    SUCCEEDED = "succeeded", "Đổi người phụ trách."


def note(
    petition_id: int,
    news: News,
    text: str,
    *,
    is_public: bool = False,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add an entry by the program; the resident sees it only if `is_public`."""
    status = db.session.scalar(sa.select(Petition.status).where(Petition.id == petition_id))
    db.session.execute(
        sa.insert(TimelineEntry).values(
            petition_id=petition_id,
            at=clock.now(),
            action=news,
            to_status=status,
            party=Party.SYSTEM,
            is_public=is_public,
            text=f"{news.label} {text}".strip(),
            detail=detail or {},
        )
    )


def words(action: str) -> str:
    """With which words an entry's text begins, whoever or whatever made it."""
    if action in News.__members__.values():
        return News(action).label
    row = BY_ACTION.get(Action(action))
    return row.words if row else ""
