"""What became of a visit: the entry in the register, a refusal on its ground, a conclusion with its date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue.funnel import needed
from feedback.errors import BadInput, WrongState
from feedback.people.actor import Actor
from feedback.people.directory import holders
from feedback.people.models import Channel, Position
from feedback.petitions import actions
from feedback.petitions.intake import Submission, submit
from feedback.petitions.models import Kind, Petition, Status
from feedback.reception import access, law, notices
from feedback.reception.models import ReceptionDay, Visit, VisitState
from feedback.reception.slots import ACCUSATION
from feedback.text import squeeze
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of

RECEIVED = frozenset({VisitState.INSIDE, VisitState.DONE})
REFUSABLE = frozenset({VisitState.WAITING, VisitState.INSIDE})


@dataclass(frozen=True)
class Direction:
    """What the chair says is to be done: by which post, until which local day. Neither: answered at once."""

    conclusion: str
    position_id: int | None = None
    due_on: date | None = None
    field_id: int | None = None
    is_signed: bool = False  # a written complaint lies there signed


def record(visit: Visit, *, by: Actor, entry: Mapping[str, str | bool | int]) -> Visit:
    """Write down the columns of the register. Of an accusation only that it was one."""
    access.runs(visit.day.ward_id, by)
    for name in ("address", "id_number"):
        if name in entry:
            setattr(visit, name, squeeze(str(entry[name])) or None)
    if "kind" in entry:
        visit.kind = Kind(str(entry["kind"]))
    if "people" in entry:
        visit.people = max(1, int(entry["people"]))
    if "is_ours" in entry:
        visit.is_ours = bool(entry["is_ours"])
    for name in ("subject", "summary", "decided_before", "guided_to", "taken_by", "remarks"):
        if name in entry:
            setattr(visit, name, squeeze(str(entry[name])))
    if visit.kind is Kind.TO_CAO:
        visit.subject, visit.summary = ACCUSATION, ""
    elif not visit.subject:
        raise BadInput(fields={"subject": "Xin ghi tóm tắt nội dung."})
    db.session.flush()
    return visit


def refuse(visit: Visit, *, by: Actor, ground: str) -> Visit:
    """Not received, on one of the listed grounds. Some owe a paper (01/TCD), all an explanation."""
    access.decides(visit.day.ward_id, by)
    if visit.state not in REFUSABLE or visit.petition_id:
        raise WrongState("Chỉ từ chối người đang chờ hoặc đang được tiếp.")
    if ground not in law.refusal_grounds():
        raise BadInput(fields={"ground": "Xin chọn một căn cứ trong danh sách."})
    visit.state, visit.ground, visit.refused_on = VisitState.REFUSED, ground, clock.today()
    visit.done_at = clock.now()
    db.session.flush()
    why = law.refusal_grounds()[ground]
    notices.to_one(visit, "refused", why=why.words, article=why.article)
    return visit


def conclude(visit: Visit, direction: Direction, *, by: Actor) -> Visit:
    """The chair's conclusion: answered at once, or a petition for a post with its date.

    Raises BadInput, WrongState (an accusation goes its own way), NotAllowed.
    """
    access.decides(visit.day.ward_id, by)
    if visit.state not in RECEIVED:
        raise WrongState("Chỉ ghi kết luận cho người đã được tiếp.")
    if visit.petition_id:
        raise WrongState("Nội dung này đã thành hồ sơ; xin xử lý tiếp trên hồ sơ.")
    visit.conclusion = needed(direction.conclusion, "kết luận", field="conclusion")
    if direction.position_id is None and direction.due_on is None:
        db.session.flush()
        notices.to_one(visit, "answered", conclusion=visit.conclusion)
        return visit
    if visit.kind is Kind.TO_CAO:
        raise WrongState("Tố cáo không lập hồ sơ từ đây: xin dùng “Nhập hộ” để giữ kín danh tính.")
    _directed(visit, direction, by)
    return visit


def refusal_due_on(visit: Visit) -> date | None:
    """Until when the written refusal is owed; None when none is, or it was issued."""
    ground = law.refusal_grounds().get(visit.ground)
    if not ground or not ground.is_written or visit.notice_sign or visit.refused_on is None:
        return None
    calendar = calendar_of(setup_of(visit.day.ward_id))
    return law.term("refusal", visit.refused_on).after(visit.refused_on, calendar)


def concluded(day: ReceptionDay) -> list[Visit]:
    """The visits with a conclusion, in the order of the queue."""
    query = sa.select(Visit).where(Visit.day_id == day.id, Visit.conclusion != "")
    return list(db.session.scalars(query.order_by(Visit.number, Visit.id)))


def _directed(visit: Visit, direction: Direction, by: Actor) -> None:
    """The petition of a conclusion, given to who holds the post."""
    post = db.session.get(Position, direction.position_id or 0)
    fields: dict[str, str] = {}
    if post is None or post.ward_id != visit.day.ward_id or not holders(post.id, clock.today()):
        fields["position_id"] = "Xin chọn người giải quyết."
    if direction.due_on is None or direction.due_on < clock.today():
        fields["due_on"] = "Xin ghi thời hạn, từ hôm nay trở đi."
    if fields or post is None or direction.due_on is None:
        raise BadInput(fields=fields)
    petition = _petition(visit, direction, by)
    words = f"Kết luận tiếp công dân ngày {clock.local(visit.day.opens_at):%d/%m/%Y}"
    instruction = f"{words}: {visit.conclusion} Thời hạn {direction.due_on:%d/%m/%Y}."
    officer_id = holders(post.id, clock.today())[0].id
    actions.assign(petition, by=by, officer_id=officer_id, instruction=instruction)
    visit.petition_id, visit.position_id = petition.id, post.id
    visit.due_on, visit.taken_by = direction.due_on, visit.taken_by or post.title
    db.session.flush()
    notices.to_one(
        visit,
        "concluded",
        conclusion=visit.conclusion,
        owner=post.title,
        due=f"{direction.due_on:%d/%m/%Y}",
        number=petition.number,
    )


def _petition(visit: Visit, direction: Direction, by: Actor) -> Petition:
    petition = submit(
        Submission(
            ward_id=visit.day.ward_id,
            text="\n".join(part for part in (visit.subject, visit.summary) if part),
            title=visit.subject[:120],
            channel=Channel.RECEPTION,
            kind=visit.kind,
            field_id=direction.field_id,
            name=visit.name,
            phone=visit.phone,
            reporter_address=visit.address,
            neighbourhood_id=visit.neighbourhood_id,
            contact_id=visit.contact_id,
            entered_by=by,
            submission_key=f"reception:{visit.id}",
        )
    )
    if visit.kind is Kind.KHIEU_NAI and direction.is_signed:
        today = clock.today()
        actions.receive_signed(petition, by=by, kind=visit.kind, signed_on=today)
    elif petition.status is Status.RECEIVED:
        actions.accept(petition, by=by)
    return petition
