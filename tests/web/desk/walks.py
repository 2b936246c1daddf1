"""Petitions brought to a state by the verbs that lead there."""

from feedback.db import db, transaction
from feedback.petitions import actions, queries
from feedback.petitions.models import Petition, Status
from tests.world import key_of

ANSWER = "Đội chiếu sáng đã thay bóng đèn trước số nhà 12 ngõ 34 sáng nay."


def received(world, **values) -> Petition:
    """A petition about lighting: An's, by delegation."""
    values = {
        "field_id": key_of(world.fields[2]),
        "neighbourhood_id": key_of(world.neighbourhoods[1]),
    } | values
    return world.submit(**values)


def accepted(world, **values) -> Petition:
    return step(world, received(world, **values), "clerk", actions.accept)


def in_progress(world, **values) -> Petition:
    return step(world, accepted(world, **values), "an", actions.take)


def waiting(world, **values) -> Petition:
    question = "Đèn nằm ở đoạn nào của ngõ?"
    return step(world, in_progress(world, **values), "an", actions.ask, question=question)


def submitted(world, **values) -> Petition:
    return step(world, in_progress(world, **values), "an", actions.submit_answer, text=ANSWER)


def returned(world, **values) -> Petition:
    reason = "Thêm ảnh sau khi thay."
    return step(world, submitted(world, **values), "chair", actions.return_answer, reason=reason)


def answered(world, **values) -> Petition:
    return step(world, submitted(world, **values), "chair", actions.approve)


def step(world, petition, who, verb, **values) -> Petition:
    """Let this person do one thing to it."""
    actor = world.actor(who)
    number = petition.number
    db.session.rollback()
    with transaction():
        found = queries.to_change(number, actor)
        verb(found, by=actor, **values)
    db.session.rollback()
    return found


def status_of(number: str) -> Status:
    """As the database has it now."""
    db.session.rollback()
    return db.session.query(Petition.status).filter_by(number=number).scalar()


def version_of(number: str) -> int:
    """What a page opened now would carry."""
    db.session.rollback()
    return db.session.query(Petition.version).filter_by(number=number).scalar()
