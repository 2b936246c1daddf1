"""What a ward keeps no longer of a draft residents commented on: who they were, once all were answered in public."""

from datetime import datetime

import sqlalchemy as sa

from feedback.db import rows_touched
from feedback.publicity.models import Comment, Consultation


def forget_commenters(ward_id: int, before: datetime, limit: int) -> int:
    """Forget the names and chats of up to `limit` comments whose answers were published before an instant; how
    many. What they said stays. Call in a transaction."""
    over = sa.select(Consultation.id).where(
        Consultation.ward_id == ward_id, Consultation.published_at < before
    )
    known = sa.select(Comment.id).where(
        Comment.consultation_id.in_(over),
        sa.or_(Comment.name.is_not(None), Comment.contact_id.is_not(None)),
    )
    return rows_touched(
        sa.update(Comment)
        .where(Comment.id.in_(known.limit(limit)))
        .values(name=None, contact_id=None)
    )
