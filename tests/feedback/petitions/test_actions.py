"""What each verb does besides moving the status."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound, Stale, WrongState
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.people.actor import CITIZEN, SYSTEM
from feedback.people.models import Channel, Tenure
from feedback.petitions import actions, deadlines, queries
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import (
    AnswerState,
    Extension,
    Follow,
    Kind,
    Pause,
    Petition,
    Rating,
    Status,
    Urgency,
)
from feedback.petitions.silence import close_stale
from feedback.wards.models import Substitution, Ward
from tests.feedback.petitions.stories import do, petition_at
from tests.feedback.petitions.test_intake import a_contact, a_file

MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)  # 9:00 in Viet Nam, no holiday near


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


def away(world, absent, substitute):
    today = clock.today()
    with transaction():
        db.session.add(
            Substitution(
                ward_id=world.ward.id,
                absent_id=world.people[absent].id,
                substitute_id=world.people[substitute].id,
                starts_on=today,
                ends_on=today + timedelta(days=30),
                declared_by_id=world.people[absent].id,
                declared_at=clock.now(),
            )
        )


def last(petition):
    return petition.timeline[-1]


def sent(notice):
    return db.session.scalars(
        sa.select(OutboxRow).where(OutboxRow.notice == f"petition.{notice}").order_by(OutboxRow.id)
    ).all()


def due_on(petition):
    return clock.local(petition.due_at).date()


# -- giving -----------------------------------------------------------------------------------------


def test_accepting_as_something_else_routes_and_dates_anew(world):
    petition = world.submit()
    assert petition.handler_id == world.clerk.id
    assert due_on(petition) == date(2026, 10, 14)
    do(
        "accept",
        petition,
        world.actor("clerk"),
        field_id=world.fields[2].id,
        urgency=Urgency.QUICK,
        neighbourhood_id=world.neighbourhoods[2].id,
    )
    assert petition.handler_id == world.an.id
    assert due_on(petition) == date(2026, 10, 8)
    assert petition.accepted_at == MONDAY
    assert {row.step: row.met_at for row in petition.deadlines} == {
        "acceptance": MONDAY,
        "answer": None,
    }


def test_a_kind_with_another_procedure_gets_its_own_limits(world):
    petition = world.submit()
    do("accept", petition, world.actor("clerk"), kind=Kind.KHIEU_NAI)
    assert petition.status is Status.AWAITING_SIGNATURE
    assert {row.step for row in petition.deadlines} == {"sorting"}
    do("correct", petition, world.actor("clerk"), kind=Kind.HOI_DAP)
    assert {row.step for row in petition.deadlines} == {"answer"}
    assert due_on(petition) == date(2026, 10, 7)


def test_an_accusation_is_sealed_and_unsealed_by_an_officials_word(world):
    petition = world.submit(kind=Kind.TO_CAO, field_id=world.fields[2].id)
    assert petition.is_restricted
    with pytest.raises(NotFound):
        do("accept", petition, world.actor("vice"))
    do("accept", petition, world.actor("clerk"), kind=Kind.PHAN_ANH)
    assert not petition.is_restricted
    assert petition.handler_id == world.an.id
    do("correct", petition, world.actor("chair"), kind=Kind.TO_CAO)
    assert petition.is_restricted
    assert petition.handler_id == world.clerk.id


def test_accepting_without_a_word_on_the_kind_keeps_it_sealed(world):
    petition = world.submit(kind=Kind.TO_CAO)
    do("accept", petition, world.actor("clerk"))
    assert petition.is_restricted


def test_assigning_names_the_person_and_renews_the_six_points(world):
    petition = petition_at(world, Status.ACCEPTED)
    do("assign", petition, world.actor("chair"), officer_id=world.chi.id, instruction="Xem ngay")
    assert petition.handler_id == world.chi.id
    assert petition.department_id == world.departments["van_hoa_xa_hoi"].id
    assert "Mai Thị Chi" in petition.responsibility
    assert petition.route_reason == "Được phân công cho Chuyên viên văn hóa Mai Thị Chi."
    assert last(petition).text == (
        "Đã phân công người phụ trách. Mai Thị Chi, Chuyên viên văn hóa."
    )
    assert last(petition).detail["instruction"] == "Xem ngay"
    assert Action.DRAFT not in allowed_actions(petition, world.actor("an"))


def test_assigning_to_who_cannot_handle_is_refused(world):
    petition = petition_at(world, Status.ACCEPTED, complained_officer_id=world.binh.id)
    for who in ("supervisor", "binh", "admin"):
        with pytest.raises(BadInput):
            do("assign", petition, world.actor("chair"), officer_id=world.people[who].id)


def test_assigning_to_the_absent_reaches_their_substitute(world):
    away(world, "chi", "binh")
    petition = petition_at(world, Status.ACCEPTED)
    do("assign", petition, world.actor("chair"), officer_id=world.chi.id)
    assert (petition.handler_id, petition.handler_for_id) == (world.binh.id, world.chi.id)
    assert petition.handler_position_id == world.positions["chi"].id


def test_the_third_change_of_hands_raises_a_flag(world):
    petition = petition_at(world, Status.ACCEPTED)
    flags = []
    for who in ("an", "chi", "binh", "an"):
        do("assign", petition, world.actor("chair"), officer_id=world.people[who].id)
        flags.append((petition.transfers, petition.is_flagged))
    assert flags == [(0, False), (1, False), (2, False), (3, True)]


def test_handing_back_lands_on_the_desk_once_per_officer(world):
    petition = petition_at(world, Status.ASSIGNED)
    do("hand_back", petition, world.actor("an"), reason="Đèn của công viên")
    assert petition.handler_id == world.clerk.id
    assert petition.status is Status.ACCEPTED
    assert petition.was_handed_back
    assert not last(petition).is_public
    with pytest.raises(WrongState):
        do("hand_back", petition, world.actor("clerk"), reason="Không phải tôi")
    do("assign", petition, world.actor("chair"), officer_id=world.an.id)
    with pytest.raises(WrongState):
        do("hand_back", petition, world.actor("an"), reason="Lại trả")
    do("assign", petition, world.actor("chair"), officer_id=world.binh.id)
    do("hand_back", petition, world.actor("binh"), reason="Không rõ chỗ")
    assert petition.handler_id == world.clerk.id


def test_correcting_moves_it_only_before_work_began(world):
    petition = petition_at(world, Status.ACCEPTED)
    do("correct", petition, world.actor("clerk"), field_id=world.fields[17].id)
    assert petition.handler_id == world.chi.id
    do("take", petition, world.actor("chi"))
    do("correct", petition, world.actor("clerk"), field_id=world.fields[4].id)
    assert petition.handler_id == world.chi.id
    assert last(petition).detail == {
        "before": {"field_id": world.fields[17].id},
        "after": {"field_id": world.fields[4].id},
    }
    with pytest.raises(BadInput):
        do("correct", petition, world.actor("clerk"), status="closed")


# -- asking -----------------------------------------------------------------------------------------


def test_asking_stops_the_wards_clock_and_the_answer_starts_it(world, monday):
    petition = petition_at(world, Status.IN_PROGRESS)
    do("ask", petition, world.actor("an"), question="Số nhà nào?")
    assert due_on(petition) == date(2026, 10, 14)
    monday.shift(timedelta(days=10))
    assert not queries.is_overdue(petition, clock.now())
    assert queries.counters(world.actor("an"))["late"] == 0
    do("add", petition, CITIZEN, text="Số 12")
    assert petition.status is Status.IN_PROGRESS
    assert due_on(petition) == date(2026, 10, 26)
    pause = db.session.scalars(sa.select(Pause)).one()
    assert pause.ends_at - pause.starts_at == timedelta(days=10)
    answer = next(row for row in petition.deadlines if row.step == "answer")
    assert "pause" in {step["kind"] for step in answer.trace}


def test_adding_keeps_the_status_where_nothing_was_asked(world):
    petition = petition_at(world, Status.AWAITING_APPROVAL)
    file = a_file(world)
    do("add", petition, CITIZEN, text="", files=[file])
    assert petition.status is Status.AWAITING_APPROVAL
    assert file.petition_id == petition.id
    with pytest.raises(BadInput):
        do("add", petition, CITIZEN, text="  ")


def test_a_unit_that_was_asked_sees_and_answers(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    chi = world.actor("chi")
    with pytest.raises(NotFound):
        queries.case(petition.number, chi)
    unit = world.departments["van_hoa_xa_hoi"]
    do("consult", petition, world.actor("an"), department_id=unit.id, question="Có lễ hội không?")
    assert queries.counters(chi)["to_help"] == 1
    assert [row.id for row in queries.listing(chi).rows] == [petition.id]
    do("consulted", petition, chi, text="Không có")
    assert petition.status is Status.IN_PROGRESS
    assert petition.handler_id == world.an.id
    assert queries.case(petition.number, chi).id == petition.id
    assert Action.NOTE in allowed_actions(petition, chi)
    assert Action.DRAFT not in allowed_actions(petition, chi)


def test_an_unknown_unit_is_refused(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    with pytest.raises(BadInput):
        do("consult", petition, world.actor("an"), department_id=10**6, question="?")


# -- answering --------------------------------------------------------------------------------------


def test_the_deputy_approves_for_the_absent_chair(world):
    petition = petition_at(world, Status.AWAITING_APPROVAL, urgency=Urgency.COMPLEX)
    with pytest.raises(NotAllowed):
        do("approve", petition, world.actor("vice"))
    away(world, "chair", "vice")
    do("approve", petition, world.actor("vice"))
    assert (last(petition).officer_id, last(petition).acting_for_id) == (
        world.vice.id,
        world.chair.id,
    )
    answer = petition.answers[-1]
    assert (answer.decided_by_id, answer.decided_for_id) == (world.vice.id, world.chair.id)
    do("note", petition, world.actor("vice"), text="Đã báo cáo Chủ tịch")
    assert last(petition).acting_for_id is None  # a right of their own


def test_a_colleague_acts_for_the_absent_handler(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    away(world, "an", "chi")
    chi = world.actor("chi")
    assert [row.id for row in queries.my_work(chi).rows] == [petition.id]
    do("submit_answer", petition, chi, text="Đã thay bóng")
    assert last(petition).acting_for_id == world.an.id


def test_who_got_it_during_an_absence_acts_for_the_absent(world):
    away(world, "an", "binh")
    petition = petition_at(world, Status.RECEIVED)
    assert (petition.handler_id, petition.handler_for_id) == (world.binh.id, world.an.id)
    do("accept", petition, world.actor("clerk"))
    do("take", petition, world.actor("binh"))
    assert last(petition).acting_for_id == world.an.id


def test_the_owner_who_comes_back_takes_it_up_again(world):
    away(world, "an", "binh")
    petition = petition_at(world, Status.ACCEPTED)
    with transaction():
        db.session.scalars(sa.select(Substitution)).one().cancelled_at = clock.now()
    an = world.actor("an")
    assert [row.id for row in queries.my_work(an).rows] == [petition.id]
    do("take", petition, an)
    assert (petition.handler_id, petition.handler_for_id) == (world.an.id, None)
    assert queries.my_work(world.actor("binh")).rows == []


def test_a_returned_answer_is_written_on(world):
    petition = petition_at(world, Status.AWAITING_APPROVAL)
    do("return_answer", petition, world.actor("chair"), reason="Thiếu ảnh")
    assert petition.answers[-1].state is AnswerState.RETURNED
    assert petition.answers[-1].return_reason == "Thiếu ảnh"
    do("draft", petition, world.actor("an"), text="Đã thay, có ảnh")
    do("submit_answer", petition, world.actor("an"), text="Đã thay, kèm ảnh")
    assert [a.text for a in petition.answers] == ["Đã thay, kèm ảnh"]
    do("approve", petition, world.actor("chair"))
    assert last(petition).text == "Đã trả lời. Đã thay, kèm ảnh"
    assert last(petition).is_public


def test_nothing_is_approved_while_one_of_the_six_points_is_empty(world):
    petition = petition_at(world, Status.AWAITING_APPROVAL)
    with transaction():
        petition.authority = ""
    assert Action.APPROVE not in allowed_actions(petition, world.actor("chair"))
    with pytest.raises(WrongState, match="thẩm quyền"):
        do("approve", petition, world.actor("chair"))


def test_an_approval_is_recalled_in_fifteen_seconds(world, monday):
    contact = a_contact(world)
    petition = petition_at(world, Status.ANSWERED, contact_id=contact.id)
    [row] = sent("answered")
    assert row.not_before == MONDAY + timedelta(seconds=15)
    monday.shift(timedelta(seconds=10))
    do("recall", petition, world.actor("chair"))
    assert petition.status is Status.AWAITING_APPROVAL
    assert petition.answered_at is None
    assert petition.answers[-1].state is AnswerState.SUBMITTED
    assert next(r for r in petition.deadlines if r.step == "answer").met_at is None
    do("approve", petition, world.actor("chair"))
    db.session.expire_all()
    assert [r.state for r in sent("answered")] == [OutboxState.CANCELLED, OutboxState.QUEUED]


def test_what_has_left_is_not_recalled(world, monday):
    contact = a_contact(world)
    petition = petition_at(world, Status.ANSWERED, contact_id=contact.id)
    with transaction():
        sent("answered")[0].state = OutboxState.SENDING
    with pytest.raises(WrongState):
        do("recall", petition, world.actor("chair"))
    db.session.rollback()
    assert petition.status is Status.ANSWERED
    monday.shift(timedelta(seconds=16))
    assert Action.RECALL not in allowed_actions(petition, world.actor("chair"))


def test_the_answer_comes_with_stars_in_the_residents_channel(world):
    contact = a_contact(world)
    petition = petition_at(world, Status.ANSWERED, contact_id=contact.id)
    body = sent("answered")[0].body
    assert "Đã thay bóng đèn." in body
    for score in range(1, 6):
        assert f"rate:{petition.token}:{score}" in body
    assert len(f"rate:{petition.token}:5") <= 60


# -- ending -----------------------------------------------------------------------------------------


def test_an_extension_moves_the_date_and_apologises(world):
    contact = a_contact(world)
    petition = petition_at(world, Status.IN_PROGRESS, contact_id=contact.id)
    assert deadlines.room(petition).most == 7
    do("extend", petition, world.actor("clerk"), working_days=3, reason="Chờ vật tư")
    assert due_on(petition) == date(2026, 10, 19)
    row = db.session.scalars(sa.select(Extension)).one()
    assert (row.amount, row.new_due_at) == (3, petition.due_at)
    assert "xin lỗi" in sent("extended")[0].body
    assert "19/10/2026" in sent("extended")[0].body
    assert deadlines.room(petition) is None
    with pytest.raises(WrongState):
        do("extend", petition, world.actor("clerk"), working_days=1, reason="Nữa")
    assert len(sent("extended")) == 1


def test_dates_worked_out_again_are_the_same(world, monday):
    petition = petition_at(world, Status.IN_PROGRESS)
    do("ask", petition, world.actor("an"), question="Ở đâu?")
    monday.shift(timedelta(days=3))
    do("add", petition, CITIZEN, text="Số 12")
    do("extend", petition, world.actor("chair"), working_days=2, reason="Mưa bão")
    before = [(r.step, r.due_at, r.trace) for r in petition.deadlines]
    with transaction():
        deadlines.recompute(petition)
        deadlines.recompute(petition)
    db.session.expire_all()
    assert [(r.step, r.due_at, r.trace) for r in petition.deadlines] == before


def test_an_extension_that_no_longer_fits_is_told_in_the_trace(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    do("extend", petition, world.actor("chair"), working_days=7, reason="Mưa bão")
    do("correct", petition, world.actor("clerk"), urgency=Urgency.QUICK)
    assert due_on(petition) == date(2026, 10, 8)
    answer = next(r for r in petition.deadlines if r.step == "answer")
    assert "Không tính phần gia hạn" in answer.trace[-1]["text"]


@pytest.mark.parametrize(
    ("verb", "values", "words"),
    [
        ("transfer", {"to": "Điện lực", "reason": "Đèn của Điện lực"}, "Điện lực"),
        ("reject", {"reason": "Nội dung chưa rõ"}, "Nội dung chưa rõ"),
    ],
)
def test_an_end_without_an_answer_is_told_with_its_reason(world, verb, values, words):
    contact = a_contact(world)
    petition = petition_at(world, Status.ACCEPTED, contact_id=contact.id)
    do(verb, petition, world.actor("chair"), **values)
    assert not petition.is_open
    assert petition.closed_at == MONDAY
    assert all(row.met_at for row in petition.deadlines)
    notice = {"transfer": "transferred", "reject": "rejected"}[verb]
    assert words in sent(notice)[0].body
    with pytest.raises(BadInput):
        do(verb, petition_at(world, Status.ACCEPTED), world.actor("chair"), **dict.fromkeys(values, " "))  # fmt: skip


def test_who_is_merged_follows_the_root_under_their_own_number(world):
    first, second = a_contact(world), a_contact(world, Channel.ZALO)
    root = petition_at(world, Status.IN_PROGRESS, contact_id=first.id)
    twin = petition_at(world, Status.ACCEPTED, contact_id=second.id)
    do("merge", twin, world.actor("clerk"), into=root)
    assert twin.merged_into_id == root.id
    assert root.number in sent("merged")[0].body
    assert "Đã gộp" in last(root).text
    do("submit_answer", root, world.actor("an"), text="Xong cả phố")
    do("approve", root, world.actor("chair"))
    [to_first], [to_second] = sent("answered"), sent("answered_too")
    assert (to_first.contact_id, to_second.contact_id) == (first.id, second.id)
    assert twin.number in to_second.body
    assert twin.token in to_second.body
    assert root.token not in to_second.body
    assert "rate:" not in to_second.body


def test_merging_the_root_takes_its_followers_along(world):
    third = a_contact(world)
    a, b, c = (
        petition_at(world, Status.ACCEPTED, contact_id=who) for who in (third.id, None, None)
    )
    do("merge", a, world.actor("clerk"), into=b)
    do("merge", b, world.actor("clerk"), into=c)
    db.session.expire_all()
    assert a.merged_into_id == c.id
    follows = db.session.execute(sa.select(Follow.petition_id, Follow.contact_id)).all()
    assert (c.id, third.id) in follows


def test_what_cannot_be_merged(world):
    petition = petition_at(world, Status.ACCEPTED)
    sealed = world.submit(kind=Kind.TO_CAO)
    done = petition_at(world, Status.REJECTED)
    for into in (petition, sealed, done):
        with pytest.raises(BadInput):
            do("merge", petition, world.actor("clerk"), into=into)


def test_silence_closes_after_seven_days(world, monday):
    petition = petition_at(world, Status.ANSWERED)
    monday.shift(timedelta(days=7))
    with transaction():
        assert close_stale(clock.now()) == 0
    monday.shift(timedelta(minutes=1))
    with transaction():
        assert close_stale(clock.now()) == 1
    assert petition.status is Status.CLOSED
    assert last(petition).party == SYSTEM.party
    with transaction():
        assert close_stale(clock.now()) == 0


# -- returning --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("score", "status"), [(5, "closed"), (4, "closed"), (3, "answered"), (1, "answered")])  # fmt: skip
def test_a_good_mark_closes(world, score, status):
    petition = petition_at(world, Status.ANSWERED)
    do("rate", petition, CITIZEN, score=score, reasons=["slow"], channel=Channel.TELEGRAM)
    assert petition.status == status
    rating = db.session.scalars(sa.select(Rating)).one()
    assert (rating.score, rating.reasons, rating.channel) == (score, ["slow"], Channel.TELEGRAM)


def test_the_last_mark_counts(world):
    petition = petition_at(world, Status.ANSWERED)
    do("rate", petition, CITIZEN, score=2)
    do("rate", petition, CITIZEN, score=5, comment=" Cảm ơn ")
    rating = db.session.scalars(sa.select(Rating)).one()
    assert (rating.score, rating.comment) == (5, "Cảm ơn")


@pytest.mark.parametrize("values", [{"score": 0}, {"score": 6}, {"score": 3, "reasons": ["?"]}])
def test_a_mark_outside_the_scale_is_refused(world, values):
    with pytest.raises(BadInput):
        do("rate", petition_at(world, Status.ANSWERED), CITIZEN, **values)


def test_handled_again_gets_a_new_round(world, monday):
    contact = a_contact(world)
    petition = petition_at(world, Status.ANSWERED, contact_id=contact.id)
    do("rate", petition, CITIZEN, score=1)
    monday.shift(timedelta(days=7))
    do("reopen", petition, CITIZEN, reason="Đèn lại tắt")
    assert petition.status is Status.REOPENED
    assert petition.handler_id == world.an.id
    assert petition.reopened == 1
    assert due_on(petition) == date(2026, 10, 21)
    assert [r.round for r in petition.deadlines if r.step == "answer"] == [0, 1]
    assert last(petition).detail["told"] == world.chair.id
    assert "21/10/2026" in sent("reopened")[0].body
    do("submit_answer", petition, world.actor("an"), text="Thay cả cần đèn")
    do("approve", petition, world.actor("chair"))
    do("rate", petition, CITIZEN, score=5)
    assert sorted(db.session.scalars(sa.select(Rating.score))) == [1, 5]


def test_an_extension_of_the_first_round_does_not_count_in_the_second(world, monday):
    petition = petition_at(world, Status.IN_PROGRESS)
    do("extend", petition, world.actor("chair"), working_days=7, reason="Mưa bão")
    do("submit_answer", petition, world.actor("an"), text="Xong")
    do("approve", petition, world.actor("chair"))
    monday.shift(timedelta(days=1))
    do("reopen", petition, CITIZEN, reason="Chưa xong")
    assert due_on(petition) == date(2026, 10, 15)
    assert deadlines.room(petition).most == 7


def test_it_is_not_handled_again_after_the_wards_days(world, monday):
    petition = petition_at(world, Status.CLOSED)
    monday.shift(timedelta(days=7, seconds=1))
    with pytest.raises(WrongState):
        do("reopen", petition, CITIZEN, reason="Đèn lại tắt")
    with transaction():
        db.session.get(Ward, world.ward.id).settings = {"reopen_days": 30}
    do("reopen", petition, CITIZEN, reason="Đèn lại tắt")


def test_a_handler_who_left_is_replaced_at_reopening(world):
    petition = petition_at(world, Status.ANSWERED)
    with transaction():
        tenure = db.session.scalars(sa.select(Tenure).where(Tenure.officer_id == world.an.id)).one()
        tenure.ends_on = date(2026, 10, 1)
    do("reopen", petition, CITIZEN, reason="Đèn lại tắt")
    assert petition.handler_id == world.clerk.id


# -- for all ----------------------------------------------------------------------------------------


def test_an_old_version_is_refused(world):
    petition = world.submit()
    with pytest.raises(Stale):
        do("accept", petition, world.actor("clerk"), expected_version=petition.version + 1)
    do("accept", petition, world.actor("clerk"), expected_version=petition.version)


def test_the_second_writer_is_told(world):
    petition = world.submit()
    clerk = world.actor("clerk")
    with pytest.raises(Stale), transaction():
        assert petition.version == 1
        db.session.execute(
            sa.update(Petition).values(version=7).execution_options(synchronize_session=False)
        )
        actions.accept(petition, by=clerk)
    db.session.rollback()
    assert petition.status is Status.RECEIVED


def test_a_petition_about_an_officer_is_hidden_from_them(world):
    petition = world.submit(complained_officer_id=world.vice.id)
    vice = world.actor("vice")
    assert queries.listing(vice).rows == []
    with pytest.raises(NotFound):
        queries.case(petition.number, vice)
    with pytest.raises(NotFound):
        do("accept", petition, vice)
    about_an = world.submit(complained_officer_id=world.an.id, field_id=world.fields[2].id)
    assert about_an.handler_id == world.clerk.id


def test_a_borrowed_right_does_not_reach_a_petition_about_its_owner(world):
    away(world, "chair", "vice")
    petition = world.submit(complained_officer_id=world.chair.id)
    assert Action.ACCEPT in allowed_actions(petition, world.actor("vice"))
    assert allowed_actions(petition, world.actor("chair")) == []


def test_a_draft_that_saves_itself_is_one_line_of_the_timeline(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    an, start = world.actor("an"), clock.now()
    for minute in range(4):
        with clock.at(start + timedelta(minutes=minute)):
            do("draft", petition, an, text=f"Bản {minute}")
    drafts = [e for e in petition.timeline if e.action == "draft"]
    assert [e.at for e in drafts] == [start + timedelta(minutes=3)]
    assert petition.answers[-1].text == "Bản 3"
    do("note", petition, an, text="Đã gọi điện")
    do("draft", petition, an, text="Bản khác")
    assert [e.action for e in petition.timeline][-3:] == ["draft", "note", "draft"]
