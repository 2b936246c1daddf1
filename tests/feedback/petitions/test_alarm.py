"""Danger in the words of a resident: whoever is on duty is told at once, over the web and over a chat."""

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.petitions.models import Kind, Urgency
from feedback.wards import substitution
from feedback.wards.models import Ward

FIRE = "Cháy nhà ở ngõ 34, khói mù mịt, có người kẹt"


def chat_of(world, officer, address) -> None:
    with transaction():
        db.session.add(
            Contact(
                ward_id=world.ward.id,
                channel=Channel.TELEGRAM,
                account="main",
                address=address,
                officer_id=officer.id,
                created_at=clock.now(),
            )
        )


def told() -> list[str]:
    db.session.rollback()
    rows = db.session.query(OutboxRow).filter_by(notice="officer.alarmed").all()
    return sorted(db.session.get(Contact, row.contact_id).address for row in rows)


@pytest.fixture
def chats(world):
    for who in ("clerk", "an", "binh", "chair"):
        chat_of(world, world.people[who], who)
    return world


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.TELEGRAM])
def test_the_clerk_and_the_handler_are_told_at_once(chats, channel):
    values = {"field_id": chats.fields[2].id, "urgency": None, "channel": channel}
    petition = chats.submit(FIRE, **values)
    assert petition.urgency is Urgency.URGENT
    assert told() == ["an", "clerk"]
    row = db.session.query(OutboxRow).filter_by(notice="officer.alarmed").first()
    assert petition.number in str(row.body)
    assert "ngõ 34" not in str(row.body)


def test_a_ward_names_its_own_and_who_stands_in_is_told(chats):
    with transaction():
        ward = db.session.get(Ward, chats.ward.id)
        ward.settings = {**ward.settings, "duty_officers": [chats.chair.id]}
        substitution.declare(
            by=chats.actor("chair"),
            absent_id=chats.chair.id,
            substitute_id=chats.binh.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    chats.submit(FIRE, field_id=chats.fields[2].id, urgency=None)
    assert told() == ["an", "binh"]


def test_what_is_not_dangerous_alarms_nobody(chats):
    chats.submit(field_id=chats.fields[2].id, urgency=None)
    assert told() == []


def test_of_an_accusation_nothing_is_said(chats):
    chats.submit(FIRE, kind=Kind.TO_CAO, urgency=None)
    db.session.rollback()
    for row in db.session.query(OutboxRow).filter_by(notice="officer.alarmed"):
        assert "BD-" not in str(row.body)
