"""Positions and the people in them: who comes, who goes, from which day. Nothing is overwritten.

Open petitions of somebody who left are given on by `feedback/petitions/succession.py`.
"""

from datetime import date, timedelta

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput, NotFound
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Officer, Position, Role, Tenure
from feedback.text import normal_phone, squeeze
from feedback.wards import edits
from feedback.wards.models import Delegation, Department, Neighbourhood

_DAY = timedelta(days=1)
LONGEST = {"title": 160, "full_name": 120}
ALONE = {Role.CHAIR}  # one holder at a time
HEADS = (Role.CHAIR, Role.VICE_CHAIR)


def add_officer(*, by: Actor, full_name: str, phone: str = "", email: str = "") -> Officer:
    """A person who works for the ward, without a post or login so far. Raises NotAllowed, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    officer = Officer(ward_id=ward.id, created_at=clock.now())
    _describe(officer, full_name, phone, email)
    db.session.add(officer)
    db.session.flush()
    edits.note("people.officer_added", ward.id, by, name=officer.full_name)
    return officer


def correct_officer(officer_id: int, *, by: Actor, full_name: str, phone: str, email: str) -> None:
    """Another name, telephone or address. Raises NotAllowed, NotFound, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    officer = _officer(officer_id, ward.id)
    before = officer.full_name
    _describe(officer, full_name, phone, email)
    db.session.flush()
    edits.note("people.officer_corrected", ward.id, by, name=officer.full_name, before=before)


def open_post(
    *,
    by: Actor,
    title: str,
    role: Role,
    department_id: int | None = None,
    neighbourhood_id: int | None = None,
) -> Position:
    """A new post. Raises NotAllowed, NotFound, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    post = Position(ward_id=ward.id, role=role)
    _place(post, title, department_id, neighbourhood_id)
    codes = db.session.scalars(sa.select(Position.code).where(Position.ward_id == ward.id))
    post.code = edits.free_code(post.title, set(codes))
    db.session.add(post)
    db.session.flush()
    edits.note("people.post_opened", ward.id, by, title=post.title, role=role.value)
    return post


def correct_post(
    position_id: int,
    *,
    by: Actor,
    title: str,
    department_id: int | None = None,
    neighbourhood_id: int | None = None,
) -> None:
    """Another title or unit; the role stays, so that nobody's rights change unseen.

    Raises NotAllowed, NotFound, BadInput.
    """
    ward = edits.begin(by.ward_id or 0, by)
    post = _post(position_id, ward.id)
    before = post.title
    _place(post, title, department_id, neighbourhood_id)
    db.session.flush()
    edits.note("people.post_corrected", ward.id, by, title=post.title, before=before)


def close_post(position_id: int, *, by: Actor) -> None:
    """Use a post no more. Raises NotAllowed, NotFound, BadInput while it is held or has fields."""
    ward = edits.begin(by.ward_id or 0, by)
    post, today = _post(position_id, ward.id), clock.today()
    held = sa.select(Tenure.id).where(
        Tenure.position_id == post.id, sa.or_(Tenure.ends_on.is_(None), Tenure.ends_on >= today)
    )
    given = sa.select(Delegation.id).where(
        Delegation.position_id == post.id,
        sa.or_(Delegation.ends_on.is_(None), Delegation.ends_on >= today),
    )
    if db.session.scalar(held.limit(1)):
        raise BadInput("Chức danh này đang có người giữ; hãy ghi ngày thôi giữ trước.")
    if db.session.scalar(given.limit(1)):
        raise BadInput(
            "Chức danh này đang được giao lĩnh vực; hãy giao lĩnh vực cho nơi khác trước."
        )
    post.is_active = False
    db.session.flush()
    edits.note("people.post_closed", ward.id, by, title=post.title)


def appoint(
    position_id: int,
    officer_id: int,
    starts_on: date,
    *,
    by: Actor,
    beside: bool = False,
) -> Tenure:
    """Let somebody hold a post from a day on, in place of (or `beside`) who holds it then.

    Raises NotAllowed, NotFound, BadInput.
    """
    ward = edits.begin(by.ward_id or 0, by)
    post, officer = _post(position_id, ward.id), _officer(officer_id, ward.id)
    running = sa.select(Tenure).where(
        Tenure.position_id == post.id,
        sa.or_(Tenure.ends_on.is_(None), Tenure.ends_on >= starts_on),
    )
    others = list(db.session.scalars(running.order_by(Tenure.id)))
    if any(tenure.officer_id == officer.id for tenure in others):
        words = f"{officer.full_name} đã giữ chức danh này vào ngày đó."
        raise BadInput(fields={"officer_id": words})
    if not beside or post.role in ALONE:
        for tenure in others:
            if tenure.starts_on >= starts_on:
                words = (
                    f"Đã có người giữ từ ngày {tenure.starts_on:%d/%m/%Y}; hãy chọn ngày sau đó."
                )
                raise BadInput(fields={"starts_on": words})
            tenure.ends_on = starts_on - _DAY
    row = Tenure(position_id=post.id, officer_id=officer.id, starts_on=starts_on)
    db.session.add(row)
    db.session.flush()
    _refuse_leaderless(ward.id, starts_on)
    _note_tenure("people.appointed", row, post, officer, by)
    return row


def leave(tenure_id: int, ends_on: date, *, by: Actor) -> None:
    """Let somebody hold a post until a day, that day included.

    Raises NotAllowed, NotFound, BadInput when it ended before or the ward would have no head.
    """
    ward = edits.begin(by.ward_id or 0, by)
    row = db.session.get(Tenure, tenure_id)
    if row is None:
        raise NotFound
    post, officer = _post(row.position_id, ward.id), _officer(row.officer_id, ward.id)
    today = clock.today()
    if row.ends_on is not None and row.ends_on < today:
        raise BadInput("Người này đã thôi giữ chức danh.")
    if ends_on < row.starts_on or ends_on < today - _DAY:
        raise BadInput(
            fields={"ends_on": "Ngày thôi giữ phải từ hôm qua trở đi, sau ngày bắt đầu."}
        )
    row.ends_on = ends_on
    db.session.flush()
    _refuse_leaderless(ward.id, ends_on + _DAY)
    _note_tenure("people.left", row, post, officer, by)


def _refuse_leaderless(ward_id: int, on: date) -> None:
    """On no day may the ward be without a head, or without anybody who can mend its set-up."""
    table = table_of(ward_id, max(on, clock.today()))
    if not any(table.with_role(role) for role in HEADS):
        raise BadInput(
            f"Từ ngày {table.on:%d/%m/%Y} phường sẽ không có Chủ tịch hay Phó Chủ tịch. "
            "Hãy ghi người kế nhiệm trước."
        )
    if not table.with_role(Role.ADMINISTRATOR):
        raise BadInput(
            f"Từ ngày {table.on:%d/%m/%Y} phường sẽ không còn ai làm quản trị. "
            "Hãy ghi người kế nhiệm trước."
        )


def _describe(officer: Officer, full_name: str, phone: str, email: str) -> None:
    officer.full_name = edits.required(
        "full_name", full_name, "Vui lòng ghi họ và tên.", LONGEST["full_name"]
    )
    officer.phone = normal_phone(phone) if phone.strip() else None
    if phone.strip() and officer.phone is None:
        raise BadInput(fields={"phone": "Số điện thoại chưa đúng. Ví dụ: 0912 345 678"})
    officer.email = squeeze(email) or None
    if officer.email and "@" not in officer.email:
        raise BadInput(fields={"email": "Địa chỉ thư điện tử chưa đúng. Ví dụ: ten@gmail.com"})


def _place(
    post: Position, title: str, department_id: int | None, neighbourhood_id: int | None
) -> None:
    post.title = edits.required("title", title, "Vui lòng ghi tên chức danh.", LONGEST["title"])
    if department_id is not None:
        _refuse_foreign(db.session.get(Department, department_id), post.ward_id)
    if neighbourhood_id is not None:
        _refuse_foreign(db.session.get(Neighbourhood, neighbourhood_id), post.ward_id)
    if post.role is Role.NEIGHBOURHOOD_HEAD and neighbourhood_id is None:
        raise BadInput(fields={"neighbourhood_id": "Xin chọn tổ dân phố của tổ trưởng."})
    if post.role is Role.DEPARTMENT_HEAD and department_id is None:
        raise BadInput(fields={"department_id": "Xin chọn đơn vị của lãnh đạo này."})
    post.department_id, post.neighbourhood_id = department_id, neighbourhood_id


def _refuse_foreign(row: Department | Neighbourhood | None, ward_id: int) -> None:
    if row is None or row.ward_id != ward_id:
        raise NotFound


def _post(position_id: int, ward_id: int) -> Position:
    post = db.session.get(Position, position_id)
    if post is None or post.ward_id != ward_id or not post.is_active:
        raise NotFound("Không có chức danh này.")
    return post


def _officer(officer_id: int, ward_id: int) -> Officer:
    officer = db.session.get(Officer, officer_id)
    if officer is None or officer.ward_id != ward_id:
        raise NotFound("Không tìm thấy cán bộ này.")
    return officer


def _note_tenure(action: str, row: Tenure, post: Position, officer: Officer, by: Actor) -> None:
    edits.note(
        action,
        post.ward_id,
        by,
        name=officer.full_name,
        title=post.title,
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat() if row.ends_on else "",
    )
