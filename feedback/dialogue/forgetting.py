"""What a ward keeps no longer of sessions long over: the names and telephones of who came or asked, and who
had asked for one.

How many came or asked, the questions, answers and promises stay, and so does the chat a promise is told in.
"""

from datetime import datetime

import sqlalchemy as sa

from feedback.db import rows_touched
from feedback.dialogue import requests
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration
from feedback.dialogue.request_models import DialogueRequest

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


def forget_requests(ward_id: int, before: datetime, limit: int) -> int:
    """Forget up to `limit` of those who asked for a dialogue before an instant, once a conference was held
    since; how many. Call in a transaction."""
    over = sa.select(DialogueRequest.id).where(
        DialogueRequest.ward_id == ward_id,
        DialogueRequest.round < requests.round_of(ward_id),
        DialogueRequest.at < before,
        DialogueRequest.voter.not_like(f"{GONE}:%"),
    )
    nobody = {
        "name": NAMELESS,
        "about": "",
        "voter": sa.literal(f"{GONE}:") + sa.cast(DialogueRequest.id, sa.String),
    }
    return rows_touched(
        sa.update(DialogueRequest).where(DialogueRequest.id.in_(over.limit(limit))).values(nobody)
    )
