"""A ward as one file: `flask wards load my-ward.toml` makes it; the demonstration ward uses the same form.

The file names the ward (by its number in the national list of divisions), its positions with who holds
them and which fields they are given by which decision, and its neighbourhoods with their heads.
Departments, the 25 fields with their keywords, and the days off come with the program.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa

from feedback import clock
from feedback.db import Base, db
from feedback.errors import BadInput
from feedback.people.models import Channel, Officer, Position, Role, Tenure
from feedback.text import normal_phone
from feedback.wards.fields import catalogue
from feedback.wards.models import (
    ChannelAccount,
    Delegation,
    Department,
    Field,
    Neighbourhood,
    Ward,
)

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Founded:
    """The new ward, and who asked for which login name (officer, login)."""

    ward: Ward
    logins: tuple[tuple[Officer, str], ...]


def found(data: dict[str, Any], *, is_demo: bool = False) -> Founded:
    """Insert a whole ward in the present transaction.

    `data` has the shape of `feedback/demo/ward.toml`. Raises BadInput naming what is wrong.
    """
    _check(data)
    ward = _ward(data["ward"], is_demo)
    _channels(ward)
    departments = _departments(ward)
    fields = _fields(ward, departments)
    since = data["starts_on"]
    logins: list[tuple[Officer, str]] = []
    for row in data["neighbourhood"]:
        logins += _neighbourhood(ward, row, since, is_demo)
    for row in data["position"]:
        department = departments[row["department"]].id if "department" in row else None
        post = Position(
            ward_id=ward.id,
            code=row["code"],
            title=row["title"],
            role=Role(row["role"]),
            department_id=department,
        )
        officer = _appoint(post, row, since, is_demo)
        logins.append((officer, row.get("login", row["code"])))
        for no in row.get("fields", ()):
            _add(
                Delegation(
                    ward_id=ward.id,
                    position_id=post.id,
                    field_id=fields[no].id,
                    starts_on=since,
                    decision_no=data["decision_no"],
                )
            )
    return Founded(ward, tuple(logins))


def _check(data: dict[str, Any]) -> None:
    missing = [
        key
        for key in ("ward", "position", "neighbourhood", "decision_no", "starts_on")
        if key not in data
    ]
    if missing:
        raise BadInput(f"Tệp thiếu phần: {', '.join(missing)}.")
    roles = [row["role"] for row in data["position"]]
    if roles.count("chair") != 1 or "clerk" not in roles:
        raise BadInput(
            "Phường cần đúng một Chủ tịch (role = chair) và ít nhất một cán bộ tiếp nhận (role = clerk)."
        )
    code = data["ward"]["code"]
    if db.session.scalar(
        sa.select(Ward.id).where((Ward.code == code) | (Ward.slug == data["ward"]["slug"]))
    ):
        raise BadInput(f"Đã có phường dùng mã {code} hoặc địa chỉ trang này.")


def _ward(row: dict[str, Any], is_demo: bool) -> Ward:
    from vietnam_provinces import Province, WardCode
    from vietnam_provinces import Ward as Division

    division = Division.from_code(WardCode(row["official_code"]))
    province = Province.from_code(division.province_code)
    own = {
        key: row[key]
        for key in ("code", "slug", "official_code", "address", "hotline", "email", "office_hours")
    }
    return _add(
        Ward(
            **own,
            name=division.name,
            province_name=province.name,
            is_demo=is_demo,
            created_at=clock.now(),
        )
    )


def _channels(ward: Ward) -> None:
    """The bot of the settings belongs to the first ward; others get their own with a token of theirs."""
    taken = sa.select(ChannelAccount.id).where(ChannelAccount.channel == Channel.TELEGRAM)
    if db.session.scalar(taken.limit(1)) is None:
        _add(ChannelAccount(ward_id=ward.id, channel=Channel.TELEGRAM, name="main"))


def _departments(ward: Ward) -> dict[str, Department]:
    return {
        seed.code: _add(Department(ward_id=ward.id, code=seed.code, name=seed.name))
        for seed in catalogue().departments
    }


def _fields(ward: Ward, departments: dict[str, Department]) -> dict[int, Field]:
    return {
        seed.no: _add(
            Field(
                ward_id=ward.id,
                no=seed.no,
                name=seed.name,
                department_id=departments[seed.department].id,
                keywords=list(seed.keywords),
                photo_after_required=seed.photo_after_required,
            )
        )
        for seed in catalogue().fields
    }


def _neighbourhood(
    ward: Ward, row: dict[str, Any], since: date, is_demo: bool
) -> list[tuple[Officer, str]]:
    number = row["number"]
    name = row.get("name", f"Tổ dân phố số {number}")
    area = _add(
        Neighbourhood(ward_id=ward.id, number=number, name=name, streets=row.get("streets", ""))
    )
    if "head" not in row:
        return []
    post = Position(
        ward_id=ward.id,
        code=f"to_truong_{number}",
        title=f"Tổ trưởng {name[0].lower()}{name[1:]}",
        role=Role.NEIGHBOURHOOD_HEAD,
        neighbourhood_id=area.id,
    )
    officer = _appoint(post, {"name": row["head"], "phone": row.get("phone")}, since, is_demo)
    return [(officer, row.get("login", f"totruong{number}"))]


def _appoint(post: Position, row: dict[str, Any], since: date, is_demo: bool) -> Officer:
    _add(post)
    officer = _add(
        Officer(
            ward_id=post.ward_id,
            full_name=row["name"],
            phone=normal_phone(row.get("phone") or ""),
            email=row.get("email"),
            is_demo=is_demo,
            created_at=clock.now(),
        )
    )
    _add(Tenure(position_id=post.id, officer_id=officer.id, starts_on=since))
    return officer


def _add(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
