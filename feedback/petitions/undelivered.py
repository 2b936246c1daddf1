"""The officer reads on the petition that a message did not arrive, or may not have."""

from typing import Any

import sqlalchemy as sa

from feedback.broadcast import passing
from feedback.db import db
from feedback.messages import say
from feedback.outbox import outreach
from feedback.outbox.channel import Delivery
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.outcome import Outcome
from feedback.petitions import by_itself
from feedback.petitions.by_itself import Entry, News
from feedback.petitions.models import Petition, TimelineEntry
from feedback.wards.setup import setup_of


def note(row: Delivery, outcome: Outcome) -> None:
    """Add an entry the resident does not see; the same news twice is one entry.

    What is about no petition only goes on to the person's other chat.
    """
    if row.petition_id is None:
        if outcome.state is OutboxState.FAILED:
            _elsewhere(row, outcome)
        return
    ward_id = db.session.scalar(sa.select(Petition.ward_id).where(Petition.id == row.petition_id))
    own = setup_of(ward_id or 0).texts
    text = say(f"delivery.{_block(outcome)}", own, channel=row.channel.label)
    if outcome.state is OutboxState.FAILED and row.notice.startswith("petition."):
        next_way = outreach.pass_on(row, **_ways(row.petition_id))
        if next_way:
            text += " " + say("delivery.next_way", own, way=next_way)
    last = db.session.execute(
        sa.select(TimelineEntry.action, TimelineEntry.text)
        .where(TimelineEntry.petition_id == row.petition_id)
        .order_by(TimelineEntry.id.desc())
        .limit(1)
    ).first()
    if last == (News.UNDELIVERED, f"{News.UNDELIVERED.label} {text}"):
        return
    detail = {"notice": row.notice, "message": row.id}
    by_itself.note(Entry(row.petition_id, News.UNDELIVERED, text, detail=detail))


def _elsewhere(row: Delivery, outcome: Outcome) -> None:
    """Announcements and invitations; where they went stands beside why they did not arrive."""
    to = passing.pass_on(row) if row.broadcast_id else outreach.to_other_chat(row)
    if to:
        error = ". ".join(filter(None, (outcome.error, f"Đã gửi sang {to}")))
        values = sa.update(OutboxRow).where(OutboxRow.id == row.id).values(error=error)
        db.session.execute(values.execution_options(synchronize_session=False))


def _block(outcome: Outcome) -> str:
    if outcome.is_unreachable:
        return "unreachable"
    return "unknown" if outcome.state is OutboxState.UNKNOWN else "failed"


def _ways(petition_id: int) -> dict[str, Any]:
    """How else the reporter could be reached."""
    query = sa.select(Petition.phone_hash.is_not(None), Petition.reporter_email)
    has_phone, email = db.session.execute(query.where(Petition.id == petition_id)).one()
    return {"has_phone": bool(has_phone), "email": email or ""}
