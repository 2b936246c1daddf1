"""A word to one official in every chat they have linked; whoever has none reads it on their pages."""

from datetime import datetime

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Prompt
from feedback.people.directory import table_of
from feedback.people.models import Contact
from feedback.petitions import conflicts
from feedback.petitions.models import Petition, Urgency
from feedback.wards.calendar_rows import calendar_of


def tell(
    officer_id: int, text: str, *, notice: str, key: str, not_before: datetime | None = None
) -> None:
    """To every chat that the officer has linked and that can be reached."""
    contacts = db.session.scalars(
        sa.select(Contact)
        .where(Contact.officer_id == officer_id, Contact.unreachable_at.is_(None))
        .order_by(Contact.id)
    )
    for contact in contacts:
        enqueue.say_to(
            contact, Prompt(text), notice=notice, key=f"{key}:{contact.id}", not_before=not_before
        )


def reopened(petition: Petition) -> None:
    """The head (or who stands in) learns that a resident was not content; at once when it is urgent,
    otherwise in working time. Neither the resident's words nor what is sealed goes into a chat."""
    table = table_of(petition.ward_id)
    absence = table.away.get(petition.head_id)
    officer_id = absence.substitute_id if absence else petition.head_id
    if officer_id in conflicts.avoided(petition, table.setup):
        return
    now = clock.now()
    is_urgent = petition.urgency is Urgency.URGENT
    opens = now if is_urgent else calendar_of(table.setup).next_office_time(now)
    field = table.setup.fields.get(petition.field_id)
    text = say(
        "reminder.reopened",
        sealed=petition.is_restricted,
        number=petition.number,
        field=field.name if field else "",
        handler=table.name(petition.handler_id),
        absent=table.name(petition.head_id) if absence else "",
        link=links.desk() if petition.is_restricted else links.case(petition.number),
    )
    key = f"reopened:{petition.id}:{petition.reopened}"
    tell(officer_id, text, notice="reminder.reopened", key=key, not_before=opens)
