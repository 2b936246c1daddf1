"""The delivery log of a petition: what was sent to whom, and what became of it."""

import sqlalchemy as sa

from feedback.db import db
from feedback.outbox.models import OutboxRow


def of_petition(petition_id: int, limit: int = 200) -> list[OutboxRow]:
    """The petition's messages, newest first; their words stay sealed until `.body` is read."""
    query = (
        sa.select(OutboxRow)
        .options(sa.orm.defer(OutboxRow.body))
        .where(OutboxRow.petition_id == petition_id)
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))
