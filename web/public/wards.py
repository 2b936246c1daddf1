"""What residents' pages know of a ward: one small query, the rest from the set-up in memory."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from wtforms.fields.choices import SelectChoice

from feedback.db import db
from feedback.errors import NotFound
from feedback.statement import Plain
from feedback.text import fold
from feedback.wards.models import Field, Neighbourhood, Ward
from feedback.wards.setup import Setup, at_version

Choices = list[SelectChoice]


@dataclass(frozen=True, slots=True)
class WardPage:
    """A ward as its pages show it."""

    id: int
    setup_version: int
    code: str
    slug: str
    name: str
    province_name: str
    address: str
    hotline: str
    email: str
    office_hours: str
    is_demo: bool
    settings: dict[str, Any]

    @property
    def chats(self) -> list[tuple[str, str]]:
        """(name, address) of each chat a resident may open instead."""
        links = [("Zalo", "zalo_link"), ("Telegram", "telegram_link")]
        return [(name, self.settings[key]) for name, key in links if self.settings.get(key)]


_COLUMNS = [Ward.__table__.c[name] for name in WardPage.__dataclass_fields__]
_BY_SLUG = Plain(sa.select(*_COLUMNS).where(Ward.__table__.c.slug == sa.bindparam("wanted")))
_BY_ID = Plain(sa.select(*_COLUMNS).where(Ward.__table__.c.id == sa.bindparam("wanted")))


def by_slug(slug: str) -> WardPage:
    """Raises NotFound."""
    return _one(_BY_SLUG, slug)


def by_id(ward_id: int) -> WardPage:
    """Raises NotFound."""
    return _one(_BY_ID, ward_id)


def everyone() -> list[tuple[str, str, str]]:
    """(slug, name, province) of every ward here, by province and name."""
    rows = db.session.execute(sa.select(Ward.slug, Ward.name, Ward.province_name))
    return sorted((tuple(row) for row in rows), key=lambda row: (fold(row[2]), fold(row[1])))


def neighbourhoods(ward: WardPage) -> Choices:
    """The neighbourhoods in use, by number."""
    return _choices(ward, Neighbourhood, Neighbourhood.number, "Tôi không rõ")


def fields(ward: WardPage) -> Choices:
    """The fields of work in use, by number."""
    return _choices(ward, Field, Field.no, "Để phường chọn giúp")


def setup(ward: WardPage) -> Setup:
    """The ward's set-up at the version its row named."""
    return at_version(ward.id, ward.setup_version)


def _one(query: Plain, wanted: str | int) -> WardPage:
    found = query.look(db.engine, {"wanted": wanted})
    if not found:
        raise NotFound
    return WardPage(*found[0])


def _choices(ward: WardPage, table: Any, order: Any, none: str) -> Choices:
    memory = setup(ward).memory
    key = ("choices", table.__tablename__)
    if key not in memory:
        query = sa.select(table.id, table.name).where(table.ward_id == ward.id, table.is_active)
        rows = db.session.execute(query.order_by(order))
        memory[key] = [SelectChoice("", none), *(SelectChoice(str(i), name) for i, name in rows)]
    return memory[key]
