"""A session as its papers print it. Reads only; call outside transactions, before `papers.issuing`."""

from feedback import clock, links
from feedback.db import db
from feedback.dialogue import commitments, door, minutes, questions
from feedback.dialogue.announcing import areas
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Commitment, QuestionState
from feedback.papers.filling import office_of
from feedback.papers.inputs import Answered, Promised, PublicDialogue
from feedback.papers.signing import Signer
from feedback.text import hide_contacts
from feedback.wards.models import Ward

NOTICE, MINUTES, RESULTS = "dialogue_notice", "dialogue_minutes", "dialogue_results"
_SILENT = frozenset({QuestionState.NEW, QuestionState.GROUPED, QuestionState.REFUSED})


def public_dialogue(
    dialogue: Dialogue, signer: Signer, *, secretary: str = "", names: bool = False
) -> PublicDialogue:
    """What notice, minutes and results are filled with; `names` of who asked only on the minutes."""
    ward = db.session.get_one(Ward, dialogue.ward_id)
    asked = [q for q in questions.every(dialogue) if q.state not in _SILENT]
    promised = [p for p in commitments.of_ward(ward.id) if p.dialogue_id == dialogue.id]
    return PublicDialogue(
        office=office_of(ward),
        signer=signer,
        on=clock.today(),
        kind=dialogue.of_kind.name,
        article=dialogue.of_kind.article,
        title=dialogue.title,
        theme=dialogue.theme,
        starts_at=dialogue.started_at or dialogue.starts_at,
        ends_at=dialogue.held_at or dialogue.ends_at,
        where=dialogue.place or "phòng họp trực tuyến",
        how=dialogue.mode.label,
        areas=areas(dialogue.concerned),
        agenda=tuple(commitments.agenda(dialogue)),
        presiding=tuple(dialogue.presiding),
        invited=dialogue.of_kind.invited,
        link=links.dialogue(ward.slug, dialogue.id),
        chair=dialogue.presiding[0] if dialogue.presiding else "",
        secretary=secretary,
        people=door.crowd(dialogue).inside,
        questions=tuple(
            Answered(
                (q.name if names and q.name else questions.who_asked(q)),
                hide_contacts(q.text),
                q.state.label,
                f"{q.passed_to}. {q.outcome}" if q.passed_to else q.outcome,
            )
            for q in asked
        ),
        promises=tuple(_promised(each) for each in reversed(promised)),
        earlier=tuple(_promised(each) for each in commitments.to_report(dialogue)),
        remarks=tuple(minutes.remarks(dialogue)),
        conclusion=dialogue.conclusion,
    )


def _promised(each: Commitment) -> Promised:
    return Promised(each.text, each.position.title, each.due_on, commitments.standing(each))
