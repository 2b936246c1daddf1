"""What the resident does with an answer: rate it, or ask for the matter to be handled again."""

from collections.abc import Sequence

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Channel
from feedback.petitions import deadlines, notices, succession, tidings
from feedback.petitions.actions.ending import close
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Petition, Rating, Status
from feedback.petitions.ratings import CONTENT, Reason
from feedback.text import squeeze


def reopen(
    petition: Petition, *, by: Actor, reason: str, expected_version: int | None = None
) -> Petition:
    """Handle it again: same handler if still in that position, a new date, and the head reads why."""
    reason = needed(reason, "điều chưa đạt", field="reason")
    apply(
        petition,
        Action.REOPEN,
        by,
        text=reason,
        detail={"round": petition.reopened + 1, "told": petition.head_id},
        changes={
            "reopened": petition.reopened + 1,
            "closed_at": None,
        },
        expected_version=expected_version,
    )
    succession.keep(petition, table_of(petition.ward_id))
    deadlines.restart(petition, petition.updated_at)
    db.session.flush()
    notices.reopened(petition)
    tidings.reopened(petition, reason)
    return petition


def rate(
    petition: Petition,
    *,
    by: Actor,
    score: int,
    reasons: Sequence[str] = (),
    comment: str = "",
    channel: Channel = Channel.WEB,
    expected_version: int | None = None,
) -> Petition:
    """Keep the resident's mark for this answer, the last one given; 4 and 5 close the petition.

    Raises BadInput for a mark outside 1 to 5 or an unknown reason.
    """
    if score not in range(1, 6):
        raise BadInput(fields={"score": "Vui lòng chọn mức từ 1 đến 5."})
    try:
        chosen = [Reason(reason).value for reason in reasons]
    except ValueError:
        raise BadInput(fields={"reasons": "Lý do không có trong danh sách."}) from None
    apply(
        petition,
        Action.RATE,
        by,
        text=f"{score}/5",
        detail={"score": score, "reasons": chosen},
        expected_version=expected_version,
    )
    rating = db.session.scalar(
        sa.select(Rating).where(
            Rating.petition_id == petition.id, Rating.round == petition.reopened
        )
    )
    if rating is None:
        rating = Rating(petition_id=petition.id, round=petition.reopened)
        db.session.add(rating)
    rating.score, rating.reasons, rating.comment = score, chosen, squeeze(comment)
    rating.channel, rating.at = channel, petition.updated_at
    db.session.flush()
    if score >= CONTENT and petition.status is Status.ANSWERED:
        close(petition, by=by)
    return petition
