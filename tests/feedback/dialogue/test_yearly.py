"""Once a year: the conference, and a meeting in every neighbourhood; who owes one is reminded on the ladder."""

from datetime import date

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import yearly
from feedback.outbox.models import OutboxRow
from tests.feedback.dialogue.stories import SATURDAY, a_contact, announced, at, do, planned

pytestmark = pytest.mark.usefixtures("monday")


def plan(world) -> dict[str, yearly.Yearly]:
    return {each.words: each for each in yearly.of_year(world.ward.id, 2026)}


def remind(now) -> list[int]:
    """Whom the worker tells at an instant, by contact."""
    with clock.at(now), transaction():
        yearly.remind_all(now)
    query = sa.select(OutboxRow.contact_id).filter_by(notice="dialogue.yearly")
    return list(db.session.scalars(query.order_by(OutboxRow.id)))


def test_the_plan_knows_what_was_held_what_is_coming_and_what_is_missing(world):
    conference = "Hội nghị trao đổi, đối thoại với Nhân dân"
    meetings = [f"Hội nghị tổ dân phố: Tổ dân phố số {n}" for n in (1, 2, 3)]
    assert list(plan(world)) == [conference, *meetings]
    assert all(each.is_owed for each in plan(world).values())
    draft = planned(world)
    assert plan(world)[conference].is_owed, "nobody has been invited yet"
    do(world, draft, "announce")
    assert not plan(world)[conference].is_owed
    own = [world.neighbourhoods[1].id]
    announced(world, kind="neighbourhood_meeting", neighbourhood_ids=own)
    owed = [words for words, each in plan(world).items() if each.is_owed]
    assert owed == meetings[1:]
    with clock.at(SATURDAY):
        do(world, draft, "start")
        do(world, draft, "end")
    assert plan(world)[conference].held.id == draft.id
    other = planned(world, starts_at=at(19))
    do(world, other, "cancel", reason="Trùng")
    assert plan(world)[conference].held.id == draft.id
    assert all(each.due_on == date(2026, 12, 31) for each in plan(world).values())


def test_who_owes_a_session_is_reminded_and_at_the_end_of_the_year_the_chair(world):
    clerk = a_contact(world, "clerk", officer_id=world.clerk.id).id
    head = a_contact(world, "head", officer_id=world.head_tdp.id).id
    chair = a_contact(world, "chair", officer_id=world.chair.id).id
    before = at(2, 9, month=3)
    assert remind(before) == [], "the year is young"
    told = remind(at(30, 9, month=11))
    assert {clerk, head} <= set(told)
    assert chair not in told
    assert remind(at(30, 15, month=11)) == told, "once for each rung"
    with clock.at(at(30, 9, month=11)):
        announced(world, kind="annual", starts_at=SATURDAY)
    later = at(6, 9, month=1).replace(year=2027)
    assert chair in remind(later), "in January still of last year's meetings"
    body = db.session.scalars(
        sa.select(OutboxRow.body).filter_by(notice="dialogue.yearly", contact_id=chair)
    ).first()
    assert "Tổ dân phố số 1" in body
    assert "Hội nghị trao đổi" not in body, "the conference was announced"


def test_on_a_sunday_nobody_is_told(world):
    a_contact(world, "clerk", officer_id=world.clerk.id)
    assert remind(at(29, 9, month=11)) == []
