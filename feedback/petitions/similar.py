"""Petitions like this one: twins to merge, and how the same was answered before."""

from dataclasses import dataclass
from datetime import timedelta
from math import cos, hypot, radians
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from feedback.db import db
from feedback.people.actor import Actor
from feedback.petitions.models import Answer, AnswerState, Petition, Status
from feedback.petitions.visibility import visible_to
from feedback.text import tokens

LOOKED_AT = 100  # the newest of the field, whatever the size of the table
COMPARED = 50
TWIN_DAYS = timedelta(days=30)
TWIN_METRES = 150
TWIN_LIKENESS = 0.3
METRES_PER_DEGREE = 111_320  # of latitude
_other = aliased(Petition)  # made once: it costs more than the query


@dataclass(frozen=True)
class Twin:
    """A petition that may be about the same, and why: its distance if known, its likeness in words."""

    number: str
    title: str
    status: Status
    metres: float | None
    likeness: float

    @property
    def is_likely(self) -> bool:
        if self.metres is not None:
            return self.metres <= TWIN_METRES
        return self.likeness >= TWIN_LIKENESS


def twins(petition: Petition, actor: Actor, most: int = 5) -> list[Twin]:
    """Petitions of the last 30 days in the same field that seem to be about the same: within 150 m, or
    in the same neighbourhood in similar words. The likeliest first."""
    columns = (Petition.number, Petition.title, Petition.status, Petition.folded)
    query = (
        sa.select(*columns, Petition.lat, Petition.lng)
        .where(
            _near(petition),
            visible_to(actor),
            Petition.status != Status.MERGED,
            Petition.is_restricted.is_(petition.is_restricted),
            Petition.received_at > petition.received_at - TWIN_DAYS,
            sa.or_(_same_neighbourhood(petition), _around(petition)),
        )
        .order_by(Petition.id.desc())
        .limit(COMPARED)
    )
    pairs = word_pairs(petition.folded)
    found = [_compared(petition, pairs, row) for row in db.session.execute(query)]
    likely = [twin for twin in found if twin.is_likely]
    return sorted(likely, key=lambda twin: -twin.likeness)[:most]


def likeness(pairs: set[tuple[str, str]], others: set[tuple[str, str]]) -> float:
    """0 to 1: which share of the shorter text's neighbouring words stand together in the other."""
    return len(pairs & others) / max(1, min(len(pairs), len(others)))


def word_pairs(folded: str) -> set[tuple[str, str]]:
    """Neighbouring words of a petition's search text, without its number."""
    words = tokens(folded.partition(" ")[2])
    return set(zip(words, words[1:], strict=False))


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Between two points (lat, lng in degrees) of one town: the earth is flat there."""
    north = (a[0] - b[0]) * METRES_PER_DEGREE
    east = (a[1] - b[1]) * METRES_PER_DEGREE * cos(radians(a[0]))
    return hypot(north, east)


def answered_before(petition: Petition, actor: Actor, most: int = 3) -> list[sa.Row[Any]]:
    """Newest approved answers in the same field: (number, title, text)."""
    query = (
        sa.select(Petition.number, Petition.title, Answer.text)
        .join(Answer, Answer.petition_id == Petition.id)
        .where(_near(petition), visible_to(actor), Answer.state == AnswerState.APPROVED)
        .order_by(Petition.id.desc(), Answer.id.desc())
        .limit(most)
    )
    return list(db.session.execute(query))


def _near(petition: Petition) -> sa.ColumnElement[bool]:
    newest = (
        sa.select(_other.id)
        .where(
            _other.ward_id == petition.ward_id,
            _other.field_id == petition.field_id,
            _other.id != petition.id,
        )
        .order_by(_other.id.desc())
        .limit(LOOKED_AT)
    )
    return Petition.id.in_(newest.scalar_subquery())


def _compared(petition: Petition, pairs: set[tuple[str, str]], row: Any) -> Twin:
    here, there = (petition.lat, petition.lng), (row.lat, row.lng)
    distance = None if None in here + there else metres(here, there)  # type: ignore[arg-type]
    like = likeness(pairs, word_pairs(row.folded))
    return Twin(row.number, row.title, row.status, distance, like)


def _same_neighbourhood(petition: Petition) -> sa.ColumnElement[bool]:
    if petition.neighbourhood_id is None:
        return sa.false()
    return Petition.neighbourhood_id == petition.neighbourhood_id


def _around(petition: Petition) -> sa.ColumnElement[bool]:
    """A square around the point that holds the circle."""
    if petition.lat is None or petition.lng is None:
        return sa.false()
    reach = TWIN_METRES / METRES_PER_DEGREE
    wide = reach / cos(radians(petition.lat))
    return sa.and_(
        Petition.lat.between(petition.lat - reach, petition.lat + reach),
        Petition.lng.between(petition.lng - wide, petition.lng + wide),
    )
