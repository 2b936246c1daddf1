"""Who is on watch for a ward: duty officers, the vice-chair in charge of each unit, superiors who are told.

Read by `petitions/notices.py` (duty) and `reminders/recipients.py` (the others).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.models import Officer, Position, Role, Tenure
from feedback.wards import edits
from feedback.wards.delegation import Table, table
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, setup_of

DUTY = "duty_officers"  # ids of officers who are told of danger at once
IN_CHARGE = "vice_chairs"  # {id of a department: id of the vice-chair's position}
SUPERIORS = "superior_officers"  # ids of officers, of any ward, who watch over this one
LEADERS = (Role.CHAIR, Role.VICE_CHAIR)


def on_duty(today: Table) -> list[int]:
    """Who is told of danger: those named who still hold a post, else the clerks."""
    named = [who for who in today.setup.settings.get(DUTY, ()) if who in today.posts_of]
    return named or [officer_id for officer_id, _ in today.with_role(Role.CLERK)]


def superiors(ward_id: int) -> dict[int, str]:
    """Leaders of the installation's other units, who may be told of this one: 'tên, chức danh, đơn vị'."""
    today = clock.today()
    query = (
        sa.select(Officer.id, Officer.full_name, Position.title, Ward.name)
        .join(Tenure, Tenure.officer_id == Officer.id)
        .join(Position, Position.id == Tenure.position_id)
        .join(Ward, Ward.id == Position.ward_id)
        .where(
            Position.ward_id != ward_id,
            Position.role.in_(LEADERS),
            Position.is_active,
            Officer.is_active,
            Tenure.starts_on <= today,
            sa.or_(Tenure.ends_on.is_(None), Tenure.ends_on >= today),
        )
        .order_by(Ward.name, Officer.full_name)
    )
    return {row[0]: ", ".join(row[1:]) for row in db.session.execute(query)}


def save(
    duty: Iterable[int],
    in_charge: Mapping[int, int],
    told: Iterable[int],
    *,
    by: Actor,
) -> list[str]:
    """Set who is on duty, who is in charge of which unit, which superiors are told; the labels of what changed.

    Raises NotAllowed, BadInput naming who cannot be.
    """
    ward = edits.begin(by.ward_id or 0, by)
    setup = setup_of(ward.id)
    today = table(setup, clock.today())
    above = superiors(ward.id)
    wanted: dict[str, Any] = {
        DUTY: sorted(set(duty)),
        IN_CHARGE: {str(unit): post for unit, post in sorted(in_charge.items())},
        SUPERIORS: sorted(set(told)),
    }
    _check(wanted, today, set(above) | set(setup.settings.get(SUPERIORS, ())))
    changes = {}
    for key, label in LABELS.items():
        before = ward.settings.get(key) or type(wanted[key])()
        if wanted[key] != before:
            changes[label] = [_told(key, each, setup, above) for each in (before, wanted[key])]
            kept = {name: value for name, value in ward.settings.items() if name != key}
            ward.settings = {**kept, key: wanted[key]} if wanted[key] else kept
    if changes:
        edits.note("watch.changed", ward.id, by, changes=changes)
    return list(changes)


LABELS = {
    DUTY: "Trực việc khẩn",
    IN_CHARGE: "Phó Chủ tịch phụ trách",
    SUPERIORS: "Cấp trên được báo",
}


def _check(wanted: Mapping[str, Any], today: Table, above: set[int]) -> None:
    setup = today.setup
    vice_chairs = {post.id for post in today.posts(Role.VICE_CHAIR)}
    wrong = {}
    if set(wanted[DUTY]) - set(today.posts_of):
        wrong["duty"] = "Vui lòng chọn người đang giữ chức danh trong phường."
    for unit, post in wanted[IN_CHARGE].items():
        if int(unit) not in setup.departments or post not in vice_chairs:
            wrong[f"unit{unit}"] = "Vui lòng chọn một Phó Chủ tịch trong danh sách."
    if set(wanted[SUPERIORS]) - above:
        wrong["superiors"] = "Vui lòng chọn lãnh đạo của đơn vị khác trong hệ thống."
    if wrong:
        raise BadInput(fields=wrong)


def _told(key: str, value: Any, setup: Setup, above: Mapping[int, str]) -> str:
    if key == IN_CHARGE:
        return "; ".join(
            f"{setup.departments.get(int(unit), unit)}: {setup.posts[post].title}"
            for unit, post in value.items()
            if post in setup.posts
        )
    names = setup.officers if key == DUTY else above
    return "; ".join(names.get(each, f"người số {each}") for each in value)
