"""Who left only a telephone number is called about news once, and nobody for what they know."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.dialogue import phoning, seats
from feedback.dialogue.models import Dialogue
from feedback.dialogue.phoning import News
from feedback.dialogue.registration_models import Registration
from feedback.errors import WrongState
from feedback.people.models import Contact
from tests.feedback.dialogue.stories import SATURDAY, a_contact, announced, at, do, register

pytestmark = pytest.mark.usefixtures("monday")
PHONE = "0912 345 67{}"


def listed(world, dialogue, who: str = "clerk") -> list[phoning.Call]:
    by = world.actor(who)
    db.session.rollback()
    with transaction():
        return phoning.waiting(db.session.get_one(Dialogue, dialogue.id), by=by)


def tick(world, dialogue, call, who: str = "clerk") -> None:
    by = world.actor(who)
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Registration, call.id)
        phoning.tick(row.dialogue, row, by=by, since=call.since)


def moved(world, dialogue, day: int = 19) -> None:
    do(world, dialogue, "move", starts_at=at(day), ends_at=at(day, 11), reason="Sửa điện")


def test_a_move_is_told_to_who_has_no_chat_that_works_the_weightiest_first(world):
    dialogue = announced(world, seats=3)
    seated = register(dialogue, "Có chỗ", phone=PHONE.format(1), people=3)
    register(dialogue, "Có chat", phone=PHONE.format(2), contact_id=a_contact(world, "2").id)
    gone = a_contact(world, "3")
    register(dialogue, "Chặn bot", phone=PHONE.format(3), contact_id=gone.id)
    register(dialogue, "Không số")
    with transaction():
        db.session.get_one(Contact, gone.id).unreachable_at = clock.now()
    assert not listed(world, dialogue)
    with clock.at(at(1)):
        moved(world, dialogue)
        register(dialogue, "Đăng ký sau khi dời", phone=PHONE.format(5))
        assert [call.name for call in listed(world, dialogue)] == ["Có chỗ", "Chặn bot"]
        first = listed(world, dialogue)[0]
        assert first.news is News.MOVED
        assert "08:00 Thứ Bảy 19/12/2026" in first.words
        tick(world, dialogue, first)
        assert [call.name for call in listed(world, dialogue)] == ["Chặn bot"]
    with clock.at(at(2)):
        db.session.rollback()
        with transaction():
            seats.leave(db.session.get_one(Registration, seated.id))
        assert [call.news for call in listed(world, dialogue)] == [News.MOVED]
        do(world, dialogue, "cancel", reason="Bão số 9")
        names = [(call.name, call.news) for call in listed(world, dialogue)]
        assert ("Đăng ký sau khi dời", News.CANCELLED) in names
        assert "Bão số 9" in listed(world, dialogue)[0].words


def test_who_was_called_about_a_move_is_called_again_about_a_seat(world):
    dialogue = announced(world, seats=1)
    first = register(dialogue, "Một")
    register(dialogue, "Hai", phone=PHONE.format(2))
    with clock.at(at(1)):
        moved(world, dialogue)
        tick(world, dialogue, listed(world, dialogue)[0])
    with clock.at(at(2)):
        db.session.rollback()
        with transaction():
            seats.leave(db.session.get_one(Registration, first.id))
        (call,) = listed(world, dialogue)
        assert call.news is News.PROMOTED


def test_on_the_eve_who_has_only_a_telephone_is_reminded(world):
    dialogue = announced(world)
    register(dialogue, "Hai", phone=PHONE.format(2))
    with clock.at(SATURDAY - timedelta(hours=23)):
        (call,) = listed(world, dialogue)
        assert call.news is News.EVE
        tick(world, dialogue, call)
        assert not listed(world, dialogue)
    with clock.at(SATURDAY + timedelta(minutes=1)):
        assert not listed(world, dialogue), "nobody is called while it goes on"


def test_two_who_tick_at_once_make_one_call_and_a_slip_is_undone(world):
    dialogue = announced(world)
    row = register(dialogue, "Hai", phone=PHONE.format(2))
    with clock.at(at(1)):
        moved(world, dialogue)
        (call,) = listed(world, dialogue)
        tick(world, dialogue, call, "clerk")
        with pytest.raises(WrongState):
            tick(world, dialogue, call, "chair")
        fresh = db.session.get_one(Dialogue, dialogue.id)
        (told,) = phoning.told(fresh, by=world.actor("chair"))
        assert told.by == world.clerk.full_name
        by = world.actor("chair")
        db.session.rollback()
        with transaction():
            phoning.untick(db.session.get_one(Registration, row.id), by=by)
        assert len(listed(world, dialogue)) == 1
    with clock.at(at(2)):
        moved(world, dialogue, 20)
        with pytest.raises(WrongState):
            tick(world, dialogue, call)


def test_heads_see_their_own_people_with_numbers_masked_and_looking_is_written_down(world):
    dialogue = announced(world)
    own, other = world.neighbourhoods[1].id, world.neighbourhoods[2].id
    register(dialogue, "Của tổ", phone=PHONE.format(1), neighbourhood_id=own)
    register(dialogue, "Tổ khác", phone=PHONE.format(2), neighbourhood_id=other)
    with clock.at(at(1)):
        moved(world, dialogue)
        looks = sa.select(AuditRow).filter_by(action="phones.read")
        (call,) = listed(world, dialogue, "head_tdp")
        assert (call.name, call.phone) == ("Của tổ", "091•••671")
        assert not db.session.scalars(looks).all()
        assert [c.phone for c in listed(world, dialogue)] == ["+84912345671", "+84912345672"]
        (look,) = db.session.scalars(looks).all()
        assert look.officer_id == world.clerk.id
        assert len(look.detail["ids"]) == 2
