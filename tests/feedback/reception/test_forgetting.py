"""Who booked and never came is forgotten; who was received stays in the book until the ward says otherwise."""

from datetime import timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.reception import forgetting
from tests.feedback.reception.stories import MONDAY, THURSDAY, begun, book, published, step, walk_in


def test_the_book_keeps_who_was_received(world):
    with clock.at(MONDAY):
        day = published(world)
        absent = book(day, "Lê Văn Vắng", phone="0912345678")
    with clock.at(THURSDAY):
        begun(world, day=day)
        came = walk_in(world, day, "Trần Thị Dân")
        for verb in ("call", "finish"):
            came = step(world, came, verb)
    over = day.closes_at + timedelta(days=1)
    with transaction():
        assert forgetting.forget_bookings(world.ward.id, day.closes_at, 100) == 0
        assert forgetting.forget_bookings(world.ward.id, over, 100) == 1
        assert forgetting.forget_bookings(world.ward.id, over, 100) == 0
    db.session.expire_all()
    assert (came.name, absent.name) == ("Trần Thị Dân", forgetting.NAMELESS)
    assert (absent.phone, absent.address, absent.id_number) == (None, None, None)
    with transaction():
        assert forgetting.forget_visitors(world.ward.id, over, 100) == 1
    db.session.expire_all()
    assert (came.name, came.subject) == (forgetting.NAMELESS, "Đèn ngõ 12 hỏng")
