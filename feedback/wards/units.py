"""The ward's departments, neighbourhoods and fields: named, added, taken out of use, never deleted."""

from typing import Any, TypeVar

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import BadInput, NotFound
from feedback.people.actor import Actor
from feedback.people.models import Position
from feedback.text import fold, squeeze
from feedback.wards import edits
from feedback.wards.fields import OTHER
from feedback.wards.models import Department, Field, Neighbourhood
from feedback.wards.service_levels import URGENCIES

LONGEST = {"name": 120, "department": 160, "streets": 4000}
MOST_NUMBER = 999
Row = TypeVar("Row", Department, Neighbourhood, Field)


def save_department(department_id: int | None, *, by: Actor, name: str) -> Department:
    """Name a department, or add one. Raises NotAllowed, NotFound, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    name = edits.required("name", name, "Vui lòng ghi tên đơn vị.", LONGEST["department"])
    rows = list(db.session.scalars(sa.select(Department).where(Department.ward_id == ward.id)))
    _refuse_same_name(rows, department_id, name)
    if department_id is None:
        code = edits.free_code(name, {row.code for row in rows})
        row = Department(ward_id=ward.id, code=code)
        db.session.add(row)
    else:
        row = _own(Department, department_id, ward.id)
    before, row.name = row.name or "", name
    db.session.flush()
    edits.note("units.department", ward.id, by, name=name, before=before)
    return row


def use_department(department_id: int, is_active: bool, *, by: Actor) -> None:
    """Take a department out of use or back. Raises BadInput while it has posts or fields."""
    ward = edits.begin(by.ward_id or 0, by)
    row = _own(Department, department_id, ward.id)
    if not is_active:
        posts = sa.select(Position.id).where(Position.department_id == row.id, Position.is_active)
        fields = sa.select(Field.id).where(Field.department_id == row.id, Field.is_active)
        if db.session.scalar(posts.limit(1)) or db.session.scalar(fields.limit(1)):
            raise BadInput(
                "Đơn vị này còn chức danh hoặc lĩnh vực; hãy chuyển chúng sang đơn vị khác trước."
            )
    row.is_active = is_active
    db.session.flush()
    edits.note("units.department_used", ward.id, by, name=row.name, is_active=is_active)


def save_neighbourhood(
    neighbourhood_id: int | None,
    *,
    by: Actor,
    number: int,
    name: str = "",
    streets: str = "",
    households: int | None = None,
) -> Neighbourhood:
    """Describe a neighbourhood, or add one. Raises NotAllowed, NotFound, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    query = sa.select(Neighbourhood).where(Neighbourhood.ward_id == ward.id)
    rows = list(db.session.scalars(query))
    if not 0 < number <= MOST_NUMBER:
        raise BadInput(fields={"number": f"Số thứ tự từ 1 đến {MOST_NUMBER}."})
    if any(row.number == number and row.id != neighbourhood_id for row in rows):
        raise BadInput(fields={"number": f"Đã có tổ dân phố mang số {number}."})
    name = squeeze(name) or f"Tổ dân phố số {number}"
    if len(name) > LONGEST["name"]:
        raise BadInput(fields={"name": f"Nhiều nhất {LONGEST['name']} ký tự."})
    _refuse_same_name(rows, neighbourhood_id, name)
    if households is not None and households < 0:
        raise BadInput(fields={"households": "Số hộ không thể âm."})
    if neighbourhood_id is None:
        row = Neighbourhood(ward_id=ward.id)
        db.session.add(row)
    else:
        row = _own(Neighbourhood, neighbourhood_id, ward.id)
    before = row.name or ""
    row.number, row.name, row.streets = number, name, squeeze(streets)[: LONGEST["streets"]]
    row.households = households
    db.session.flush()
    edits.note("units.neighbourhood", ward.id, by, name=name, before=before)
    return row


def use_neighbourhood(neighbourhood_id: int, is_active: bool, *, by: Actor) -> None:
    """Take a neighbourhood out of use or back. Raises BadInput while it has a head's post."""
    ward = edits.begin(by.ward_id or 0, by)
    row = _own(Neighbourhood, neighbourhood_id, ward.id)
    posts = sa.select(Position.id).where(Position.neighbourhood_id == row.id, Position.is_active)
    if not is_active and db.session.scalar(posts.limit(1)):
        raise BadInput("Tổ dân phố này còn chức danh tổ trưởng; hãy ngừng dùng chức danh đó trước.")
    row.is_active = is_active
    db.session.flush()
    edits.note("units.neighbourhood_used", ward.id, by, name=row.name, is_active=is_active)


def save_field(
    field_id: int,
    *,
    by: Actor,
    department_id: int,
    keywords: list[str],
    photo_after_required: bool,
    is_active: bool,
    urgency: str | None = None,
) -> None:
    """Who backs a field, by which words it is known, how urgent it usually is, whether it is in use.

    `urgency`: None leaves it to the standard. Raises NotAllowed, NotFound, BadInput for the field that takes what no other claims.
    """
    ward = edits.begin(by.ward_id or 0, by)
    row = _own(Field, field_id, ward.id)
    _own(Department, department_id, ward.id)
    if row.no == OTHER and not is_active:
        raise BadInput(
            fields={"is_active": f"“{row.name}” nhận việc chưa rõ lĩnh vực nên phải luôn dùng."}
        )
    if urgency is not None and urgency not in URGENCIES:
        raise BadInput(fields={"urgency": "Vui lòng chọn một mục trong danh sách."})
    before = _told(row)
    row.department_id, row.keywords = department_id, keywords
    row.photo_after_required, row.is_active = photo_after_required, is_active
    row.urgency = urgency
    db.session.flush()
    edits.note("units.field", ward.id, by, name=row.name, before=before, after=_told(row))


def _told(row: Field) -> dict[str, Any]:
    urgency = URGENCIES[row.urgency] if row.urgency else "theo mức chuẩn"
    return {
        "is_active": row.is_active,
        "keywords": len(row.keywords),
        "photo": row.photo_after_required,
        "urgency": urgency,
    }


def _own(model: type[Row], id: int, ward_id: int) -> Row:
    row = db.session.get(model, id)
    if row is None or row.ward_id != ward_id:
        raise NotFound
    return row


def _refuse_same_name(
    rows: list[Department] | list[Neighbourhood], own_id: int | None, name: str
) -> None:
    if any(fold(row.name) == fold(name) and row.id != own_id for row in rows):
        raise BadInput(fields={"name": f"Đã có tên “{name}”."})
