"""What the ward does meanwhile, walking the real verbs."""

from datetime import timedelta

from feedback.db import db, transaction
from feedback.petitions import actions
from feedback.petitions.models import Petition
from feedback.petitions.queries import by_token

ANSWER = "Đội chiếu sáng đã thay bóng đèn trước số 12 ngõ 34 sáng nay."
RECALL_IS_OVER = timedelta(seconds=16)


def do(world, token: str, who: str, verb: str, **values) -> Petition:
    """One act of one officer; `who` is a name of the test ward."""
    by = world.actor(who)
    db.session.rollback()
    with transaction():
        return getattr(actions, verb)(by_token(token), by=by, **values)


def begin(world, token: str) -> None:
    """Accepted and in An's hands."""
    do(world, token, "clerk", "accept", field_id=world.fields[2].id)
    do(world, token, "an", "take")


def answer(world, token: str, clock=None) -> None:
    """Drafted by An, approved by the chair; with a `clock`, the recall window has passed too."""
    begin(world, token)
    do(world, token, "an", "submit_answer", text=ANSWER)
    do(world, token, "chair", "approve")
    if clock is not None:
        clock.shift(RECALL_IS_OVER)
