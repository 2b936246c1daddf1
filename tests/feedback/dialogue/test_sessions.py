"""A session from plan to closing: what stands in the way, and what everybody is told."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import commitments, questions, sessions
from feedback.dialogue.duty_models import DutyRow
from feedback.dialogue.gates import Gated
from feedback.dialogue.lifecycle import BY_ACTION, TRANSITIONS, Action, allowed_actions
from feedback.dialogue.models import Dialogue, DialogueEvent, Status
from feedback.dialogue.question_models import Question
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel
from tests.feedback.dialogue.stories import (
    SATURDAY,
    a_contact,
    a_plan,
    announced,
    asking,
    at,
    do,
    live,
    planned,
    register,
)

pytestmark = pytest.mark.usefixtures("monday")


def ask(dialogue, text="Bao giờ thông cống ngõ 34?", **values) -> Question:
    db.session.rollback()
    with transaction():
        return questions.ask(questions.Asked(dialogue.id, text, Channel.WEB, **values))


def settle(world, question, verb, who="clerk", **values):
    by = world.actor(who)
    db.session.rollback()
    with transaction():
        return questions.VERBS[verb](db.session.get_one(Question, question.id), by=by, **values)


def duties(dialogue) -> dict[str, DutyRow]:
    rows = db.session.scalars(sa.select(DutyRow).filter_by(dialogue_id=dialogue.id))
    return {row.key.partition(":")[2].split(":")[0]: row for row in rows}


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("annual", 7),
        ("pre_decision", 7),
        ("neighbourhood_meeting", 5),
        ("complaint", 5),
        ("thematic", 5),
    ],
)
def test_the_notice_period_is_held_to_the_day(world, kind, days):
    dialogue = planned(world, kind=kind)
    on_the_last_day = SATURDAY - timedelta(days=days, hours=-1)
    with clock.at(on_the_last_day + timedelta(days=1)), pytest.raises(Gated) as refused:
        do(world, dialogue, "announce")
    gate = refused.value.gates[0]
    assert f"0{days} ngày" in refused.value.sentence
    assert gate.article in refused.value.sentence
    assert gate.latest_on == date(2026, 12, 12 - days)
    with clock.at(on_the_last_day):
        assert do(world, dialogue, "announce").status is Status.ANNOUNCED


def test_a_gate_is_overridden_only_with_a_reason_that_is_recorded(world):
    dialogue = planned(world, starts_at=at(3))
    with pytest.raises(Gated, match="Điều 43"):
        do(world, dialogue, "announce", override="   ")
    assert db.session.get_one(Dialogue, dialogue.id).status is Status.DRAFT
    do(world, dialogue, "announce", "chair", override="Mưa lũ, phải họp gấp")
    rows = sa.select(DialogueEvent).where(DialogueEvent.has_override)
    event = db.session.scalars(rows).one()
    (passed,) = event.detail["overrides"]
    assert passed["gate"] == "notice"
    assert "Điều 43" in passed["article"]
    assert passed["reason"] == "Mưa lũ, phải họp gấp"
    assert event.officer_id == world.chair.id
    assert [row.id for row in sessions.overrides(world.ward.id, 2026)] == [event.id]


def test_results_are_owed_in_ten_days_and_late_ones_need_a_reason(world):
    dialogue = live(world)
    with clock.at(at(12, 11)):
        do(world, dialogue, "end")
        row = duties(dialogue)["publish"]
        assert row.due_at == at(22, 17)
    with clock.at(at(22, 23)):
        pass
    with clock.at(at(23)), pytest.raises(Gated, match="10 ngày"):
        do(world, dialogue, "publish")
    with clock.at(at(22, 20)):
        assert do(world, dialogue, "publish").status is Status.PUBLISHED
        assert duties(dialogue)["publish"].met_at == at(22, 20)


def test_nothing_is_published_while_a_question_has_no_end(world):
    dialogue = asking(world)
    open_one, other = ask(dialogue), ask(dialogue, "Đèn ngõ 12 bao giờ có?")
    do(world, dialogue, "start")
    do(world, dialogue, "end")
    settle(world, open_one, "answer", text="Thông xong trước Tết.")
    with pytest.raises(WrongState, match="Còn 1 câu hỏi"):
        do(world, dialogue, "publish")
    settle(world, other, "pass_on", to="Công ty Điện lực Ba Đình")
    assert do(world, dialogue, "publish").status is Status.PUBLISHED


def test_everybody_registered_is_told_of_a_move_and_of_the_end(world):
    dialogue = announced(world, seats=1)
    seated = a_contact(world, "ngoi").id
    waits = a_contact(world, "cho").id
    head = a_contact(world, "to-truong", officer_id=world.head_tdp.id).id
    register(dialogue, contact_id=seated)
    register(dialogue, "Người chờ", contact_id=waits)
    do(
        world,
        dialogue,
        "move",
        starts_at=at(19),
        ends_at=at(19, 11),
        reason="Nhà văn hóa sửa điện",
    )
    told = {
        (row.contact_id, row.notice): row.body for row in db.session.scalars(sa.select(OutboxRow))
    }
    assert {(seated, "dialogue.moved"), (waits, "dialogue.moved")} <= told.keys()
    assert (head, "dialogue.moved_head") in told
    assert "19/12/2026" in told[seated, "dialogue.moved"]
    assert "Nhà văn hóa sửa điện" in told[seated, "dialogue.moved"]
    assert do(world, dialogue, "cancel", reason="Bão").sequence == 2
    said = db.session.scalars(
        sa.select(OutboxRow.contact_id).filter_by(notice="dialogue.cancelled")
    )
    assert sorted(said) == sorted([seated, waits])
    assert {row.met_at is not None for row in duties(dialogue).values()} == {True}


def test_a_move_must_leave_the_same_time_and_be_announced_again(world):
    dialogue = announced(world)
    tdp = world.neighbourhoods[1].id
    do(world, dialogue, "confirm", "head_tdp", neighbourhood_id=tdp, where="Nhóm Zalo tổ 1")
    with pytest.raises(Gated):
        do(world, dialogue, "move", starts_at=at(4), ends_at=at(4, 10), reason="Sớm hơn")
    moved = do(world, dialogue, "move", starts_at=at(20), ends_at=at(20, 10), reason="Bão")
    assert [row.confirmed_at for row in moved.concerned] == [None, None]
    with pytest.raises(BadInput):
        do(world, dialogue, "revise", wanted=a_plan(world, starts_at=at(25)))


def test_each_head_confirms_their_own_neighbourhood(world):
    dialogue = announced(world)
    one, two = world.neighbourhoods[1].id, world.neighbourhoods[2].id
    do(world, dialogue, "confirm", "head_tdp", neighbourhood_id=one, where="Loa đầu ngõ")
    with pytest.raises(NotAllowed):
        do(world, dialogue, "confirm", "head_tdp", neighbourhood_id=two, where="Loa")
    with pytest.raises(NotFound):
        do(world, dialogue, "confirm", "an", neighbourhood_id=one, where="Loa")
    with pytest.raises(BadInput):
        do(world, dialogue, "confirm", "head_tdp", neighbourhood_id=one, where="  ")
    row = db.session.get_one(Dialogue, dialogue.id).concerned[0]
    assert row.where == "Loa đầu ngõ"
    assert row.confirmed_by_id == world.head_tdp.id


def test_a_head_calls_their_own_meeting_together_and_no_other(world):
    one, two = world.neighbourhoods[1].id, world.neighbourhoods[2].id
    meeting = planned(
        world, "head_tdp", kind="neighbourhood_meeting", neighbourhood_ids=[one], seats=None
    )
    assert do(world, meeting, "announce", "head_tdp").status is Status.ANNOUNCED
    for values in (
        {"kind": "annual", "neighbourhood_ids": [one]},
        {"kind": "neighbourhood_meeting", "neighbourhood_ids": [two]},
        {"kind": "neighbourhood_meeting", "neighbourhood_ids": [one, two]},
    ):
        with pytest.raises(NotAllowed):
            planned(world, "head_tdp", **values)
    do(world, meeting, "start", "head_tdp")
    do(world, meeting, "end", "head_tdp")
    assert {"publish", "report"} <= duties(meeting).keys()
    do(world, meeting, "report", "head_tdp", sign="Báo cáo số 3")
    assert duties(meeting)["report"].met_at is not None


def test_a_dialogue_in_a_complaint_is_nobody_elses_business(world):
    a_contact(world, "to-truong", officer_id=world.head_tdp.id)
    dialogue = announced(world, kind="complaint")
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow))
    assert "confirm" not in duties(dialogue)
    with pytest.raises(NotFound):
        where = world.neighbourhoods[1].id
        do(world, dialogue, "confirm", "head_tdp", neighbourhood_id=where, where="Loa")


def test_repetitions_are_drafts_of_their_own(world):
    dialogue = announced(world)
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        made = sessions.repeat(
            db.session.get_one(Dialogue, dialogue.id), "FREQ=MONTHLY;BYDAY=2SA", by=by, count=3
        )
    assert [clock.local(each.starts_at).date() for each in made] == [
        date(2027, 1, 9),
        date(2027, 2, 13),
        date(2027, 3, 13),
    ]
    assert {each.status for each in made} == {Status.DRAFT}
    assert len({each.uid for each in made}) == 3
    with pytest.raises(BadInput), transaction():
        sessions.repeat(db.session.get_one(Dialogue, dialogue.id), "FREQ=ĐÊM", by=by, count=3)


def test_promises_are_owed_told_and_open_the_next_session(world):
    dialogue = asking(world)
    contact = a_contact(world, "dan").id
    question = ask(dialogue, contact_id=contact)
    do(world, dialogue, "start")
    settle(
        world,
        question,
        "promise",
        text="Thông cống ngõ 34",
        position_id=world.positions["an"].id,
        due_on=date(2026, 12, 31),
    )
    assert duties(dialogue)["keep"].position_id == world.positions["an"].id
    said = db.session.scalars(
        sa.select(OutboxRow.body).filter_by(notice="dialogue.question_promised")
    )
    assert "31/12/2026" in said.one()
    do(world, dialogue, "end")
    do(world, dialogue, "publish")
    nxt = planned(world, starts_at=at(15, month=1) + timedelta(days=365))
    assert "0 đã làm, 1 đang làm" in commitments.agenda(nxt)[0]
    (row,) = commitments.of_ward(world.ward.id)
    by = world.actor("an")
    stranger = world.actor("chi")
    db.session.rollback()
    with pytest.raises(NotAllowed), transaction():
        commitments.fulfil(commitments.of_ward(world.ward.id)[0], by=stranger, evidence="Xong")
    with transaction():
        commitments.fulfil(
            commitments.of_ward(world.ward.id)[0], by=by, evidence="Đã thông, có ảnh"
        )
    assert "1 đã làm, 0 đang làm" in commitments.agenda(nxt)[0]
    assert duties(dialogue)["keep"].met_at is not None
    for n in range(3):
        with transaction():
            commitments.hear(commitments.of_ward(world.ward.id)[0], f"d:{n}", is_kept=False)
    assert duties(dialogue)["keep"].met_at is None, "enough doubt opens a promise again"
    assert row.first_due_on == date(2026, 12, 31)


def test_grouped_authors_are_told_the_same_answer(world):
    dialogue = asking(world)
    contacts = [a_contact(world, f"dan-{n}").id for n in range(2)]
    main, other = (ask(dialogue, f"Cống tắc {n}", contact_id=c) for n, c in enumerate(contacts))
    into = db.session.get_one(Question, main.id)
    settle(world, main, "accept")
    with transaction():
        q = db.session.get_one(Question, other.id)
        into = db.session.get_one(Question, main.id)
        questions.group(q, by=world_actor(world), into=into)
    do(world, dialogue, "start")
    settle(world, main, "answer", text="Tuần tới thông.")
    rows = sa.select(OutboxRow.contact_id).filter_by(notice="dialogue.question_answered")
    assert sorted(db.session.scalars(rows)) == sorted(contacts)


def world_actor(world):
    from feedback.people.directory import actor_for

    return actor_for(world.clerk.id)


def test_one_voice_for_each_device(world):
    question = ask(asking(world))
    settle(world, question, "accept")
    for voter, counts in (("d:1", True), ("d:2", True), ("d:1", False)):
        with transaction():
            assert questions.vote(db.session.get_one(Question, question.id), voter) is counts
    assert db.session.get_one(Question, question.id).votes == 2


def test_refused_questions_say_why(world):
    contact = a_contact(world, "dan").id
    question = ask(asking(world), contact_id=contact)
    with pytest.raises(BadInput):
        settle(world, question, "refuse", reason="")
    settle(world, question, "refuse", reason="Đây là việc riêng, xin gửi phản ánh.")
    body = db.session.scalars(sa.select(OutboxRow.body)).one()
    assert "việc riêng" in body


def test_the_section_prepares_what_it_was_given(world):
    question = ask(asking(world))
    department = world.departments["kinh_te_ha_tang"].id
    settle(world, question, "assign", department_id=department)
    with pytest.raises(NotAllowed):
        settle(world, question, "prepare", "chi", text="Chưa rõ")
    settle(world, question, "prepare", "an", text="Sẽ thông trước Tết.")
    row = db.session.get_one(Question, question.id)
    assert (row.prepared, row.prepared_by_id) == ("Sẽ thông trước Tết.", world.an.id)


def test_every_action_is_for_the_convener_alone(world):
    dialogue = announced(world)
    row = db.session.get_one(Dialogue, dialogue.id)
    for who in ("an", "chi", "dept_head", "supervisor", "admin"):
        assert allowed_actions(row, world.actor(who)) == []
    assert allowed_actions(row, world.actor("head_tdp")) == [Action.CONFIRM]
    for who in ("chair", "vice", "clerk"):
        assert Action.MOVE in allowed_actions(row, world.actor(who))


def test_the_table_is_whole():
    assert {row.action for row in TRANSITIONS} == set(Action)
    reached = {row.to for row in TRANSITIONS if row.to}
    assert reached == set(Status) - {Status.QUESTIONS} | {Status.QUESTIONS}
    assert all(row.words.endswith(".") for row in BY_ACTION.values())
