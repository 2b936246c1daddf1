"""The day itself: the queue, the register, refusals, conclusions that become petitions, the month's count."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue.gates import Gated
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel
from feedback.petitions.models import Kind, Status
from feedback.reception import book as register_book
from feedback.reception import days, duties, law, queue, slots, visits
from feedback.reception.models import DayStatus, Mode, ReceptionDay, Visit, VisitState
from tests.feedback.dialogue.stories import a_contact
from tests.feedback.reception.stories import (
    MONDAY,
    THURSDAY,
    at,
    begun,
    book,
    do,
    laid,
    published,
    step,
    walk_in,
)
from tests.world import make_world


@pytest.fixture
def day(world) -> ReceptionDay:
    """Published on Monday; now it is the Thursday of reception, before it opens."""
    with clock.at(MONDAY):
        row = published(world)
    with clock.at(THURSDAY):
        yield row


def concluded(world, visit, **values) -> Visit:
    by = world.actor("chair")
    given = {
        "conclusion": "Thông cống trước mùa mưa",
        "position_id": world.positions["an"].id,
        "due_on": date(2026, 12, 20),
    }
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Visit, visit.id)
        return visits.conclude(row, visits.Direction(**given | values), by=by)


def refused(world, visit, ground: str) -> Visit:
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        return visits.refuse(db.session.get_one(Visit, visit.id), by=by, ground=ground)


def test_the_queue_numbers_whoever_comes_in_the_order_they_come(world, day):
    with clock.at(MONDAY):
        early, late = book(day, "Hẹn sớm"), book(day, "Hẹn muộn")
    begun(world, day=day)
    walker = walk_in(world, day, "Không hẹn")
    assert walker.number == 1
    assert step(world, late, "arrive").number == 2
    assert step(world, early, "arrive").number == 3
    step(world, walker, "call")
    assert queue.standing(day.id) == queue.Standing(1, 2, 0, 0)
    assert queue.ahead_of(db.session.get_one(Visit, early.id)) == 1
    with pytest.raises(WrongState):
        step(world, walker, "call")
    with pytest.raises(WrongState, match="Còn 3"):
        do(world, day, "end")
    step(world, walker, "finish")
    for visit in (late, early):
        step(world, visit, "miss")
    assert do(world, day, "end").status is DayStatus.HELD


def test_who_booked_and_never_came_is_written_down_so(world, day):
    with clock.at(MONDAY):
        visit = book(day)
    begun(world, day=day)
    do(world, day, "end")
    assert db.session.get_one(Visit, visit.id).state is VisitState.ABSENT


def test_thirty_clerks_give_thirty_numbers(app, world, day):
    by, day_id = world.actor("clerk"), day.id
    db.session.remove()
    numbers, failures, lock = [], [], threading.Lock()

    def enter(n: int) -> None:
        with app.app_context(), clock.at(THURSDAY):
            try:
                with transaction():
                    wish = slots.Booking(day_id, f"Người {n}", "Đèn", Channel.DESK, entered_by=by)
                    number = queue.walk_in(wish).number
                with lock:
                    numbers.append(number)
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter, args=(n,)) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(numbers) == list(range(1, 31))


def test_a_deputy_may_receive_but_the_day_does_not_count(world, day):
    with pytest.raises(Gated) as gated:
        do(world, day, "begin", received_by_id=world.vice.id)
    assert "136/2025/QH15" in gated.value.gates[0].article
    do(world, day, "begin", received_by_id=world.vice.id, override="Chủ tịch họp khẩn ở thành phố")
    assert duties.month_of(world.ward.id, clock.today()).held == ()
    assert len(days.overrides(world.ward.id, 2026)) == 1


def test_a_day_cannot_begin_before_it_has_come(world, day):
    with clock.at(MONDAY), pytest.raises(WrongState, match="Chưa đến ngày"):
        begun(world, day=day)


def test_a_conclusion_with_a_date_becomes_a_petition_once(world, day):
    with clock.at(MONDAY):
        visit = book(day, contact_id=a_contact(world, "1").id, channel=Channel.ZALO)
    begun(world, day=day)
    step(world, visit, "arrive")
    with pytest.raises(WrongState):
        concluded(world, visit)
    step(world, visit, "call")
    with pytest.raises(BadInput) as wrong:
        concluded(world, visit, position_id=None)
    assert "position_id" in wrong.value.fields
    petition = concluded(world, visit).petition
    assert petition.channel is Channel.RECEPTION
    assert petition.status is Status.ASSIGNED
    assert petition.handler_id == world.an.id
    assert "20/12/2026" in petition.timeline[-1].text + str(petition.timeline[-1].detail)
    with pytest.raises(WrongState, match="đã thành hồ sơ"):
        concluded(world, visit)
    said = db.session.scalars(sa.select(OutboxRow.notice)).all()
    assert said.count("reception.concluded") == 1


def test_what_is_answered_at_once_makes_no_petition(world, day):
    begun(world, day=day)
    visit = walk_in(world, day, "Bà Ba")
    step(world, visit, "call")
    done = concluded(world, visit, position_id=None, due_on=None, conclusion="Đã giải thích")
    assert done.petition_id is None


def test_an_accusation_is_neither_written_down_nor_turned_into_a_petition_here(world, day):
    begun(world, day=day)
    visit = walk_in(world, day, "Người tố cáo", kind=Kind.TO_CAO, subject="Ông X nhận tiền")
    assert visit.subject == slots.ACCUSATION
    step(world, visit, "call")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Visit, visit.id)
        visits.record(row, by=by, entry={"summary": "Ông X nhận tiền"})
        assert row.summary == ""
    with pytest.raises(WrongState, match="Tố cáo"):
        concluded(world, visit)


def test_a_refusal_rests_on_a_listed_ground_and_some_owe_a_paper(world, day):
    begun(world, day=day)
    visit, other = walk_in(world, day, "A"), walk_in(world, day, "B")
    with pytest.raises(BadInput):
        refused(world, visit, "vi_khong_thich")
    visit = refused(world, visit, "h")
    assert visits.refusal_due_on(visit) == date(2026, 12, 15), "3 working days after Thursday"
    assert visits.refusal_due_on(refused(world, other, "b")) is None, "explained on the spot"
    owed = [each for each in duties.owed(world.ward.id) if each.key.startswith("refuse")]
    assert [(each.due_on, each.article) for each in owed] == [
        (date(2026, 12, 15), "khoản 3 Điều 4 Nghị định số 154/2026/NĐ-CP")
    ]
    written = [key for key, ground in law.refusal_grounds().items() if ground.is_written]
    assert written == ["settled", "h"]
    assert len(law.refusal_grounds()) == 13


def test_the_register_has_a_row_for_everybody_received_and_none_for_accusations(world, day):
    begun(world, day=day)
    seen, away, secret = (walk_in(world, day, n) for n in ("Bà Ba", "Ông Tư", "Chị Năm"))
    for visit in (seen, secret):
        step(world, visit, "call")
        step(world, visit, "finish")
    step(world, away, "miss")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        entry = {"address": "ngõ 34", "id_number": "001182000345", "people": "6"}
        visits.record(db.session.get_one(Visit, seen.id), by=by, entry=entry)
        visits.record(db.session.get_one(Visit, secret.id), by=by, entry={"kind": "to_cao"})
    concluded(world, seen)
    world.submit("Đến phường hỏi về rác", channel=Channel.DESK)
    db.session.rollback()
    book_ = register_book.register(by, date(2026, 12, 1), date(2026, 12, 31))
    assert len(book_.rows) == 2, "one from the chair's day, one from the desk"
    row = book_.rows[0]
    assert len(row) == 13
    assert row[1] == date(2026, 12, 10)
    assert row[2:4] == ("Bà Ba, ngõ 34", "001182000345")
    assert (row[6], row[8]) == (6, "x")
    assert book_.sealed == 1
    hidden = register_book.register(world.actor("dept_head"), date(2026, 12, 1), date(2026, 12, 31))
    assert hidden.rows == (), "who does not see the ward sees no visit"


def test_online_needs_a_listed_ground_five_days_and_the_whole_checklist(world, day):
    online = {"ground": "remote", "online_url": "https://hop.example/a"}
    with pytest.raises(BadInput):
        do(world, day, "go_online", ground="tien_hon", online_url="https://hop.example/a")
    with pytest.raises(Gated, match="05 ngày làm việc"):
        do(world, day, "go_online", **online)
    with clock.at(MONDAY):
        assert do(world, day, "go_online", **online).mode is Mode.ONLINE
    with pytest.raises(Gated) as gated:
        begun(world, day=day)
    assert len(gated.value.gates) == len(law.online_checks())
    for key in law.online_checks():
        do(world, day, "tick", key=key)
    assert begun(world, day=day).status is DayStatus.OPEN


def test_the_month_counts_the_chairs_own_days_and_warns_in_time(world, day):
    begun(world, day=day)
    do(world, day, "end")
    month = duties.month_of(world.ward.id, clock.today())
    assert (month.required, month.held) == (2, (date(2026, 12, 10),))
    assert not month.is_short, "further Thursdays are published"
    with transaction():
        for row in laid(world):
            if row.status is DayStatus.PUBLISHED:
                db.session.delete(row.events[0])
                db.session.delete(db.session.get_one(ReceptionDay, row.id))
    assert duties.month_of(world.ward.id, clock.today()).is_short
    chat = a_contact(world, "le", officer_id=world.clerk.id)
    boss = a_contact(world, "hoa", officer_id=world.chair.id)
    for moment in (at(16, 9), at(21, 9), at(21, 15), at(28, 9), at(29, 23), at(29, 10)):
        with clock.at(moment):
            db.session.rollback()
            with transaction():
                duties.remind_all(clock.now())
    rows = db.session.scalars(
        sa.select(OutboxRow).where(OutboxRow.key.like("reception-duty:month:%"))
    ).all()
    assert sorted(row.contact_id for row in rows) == sorted([chat.id, chat.id, boss.id])


def test_strangers_and_other_wards_do_nothing(world, day):
    visit = walk_in(world, day, "Bà Ba")
    other = make_world("HK", "hoan-kiem")
    for actor, refusal in ((world.actor("an"), NotAllowed), (other.actor("clerk"), NotFound)):
        db.session.rollback()
        row = db.session.get_one(Visit, visit.id)
        for act, how in (
            (queue.step, {"verb": "call"}),
            (visits.record, {"entry": {}}),
            (visits.refuse, {"ground": "b"}),
        ):
            with pytest.raises(refusal), transaction():
                act(row, by=actor, **how)
        with pytest.raises(refusal), transaction():
            days.begin(row.day, by=actor, received_by_id=world.chair.id)
