"""Petitions like this one: twins to merge, and how the same was answered before."""

from typing import Any

import sqlalchemy as sa

from feedback.db import db
from feedback.people.actor import Actor
from feedback.petitions.models import Answer, AnswerState, Petition, Status
from feedback.petitions.visibility import visible_to

LOOKED_AT = 200  # the newest of the field, whatever the size of the table


def twins(petition: Petition, actor: Actor, most: int = 5) -> list[sa.Row[Any]]:
    """Newest petitions of the same field and neighbourhood: (number, title, status)."""
    columns = (Petition.number, Petition.title, Petition.status)
    query = sa.select(*columns).where(
        _near(petition),
        visible_to(actor),
        Petition.status != Status.MERGED,
        Petition.neighbourhood_id == petition.neighbourhood_id
        if petition.neighbourhood_id
        else sa.true(),
    )
    return list(db.session.execute(query.order_by(Petition.id.desc()).limit(most)))


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
    other = sa.orm.aliased(Petition)
    newest = (
        sa.select(other.id)
        .where(
            other.ward_id == petition.ward_id,
            other.field_id == petition.field_id,
            other.id != petition.id,
        )
        .order_by(other.id.desc())
        .limit(LOOKED_AT)
    )
    return Petition.id.in_(newest.scalar_subquery())
