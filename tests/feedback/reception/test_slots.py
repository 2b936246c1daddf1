"""One time goes to one resident, whoever races for it."""

import threading
from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel
from feedback.petitions.models import Kind
from feedback.reception import reminding, slots
from feedback.reception.models import Visit, VisitState
from tests.feedback.dialogue.stories import a_contact
from tests.feedback.reception.stories import MONDAY, at, book, laid, published

pytestmark = pytest.mark.usefixtures("monday")


def test_the_first_free_time_or_the_one_that_is_asked_for(world):
    day = published(world)
    assert [book(day, "A").slot, book(day, "B", slot=3).slot, book(day, "C").slot] == [0, 3, 1]
    with pytest.raises(BadInput, match="vừa có người"):
        book(day, "D", slot=3)
    assert slots.begins_at(day, 3) == at(10, 9, 30)


def test_a_full_day_says_so_and_a_time_given_back_is_had_again(world):
    day = published(world)
    people = [book(day, f"Người {n}") for n in range(6)]
    with pytest.raises(WrongState, match="kín"):
        book(day, "Bảy")
    db.session.rollback()
    for _ in range(2):
        with transaction():
            slots.cancel(db.session.get_one(Visit, people[2].id))
    assert book(day, "Bảy").slot == 2


def test_the_same_form_and_the_same_telephone_book_once(world):
    day = published(world)
    one = book(day, submission_key="form-1", phone="0912345678")
    assert book(day, submission_key="form-1", phone="0912345678").id == one.id
    with pytest.raises(BadInput) as refused:
        book(day, phone="+84 912 345 678")
    assert "phone" in refused.value.fields
    assert book(day, phone="0912345678", entered_by=world.actor("clerk")).id != one.id


def test_of_an_accusation_nothing_is_kept_before_it_is_heard(world):
    visit = book(published(world), subject="Ông X nhận hối lộ", kind=Kind.TO_CAO)
    assert visit.subject == slots.ACCUSATION


def test_what_is_not_published_or_past_takes_nobody(world):
    day = published(world, until=date(2026, 12, 10))
    with pytest.raises(WrongState):
        book(laid(world)[1])
    with pytest.raises(NotFound):
        book(999)
    with clock.at(at(10, 12)), pytest.raises(WrongState):
        book(day)


def test_who_booked_is_reminded_the_day_before_and_two_hours_before_once(world):
    day = published(world)
    book(day, contact_id=a_contact(world, "1").id, channel=Channel.ZALO)
    for moment in (at(9, 8, 1), at(9, 9), at(10, 6, 1), at(10, 7)):
        with clock.at(moment):
            db.session.rollback()
            with transaction():
                reminding.tick(clock.now())
    said = Counter(db.session.scalars(sa.select(OutboxRow.notice)))
    assert (said["reception.remind_1"], said["reception.remind_2"]) == (1, 1)


RACERS = 60


def test_sixty_race_for_six_times(app, world):
    day_id = published(world).id
    db.session.remove()
    outcomes, lock = Counter(), threading.Lock()

    def race(n: int) -> None:
        with app.app_context(), clock.at(MONDAY):
            try:
                with transaction():
                    wish = slots.Booking(
                        day_id, f"Người {n}", "Cống", Channel.WEB, slot=n % 6 if n % 2 else None
                    )
                    slots.book(wish)
                outcome = "booked"
            except (BadInput, WrongState) as refusal:
                outcome = type(refusal).__name__
            except Exception as error:
                outcome = repr(error)
            finally:
                db.session.remove()
            with lock:
                outcomes[outcome] += 1

    threads = [threading.Thread(target=race, args=(n,)) for n in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes["booked"] == 6
    assert outcomes["booked"] + outcomes["BadInput"] + outcomes["WrongState"] == RACERS, outcomes
    rows = list(db.session.scalars(sa.select(Visit)))
    assert sorted(row.slot for row in rows) == list(range(6))
    assert {row.state for row in rows} == {VisitState.BOOKED}
