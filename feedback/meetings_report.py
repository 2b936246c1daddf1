"""The yearly report on meeting residents: dialogue, promises, reception, publicity, and every legal gate that
was passed against its rule, with its article and the reason given.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue import commitments, requests, sessions, survey, yearly
from feedback.dialogue.kinds import kinds
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question, QuestionState
from feedback.dialogue.registration_models import Registration, Survey
from feedback.papers.filling import office_of
from feedback.papers.inputs import NOBODY, Register
from feedback.papers.signing import Signer
from feedback.publicity.models import Comment, Consultation, Publication, Taken
from feedback.reception import days, duties
from feedback.reception.models import ReceptionDay, Visit, VisitState
from feedback.wards.models import Ward

FORM = "meetings_report"
Line = tuple[str, str | int, str]  # what, how many, a note
RECEIVED = (VisitState.INSIDE, VisitState.DONE)


def report(ward_id: int, year: int, signer: Signer = NOBODY) -> Register:
    """One local year, up to today when it is not over."""
    starts_on, ends_on = date(year, 1, 1), min(date(year, 12, 31), clock.today())
    parts = (_dialogue, _promises, _reception, _publicity, _overrides)
    lines = [line for part in parts for line in part(ward_id, year)]
    return Register(
        office=office_of(db.session.get_one(Ward, ward_id)),
        signer=signer,
        on=clock.today(),
        starts_on=starts_on,
        ends_on=max(starts_on, ends_on),
        rows=tuple((n, *line) for n, line in enumerate(lines, 1)),
    )


def _dialogue(ward_id: int, year: int) -> Iterator[Line]:
    for each in yearly.of_year(ward_id, year):
        note = each.kind.article
        if each.held:
            note = f"Đã tổ chức {_day(each.held.starts_at)}"
        elif each.coming:
            note = f"Dự kiến {_day(each.coming.starts_at)}. {each.kind.article}"
        yield each.words, 1 if each.held else 0, note
    held = _held(ward_id, year)
    for key, kind in kinds().items():
        if not kind.is_yearly:
            yield kind.name, sum(1 for row in held if row.kind == key), ""
    ids = [row.id for row in held]
    yield "Người dân đến dự", _attended(ids), ""
    found = _questions(ids)
    yield "Câu hỏi, ý kiến của người dân", sum(found.values()), ""
    for state in (S.ANSWERED, S.PROMISED, S.PASSED, S.GROUPED, S.REFUSED):
        yield f"– {state.label}", found.get(state, 0), ""
    public = [row for row in held if row.published_at]
    yield "Buổi đã công bố kết quả", len(public), ""
    yield "Người dự cho ý kiến", *_mood(ids)
    yield "Cử tri đề nghị đối thoại (từ sau hội nghị gần nhất)", requests.count(ward_id).asking, ""


def _promises(ward_id: int, year: int) -> Iterator[Line]:
    rows = [
        row for row in commitments.of_ward(ward_id) if clock.local(row.promised_at).year == year
    ]
    tally = commitments.tally(rows)
    yield "Lời hứa tại các buổi đối thoại", len(rows), ""
    yield "– Đã làm", tally.done, ""
    yield "– Đang làm", tally.open, f"{tally.late} quá hạn" if tally.late else ""


def _reception(ward_id: int, year: int) -> Iterator[Line]:
    today = clock.today()
    last = today if year == today.year else date(year, 12, 31)
    months = duties.year_of(ward_id, last)
    short = [f"{month.begins_on.month}" for month in months if not month.is_met]
    yield "Ngày Chủ tịch trực tiếp tiếp công dân", sum(len(m.held) for m in months), ""
    note = f"Chưa đủ: tháng {', '.join(short)}. {months[-1].article}" if short else ""
    yield "Số tháng đủ ngày tiếp theo quy định", len(months) - len(short), note
    query = (
        sa.select(Visit.state, sa.func.count(), sa.func.sum(Visit.people))
        .join(ReceptionDay, ReceptionDay.id == Visit.day_id)
        .where(ReceptionDay.ward_id == ward_id, *_within(ReceptionDay.opens_at, year))
        .group_by(Visit.state)
    )
    found = {state: (count, people) for state, count, people in db.session.execute(query)}
    turns = [found[state] for state in RECEIVED if state in found]
    people = sum(int(number) for _, number in turns)
    yield "Lượt tiếp công dân", sum(count for count, _ in turns), f"{people} người"
    yield "Từ chối tiếp, có căn cứ", found.get(VisitState.REFUSED, (0, 0))[0], ""
    concluded = (
        sa.select(sa.func.count())
        .select_from(Visit)
        .join(ReceptionDay, ReceptionDay.id == Visit.day_id)
        .where(ReceptionDay.ward_id == ward_id, Visit.petition_id.is_not(None))
        .where(*_within(ReceptionDay.opens_at, year))
    )
    yield "Kết luận có hạn, đã thành hồ sơ", db.session.scalar(concluded) or 0, ""


def _publicity(ward_id: int, year: int) -> Iterator[Line]:
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    public = sa.select(sa.func.count()).where(
        Publication.ward_id == ward_id, Publication.decided_on.between(begins, ends)
    )
    yield "Nội dung đã công khai", db.session.scalar(public) or 0, ""
    drafts = _drafts(ward_id, year)
    yield "Dự thảo lấy ý kiến Nhân dân", len(drafts), ""
    query = (
        sa.select(Comment.taken, sa.func.count())
        .where(Comment.consultation_id.in_([row.id for row in drafts]))
        .group_by(Comment.taken)
    )
    found = {row.taken: row[1] for row in db.session.execute(query)}
    yield "Ý kiến góp vào dự thảo", sum(found.values()), ""
    for taken in Taken:
        yield f"– {taken.label}", found.get(taken, 0), ""


def _overrides(ward_id: int, year: int) -> Iterator[Line]:
    """Each gate passed against its rule, oldest first."""
    kept: list[tuple[datetime, Iterable[dict[str, str]]]] = [
        (event.at, event.detail["overrides"]) for event in sessions.overrides(ward_id, year)
    ]
    kept += [(event.at, event.detail["overrides"]) for event in days.overrides(ward_id, year)]
    kept += [(row.created_at, row.overrides) for row in _drafts(ward_id, year)]
    gates = [(at, gate) for at, found in sorted(kept, key=lambda p: p[0]) for gate in found]
    yield "Việc làm không đúng thời hạn, quy định, có lý do", len(gates), ""
    for at, gate in gates:
        yield f"– {_day(at)}: {gate['sentence']}", "", f"{gate['article']}. Lý do: {gate['reason']}"


S = QuestionState


def _held(ward_id: int, year: int) -> list[Dialogue]:
    query = sa.select(Dialogue).where(
        Dialogue.ward_id == ward_id,
        Dialogue.held_at.is_not(None),
        *_within(Dialogue.starts_at, year),
    )
    return list(db.session.scalars(query.order_by(Dialogue.starts_at)))


def _attended(ids: list[int]) -> int:
    query = sa.select(sa.func.coalesce(sa.func.sum(Registration.people), 0)).where(
        Registration.dialogue_id.in_(ids), Registration.checked_in_at.is_not(None)
    )
    return int(db.session.scalar(query) or 0)


def _questions(ids: list[int]) -> dict[QuestionState, int]:
    query = sa.select(Question.state, sa.func.count()).where(Question.dialogue_id.in_(ids))
    rows = db.session.execute(query.group_by(Question.state))
    return {row.state: row[1] for row in rows}


def _mood(ids: list[int]) -> tuple[int, str]:
    means = (sa.func.avg(getattr(Survey, name)) for name in survey.QUESTIONS)
    query = sa.select(sa.func.count(), *means).where(Survey.dialogue_id.in_(ids))
    count, *found = db.session.execute(query).one()
    words = ("báo trước", "trả lời rõ", "tin sẽ làm")
    said = [
        f"{name} {float(mean):.1f}/5".replace(".", ",")
        for name, mean in zip(words, found, strict=True)
        if mean is not None
    ]
    return count, "; ".join(said)


def _drafts(ward_id: int, year: int) -> list[Consultation]:
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    query = sa.select(Consultation).where(
        Consultation.ward_id == ward_id, Consultation.opens_on.between(begins, ends)
    )
    return list(db.session.scalars(query.order_by(Consultation.id)))


def _within(
    column: "sa.orm.InstrumentedAttribute[datetime]", year: int
) -> tuple[sa.ColumnElement[bool], ...]:
    begins = datetime(year, 1, 1, tzinfo=clock.ZONE)
    return column >= begins, column < begins.replace(year=year + 1)


def _day(at: datetime) -> str:
    return f"{clock.local(at):%d/%m/%Y}"
