"""What residents are told of their appointment. Rows in the outbox, in the transaction of what happened."""

from typing import Any

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.dialogue.codes import show_code
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Prompt
from feedback.reception.models import ReceptionDay, Visit, VisitState
from feedback.wards.setup import setup_of
from feedback.worktime.words import minute_name


def to_one(visit: Visit, block: str, **values: Any) -> None:
    """Tell one resident, once for each edition of the day; who has no chat reads their own page."""
    if visit.contact_id is None:
        return
    day = visit.day
    setup = setup_of(day.ward_id)
    facts = {
        "ward": setup.name,
        "when": minute_name(clock.local(time_of(visit))),
        "where": day.place,
        "code": show_code(visit.code),
        "subject": visit.subject,
        "link": links.appointment(visit.token),
    }
    name = f"reception.{block}"
    text = say(name, setup.texts, **facts | values)
    key = f"reception:{visit.id}:{block}:{day.sequence}"
    enqueue.say_to(
        visit.contact_id, Prompt(text), notice=name, key=key, petition_id=visit.petition_id
    )


def to_booked(day: ReceptionDay, block: str, **values: Any) -> int:
    """Tell everybody who booked; how many."""
    query = sa.select(Visit).where(Visit.day_id == day.id, Visit.state == VisitState.BOOKED)
    rows = db.session.scalars(query.order_by(Visit.id)).all()
    for visit in rows:
        to_one(visit, block, **values)
    return len(rows)


def time_of(visit: Visit) -> Any:
    """When they are expected: their slot, or the opening."""
    from feedback.reception.slots import begins_at

    return begins_at(visit.day, visit.slot) if visit.slot is not None else visit.day.opens_at
