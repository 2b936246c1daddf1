"""Registers filled from the rows: sổ theo dõi đơn. (The register of receptions is filled by its own desk.)"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer_group

from feedback import clock
from feedback.db import db
from feedback.papers.filling import office_of
from feedback.papers.inputs import Register
from feedback.papers.models import Paper
from feedback.people.actor import Actor
from feedback.people.models import Permission
from feedback.petitions.models import Kind, Petition
from feedback.petitions.visibility import visible_to
from feedback.text import mask_name
from feedback.wards.models import Ward


def petition_register(actor: Actor, starts_on: date, ends_on: date) -> Register:
    """What was received from a local day to a local day (inclusive), as far as the officer sees it.

    Nothing that is or may be an accusation is in it. Names need the right to see them. The page that
    hands it out records that it did (`audit.record`).
    """
    return Register(
        office=office_of(db.session.get_one(Ward, actor.ward_id)),
        on=clock.today(),
        starts_on=starts_on,
        ends_on=ends_on,
        rows=_rows(actor, starts_on, ends_on),
    )


def _rows(actor: Actor, starts_on: date, ends_on: date) -> tuple[tuple[str | int | date, ...], ...]:
    shown = (
        visible_to(actor),
        Petition.is_restricted.is_(False),
        Petition.kind != Kind.TO_CAO,
        Petition.received_at >= _midnight(starts_on),
        Petition.received_at < _midnight(ends_on + timedelta(days=1)),
    )
    names = (undefer_group("reporter"), joinedload(Petition.field), joinedload(Petition.handler))
    query = sa.select(Petition).where(*shown).options(*names).order_by(Petition.id)
    signs = _signs(sa.select(Petition.id).where(*shown))
    return tuple(
        (
            n,
            petition.number,
            _day(petition.received_at),
            petition.channel.label,
            _sender(petition, actor),
            petition.kind.label,
            petition.field.name,
            petition.title,
            petition.handler.full_name,
            _day(petition.due_at),
            petition.status.label,
            _day(petition.answered_at),
            ", ".join(signs[petition.id]),
        )
        for n, petition in enumerate(db.session.scalars(query), 1)
    )


def _sender(petition: Petition, actor: Actor) -> str:
    if petition.is_anonymous:
        return "(đề nghị không nêu tên)"
    name = petition.reporter_name or ""
    if not actor.has(Permission.UNMASK):
        return mask_name(name)
    return ", ".join(part for part in (name, petition.reporter_address) if part)


def _signs(petition_ids: sa.Select[int]) -> dict[int | None, list[str]]:
    """The numbered papers of each of these petitions."""
    signs: dict[int | None, list[str]] = defaultdict(list)
    query = (
        sa.select(Paper.petition_id, Paper.sign)
        .where(Paper.petition_id.in_(petition_ids), Paper.number.is_not(None))
        .order_by(Paper.id)
    )
    for petition_id, sign in db.session.execute(query):
        signs[petition_id].append(sign)
    return signs


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), clock.ZONE)


def _day(at: datetime | None) -> date | str:
    return clock.local(at).date() if at else ""
