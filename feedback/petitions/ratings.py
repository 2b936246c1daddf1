"""The resident's mark for an answer: its words and reasons, and what follows from it."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from feedback.db import db
from feedback.labels import Labelled
from feedback.petitions.models import Petition, Status

CONTENT = 4  # from this mark on the matter is closed
SILENT_DAYS = 7  # after so many days without a word an answered petition closes by itself

STARS = {
    5: "Rất hài lòng",
    4: "Hài lòng",
    3: "Bình thường",
    2: "Chưa hài lòng",
    1: "Rất không hài lòng",
}


# As the partial index has it, so that it may be used.
_ANSWERED: sa.ColumnElement[bool] = sa.literal_column(f"petition.status = '{Status.ANSWERED}'")


class Reason(Labelled):
    """Why an answer did not satisfy."""

    SLOW = "slow", "Chậm"
    GENERAL = "general", "Trả lời chung chung"
    NOT_SOLVED = "not_solved", "Chưa giải quyết thực tế"
    ATTITUDE = "attitude", "Thái độ"
    COMPETENCE = "competence", "Sai thẩm quyền"
    OTHER = "other", "Khác"


def silent(now: datetime, limit: int = 200) -> list[int]:
    """Ids of petitions answered so long ago, without a word since, that they close by themselves."""
    return list(
        db.session.scalars(
            sa.select(Petition.id)
            .where(_ANSWERED, Petition.answered_at < now - timedelta(days=SILENT_DAYS))
            .order_by(Petition.answered_at, Petition.id)
            .limit(limit)
        )
    )
