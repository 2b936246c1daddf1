"""Giving fields and areas to positions: a new row from a day on closes the old one; nothing is overwritten.

One field (in one area, or everywhere) is given to one position at a time, without a day between. What was
given already stays where it is; the matrix decides about petitions that come from then on.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput, NotFound
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Permission as P
from feedback.people.permissions import RIGHTS
from feedback.wards import edits
from feedback.wards.models import Delegation, Field, Neighbourhood
from feedback.wards.setup import Setup, setup_of

_DAY = timedelta(days=1)
LONGEST = 60


def give(
    *,
    by: Actor,
    position_id: int,
    field_id: int | None,
    neighbourhood_id: int | None = None,
    starts_on: date,
    ends_on: date | None = None,
    decision_no: str,
) -> Delegation:
    """Give a field (everywhere or in one area), or everything in one area, to a position.

    Whoever had it has it until the day before; with `ends_on`, they have it again afterwards.
    Raises NotAllowed, NotFound, and BadInput for a gap, an overlap or a post nobody holds.
    """
    ward_id = edits.begin(by.ward_id or 0, by, P.DELEGATE).id
    setup = setup_of(ward_id)
    decision = edits.required(
        "decision_no", decision_no, "Vui lòng ghi số quyết định phân công.", LONGEST
    )
    _check_target(setup, field_id, neighbourhood_id)
    _check_post(setup, position_id, starts_on)
    if ends_on is not None and ends_on < starts_on:
        raise BadInput(fields={"ends_on": "Ngày kết thúc phải từ ngày bắt đầu trở đi."})
    rows = of_target(ward_id, field_id, neighbourhood_id)
    _refuse_overlap(rows, starts_on, ends_on, setup)
    before = next((row for row in rows if _holds(row, starts_on)), None)
    _refuse_gap(rows, before, starts_on, ends_on, is_exception=neighbourhood_id is not None)
    if before is not None:
        _take_over(before, starts_on, ends_on)
    row = Delegation(
        ward_id=ward_id,
        position_id=position_id,
        field_id=field_id,
        neighbourhood_id=neighbourhood_id,
        starts_on=starts_on,
        ends_on=ends_on,
        decision_no=decision,
    )
    db.session.add(row)
    db.session.flush()
    _note("delegation.given", row, setup, by)
    return row


def withdraw(row_id: int, *, by: Actor) -> None:
    """Take back what begins today or later, as if it had never been said; who had it before has it on.

    Raises NotAllowed, NotFound, BadInput for what has been in force.
    """
    row = _own(row_id, by)
    if row.starts_on < clock.today():
        raise BadInput(
            "Phân công này đã có hiệu lực nên phải giữ lại trong lịch sử. Hãy giao lại cho chức danh khác."
        )
    for other in of_target(row.ward_id, row.field_id, row.neighbourhood_id):
        if other.ends_on == row.starts_on - _DAY:
            other.ends_on = row.ends_on
    _note("delegation.withdrawn", row, setup_of(row.ward_id), by)
    db.session.delete(row)
    db.session.flush()


def end(row_id: int, ends_on: date, *, by: Actor) -> None:
    """Let an exception for an area end; the field's own position has it again afterwards.

    Raises NotAllowed, NotFound, BadInput for a field that nobody would have.
    """
    row = _own(row_id, by)
    if row.neighbourhood_id is None:
        raise BadInput(
            f"Sau ngày {ends_on:%d/%m/%Y} sẽ không có ai phụ trách lĩnh vực này. "
            "Hãy giao cho chức danh khác từ ngày kế tiếp."
        )
    last = row.ends_on or date.max
    if not max(row.starts_on, clock.today() - _DAY) <= ends_on <= last:
        raise BadInput(fields={"ends_on": "Ngày kết thúc phải từ hôm nay và trong thời gian giao."})
    row.ends_on = ends_on
    db.session.flush()
    _note("delegation.ended", row, setup_of(row.ward_id), by)


def of_target(ward_id: int, field_id: int | None, neighbourhood_id: int | None) -> list[Delegation]:
    """All that was, is and will be given of one field in one area, the earliest first."""
    query = sa.select(Delegation).where(
        Delegation.ward_id == ward_id,
        Delegation.field_id.is_not_distinct_from(field_id),
        Delegation.neighbourhood_id.is_not_distinct_from(neighbourhood_id),
    )
    return list(db.session.scalars(query.order_by(Delegation.starts_on, Delegation.id)))


def of_ward(ward_id: int) -> list[Delegation]:
    """The whole matrix with its history, by field, area and day."""
    order = (
        Field.no.is_(None),
        Field.no,
        Neighbourhood.number.is_not(None),
        Neighbourhood.number,
        Delegation.starts_on,
        Delegation.id,
    )
    query = (
        sa.select(Delegation)
        .outerjoin(Field, Field.id == Delegation.field_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Delegation.neighbourhood_id)
        .where(Delegation.ward_id == ward_id)
    )
    return list(db.session.scalars(query.order_by(*order)))


def can_be_given(setup: Setup, position_id: int) -> bool:
    """A post in use whose role handles petitions."""
    post = setup.posts.get(position_id)
    return post is not None and P.HANDLE in RIGHTS[post.role]


def _check_target(setup: Setup, field_id: int | None, neighbourhood_id: int | None) -> None:
    if field_id is None and neighbourhood_id is None:
        raise BadInput(fields={"field_id": "Xin chọn lĩnh vực, hoặc một địa bàn, hoặc cả hai."})
    if field_id is not None and field_id not in setup.fields:
        raise NotFound("Không có lĩnh vực này, hoặc lĩnh vực đã ngừng dùng.")
    if neighbourhood_id is not None and neighbourhood_id not in setup.neighbourhoods:
        raise NotFound("Không có tổ dân phố này.")


def _check_post(setup: Setup, position_id: int, starts_on: date) -> None:
    if position_id not in setup.posts:
        raise NotFound("Không có chức danh này.")
    if not can_be_given(setup, position_id):
        words = (
            f"{setup.posts[position_id].title} không xử lý phản ánh nên không nhận lĩnh vực được."
        )
        raise BadInput(fields={"position_id": words})
    day = max(starts_on, clock.today())
    if not table_of(setup.ward_id, day).holders.get(position_id):
        words = f"Chưa có ai giữ chức danh này vào ngày {day:%d/%m/%Y}; hãy ghi người giữ trước."
        raise BadInput(fields={"position_id": words})


def _refuse_overlap(
    rows: Iterable[Delegation], starts_on: date, ends_on: date | None, setup: Setup
) -> None:
    for row in rows:
        if row.starts_on >= starts_on and (ends_on is None or row.starts_on <= ends_on):
            title = setup.posts[row.position_id].title if row.position_id in setup.posts else ""
            hint = (
                "hãy bỏ phân công đó trước."
                if row.starts_on == starts_on
                else f"hãy ghi đến hết ngày {row.starts_on - _DAY:%d/%m/%Y}, hoặc bỏ phân công đó trước."
            )
            words = f"Đã giao cho {title} từ ngày {row.starts_on:%d/%m/%Y}: {hint}"
            raise BadInput(fields={"starts_on": words})


def _refuse_gap(
    rows: list[Delegation],
    before: Delegation | None,
    starts_on: date,
    ends_on: date | None,
    *,
    is_exception: bool,
) -> None:
    """No coming day on which a field has nobody; an exception for an area leaves none."""
    if is_exception:
        return
    ended = [row.ends_on for row in rows if row.ends_on is not None and row.ends_on < starts_on]
    first_free = max([max(ended) + _DAY, clock.today()]) if ended and before is None else None
    if first_free is not None and first_free < starts_on:
        words = (
            f"Từ {first_free:%d/%m/%Y} đến {starts_on - _DAY:%d/%m/%Y} không có ai phụ trách; "
            f"hãy giao từ ngày {first_free:%d/%m/%Y}."
        )
        raise BadInput(fields={"starts_on": words})
    follows = any(row.starts_on == (ends_on or date.max - _DAY) + _DAY for row in rows)
    if ends_on is not None and before is None and not follows:
        words = f"Sau ngày {ends_on:%d/%m/%Y} không có ai phụ trách; hãy để trống ngày kết thúc."
        raise BadInput(fields={"ends_on": words})


def _take_over(before: Delegation, starts_on: date, ends_on: date | None) -> None:
    """Close the old row the day before; after a limited one it goes on."""
    last = before.ends_on
    before.ends_on = starts_on - _DAY
    if ends_on is not None and (last is None or last > ends_on):
        db.session.add(
            Delegation(
                ward_id=before.ward_id,
                position_id=before.position_id,
                field_id=before.field_id,
                neighbourhood_id=before.neighbourhood_id,
                starts_on=ends_on + _DAY,
                ends_on=last,
                decision_no=before.decision_no,
            )
        )


def _holds(row: Delegation, on: date) -> bool:
    return row.starts_on <= on and (row.ends_on is None or on <= row.ends_on)


def _own(row_id: int, by: Actor) -> Delegation:
    edits.begin(by.ward_id or 0, by, P.DELEGATE)
    row = db.session.get(Delegation, row_id)
    if row is None or row.ward_id != by.ward_id:
        raise NotFound
    return row


def _note(action: str, row: Delegation, setup: Setup, by: Actor) -> None:
    field, post = setup.fields.get(row.field_id or 0), setup.posts.get(row.position_id)
    edits.note(
        action,
        row.ward_id,
        by,
        field=field.name if field else "",
        area=setup.neighbourhoods.get(row.neighbourhood_id or 0, ""),
        position=post.title if post else "",
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat() if row.ends_on else "",
        decision_no=row.decision_no,
    )
