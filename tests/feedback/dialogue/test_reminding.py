"""Who is registered hears 3 days, 1 day and 2 hours before; who owes something hears in time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import duty_reminders, reminding
from feedback.outbox.models import OutboxRow
from tests.feedback.dialogue.stories import (
    SATURDAY,
    a_contact,
    announced,
    at,
    do,
    planned,
    register,
)

pytestmark = pytest.mark.usefixtures("monday")


def tick(at_, job=reminding.tick) -> int:
    db.session.rollback()
    with clock.at(at_), transaction():
        return job(at_)


def said(notice: str) -> list[str]:
    rows = sa.select(OutboxRow.body).where(OutboxRow.notice.startswith(notice))
    return list(db.session.scalars(rows.order_by(OutboxRow.id)))


def test_each_rung_is_told_once(world):
    dialogue = announced(world)
    register(dialogue, contact_id=a_contact(world, "dan").id)
    for before in (timedelta(days=4), timedelta(days=3), timedelta(days=2, hours=20)):
        tick(SATURDAY - before)
    assert len(said("dialogue.remind")) == 1
    for before in (timedelta(days=1), timedelta(hours=23), timedelta(hours=2)):
        tick(SATURDAY - before)
    assert len(said("dialogue.remind")) == 2, "nobody is woken at six for a session at eight"
    for before in (timedelta(hours=1), timedelta(minutes=30)):
        tick(SATURDAY - before)
    assert [body.split(",")[0].split('"')[-1] for body in said("dialogue.remind")] == [
        "Còn 3 ngày nữa",
        "Ngày mai",
        "Còn 1 giờ nữa",
    ]


def test_in_the_day_it_is_told_two_hours_before_and_before_dawn_too(world):
    for starts_at, words in ((at(12, 14), "Còn 2 giờ nữa"), (at(13, 6), "Còn 2 giờ nữa")):
        dialogue = announced(world, starts_at=starts_at)
        register(dialogue, contact_id=a_contact(world, f"dan {starts_at.day}").id)
        tick(starts_at - timedelta(hours=2, minutes=1))
        before = len(said("dialogue.remind"))
        tick(starts_at - timedelta(hours=2))
        assert len(said("dialogue.remind")) == before + 1
        assert words in said("dialogue.remind")[-1]


def test_after_an_outage_only_the_last_rung_is_told(world):
    dialogue = announced(world)
    register(dialogue, contact_id=a_contact(world, "dan").id)
    tick(SATURDAY - timedelta(hours=1))
    assert len(said("dialogue.remind")) == 1


def test_a_move_begins_anew_and_a_cancellation_ends_it(world):
    dialogue = announced(world)
    register(dialogue, contact_id=a_contact(world, "dan").id)
    tick(SATURDAY - timedelta(days=3))
    do(world, dialogue, "move", starts_at=at(26), ends_at=at(26, 10), reason="Bão")
    tick(SATURDAY - timedelta(days=1))
    assert len(said("dialogue.remind")) == 1
    tick(at(23))
    assert len(said("dialogue.remind")) == 2
    do(world, dialogue, "cancel", reason="Bão nữa")
    tick(at(25, 9))
    assert len(said("dialogue.remind")) == 2


def test_who_owes_the_announcement_is_reminded_and_then_the_chair(world):
    planned(world)
    clerk = a_contact(world, "le", officer_id=world.clerk.id).id
    chair = a_contact(world, "hoa", officer_id=world.chair.id).id
    for day in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10):
        tick(at(day), duty_reminders.tick)
        tick(at(day, 9), duty_reminders.tick)
    rows = db.session.execute(
        sa.select(OutboxRow.contact_id, OutboxRow.body).order_by(OutboxRow.id)
    )
    told = [(contact, body) for contact, body in rows]
    assert clerk in {contact for contact, _ in told}
    assert chair in {contact for contact, _ in told}
    assert "quá hạn" in [body for contact, body in told if contact == chair][0]
    assert len({(contact, body) for contact, body in told}) == len(told), "nobody hears it twice"
