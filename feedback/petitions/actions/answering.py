"""The answer, from draft to the resident: draft, submit, approve or return, recall."""

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import NotAllowed, WrongState
from feedback.people.actor import Actor
from feedback.petitions import approval, deadlines, notices, tidings
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Answer, AnswerState, Petition

EDITABLE = (AnswerState.DRAFT, AnswerState.RETURNED)


def draft(
    petition: Petition, *, by: Actor, text: str, expected_version: int | None = None
) -> Petition:
    """Keep what is written so far."""
    text = needed(text, "nội dung trả lời")
    apply(petition, Action.DRAFT, by, expected_version=expected_version)
    _write(petition, by, text, AnswerState.DRAFT)
    return petition


def submit_answer(
    petition: Petition, *, by: Actor, text: str, expected_version: int | None = None
) -> Petition:
    """Lay it before the chair."""
    text = needed(text, "nội dung trả lời")
    apply(petition, Action.SUBMIT_ANSWER, by, expected_version=expected_version)
    answer = _write(petition, by, text, AnswerState.SUBMITTED)
    answer.submitted_at = petition.updated_at
    db.session.flush()
    tidings.to_sign(petition, answer, by=by)
    return petition


def send_answer(
    petition: Petition, *, by: Actor, text: str, expected_version: int | None = None
) -> Petition:
    """The handler answers without approval, where the rules let them. Raises NotAllowed elsewhere."""
    if not approval.is_sent_by_handler(petition):
        raise NotAllowed("Câu trả lời này phải trình duyệt trước khi gửi.")
    submit_answer(petition, by=by, text=text, expected_version=expected_version)
    return approve(petition, by=by)


def approve(petition: Petition, *, by: Actor, expected_version: int | None = None) -> Petition:
    """The word of whoever signs it: the resident is answered."""
    answer = _submitted(petition)
    rule = approval.rule_for(petition)
    entry = apply(
        petition,
        Action.APPROVE,
        by,
        text=answer.text,
        detail={"answer_id": answer.id, "signing": rule.signing, "because": rule.because},
        expected_version=expected_version,
    )
    petition.answered_at = petition.updated_at
    answer.state = AnswerState.APPROVED
    answer.decided_by_id, answer.decided_for_id = by.officer_id, entry.acting_for_id
    answer.decided_at = petition.updated_at
    deadlines.met(petition, petition.updated_at)
    db.session.flush()
    notices.answered(petition, answer)
    tidings.after(petition, entry)
    return petition


def return_answer(
    petition: Petition, *, by: Actor, reason: str, expected_version: int | None = None
) -> Petition:
    """Back to the handler, with what is missing."""
    reason = needed(reason, "lý do trả lại", field="reason")
    answer = _submitted(petition)
    entry = apply(
        petition,
        Action.RETURN_ANSWER,
        by,
        text=reason,
        detail={"answer_id": answer.id},
        expected_version=expected_version,
    )
    answer.state, answer.return_reason = AnswerState.RETURNED, reason
    answer.decided_by_id, answer.decided_for_id = by.officer_id, entry.acting_for_id
    answer.decided_at = petition.updated_at
    db.session.flush()
    tidings.after(petition, entry)
    return petition


def recall(petition: Petition, *, by: Actor, expected_version: int | None = None) -> Petition:
    """Undo an approval in the seconds before the answer leaves; one the handler sent goes back to them.

    Raises WrongState when one of its messages has already left.
    """
    answer = _newest(petition)
    if answer is None or answer.state is not AnswerState.APPROVED:
        raise WrongState
    apply(
        petition,
        Action.RECALL,
        by,
        detail={"answer_id": answer.id},
        expected_version=expected_version,
    )
    notices.recall(petition, answer)
    was_sent = answer.decided_by_id == answer.drafted_by_id and not by.rights & approval.SIGNERS
    petition.answered_at = None
    answer.state = AnswerState.SUBMITTED
    answer.decided_by_id = answer.decided_for_id = answer.decided_at = None
    deadlines.unanswered(petition)
    db.session.flush()
    if was_sent:
        apply(petition, Action.RETURN_ANSWER, by)
        answer.state = AnswerState.DRAFT
        db.session.flush()
    return petition


def _newest(petition: Petition) -> Answer | None:
    return db.session.scalar(
        sa.select(Answer)
        .where(Answer.petition_id == petition.id)
        .order_by(Answer.id.desc())
        .limit(1)
    )


def _submitted(petition: Petition) -> Answer:
    answer = _newest(petition)
    if answer is None or answer.state is not AnswerState.SUBMITTED:
        raise WrongState
    return answer


def _write(petition: Petition, by: Actor, text: str, state: AnswerState) -> Answer:
    answer = _newest(petition)
    if answer is None or answer.state not in EDITABLE:
        answer = Answer(petition_id=petition.id)
        db.session.add(answer)
    answer.text, answer.state = text, state
    answer.drafted_by_id, answer.updated_at = by.officer_id or 0, petition.updated_at
    db.session.flush()
    db.session.expire(petition, ["answers"])
    return answer
