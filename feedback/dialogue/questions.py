"""Questions: asked, screened, grouped, voted for, prepared, and each brought to an end its author is told."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue import commitments, duties, notices
from feedback.dialogue.funnel import needed
from feedback.dialogue.lifecycle import may_run
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.once import changed, is_new
from feedback.dialogue.question_models import Commitment, Question, QuestionState, QuestionVote
from feedback.dialogue.registration_models import Registration
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from feedback.petitions import actions
from feedback.petitions.intake import Submission, submit
from feedback.petitions.models import Kind, Petition
from feedback.text import mask_name, nfc, normal_phone, squeeze

S = QuestionState
LONGEST = 1000
NOBODY = "Một người dân"
OPEN = frozenset({S.NEW, S.ACCEPTED})
PUBLIC = (S.ACCEPTED, S.ANSWERED, S.PROMISED, S.PASSED)
TAKES = frozenset({Status.QUESTIONS, Status.LIVE})
_SESSION_ENDED = frozenset({Status.LIVE, Status.HELD})
_BEFORE = frozenset({Status.ANNOUNCED, Status.QUESTIONS})

# verb -> (from which states of the question, in which states of the session)
RULES: dict[str, tuple[frozenset[QuestionState], frozenset[Status]]] = {
    "accept": (frozenset({S.NEW, S.REFUSED}), _BEFORE | _SESSION_ENDED),
    "refuse": (OPEN, _BEFORE | _SESSION_ENDED),
    "group": (OPEN, _BEFORE | _SESSION_ENDED),
    "assign": (OPEN, _BEFORE | _SESSION_ENDED),
    "prepare": (OPEN, _BEFORE | _SESSION_ENDED),
    "call": (OPEN, frozenset({Status.LIVE})),
    "answer": (OPEN, _SESSION_ENDED),
    "promise": (OPEN, _SESSION_ENDED),
    "pass_on": (OPEN, _SESSION_ENDED),
}


@dataclass(frozen=True)
class Asked:
    """A question as it comes in. In a live session it is a raised hand with words."""

    dialogue_id: int
    text: str
    channel: Channel
    name: str | None = None
    phone: str | None = None
    is_anonymous: bool = False
    neighbourhood_id: int | None = None
    registration: Registration | None = None
    contact_id: int | None = None
    submission_key: str | None = None
    entered_by: Actor | None = None


def ask(asked: Asked) -> Question:
    """Take a question in; it waits for its screening. Raises NotFound, WrongState, BadInput."""
    dialogue = db.session.get(Dialogue, asked.dialogue_id)
    if dialogue is None or not dialogue.is_public:
        raise NotFound
    if asked.submission_key and (known := _by_key(asked.submission_key)):
        return known
    takes = TAKES | ({Status.ANNOUNCED} if asked.entered_by else set())
    if dialogue.status not in takes:
        raise WrongState("Buổi đối thoại này hiện không nhận câu hỏi.")
    text = squeeze(asked.text)
    if not text or len(text) > LONGEST:
        raise BadInput(fields={"text": f"Xin viết câu hỏi, nhiều nhất {LONGEST} ký tự."})
    phone = normal_phone(asked.phone) if asked.phone else None
    if asked.phone and not phone:
        raise BadInput(fields={"phone": "Số điện thoại chưa đúng. Ví dụ: 0912 345 678"})
    own = asked.registration
    question = Question(
        dialogue_id=dialogue.id,
        token=secrets.token_urlsafe(16),
        state=S.NEW,
        text=text,
        is_anonymous=asked.is_anonymous,
        is_live=dialogue.status is Status.LIVE,
        name=" ".join(squeeze(asked.name or (own.name if own else "")).split()) or None,
        phone=phone or (own.phone if own else None),
        neighbourhood_id=asked.neighbourhood_id or (own.neighbourhood_id if own else None),
        registration_id=own.id if own else None,
        contact_id=asked.contact_id or (own.contact_id if own else None),
        channel=asked.channel,
        submission_key=asked.submission_key,
        asked_at=clock.now(),
    )
    db.session.add(question)
    db.session.flush()
    return question


def accept(question: Question, *, by: Actor) -> Question:
    _allowed(question, "accept", by)
    question.state, question.outcome = S.ACCEPTED, ""
    return _told(question, "question_accepted")


def refuse(question: Question, *, by: Actor, reason: str) -> Question:
    """Not for this session; the author reads why."""
    _allowed(question, "refuse", by)
    question.outcome = needed(reason, "lý do, như người hỏi sẽ đọc", field="reason")
    _end(question, S.REFUSED, by)
    return _told(question, "question_refused", reason=question.outcome)


def group(question: Question, *, by: Actor, into: Question) -> Question:
    """The same as another, which is answered for both and takes its voices."""
    _allowed(question, "group", by)
    root = into.same_as_id or into.id
    if root == question.id or into.dialogue_id != question.dialogue_id:
        raise BadInput(fields={"into": "Xin chọn một câu hỏi khác của cùng buổi đối thoại."})
    main = db.session.get_one(Question, root)
    if main.state not in OPEN:
        raise WrongState("Câu hỏi gốc đã có kết quả.")
    question.state, question.same_as_id = S.GROUPED, root
    children = sa.update(Question).where(Question.same_as_id == question.id)
    db.session.execute(children.values(same_as_id=root))
    main.votes += question.votes + 1
    return _told(question, "question_grouped", into=main.text)


def assign(question: Question, *, by: Actor, department_id: int) -> Question:
    """The section that prepares the answer."""
    _allowed(question, "assign", by)
    question.department_id = department_id
    if question.state is S.NEW:
        question.state = S.ACCEPTED
        _told(question, "question_accepted")
    db.session.flush()
    duties.settle(question.dialogue)
    return question


def prepare(question: Question, *, by: Actor, text: str) -> Question:
    """The answer as the section would give it; on the chair's sheet and tablet."""
    may_prepare = by.has(P.HANDLE) and question.department_id in by.department_ids
    if not (may_prepare or may_run(question.dialogue, by)):
        raise NotAllowed
    _fits(question, "prepare")
    question.prepared = needed(text, "nội dung trả lời", field="text")
    question.prepared_by_id, question.prepared_at = by.officer_id, clock.now()
    db.session.flush()
    duties.settle(question.dialogue)
    return question


def call(question: Question, *, by: Actor) -> Question:
    """It is the one being dealt with now: on the projector, on the chair's tablet."""
    _allowed(question, "call", by)
    others = sa.update(Question).where(
        Question.dialogue_id == question.dialogue_id, Question.called_at.is_not(None)
    )
    db.session.execute(others.values(called_at=None).execution_options(synchronize_session="fetch"))
    question.state, question.called_at = S.ACCEPTED, clock.now()
    db.session.flush()
    return question


def answer(question: Question, *, by: Actor, text: str) -> Question:
    """Answered in the room (or in writing afterwards)."""
    _allowed(question, "answer", by)
    question.outcome = needed(text, "nội dung trả lời", field="text")
    _end(question, S.ANSWERED, by)
    return _told(question, "question_answered", outcome=question.outcome)


def promise(
    question: Question, *, by: Actor, text: str, position_id: int, due_on: date
) -> Commitment:
    """It will be done: by whom, until when. Followed up until it is kept."""
    _allowed(question, "promise", by)
    made = commitments.promise(
        question.dialogue,
        by=by,
        text=text,
        position_id=position_id,
        due_on=due_on,
        question=question,
    )
    question.outcome = made.text
    _end(question, S.PROMISED, by)
    _told(
        question,
        "question_promised",
        promise=made.text,
        owner=made.position.title,
        due=f"{due_on:%d/%m/%Y}",
    )
    return made


def pass_on(question: Question, *, by: Actor, to: str, text: str = "") -> Question:
    """Not the ward's to decide: to whom it goes."""
    _allowed(question, "pass_on", by)
    question.passed_to = needed(to, "nơi có thẩm quyền", field="to")
    question.outcome = squeeze(text) or "UBND phường chuyển ý kiến đến nơi có thẩm quyền."
    _end(question, S.PASSED, by)
    return _told(question, "question_passed", to=question.passed_to, outcome=question.outcome)


def to_petition(question: Question, *, by: Actor) -> Petition:
    """What was passed on, or promised, is followed up as a petition of who asked, once. One passed on
    goes straight to its authority. Raises NotAllowed, WrongState.
    """
    if not may_run(question.dialogue, by):
        raise NotAllowed
    if question.state not in (S.PASSED, S.PROMISED, S.ACCEPTED):
        raise WrongState("Chỉ lập hồ sơ cho câu hỏi chưa được trả lời xong.")
    if question.petition is not None:
        return question.petition
    petition = submit(
        Submission(
            ward_id=question.dialogue.ward_id,
            text=question.text,
            channel=question.channel,
            kind=Kind.KIEN_NGHI,
            neighbourhood_id=question.neighbourhood_id,
            name=question.name,
            phone=question.phone,
            is_anonymous=question.is_anonymous,
            contact_id=question.contact_id,
            entered_by=by,
            submission_key=f"question:{question.id}",
        )
    )
    if question.state is S.PASSED:
        actions.accept(petition, by=by)
        actions.transfer(petition, by=by, to=question.passed_to, reason=question.outcome)
    question.petition_id = petition.id
    db.session.flush()
    db.session.expire(question, ["petition"])
    return petition


def vote(question: Question, voter: str) -> bool:
    """One voice for a public question; False when it was given before."""
    if question.state is not S.ACCEPTED or question.dialogue.status not in TAKES:
        raise WrongState("Câu hỏi này hiện không nhận bình chọn.")
    if not is_new(QuestionVote, question_id=question.id, voter=voter, at=clock.now()):
        return False
    changed(sa.update(Question).where(Question.id == question.id).values(votes=Question.votes + 1))
    db.session.expire(question, ["votes"])
    return True


def by_token(token: str) -> Question:
    """Raises NotFound."""
    row = db.session.scalars(sa.select(Question).filter_by(token=token)).first()
    if row is None:
        raise NotFound
    return row


def public(dialogue: Dialogue) -> list[Question]:
    """What everybody reads, most wanted first; what was settled last."""
    query = sa.select(Question).where(
        Question.dialogue_id == dialogue.id, Question.state.in_(PUBLIC)
    )
    order = (sa.case((Question.state == S.ACCEPTED, 0), else_=1), Question.votes.desc())
    return list(db.session.scalars(query.order_by(*order, Question.id)))


def queue(dialogue: Dialogue) -> list[Question]:
    """What is still to be dealt with: what is dealt with now, then by voices, then by time."""
    query = sa.select(Question).where(
        Question.dialogue_id == dialogue.id, Question.state == S.ACCEPTED
    )
    order = (Question.called_at.is_(None), Question.votes.desc(), Question.id)
    return list(db.session.scalars(query.order_by(*order)))


def every(dialogue: Dialogue) -> list[Question]:
    """All questions of a session, oldest first: for screening and for the minutes."""
    query = sa.select(Question).where(Question.dialogue_id == dialogue.id)
    return list(db.session.scalars(query.order_by(Question.id)))


def who_asked(question: Question) -> str:
    """The author as the web shows them: "N. V. Hỏi", never the whole name."""
    return mask_name(name) if (name := who_spoke(question)) != NOBODY else NOBODY


def who_spoke(question: Question) -> str:
    """The author as the chair addresses them in the room."""
    return NOBODY if question.is_anonymous or not question.name else nfc(question.name)


def _allowed(question: Question, verb: str, by: Actor) -> None:
    if not may_run(question.dialogue, by):
        raise NotAllowed
    _fits(question, verb)


def _fits(question: Question, verb: str) -> None:
    states, statuses = RULES[verb]
    if question.state not in states or question.dialogue.status not in statuses:
        raise WrongState("Câu hỏi đang ở bước khác nên không thực hiện được việc này.")


def _end(question: Question, state: QuestionState, by: Actor) -> None:
    question.state, question.called_at = state, None
    question.settled_at, question.settled_by_id = clock.now(), by.officer_id
    db.session.flush()
    duties.settle(question.dialogue)


def _told(question: Question, block: str, **values: str) -> Question:
    """Tell its author, and with an end the authors of those grouped with it."""
    db.session.flush()
    notices.to_author(question, block, **values)
    if question.settled_at and question.state is not S.REFUSED:
        same = sa.select(Question).where(Question.same_as_id == question.id)
        for other in db.session.scalars(same):
            notices.to_author(other, block, **values)
    return question


def _by_key(key: str) -> Question | None:
    return db.session.scalars(sa.select(Question).filter_by(submission_key=key)).first()


VERBS: dict[str, Callable[..., object]] = {
    "accept": accept,
    "refuse": refuse,
    "group": group,
    "assign": assign,
    "prepare": prepare,
    "call": call,
    "answer": answer,
    "promise": promise,
    "pass_on": pass_on,
}
