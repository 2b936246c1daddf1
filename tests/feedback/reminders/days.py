"""Living through days: petitions as residents send them, jobs as the worker runs them."""

from datetime import datetime

import sqlalchemy as sa

from feedback import clock, jobs
from feedback.clock import ZONE
from feedback.db import db, transaction
from feedback.outbox.models import OutboxRow
from feedback.outbox.prompt import Prompt
from feedback.people.models import Channel, Contact
from feedback.petitions import actions
from feedback.reminders.models import Reminder


def local(text: str) -> datetime:
    """'2026-08-03 09:00' in Viet Nam."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def received(world, when, **values):
    with clock.at(local(when)):
        return world.submit(**{"field_id": world.fields[2].id, **values})


def accepted(world, when, **values):
    """Received and accepted at once."""
    petition = received(world, when, **values)
    do(world, when, "accept", petition, "clerk")
    return petition


def do(world, when, verb, petition, who, **values):
    """Somebody of the ward does something."""
    with clock.at(local(when)), transaction():
        getattr(actions, verb)(petition, by=world.actor(who), **values)


def work(when, jobs_of=("succession", "reminders", "digests", "standing")):
    """What the worker does at a minute."""
    runs = {each.name: each.run for each in jobs.SCHEDULE}
    with clock.at(local(when)):
        for name in jobs_of:
            runs[name](None)


def due_text(petition):
    """'2026-08-12 17:00'."""
    db.session.rollback()
    db.session.refresh(petition)
    return f"{clock.local(petition.due_at):%Y-%m-%d %H:%M}"


def chat_of(officer=None, address="1", ward_id=None):
    """A chat, of an officer or of a resident."""
    with transaction():
        contact = Contact(
            ward_id=officer.ward_id if officer else ward_id,
            channel=Channel.TELEGRAM,
            account="main",
            address=address,
            officer_id=officer.id if officer else None,
            created_at=clock.now(),
        )
        db.session.add(contact)
        db.session.flush()
    return contact


def reminders(world):
    """[(rung, person)] in the order they were decided."""
    names = {officer.id: key for key, officer in world.people.items()}
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Reminder).order_by(Reminder.id))
    return [(row.rung, names[row.officer_id]) for row in rows]


def said(contact):
    """[(local minute, text)] queued for a chat; not what officers are told of their own work as it moves."""
    of_work = OutboxRow.notice.startswith("officer.")
    rows = db.session.scalars(
        sa.select(OutboxRow)
        .where(OutboxRow.contact_id == contact.id, ~of_work)
        .order_by(OutboxRow.id)
    )
    return [
        (f"{clock.local(row.not_before):%Y-%m-%d %H:%M}", Prompt.from_json(row.body).text)
        for row in rows
    ]


def entries(petition, action):
    db.session.expire_all()
    return [entry for entry in petition.timeline if entry.action == action]
