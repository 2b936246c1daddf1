"""What an officer's chat looks up to announce: to whom they may, what must be spread, how it will read."""

import sqlalchemy as sa

from feedback import clock, links
from feedback.broadcast import expansion, hours, topics, verbs
from feedback.broadcast.words import worded
from feedback.conversations.seat import Look, Spoken, Told
from feedback.db import db
from feedback.dialogue import announcing, queries
from feedback.dialogue.lifecycle import COMING
from feedback.dialogue.models import Dialogue
from feedback.errors import NotFound
from feedback.people.actor import Actor
from feedback.wards.models import Neighbourhood, Ward
from feedback.wards.setup import Setup
from feedback.worktime.words import minute_name

MOST = 3  # with two more, five buttons: as many as any channel draws


def scopes(actor: Actor, setup: Setup) -> tuple[tuple[str, str], ...]:
    """(topic, name) of what this officer may announce about."""
    return tuple((each, topics.name(each, setup)) for each in verbs.own_topics(actor, setup))


def posters(actor: Actor, setup: Setup) -> tuple[tuple[str, str], ...]:
    """(name, address of the sheet) of the officer's own neighbourhoods."""
    query = sa.select(Neighbourhood.name, Neighbourhood.number).where(
        Neighbourhood.id.in_(actor.neighbourhood_ids or {0}), Neighbourhood.is_active
    )
    rows = db.session.execute(query.order_by(Neighbourhood.number))
    return tuple((row.name, links.area_poster(setup.slug, row.number)) for row in rows)


def sessions(actor: Actor, slug: str) -> tuple[Told, ...]:
    """Announced sessions to come that concern the officer's neighbourhoods, the next first."""
    rows = [row for row in queries.of_desk(actor) if row.status in COMING and row.announced_at]
    found = [_told(row, actor, slug) for row in sorted(rows, key=lambda row: row.starts_at)]
    return tuple(each for each in found if each.areas)[:MOST]


def words(dialogue_id: int, actor: Actor) -> Spoken | None:
    try:
        row = queries.seen(dialogue_id, actor)
    except NotFound:
        return None
    ward = db.session.get_one(Ward, row.ward_id)
    said = announcing.loudspeaker(row, ward)
    return Spoken(announcing.group_text(row, ward), said.text, announcing.on_air(said))


def look(topic: str, text: str, setup: Setup) -> Look:
    """How it will read, for how many chats, and from when."""
    now = clock.now()
    at = hours.next_open(now, setup)
    starts = "ngay bây giờ" if at <= now else f"lúc {minute_name(clock.local(at))}"
    return Look(worded(text, [topic], setup), expansion.count(setup.ward_id, [topic]), starts)


def _told(row: Dialogue, actor: Actor, slug: str) -> Told:
    own = [each for each in row.concerned if each.neighbourhood_id in actor.neighbourhood_ids]
    return Told(
        row.id,
        row.title,
        minute_name(clock.local(row.starts_at)),
        tuple(each.neighbourhood.name for each in own),
        tuple(each.neighbourhood.name for each in own if each.confirmed_at is None),
        links.dialogue_poster(slug, row.id) if row.is_public else "",
    )
