"""The main path, walked by its verbs."""

from feedback.db import db, transaction
from feedback.people.actor import CITIZEN
from feedback.petitions import actions, queries
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Status


def test_a_petition_is_answered_rated_and_closed(world):
    petition = world.submit(field_id=world.fields[2].id)
    assert petition.number.startswith("BD-20")
    assert petition.number.endswith("-000001")
    assert petition.handler_id == world.an.id
    assert petition.head_id == world.chair.id
    assert petition.due_at > petition.received_at
    assert "Chiếu sáng" in petition.route_reason

    with transaction():
        actions.accept(petition, by=world.actor("clerk"))
    with transaction():
        actions.draft(petition, by=world.actor("an"), text="Đang kiểm tra.")
    assert petition.status is Status.IN_PROGRESS
    with transaction():
        actions.submit_answer(petition, by=world.actor("an"), text="Đã thay bóng đèn.")
    assert Action.APPROVE in allowed_actions(petition, world.actor("chair"))
    assert queries.approval_queue(world.actor("chair")).rows[0].id == petition.id
    with transaction():
        actions.approve(petition, by=world.actor("chair"))
    with transaction():
        actions.rate(petition, by=CITIZEN, score=5)
    assert petition.status is Status.CLOSED

    case = queries.case(petition.number.lower(), world.actor("an"))
    assert [entry.action for entry in case.timeline] == [
        "submit",
        "accept",
        "draft",
        "submit_answer",
        "approve",
        "rate",
        "close",
    ]
    assert queries.by_token(petition.token).id == petition.id
    db.session.rollback()
    assert queries.by_number_and_phone(world.ward.id, petition.number, "0912 345 678")
    assert queries.counters(world.actor("an"))["mine"] == 0


def test_lists_find_words_without_accents(world):
    first = world.submit("Đường ngập nước ở ngõ 12", field_id=world.fields[3].id)
    world.submit("Rác chất đống", field_id=world.fields[4].id)
    page = queries.listing(world.actor("clerk"), queries.Filters(text="duong ngap nu"))
    assert [row.id for row in page.rows] == [first.id]
    assert [r.id for r in queries.my_work(world.actor("an")).rows] == [first.id]
    assert queries.listing(world.actor("an")).count_capped == 2
    assert queries.listing(world.actor("chi")).count_capped == 0
