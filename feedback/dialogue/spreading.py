"""A session told to who asked for the ward's news in a chat, with buttons to come and to ask."""

from feedback import broadcast, clock
from feedback.broadcast import topics, verbs
from feedback.db import db
from feedback.dialogue.announcing import group_text, is_for_everybody
from feedback.dialogue.models import Dialogue
from feedback.messages import say
from feedback.outbox.prompt import Choice
from feedback.people.actor import Actor
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.words import minute_name


def tell(dialogue: Dialogue, *, by: Actor, cancelled: bool = False) -> bool:
    """Once for each edition of the session; whether it went out.

    Of a private session nothing is told, nor by somebody who may announce nothing there.
    """
    setup = setup_of(dialogue.ward_id)
    to = audience(dialogue, setup)
    if not dialogue.of_kind.is_public or not verbs.may_announce(by, to, setup):
        return False
    broadcast.send(
        dialogue.ward_id,
        _text(dialogue, cancelled),
        to,
        by=by,
        key=f"dialogue:{dialogue.id}:{dialogue.sequence}",
        dialogue_id=dialogue.id,
        buttons=() if cancelled else buttons(dialogue),
    )
    return True


def buttons(dialogue: Dialogue) -> tuple[Choice, ...]:
    """To come, to ask."""
    return (
        Choice("Đăng ký dự", f"talk:join:{dialogue.id}"),
        Choice("Gửi câu hỏi", f"talk:ask:{dialogue.id}"),
    )


def audience(dialogue: Dialogue, setup: Setup) -> list[str]:
    """The neighbourhoods concerned; when it is all of them, the whole ward."""
    if is_for_everybody(dialogue, setup):
        return [topics.WARD]
    concerned = {row.neighbourhood_id for row in dialogue.concerned} - setup.unused_areas
    return [topics.area(id) for id in sorted(concerned)]


def _text(dialogue: Dialogue, cancelled: bool) -> str:
    own = setup_of(dialogue.ward_id).texts
    if cancelled:
        when = minute_name(clock.local(dialogue.starts_at))
        values = {"title": dialogue.title, "when": when, "reason": dialogue.reason}
        return say("announcing.cancelled", own, **values)
    text = group_text(dialogue, db.session.get_one(Ward, dialogue.ward_id))
    if not dialogue.sequence:
        return text
    return say("announcing.moved", own, text=text, reason=dialogue.reason)
