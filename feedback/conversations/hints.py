"""What the words of a message suggest to the chat: danger, an accusation, or nothing to look for."""

from feedback.conversations.turn import Hint
from feedback.petitions.models import Kind
from feedback.triage.suggest import tone

WITHOUT_PLACE = {Kind.HOI_DAP, Kind.KHEN_NGOI}


def about(text: str) -> Hint:
    """Quick: the word lists are compiled once."""
    found = tone(text)
    return Hint(
        is_accusation=found.kind == Kind.TO_CAO,
        needs_place=found.kind not in WITHOUT_PLACE,
        danger="\n".join(danger.advice for danger in found.dangers),
        is_question=found.kind == Kind.HOI_DAP,
    )
