"""After a session: three questions, one tap each, 'survey:<registration>:<question>:<mark>'; each tap is kept."""

from feedback.conversations.content import asked, asked_ago, new
from feedback.conversations.flows.rate import PATIENCE
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Choices, Effect, Say, Scene, Standing, Step, Turn
from feedback.dialogue.survey import QUESTIONS, buttons

FLOW = "survey"
_NAMES = tuple(QUESTIONS)
_AFTER = dict(zip(_NAMES, _NAMES[1:], strict=False))


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """One tap; the next question follows, after the last the thanks."""
    key, _, said = rest.partition(":")
    question, _, mark = said.partition(":")
    if key.isdecimal() and question == "more":
        slots = asked(new(scene, registration=int(key)), scene)
        return Turn(FLOW, "comment", slots, (Say("talk.survey_more"),))
    if not key.isdecimal() or question not in QUESTIONS or not mark.isdecimal():
        return standing.stay(Say("old_button"))
    values = {"registration_id": int(key), "question": question, "mark": int(mark)}
    following = _AFTER.get(question)
    more: Choices = (("Viết thêm", f"survey:{key}:more"),)
    says = Say("talk.survey_thanks", choices=more)
    if following:
        asks = tuple((each.label, each.payload) for each in buttons(int(key), following))
        says = Say("talk.survey_next", {"question": QUESTIONS[following]}, asks)
    return Turn(
        says=(says,),
        effect=Effect("mark_session", values),
        otherwise=Turn(says=(Say("refused"),)),
    )


def comment(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """Words asked for by 'Viết thêm'; None when they are about something else."""
    if not inbound.text or scene.kept or asked_ago(standing.slots, scene) > PATIENCE:
        return None
    values = {"registration_id": standing.slots["registration"], "words": inbound.text}
    return Turn(
        says=(Say("welcome"),),
        effect=Effect("comment_session", values),
        otherwise=Turn(says=(Say("refused"),)),
    )


STEPS: dict[str, Step] = {"comment": comment}
