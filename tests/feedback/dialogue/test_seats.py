"""Seats and the waiting list: the last seat goes to one, who leaves makes room at once."""

import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import seats
from feedback.dialogue.codes import ALPHABET, read_code
from feedback.dialogue.models import Dialogue
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import BadInput, NotFound, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel
from tests.feedback.dialogue.stories import (
    MONDAY,
    a_contact,
    a_plan,
    announced,
    do,
    planned,
    register,
)

pytestmark = pytest.mark.usefixtures("monday")


def states(dialogue) -> list[str]:
    rows = sa.select(Registration).filter_by(dialogue_id=dialogue.id).order_by(Registration.id)
    return [row.state.value for row in db.session.scalars(rows)]


def taken(dialogue) -> int:
    return db.session.scalar(sa.select(Dialogue.seats_taken).where(Dialogue.id == dialogue.id))


def leave(row) -> None:
    db.session.rollback()
    with transaction():
        seats.leave(db.session.get_one(Registration, row.id))


def test_after_the_last_seat_people_wait_in_order(world):
    dialogue = announced(world, seats=2)
    people = [register(dialogue, f"Người {n}") for n in range(4)]
    assert states(dialogue) == ["seated", "seated", "waiting", "waiting"]
    assert [seats.place_in_queue(row) for row in people[2:]] == [1, 2]


def test_leaving_gives_the_seat_to_the_next_at_once(world):
    dialogue = announced(world, seats=1)
    first, second, third = (register(dialogue, f"Người {n}") for n in range(3))
    leave(first)
    assert states(dialogue) == ["left", "seated", "waiting"]
    leave(first)
    assert states(dialogue) == ["left", "seated", "waiting"], "leaving twice gives one seat"
    leave(third)
    assert states(dialogue) == ["left", "seated", "left"]
    assert taken(dialogue) == 1
    assert second.code != third.code


def test_a_household_is_not_torn_apart_nor_overtaken(world):
    dialogue = announced(world, seats=4)
    one = register(dialogue, "Hộ ba người", people=3)
    register(dialogue, "Hộ hai người", people=2)
    register(dialogue, "Một người", people=1)
    assert states(dialogue) == ["seated", "waiting", "waiting"]
    leave(one)
    assert states(dialogue) == ["left", "seated", "seated"]
    assert taken(dialogue) == 3


def test_more_seats_let_the_queue_in(world):
    from feedback.dialogue import sessions

    dialogue = announced(world, seats=1)
    for n in range(3):
        register(dialogue, f"Người {n}")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        sessions.revise(db.session.get_one(Dialogue, dialogue.id), a_plan(world, seats=2), by=by)
    assert states(dialogue) == ["seated", "seated", "waiting"]
    with pytest.raises(BadInput), transaction():
        sessions.revise(db.session.get_one(Dialogue, dialogue.id), a_plan(world, seats=1), by=by)


def test_who_joins_online_takes_no_seat(world):
    dialogue = announced(world, seats=1, mode="both", online_url="https://hop.example/abc")
    register(dialogue, "Ở nhà", is_online=True)
    register(dialogue, "Đến dự")
    assert states(dialogue) == ["seated", "seated"]
    assert taken(dialogue) == 1


def test_the_same_form_and_the_same_telephone_register_once(world):
    dialogue = announced(world)
    one = register(dialogue, submission_key="form-1", phone="0912345678")
    assert register(dialogue, submission_key="form-1", phone="0912345678").id == one.id
    with pytest.raises(BadInput) as refused:
        register(dialogue, phone="+84 912 345 678")
    assert "phone" in refused.value.fields
    neighbour = register(dialogue, phone="0912345678", entered_by=world.actor("head_tdp"))
    assert neighbour.id != one.id, "a head may write down a family that shares a telephone"


def test_only_announced_public_sessions_take_registrations(world):
    draft = planned(world)
    with pytest.raises(WrongState):
        register(draft)
    closed = do(world, announced(world), "cancel", reason="Bão")
    with pytest.raises(WrongState):
        register(closed)
    private = announced(world, kind="complaint")
    with pytest.raises(NotFound):
        register(private)


def test_codes_have_no_letters_that_look_like_digits(world):
    assert not set("O0I1") & set(ALPHABET)
    code = register(announced(world)).code
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    assert read_code(f" {code[:3].lower()}-{code[3:]} ") == code
    assert read_code("O0O0O0") == ""


RACERS, SEATS, LEAVERS = 500, 100, 50


def test_five_hundred_race_for_a_hundred_seats_and_fifty_leave(app, world):
    dialogue_id = announced(world, seats=SEATS).id
    contacts = [a_contact(world, str(n)).id for n in range(RACERS)]
    db.session.remove()
    tokens, failures, lock, gate = [], [], threading.Lock(), threading.Semaphore(12)
    left = []

    def race(n: int) -> None:
        with gate, app.app_context(), clock.at(MONDAY):
            try:
                with transaction():
                    wish = seats.Wish(
                        dialogue_id, f"Người {n}", Channel.TELEGRAM, contact_id=contacts[n]
                    )
                    token = seats.register(wish).token
                with lock:
                    tokens.append(token)
                    goes = len(left) < LEAVERS and n % 4 == 0 and not left.append(token)
                if goes:
                    with transaction():
                        seats.leave(seats.by_token(token))
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=race, args=(n,)) for n in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert failures == []
    assert len(left) == LEAVERS

    rows = list(db.session.scalars(sa.select(Registration).order_by(Registration.id)))
    held = Counter(row.state for row in rows)
    assert held == {Seat.SEATED: SEATS, Seat.LEFT: LEAVERS, Seat.WAITING: RACERS - SEATS - LEAVERS}
    assert db.session.scalar(sa.select(Dialogue.seats_taken)) == SEATS
    assert len({row.code for row in rows}) == RACERS
    last_seated = max(row.id for row in rows if row.state is Seat.SEATED)
    first_waiting = min(row.id for row in rows if row.state is Seat.WAITING)
    assert last_seated < first_waiting, "somebody was overtaken in the queue"

    said = Counter(db.session.scalars(sa.select(OutboxRow.notice)))
    waited_first = sum(row.promoted_at is not None for row in rows)
    assert said["dialogue.promoted"] == waited_first
    assert said["dialogue.registered"] + said["dialogue.waiting"] == RACERS
    told = Counter(
        db.session.scalars(
            sa.select(OutboxRow.contact_id).where(OutboxRow.notice == "dialogue.promoted")
        )
    )
    assert set(told.values()) <= {1}, "somebody was told of a seat twice"


def test_a_large_household_that_leaves_the_queue_lets_a_smaller_one_in(world):
    dialogue = announced(world, seats=2)
    register(dialogue, "Có chỗ")
    large = register(dialogue, "Cả nhà", people=3)
    register(dialogue, "Một mình")
    assert states(dialogue) == ["seated", "waiting", "waiting"]
    leave(large)
    assert states(dialogue) == ["seated", "left", "seated"]
    assert taken(dialogue) == 2


def test_nobody_moves_up_in_a_session_that_is_off(world):
    dialogue = announced(world, seats=1)
    first = register(dialogue, "Một")
    register(dialogue, "Hai", contact_id=a_contact(world, "2").id)
    do(world, dialogue, "cancel", reason="Bão")
    leave(first)
    assert states(dialogue) == ["left", "waiting"]
    assert not db.session.scalars(sa.select(OutboxRow).filter_by(notice="dialogue.promoted")).all()
