"""What an announcement can be about: the whole ward, a neighbourhood, a field of work. Pure but for names.

A topic is a short word: "ward", "area:<neighbourhood id>", "field:<field id>". Who asked for a
neighbourhood's announcements gets the whole ward's, too: they say so when they ask.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from feedback.broadcast.models import Subscription
from feedback.errors import BadInput
from feedback.wards.setup import Setup

WARD = "ward"
AREA, FIELD = "area", "field"


def area(neighbourhood_id: int) -> str:
    return f"{AREA}:{neighbourhood_id}"


def field(field_id: int) -> str:
    return f"{FIELD}:{field_id}"


def parts(topic: str) -> tuple[str, int]:
    """('area', 5) of 'area:5'; ('ward', 0) of 'ward'. Raises BadInput."""
    kind, _, number = topic.partition(":")
    if topic == WARD:
        return WARD, 0
    if kind not in (AREA, FIELD) or not number.isdecimal():
        raise BadInput("Không có loại tin này.")
    return kind, int(number)


def name(topic: str, setup: Setup) -> str:
    """'Cả phường', 'Tổ dân phố số 5', 'Thoát nước, ngập úng'."""
    kind, id = parts(topic)
    if kind == WARD:
        return f"cả {setup.name.partition(' ')[0].lower()}"
    names = setup.neighbourhoods if kind == AREA else setup.field_names
    return names.get(id, "")


def names(topics: Sequence[str], setup: Setup) -> str:
    return ", ".join(name(topic, setup) for topic in topics)


def checked(topics: Sequence[str], setup: Setup) -> list[str]:
    """Each topic once, all of this ward and in use. Raises BadInput."""
    areas = setup.neighbourhoods.keys() - setup.unused_areas
    known = {WARD} | {area(id) for id in areas} | {field(id) for id in setup.fields}
    wanted = list(dict.fromkeys(topics))
    if not wanted or not known.issuperset(wanted):
        raise BadInput(fields={"topics": "Chọn nơi nhận hoặc lĩnh vực."})
    return wanted


def reached_by(topics: Sequence[str]) -> sa.ColumnElement[bool]:
    """The subscriptions to which an announcement about these topics goes."""
    wide = [Subscription.topic.startswith(f"{AREA}:")] if WARD in topics else []
    return sa.or_(Subscription.topic.in_(topics), *wide)
