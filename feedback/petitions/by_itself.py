"""What happens to a petition without anybody doing it: an entry of the timeline, no change of status."""

from dataclasses import dataclass, field
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
    REACHED = "reached", "Báo người dân trực tiếp."
    WITHDRAWN = "withdrawn", "Người dân rút dữ liệu."


@dataclass(frozen=True)
class Entry:
    """What is to stand on a timeline; the resident sees it only if `is_public`."""

    petition_id: int
    news: News
    text: str
    is_public: bool = False
    detail: dict[str, Any] = field(default_factory=dict)
    officer_id: int | None = None  # who says so; None: the program


def note(*entries: Entry) -> None:
    """Add entries by the program."""
    if not entries:
        return
    ids = {entry.petition_id for entry in entries}
    found = db.session.execute(sa.select(Petition.id, Petition.status).where(Petition.id.in_(ids)))
    status = {row.id: row.status for row in found}
    now = clock.now()
    rows = [
        {
            "petition_id": entry.petition_id,
            "at": now,
            "action": entry.news,
            "to_status": status[entry.petition_id],
            "party": Party.OFFICER if entry.officer_id else Party.SYSTEM,
            "officer_id": entry.officer_id,
            "is_public": entry.is_public,
            "text": f"{entry.news.label} {entry.text}".strip(),
            "detail": entry.detail,
        }
        for entry in entries
    ]
    db.session.execute(sa.insert(TimelineEntry), rows)


def title(entry: TimelineEntry, petition: Petition) -> str:
    """The entry's own words, without a full stop: "Đã nhận được kiến nghị"."""
    named = f" {petition.called}" if entry.action == Action.SUBMIT else ""
    return words(entry.action).rstrip(".") + named


def words(action: str) -> str:
    """With which words an entry's text begins, whoever or whatever made it."""
    if action in News.__members__.values():
        return News(action).label
    row = BY_ACTION.get(Action(action))
    return row.words if row else ""
