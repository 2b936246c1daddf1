"""Each working morning every linked group of officials reads how its department's work stands.

Numbers, fields, names of officials and dates; nothing a resident wrote, nothing of a sealed matter.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Prompt
from feedback.people.models import Contact, OfficeGroup
from feedback.petitions.group_news import may_be_told
from feedback.petitions.models import Petition
from feedback.petitions.notices import when
from feedback.petitions.worklist import Pile, in_pile
from feedback.reminders.telling import is_time
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.words import day_month

LINES = 10
MOST = 200  # petitions looked at for one group
PILES = ((Pile.LATE, "Quá hạn"), (Pile.SOON, "Sắp đến hạn"))


def tick(now: datetime, limit: int = 50) -> int:
    """Tell at most `limit` groups whose working morning it is, once a day; how many. In a transaction."""
    today = clock.local(now).date()
    query = (
        sa.select(OfficeGroup, Contact)
        .join(Contact, Contact.id == OfficeGroup.contact_id)
        .where(
            sa.or_(OfficeGroup.digest_on.is_(None), OfficeGroup.digest_on < today),
            Contact.unreachable_at.is_(None),
        )
        .order_by(OfficeGroup.id)
        .with_for_update(of=OfficeGroup, skip_locked=True)
    )
    told = 0
    for group, contact in db.session.execute(query):
        if told < limit and is_time(setup_of(group.ward_id), now):
            _tell(group, contact, now, today)
            told += 1
    return told


def _tell(group: OfficeGroup, contact: Contact, now: datetime, today: date) -> None:
    group.digest_on = today
    db.session.flush()
    setup = setup_of(group.ward_id)
    counts, lines = [], []
    for pile, name in PILES:
        rows = _rows(group, pile, now)
        if rows:
            counts.append((name, f"{len(rows)}" if len(rows) < MOST else f"hơn {MOST}"))
        lines += [_line(row, setup) for row in rows]
    text = say(
        "officer.group_digest",
        setup.texts,
        day=day_month(today),
        unit=setup.departments.get(group.department_id or 0, setup.name),
        counts=counts,
        lines=lines[:LINES],
        more=max(len(lines) - LINES, 0),
    )
    key = f"group-digest:{group.id}:{today}"
    prompt = Prompt(text, url=("Mở danh sách", links.desk()))
    enqueue.say_to(contact, prompt, notice="officer.group_digest", key=key)


def _rows(group: OfficeGroup, pile: Pile, now: datetime) -> list[Petition]:
    """What of a pile may be told here, the nearest date first."""
    own = [Petition.ward_id == group.ward_id, Petition.is_open]
    if group.department_id is not None:
        own.append(Petition.department_id == group.department_id)
    query = sa.select(Petition).where(*own, in_pile(pile, now, Petition))
    rows = db.session.scalars(query.order_by(Petition.due_at).limit(MOST))
    return [row for row in rows if may_be_told(row)]


def _line(row: Any, setup: Setup) -> str:
    who = setup.officers.get(row.handler_id, "")
    return f"{row.number}: {setup.field_names.get(row.field_id, '')}, {who}, hạn {when(row.due_at)}"
