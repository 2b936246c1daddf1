"""Promises made in sessions: who owes what until when, shown to everybody until they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue import duties, notices
from feedback.dialogue.funnel import needed, note
from feedback.dialogue.kinds import kinds
from feedback.dialogue.lifecycle import may_run
from feedback.dialogue.models import Dialogue, Reach, Status
from feedback.dialogue.once import changed, inserting
from feedback.dialogue.question_models import (
    Commitment,
    CommitmentState,
    CommitmentVoice,
    Question,
)
from feedback.errors import BadInput, NotAllowed, WrongState
from feedback.messages import say
from feedback.people.actor import Actor
from feedback.people.models import Position
from feedback.wards.setup import setup_of

ENOUGH_DOUBT = 3  # voices that a promise is not kept, until it is open again; the ward's own rule
_PROMISING = frozenset({Status.LIVE, Status.HELD})


@dataclass(frozen=True)
class Tally:
    """How the promises of a ward stand."""

    done: int
    open: int
    late: int


def promise(
    dialogue: Dialogue,
    *,
    by: Actor,
    text: str,
    position_id: int,
    due_on: date,
    question: Question | None = None,
) -> Commitment:
    """A promise with its owner and day. Raises NotAllowed, WrongState, BadInput."""
    if not may_run(dialogue, by):
        raise NotAllowed
    if dialogue.status not in _PROMISING:
        raise WrongState("Chỉ ghi lời hứa khi buổi đối thoại đang diễn ra hoặc vừa kết thúc.")
    text = needed(text, "việc sẽ làm", field="text")
    position = db.session.get(Position, position_id)
    if position is None or position.ward_id != dialogue.ward_id:
        raise BadInput(fields={"position_id": "Xin chọn người chịu trách nhiệm."})
    if due_on < clock.today():
        raise BadInput(fields={"due_on": "Thời hạn không thể ở quá khứ."})
    row = Commitment(
        ward_id=dialogue.ward_id,
        dialogue_id=dialogue.id,
        question_id=question.id if question else None,
        state=CommitmentState.OPEN,
        text=text,
        position_id=position_id,
        due_on=due_on,
        first_due_on=due_on,
        promised_at=clock.now(),
        promised_by_id=by.officer_id or 0,
    )
    db.session.add(row)
    db.session.flush()
    note(dialogue, "promise", by, f"Hứa: {text}", {"commitment_id": row.id})
    duties.settle(dialogue)
    return row


def fulfil(
    commitment: Commitment, *, by: Actor, evidence: str, file_id: int | None = None
) -> Commitment:
    """Done, with evidence; who asked for it is told. Raises NotAllowed, WrongState, BadInput."""
    _owned(commitment, by)
    if commitment.state is CommitmentState.DONE:
        raise WrongState("Lời hứa này đã được ghi là đã làm.")
    commitment.evidence = needed(evidence, "kết quả và minh chứng", field="evidence")
    commitment.file_id = file_id or commitment.file_id
    commitment.state = CommitmentState.DONE
    commitment.done_at, commitment.done_by_id = clock.now(), by.officer_id
    _changed(commitment, by, f"Đã làm: {commitment.evidence}")
    question = db.session.get(Question, commitment.question_id or 0)
    if question:
        said = {"promise": commitment.text, "evidence": commitment.evidence}
        notices.to_author(question, "promise_done", **said)
    return commitment


def postpone(commitment: Commitment, *, by: Actor, due_on: date, reason: str) -> Commitment:
    """A later day, with its reason, for everybody to read; the first day stays on the page."""
    if not may_run(commitment.dialogue, by):
        raise NotAllowed
    reason = needed(reason, "lý do lùi hạn", field="reason")
    if commitment.state is CommitmentState.DONE or due_on <= commitment.due_on:
        raise BadInput(fields={"due_on": "Hạn mới phải sau hạn cũ."})
    before = commitment.due_on
    commitment.due_on = due_on
    words = f"Lùi hạn từ {before:%d/%m/%Y} sang {due_on:%d/%m/%Y}: {reason}"
    _changed(commitment, by, words)
    return commitment


def hear(commitment: Commitment, voter: str, *, is_kept: bool, words: str = "") -> Commitment:
    """A resident's word on a promise said to be kept; enough doubt opens it again."""
    if commitment.state is CommitmentState.OPEN:
        raise WrongState("Lời hứa này còn đang thực hiện.")
    values = {"is_kept": is_kept, "words": words[:500], "at": clock.now()}
    said = inserting(CommitmentVoice).values(commitment_id=commitment.id, voter=voter, **values)
    keys = ["commitment_id", "voter"]
    changed(said.on_conflict_do_update(index_elements=keys, set_=values))
    against = sa.select(sa.func.count()).where(
        CommitmentVoice.commitment_id == commitment.id,
        CommitmentVoice.is_kept.is_(False),
        CommitmentVoice.at >= (commitment.done_at or commitment.promised_at),
    )
    enough = (db.session.scalar(against) or 0) >= ENOUGH_DOUBT
    if enough and commitment.state is CommitmentState.DONE:
        commitment.state = CommitmentState.DOUBTED
        db.session.flush()
        duties.settle(commitment.dialogue)
    return commitment


def of_ward(ward_id: int) -> list[Commitment]:
    """A ward's promises made in public, those still open first, soonest due on top."""
    public = [key for key, kind in kinds().items() if kind.is_public]
    query = (
        sa.select(Commitment)
        .join(Dialogue, Dialogue.id == Commitment.dialogue_id)
        .where(Commitment.ward_id == ward_id, Dialogue.kind.in_(public))
    )
    is_done = sa.case((Commitment.state == CommitmentState.DONE, 1), else_=0)
    return list(db.session.scalars(query.order_by(is_done, Commitment.due_on, Commitment.id)))


def tally(rows: Sequence[Commitment]) -> Tally:
    """How they stand today."""
    today = clock.today()
    still = [row for row in rows if row.state is not CommitmentState.DONE]
    late = [row for row in still if row.due_on < today]
    return Tally(done=len(rows) - len(still), open=len(still), late=len(late))


def standing(commitment: Commitment) -> str:
    """'Đã làm', 'Đang làm', 'Quá hạn'… as everybody reads it."""
    if commitment.state is not CommitmentState.OPEN:
        return commitment.state.label
    return "Quá hạn" if commitment.due_on < clock.today() else "Đang làm"


def agenda(dialogue: Dialogue) -> list[str]:
    """The agenda as it is shown and printed: first what became of the promises made before."""
    own = list(dialogue.agenda)
    if not dialogue.of_kind.reports_commitments:
        return own
    rows = _made_before(dialogue)
    if not rows:
        return own
    return [
        say("dialogue.report_agenda", setup_of(dialogue.ward_id).texts, **vars(tally(rows))),
        *own,
    ]


def to_report(dialogue: Dialogue) -> list[Commitment]:
    """The promises read out at the opening of a session."""
    return _made_before(dialogue) if dialogue.of_kind.reports_commitments else []


def _made_before(dialogue: Dialogue) -> list[Commitment]:
    """Of earlier sessions in the same neighbourhoods; what was kept and reported already is not said again."""
    near = sa.exists().where(
        Reach.dialogue_id == Dialogue.id,
        Reach.neighbourhood_id.in_([row.neighbourhood_id for row in dialogue.concerned]),
    )
    earlier = sa.select(Dialogue.id, Dialogue.starts_at).where(
        Dialogue.ward_id == dialogue.ward_id,
        Dialogue.id != dialogue.id,
        Dialogue.starts_at < dialogue.starts_at,
        Dialogue.started_at.is_not(None),
        near,
    )
    began = {row.id: row.starts_at for row in db.session.execute(earlier)}
    last = max(began.values(), default=dialogue.starts_at)
    return [
        row
        for row in of_ward(dialogue.ward_id)
        if row.dialogue_id in began
        and (
            row.state is not CommitmentState.DONE
            or began[row.dialogue_id] >= last
            or (row.done_at or last) >= last
        )
    ]


def owns(commitment: Commitment, by: Actor) -> bool:
    """Whether it is theirs to keep, or to write down as kept."""
    return commitment.position_id in by.position_ids or may_run(commitment.dialogue, by)


def _owned(commitment: Commitment, by: Actor) -> None:
    if not owns(commitment, by):
        raise NotAllowed


def _changed(commitment: Commitment, by: Actor, words: str) -> None:
    db.session.flush()
    note(commitment.dialogue, "promise_changed", by, words, {"commitment_id": commitment.id})
    duties.settle(commitment.dialogue)
