"""Standing in during an absence: said beforehand, by the absent officer or by the chair, never in chains."""

from datetime import date, timedelta

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.actor import Actor
from feedback.people.directory import rights_of, table_of
from feedback.people.models import Officer
from feedback.people.models import Permission as P
from feedback.wards.delegation import Table
from feedback.wards.models import Substitution, Ward

LONGEST = timedelta(days=366)


def declare(
    *,
    by: Actor,
    absent_id: int,
    substitute_id: int,
    starts_on: date,
    ends_on: date,
    reason: str = "",
) -> Substitution:
    """Let one officer stand in for another on these days, both inclusive.

    Raises NotAllowed when `by` may not say so for `absent_id`, NotFound for an officer who is not of the
    ward, BadInput when the days or the two officers do not fit.
    """
    _refuse_unless_may_set(by, absent_id)
    ward_id = _locked(by)
    for officer_id in (absent_id, substitute_id):
        _officer(officer_id, ward_id)
    _check_days(starts_on, ends_on)
    if absent_id == substitute_id:
        raise BadInput(fields={"substitute_id": "Không ai thay được cho chính mình."})
    for name, officer_id in (("absent_id", absent_id), ("substitute_id", substitute_id)):
        if not can_stand_in(table_of(ward_id), officer_id):
            raise BadInput(fields={name: "Người này không giữ chức vụ có việc để thay."})
    _check_overlaps(ward_id, absent_id, substitute_id, starts_on, ends_on)
    row = Substitution(
        ward_id=ward_id,
        absent_id=absent_id,
        substitute_id=substitute_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        declared_by_id=by.officer_id,
        declared_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _note("substitution.declared", row, by)
    return row


def cancel(row: Substitution, *, by: Actor) -> None:
    """Take it back; what was done in the meantime stays. Raises NotAllowed and BadInput."""
    if row.ward_id != by.ward_id:
        raise NotFound
    _refuse_unless_may_set(by, row.absent_id)
    if row.cancelled_at is not None or row.ends_on < clock.today():
        raise BadInput("Lần vắng mặt này đã kết thúc hoặc đã được hủy.")
    row.cancelled_at = clock.now()
    db.session.flush()
    _note("substitution.cancelled", row, by)


def coming(ward_id: int, absent_id: int | None = None) -> list[Substitution]:
    """Present and coming absences of the ward (or of one officer), soonest first."""
    query = sa.select(Substitution).where(
        Substitution.ward_id == ward_id,
        Substitution.cancelled_at.is_(None),
        Substitution.ends_on >= clock.today(),
    )
    if absent_id is not None:
        query = query.where(Substitution.absent_id == absent_id)
    return list(db.session.scalars(query.order_by(Substitution.starts_on, Substitution.id)))


def may_set(actor: Actor, absent_id: int) -> bool:
    """Their own absence, or anybody's."""
    own = absent_id == actor.officer_id and P.SET_OWN_SUBSTITUTE in actor.rights
    return own or may_set_any(actor)


def may_set_any(actor: Actor) -> bool:
    """For whom the right is their own; never by a borrowed right."""
    return P.SET_ANY_SUBSTITUTE in actor.rights


def can_stand_in(table: Table, officer_id: int) -> bool:
    """Somebody with cases of their own: not who only watches or only sets up."""
    return P.SET_OWN_SUBSTITUTE in rights_of(table, officer_id)


def _refuse_unless_may_set(actor: Actor, absent_id: int) -> None:
    if not may_set(actor, absent_id):
        raise NotAllowed("Ông/Bà chỉ đặt được người thay cho chính mình.")


def _locked(by: Actor) -> int:
    """The ward's id, its row locked: two declarations at once must not make a chain."""
    query = sa.select(Ward.id).where(Ward.id == by.ward_id).with_for_update()
    return db.session.execute(query).scalar_one()


def _officer(officer_id: int, ward_id: int) -> Officer:
    officer = db.session.get(Officer, officer_id)
    if officer is None or officer.ward_id != ward_id or not officer.is_active:
        raise NotFound("Không tìm thấy cán bộ này.")
    return officer


def _check_days(starts_on: date, ends_on: date) -> None:
    if starts_on < clock.today():
        raise BadInput(fields={"starts_on": "Ngày bắt đầu phải từ hôm nay trở đi."})
    if ends_on < starts_on:
        raise BadInput(fields={"ends_on": "Ngày kết thúc phải từ ngày bắt đầu trở đi."})
    if ends_on - starts_on > LONGEST:
        raise BadInput(fields={"ends_on": "Nhiều nhất một năm; dài hơn thì cần phân công lại."})


def _check_overlaps(
    ward_id: int, absent_id: int, substitute_id: int, starts_on: date, ends_on: date
) -> None:
    query = sa.select(Substitution.absent_id, Substitution.substitute_id).where(
        Substitution.ward_id == ward_id,
        Substitution.cancelled_at.is_(None),
        Substitution.starts_on <= ends_on,
        Substitution.ends_on >= starts_on,
    )
    for absent, substitute in db.session.execute(query):
        if absent == absent_id:
            raise BadInput(
                fields={"starts_on": "Đã có người thay trong những ngày này; hãy hủy lần đó trước."}
            )
        if absent == substitute_id:
            raise BadInput(fields={"substitute_id": "Người này cũng vắng mặt trong những ngày đó."})
        if substitute == absent_id:
            raise BadInput(
                fields={"starts_on": "Những ngày đó người vắng mặt đang thay cho người khác."}
            )


def _note(action: str, row: Substitution, by: Actor) -> None:
    detail = {
        "absent": row.absent_id,
        "substitute": row.substitute_id,
        "from": row.starts_on.isoformat(),
        "to": row.ends_on.isoformat(),
    }
    audit.record(
        action,
        "substitution",
        row.id,
        ward_id=row.ward_id,
        officer_id=by.officer_id,
        detail=detail,
    )
