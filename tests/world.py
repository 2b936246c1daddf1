"""A small ward for tests, made once for a database and copied back for each test. Stories about
petitions walk the real verbs.

Hoa is the chair, Vinh her deputy, Lê the clerk. An answers for lighting (field 2) and drainage (field 3);
Bình works in An's department; Chi works elsewhere and is the stranger.
"""

import dataclasses
import pickle
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from feedback.db import Base, db, transaction
from feedback.people.models import Officer, Position, Role, Tenure
from feedback.wards import setup
from feedback.wards.models import Delegation, Department, Field, Neighbourhood, Ward, new_version
from tests.database import unchecked, written_tables

LONG_AGO = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
DEPARTMENTS = {
    "van_phong": "Văn phòng HĐND và UBND",
    "kinh_te_ha_tang": "Phòng Kinh tế, Hạ tầng và Đô thị",
    "van_hoa_xa_hoi": "Phòng Văn hóa - Xã hội",
}
PEOPLE = {
    "chair": ("Nguyễn Thị Hoa", Role.CHAIR, "Chủ tịch UBND phường", None),
    "vice": ("Trần Văn Vinh", Role.VICE_CHAIR, "Phó Chủ tịch UBND phường", None),
    "clerk": ("Phạm Thị Lê", Role.CLERK, "Cán bộ tiếp nhận", "van_phong"),
    "dept_head": ("Đỗ Văn Dũng", Role.DEPARTMENT_HEAD, "Trưởng phòng", "kinh_te_ha_tang"),
    "an": ("Lý Văn An", Role.OFFICER, "Chuyên viên hạ tầng", "kinh_te_ha_tang"),
    "binh": ("Vũ Thị Bình", Role.OFFICER, "Chuyên viên môi trường", "kinh_te_ha_tang"),
    "chi": ("Mai Thị Chi", Role.OFFICER, "Chuyên viên văn hóa", "van_hoa_xa_hoi"),
    "head_tdp": ("Ngô Văn Tổ", Role.NEIGHBOURHOOD_HEAD, "Tổ trưởng tổ dân phố số 1", None),
    "supervisor": ("Bùi Thị Giám", Role.SUPERVISOR, "Ban Thanh tra nhân dân", None),
    "admin": ("Hồ Văn Quản", Role.ADMINISTRATOR, "Quản trị hệ thống", None),
}


@dataclasses.dataclass
class World:
    """The ward and everybody in it."""

    ward: Ward
    neighbourhoods: dict[int, Neighbourhood]
    departments: dict[str, Department]
    fields: dict[int, Field]
    people: dict[str, Officer]
    positions: dict[str, Position]

    def __getattr__(self, name: str) -> Officer:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, who: Officer | str):
        """The Actor of an officer (or of the officer with this name in PEOPLE), as of today."""
        from feedback.people.directory import actor_for

        return actor_for(key_of(self.people[who] if isinstance(who, str) else who))

    def set(self, **settings) -> None:
        """Give the ward these settings and no others; call in a transaction."""
        db.session.get_one(Ward, key_of(self.ward)).settings = settings

    def submit(self, text: str = "Đèn đường trước số nhà 12 ngõ 34 bị hỏng ba hôm nay", **values):
        """A petition through the real intake, as a resident on the web unless told otherwise.

        Kind, field and urgency are chosen (the ordinary ones); None leaves them to the words.
        """
        from feedback.people.models import Channel
        from feedback.petitions.intake import Submission, submit
        from feedback.petitions.models import Kind, Urgency

        field_id = key_of(self.fields[25])
        chosen = {"kind": Kind.PHAN_ANH, "field_id": field_id, "urgency": Urgency.NORMAL}
        person = {"phone": "0912345678", "name": "Trần Thị Dân", "channel": Channel.WEB}
        values = {**chosen, **person, **values}
        with transaction():
            return submit(Submission(ward_id=key_of(self.ward), text=text, **values))


def key_of(row: Base) -> int:
    """Its number, without reading the row again after a transaction."""
    return sa.inspect(row).identity[0]


def make_world(code: str = "BD", slug: str = "ba-dinh") -> World:
    """Insert a ward with its people; call inside no transaction."""
    with transaction():
        ward = Ward(
            code=code,
            slug=slug,
            name="Phường Ba Đình",
            province_name="Hà Nội",
            created_at=LONG_AGO,
        )
        _add_all({code: ward})
        departments = _add_all(
            {
                key: Department(ward_id=ward.id, code=key, name=name)
                for key, name in DEPARTMENTS.items()
            }
        )
        neighbourhoods = _add_all(
            {
                no: Neighbourhood(ward_id=ward.id, number=no, name=f"Tổ dân phố số {no}")
                for no in (1, 2, 3)
            }
        )
        people = _add_all(
            {
                key: Officer(ward_id=ward.id, full_name=name, created_at=LONG_AGO)
                for key, (name, *_) in PEOPLE.items()
            }
        )
        fields = _add_all({no: _field(ward, departments, no) for no in range(1, 26)})
        positions = _add_all(
            {
                key: Position(
                    ward_id=ward.id,
                    code=key,
                    title=title,
                    role=role,
                    department_id=departments[department].id if department else None,
                    neighbourhood_id=neighbourhoods[1].id
                    if role is Role.NEIGHBOURHOOD_HEAD
                    else None,
                )
                for key, (_, role, title, department) in PEOPLE.items()
            }
        )
        since = date(2026, 1, 1)
        _add_all(
            {
                key: Tenure(
                    position_id=positions[key].id, officer_id=people[key].id, starts_on=since
                )
                for key in PEOPLE
            }
        )
        _add_all(
            {
                (key, no): Delegation(
                    ward_id=ward.id,
                    position_id=positions[key].id,
                    field_id=fields[no].id,
                    starts_on=since,
                    decision_no="12/QĐ-UBND",
                )
                for key, no in (("an", 2), ("an", 3), ("binh", 4), ("chi", 17))
            }
        )
    return World(ward, neighbourhoods, departments, fields, people, positions)


def _field(ward: Ward, departments: dict[str, Department], no: int) -> Field:
    names = {
        2: "Chiếu sáng, cây xanh, công viên",
        3: "Thoát nước, ngập úng",
        4: "Rác thải, vệ sinh môi trường",
    }
    department = (
        "kinh_te_ha_tang"
        if no <= 8
        else "van_hoa_xa_hoi"
        if no in (16, 17, 18, 19)
        else "van_phong"
    )
    return Field(
        ward_id=ward.id,
        no=no,
        name=names.get(no, f"Lĩnh vực {no}"),
        department_id=departments[department].id,
    )


def _add_all(rows: dict) -> dict:
    """In one statement: most tests begin with a ward."""
    db.session.add_all(rows.values())
    db.session.flush()
    return rows


@pytest.fixture(scope="session")
def _kept() -> "dict[Flask, Kept]":
    return {}


@pytest.fixture
def world(app, _kept) -> World:
    """Of the same rows in every test, but for the version of the ward's set-up."""
    if written_tables():  # by a fixture before this one: its rows are none of the world's
        return let_go(make_world())
    if app in _kept:
        return _kept[app].bring_back()
    world = make_world()
    _kept[app] = Kept(world)
    return world


class Kept:
    """A world as the statements that insert its rows, and its objects: 1 ms, where making it takes 25."""

    def __init__(self, world: World):
        self.objects = pickle.dumps((let_go(world), setup.setup_of(key_of(world.ward))))
        self.statements = {table.name: _insertion(table) for table in written_tables()}
        db.session.rollback()

    def bring_back(self) -> World:
        version = new_version()  # what the program remembers of another test's ward must not hold
        renewed = f"UPDATE ward SET setup_version = {version}"
        unchecked([*self.statements.values(), renewed], fills=self.statements)
        world, known = pickle.loads(self.objects)
        setup.remember(dataclasses.replace(known, version=version, memory={}))
        return world


def let_go(world: World) -> World:
    """Its rows as they are now, of no session: to be asked who is who, and never read again."""
    by_name = (world.neighbourhoods, world.departments, world.fields, world.people, world.positions)
    for row in (world.ward, *(row for rows in by_name for row in rows.values())):
        db.session.refresh(row)
        db.session.expunge(row)
    return world


def _insertion(table: sa.Table) -> str:
    """The statement that inserts the rows the table has now, their values written out by the database."""
    quote = "quote" if db.engine.dialect.name == "sqlite" else "quote_nullable"
    names = [f'"{column.name}"' for column in table.columns]
    values = " || ', ' || ".join(f"{quote}({name})" for name in names)
    rows = db.session.scalars(sa.text(f"SELECT {values} FROM {table.name} ORDER BY id"))
    told = ", ".join(f"({row})" for row in rows)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {told}"
