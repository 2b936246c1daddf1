"""What the officer reads when a message did not arrive, and the log of what was sent."""

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import log
from feedback.outbox.channel import Delivery
from feedback.outbox.models import OutboxState
from feedback.outbox.outcome import Outcome
from feedback.people.models import Channel, Party
from feedback.petitions import undelivered
from feedback.petitions.by_itself import News
from feedback.petitions.models import TimelineEntry
from tests.feedback.outbox.parts import make_contact, say

BLOCKED = Outcome(OutboxState.FAILED, error="blocked", is_unreachable=True)
REFUSED = Outcome(OutboxState.FAILED, error="400")
SILENT = Outcome(OutboxState.UNKNOWN, error="timeout")


def told(petition_id, *outcomes):
    """The notes after these outcomes of messages of one petition."""
    for no, outcome in enumerate(outcomes):
        row = Delivery(
            no,
            Channel.TELEGRAM,
            "main",
            "1",
            "telegram:main:1",
            "answered",
            1,
            clock.now(),
            petition_id=petition_id,
        )
        with transaction():
            undelivered.note(row, outcome)
    query = sa.select(TimelineEntry).where(TimelineEntry.action == News.UNDELIVERED)
    return list(db.session.scalars(query.order_by(TimelineEntry.id)))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(BLOCKED, "đã chặn"), (REFUSED, "Không gửi được một tin"), (SILENT, "chưa rõ")],
)
def test_the_officer_reads_it_and_the_resident_does_not(world, outcome, words):
    petition = world.submit()
    (entry,) = told(petition.id, outcome)
    assert words in entry.text
    assert "Telegram" in entry.text
    assert (entry.is_public, entry.party, entry.to_status) == (False, Party.SYSTEM, petition.status)


def test_the_same_news_is_told_once(world):
    petition = world.submit()
    assert len(told(petition.id, BLOCKED, BLOCKED, SILENT, SILENT)) == 2


def test_a_message_of_no_petition_is_nobodys_news(world):
    assert told(None, BLOCKED) == []


def test_the_log_shows_a_petitions_messages_newest_first(world):
    mine, other = world.submit(), world.submit("Rác chưa được thu gom ở ngõ 5 mấy hôm nay")
    contact = make_contact(world)
    say(contact, "một", "hai", petition_id=mine.id)
    say(contact, "ba", petition_id=other.id)
    assert [row.key for row in log.of_petition(mine.id)] == ["hai:1", "một:1"]
