"""Who asked for announcements: consent with its time, ended everywhere at one touch."""

import pytest
import sqlalchemy as sa
import time_machine

from feedback.audit import AuditRow
from feedback.broadcast import subscriptions, topics
from feedback.broadcast.models import Subscription
from feedback.db import db, transaction
from feedback.errors import BadInput
from feedback.outbox.models import OutboxRow, OutboxState
from tests.feedback.broadcast.parts import (
    announce,
    make_account,
    make_chat,
    make_citizen,
    tick,
)


def test_asking_is_the_consent_and_is_written_down(world):
    chat = make_chat(world, 1)
    with transaction():
        assert subscriptions.subscribe(chat.id, topics.WARD)
        assert not subscriptions.subscribe(chat.id, topics.WARD)
    assert subscriptions.of(chat.id) == ["ward"]
    assert db.session.scalar(sa.select(Subscription.consented_at)) is not None
    noted = db.session.scalars(sa.select(AuditRow).filter_by(action="subscription.begun")).one()
    assert noted.detail == {"topics": ["ward"], "channel": "telegram"}


def test_topics_of_another_ward_or_out_of_use_cannot_be_asked_for(world):
    chat = make_chat(world, 1)
    with transaction():
        world_area = db.session.merge(world.neighbourhoods[2])
        world_area.is_active = False
    for wrong in ("area:999999", "field:0", "everything", topics.area(world.neighbourhoods[2].id)):
        with pytest.raises(BadInput), transaction():
            subscriptions.subscribe(chat.id, wrong)


def test_ending_ends_it_in_every_chat_of_the_person_and_nobody_elses(world):
    citizen = make_citizen(world)
    area = topics.area(world.neighbourhoods[1].id)
    one = make_chat(world, 1, topic=area, citizen=citizen)
    two = make_chat(world, 2, topic=area, citizen=citizen)
    stranger = make_chat(world, 3, topic=area)
    with transaction():
        assert subscriptions.unsubscribe(one.id) == [area]
    assert subscriptions.of(two.id) == []
    assert subscriptions.of(stranger.id) == [area]


def test_the_button_ends_what_brought_the_message(world):
    make_account(world)
    area, field = topics.area(world.neighbourhoods[1].id), topics.field(world.fields[3].id)
    chat = make_chat(world, 1, topic=area)
    with transaction():
        subscriptions.subscribe(chat.id, field)
    row = announce(world, area)
    with transaction():
        assert subscriptions.stop(chat.id, row.id) == [area]
    assert subscriptions.of(chat.id) == [field]
    with transaction():
        assert subscriptions.stop(chat.id, 987_654) == []


@time_machine.travel("2026-11-23 09:00+07:00")  # announcements go out in the day
def test_what_is_queued_for_somebody_who_ended_it_does_not_leave(world):
    make_account(world)
    chat, other = (make_chat(world, no, topic=topics.WARD) for no in (1, 2))
    announce(world)
    tick()
    with transaction():
        subscriptions.unsubscribe(chat.id)
    states = dict(db.session.execute(sa.select(OutboxRow.contact_id, OutboxRow.state)).all())
    assert states == {chat.id: OutboxState.CANCELLED, other.id: OutboxState.QUEUED}
