"""Asking residents about a draft: open at least 20 days, every comment answered, the answer published."""

from datetime import date, timedelta

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.dialogue.funnel import needed
from feedback.dialogue.gates import Gate, Gated
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from feedback.publicity import notices
from feedback.publicity.law import terms
from feedback.publicity.models import Comment, Consultation, Stage, Taken
from feedback.text import squeeze

LONGEST = 3000


def open_up(
    ward_id: int,
    *,
    by: Actor,
    title: str,
    text: str,
    closes_on: date,
    override: str = "",
    file_id: int | None = None,
) -> Consultation:
    """Residents may comment from today on. Raises Gated when it is open for too short, BadInput."""
    _allowed(ward_id, by)
    today, least = clock.today(), terms()["consultation"]["least_days"]
    if closes_on <= today:
        raise BadInput(fields={"closes_on": "Ngày kết thúc phải ở tương lai."})
    values = {
        "title": needed(title, "tên dự thảo", field="title")[:300],
        "text": needed(text, "nội dung lấy ý kiến", field="text"),
    }
    gates = []
    if closes_on < today + timedelta(days=least):
        earliest = today + timedelta(days=least)
        article = terms()["consultation"]["article"]
        sentence = f"Phải lấy ý kiến ít nhất {least} ngày, tức đến hết ngày {earliest:%d/%m/%Y}."
        gates = [Gate("consultation", sentence, article, earliest)]
    reason = squeeze(override)
    if gates and not reason:
        raise Gated(gates)
    row = Consultation(
        ward_id=ward_id,
        **values,
        file_id=file_id,
        opens_on=today,
        closes_on=closes_on,
        overrides=[
            {"gate": g.key, "sentence": g.sentence, "article": g.article, "reason": reason}
            for g in gates
        ],
        created_at=clock.now(),
        created_by_id=by.officer_id or 0,
    )
    db.session.add(row)
    db.session.flush()
    notices.of_opening(row, by=by)
    if gates:
        audit.record("consultation.override", "consultation", row.id, ward_id=ward_id)
    return row


def comment(
    row: Consultation,
    text: str,
    *,
    channel: Channel,
    name: str | None = None,
    neighbourhood_id: int | None = None,
    contact_id: int | None = None,
    by: Actor | None = None,
    submission_key: str | None = None,
) -> Comment:
    """What somebody says; the same key twice is one comment. Raises WrongState, BadInput."""
    if submission_key and (known := _by_key(submission_key)):
        return known
    if stage_of(row) is not Stage.OPEN:
        raise WrongState("Đã hết thời gian lấy ý kiến.")
    said = squeeze(text)
    if not 0 < len(said) <= LONGEST:
        raise BadInput(fields={"text": f"Xin viết ý kiến, nhiều nhất {LONGEST} ký tự."})
    made = Comment(
        consultation_id=row.id,
        text=said,
        name=" ".join(squeeze(name or "").split()) or None,
        neighbourhood_id=neighbourhood_id,
        channel=channel,
        contact_id=contact_id,
        entered_by_id=by.officer_id if by else None,
        submission_key=submission_key,
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def answer(made: Comment, *, by: Actor, taken: Taken, words: str) -> Comment:
    """Whether it was taken up, and why. Raises WrongState once published, BadInput."""
    _allowed(made.consultation.ward_id, by)
    if made.consultation.published_at:
        raise WrongState("Giải trình đã công bố.")
    made.answer = needed(words, "giải trình", field="answer")
    made.taken = taken
    db.session.flush()
    return made


def publish(row: Consultation, *, by: Actor, summary: str) -> Consultation:
    """Summary and explanation are public. Raises WrongState while it is open or a comment is unanswered."""
    _allowed(row.ward_id, by)
    if stage_of(row) is not Stage.CLOSED:
        raise WrongState("Chỉ công bố khi đã hết thời gian lấy ý kiến, và một lần.")
    left = sum(1 for each in comments_of(row) if each.taken is None)
    if left:
        raise WrongState(f"Còn {left} ý kiến chưa có giải trình tiếp thu hay không tiếp thu.")
    row.summary = needed(summary, "bản tổng hợp", field="summary")
    row.published_at = clock.now()
    db.session.flush()
    notices.to_commenters(row, comments_of(row))
    return row


def stage_of(row: Consultation) -> Stage:
    if row.published_at:
        return Stage.PUBLISHED
    return Stage.OPEN if clock.today() <= row.closes_on else Stage.CLOSED


def of_ward(ward_id: int, limit: int = 50) -> list[Consultation]:
    """Newest first."""
    query = sa.select(Consultation).filter_by(ward_id=ward_id)
    return list(db.session.scalars(query.order_by(Consultation.id.desc()).limit(limit)))


def in_ward(ward_id: int, consultation_id: int) -> Consultation:
    """Raises NotFound."""
    row = db.session.get(Consultation, consultation_id)
    if row is None or row.ward_id != ward_id:
        raise NotFound
    return row


def comments_of(row: Consultation) -> list[Comment]:
    """Oldest first."""
    query = sa.select(Comment).filter_by(consultation_id=row.id).order_by(Comment.id)
    return list(db.session.scalars(query))


def comments_by(row: Consultation, contact_id: int) -> list[Comment]:
    """What somebody said in a chat, oldest first."""
    query = sa.select(Comment).filter_by(consultation_id=row.id, contact_id=contact_id)
    return list(db.session.scalars(query.order_by(Comment.id)))


def _by_key(key: str) -> Comment | None:
    return db.session.scalars(sa.select(Comment).filter_by(submission_key=key)).first()


def _allowed(ward_id: int, by: Actor) -> None:
    if by.ward_id != ward_id:
        raise NotFound
    if not by.has(P.HOLD_DIALOGUE):
        raise NotAllowed
