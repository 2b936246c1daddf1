"""What a ward keeps no longer of sessions long over: the names and telephones of who came or asked.

How many came, the questions, answers and promises stay, and so does the chat a promise is told in.
"""

from datetime import datetime

import sqlalchemy as sa

from feedback.db import rows_touched
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration

NAMELESS = "Đã xóa tên theo thời gian lưu giữ"
GONE = "forgotten"  # in the place of the telephone's fingerprint


def forget(ward_id: int, before: datetime, limit: int) -> int:
    """Forget up to `limit` people of each sort of sessions that ended before an instant; how many. Call in
    a transaction."""
    over = sa.select(Dialogue.id).where(Dialogue.ward_id == ward_id, Dialogue.ends_at < before)
    came = sa.select(Registration.id).where(
        Registration.dialogue_id.in_(over), Registration.phone_hash.is_distinct_from(GONE)
    )
    asked = sa.select(Question.id).where(
        Question.dialogue_id.in_(over),
        sa.or_(Question.name.is_not(None), Question.phone.is_not(None)),
    )
    nobody = {"name": NAMELESS, "phone": None, "phone_hash": GONE}
    return rows_touched(
        sa.update(Registration).where(Registration.id.in_(came.limit(limit))).values(nobody)
    ) + rows_touched(
        sa.update(Question).where(Question.id.in_(asked.limit(limit))).values(name=None, phone=None)
    )
