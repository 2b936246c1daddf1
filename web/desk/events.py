"""What happened to a petition, what is due and what was sent, as the officials' pages tell it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback.db import db
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.spending import MessageCost
from feedback.people.models import Channel, Party, Role
from feedback.petitions import by_itself
from feedback.petitions.dating import name_of
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Petition, TimelineEntry
from web.desk.frame import current_setup

STATE_COLOURS = {
    OutboxState.QUEUED: "blue",
    OutboxState.SENDING: "blue",
    OutboxState.SENT: "green",
    OutboxState.FAILED: "red",
    OutboxState.UNKNOWN: "orange",
    OutboxState.CANCELLED: "grey",
}
NOTICES = {
    "petition.received": "Báo đã nhận",
    "petition.asked": "Câu hỏi bổ sung",
    "petition.answered": "Câu trả lời",
    "petition.answered_too": "Câu trả lời (người gửi cùng nội dung)",
    "petition.extended": "Báo gia hạn",
    "petition.transferred": "Báo chuyển cơ quan",
    "petition.rejected": "Báo từ chối",
    "petition.merged": "Báo gộp trùng",
    "petition.reopened": "Báo xử lý lại",
    "petition.late": "Xin lỗi vì chậm",
    "petition.moved": "Báo đổi hạn",
}


@dataclass(frozen=True)
class Event:
    """A line of the history or of the talk with the resident."""

    id: int
    action: str
    title: str
    at: datetime
    by: str
    text: str
    is_public: bool
    is_ours: bool


@dataclass(frozen=True)
class Limit:
    """A date with its reasons, each a sentence."""

    step: str
    name: str
    due_at: datetime
    article: str
    trace: list[str]
    met_at: datetime | None


def events_of(petition: Petition) -> list[Event]:
    """What happened, newest first; of several savings of a draft in a row only the last."""
    events: list[Event] = []
    for entry in petition.timeline:
        event = _event(entry, petition)
        if (
            events
            and event.action == Action.DRAFT == events[-1].action
            and event.by == events[-1].by
        ):
            events.pop()
        events.append(event)
    return events[::-1]


def orders_of(petition: Petition) -> list[Event]:
    """What leaders wrote when they gave it to somebody ("bút phê"), newest first."""
    given = [entry for entry in petition.timeline if entry.detail.get("instruction")]
    return [
        replace(_event(entry, petition), text=str(entry.detail["instruction"]))
        for entry in reversed(given)
    ]


def limits_of(petition: Petition) -> Iterator[Limit]:
    for row in petition.deadlines:
        if row.round == petition.reopened:
            trace = [str(step["text"]) for step in row.trace]
            name = name_of(row.step, petition.kind)
            yield Limit(row.step, name, row.due_at, row.article, trace, row.met_at)


def log_of(petition: Petition) -> list[dict[str, Any]]:
    """Every message about this petition and what became of it, newest first."""
    columns = (
        OutboxRow.channel,
        OutboxRow.notice,
        OutboxRow.state,
        OutboxRow.error,
        OutboxRow.created_at,
        OutboxRow.settled_at,
        MessageCost.way,
        MessageCost.price,
    )
    query = (
        sa.select(*columns)
        .outerjoin(MessageCost, MessageCost.outbox_id == OutboxRow.id)
        .where(OutboxRow.petition_id == petition.id)
    )
    return [
        {
            "channel": row.channel.label,
            "what": NOTICES.get(row.notice, "Tin nhắn"),
            "state": row.state.label,
            "colour": STATE_COLOURS[row.state],
            "error": row.error,
            "cost": f"{row.way.label}: {row.price} đồng" if row.way else "",
            "at": row.settled_at or row.created_at,
        }
        for row in db.session.execute(query.order_by(OutboxRow.id.desc()).limit(50))
    ]


def _event(entry: TimelineEntry, petition: Petition) -> Event:
    words = by_itself.words(entry.action)
    text = entry.text.removeprefix(words).strip()
    if instruction := entry.detail.get("instruction"):
        text += f"\nÝ kiến chỉ đạo: {instruction}"
    is_ours = entry.party is not Party.CITIZEN and entry.action != Action.ADD
    title = by_itself.title(entry, petition)
    return Event(
        entry.id, entry.action, title, entry.at, _who(entry), text, entry.is_public, is_ours
    )


def _who(entry: TimelineEntry) -> str:
    if entry.officer_id is None:
        return entry.party.label
    names = current_setup().officers
    absent = f" (thay {names[entry.acting_for_id]})" if entry.acting_for_id else ""
    if not absent and entry.action == Action.APPROVE and _is_deputy(entry.officer_id):
        absent = " (KT. Chủ tịch)"
    channel = entry.detail.get("channel")
    through = f", qua {Channel(channel).label}" if channel else ""
    return names[entry.officer_id] + absent + through


def _is_deputy(officer_id: int) -> bool:
    """Whether a vice-chair, by any post they hold or held: old acts keep their name."""
    posts = current_setup().posts
    held = [h.position_id for h in current_setup().holdings if h.officer_id == officer_id]
    roles = {posts[position_id].role for position_id in held if position_id in posts}
    return Role.VICE_CHAIR in roles and Role.CHAIR not in roles
