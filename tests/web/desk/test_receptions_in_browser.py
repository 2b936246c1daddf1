"""Reception, publicity and consultation in Chromium: every page at every width."""

from datetime import timedelta

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.reception import slots, visits
from feedback.reception.models import Visit
from tests.web.desk import publicity_routes, reception_routes
from tests.web.desk.reception_routes import came

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]


@pytest.fixture
def story(world) -> dict[str, object]:
    """A day that goes on with a queue, days to come with somebody booked, a refusal, a conclusion."""
    place = reception_routes.places(world)
    came(world, _day(place["d"]), "Cụ Năm")
    came(world, _day(place["d"]), "Chị Sáu")
    coming = slots.coming(world.ward.id)[-1].id
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        wish = slots.Booking(coming, "Trần Thị Dân", "Vỉa hè bị chiếm", Channel.WEB)
        booked = slots.book(wish).token
        given = visits.Direction(
            "Thông cống trước mùa mưa, báo lại cho bà con ngõ 34",
            world.positions["an"].id,
            clock.today() + timedelta(days=10),
            world.fields[3].id,
        )
        done = visits.conclude(db.session.get_one(Visit, place["v"]), given, by=by).token
        refused = db.session.get_one(Visit, place["x"]).token
    place |= publicity_routes.places(world)
    return {**place, "coming": coming, "booked": booked, "done": done, "refused": refused}


def _day(day_id):
    from feedback.reception.models import ReceptionDay

    return db.session.get_one(ReceptionDay, day_id)


def test_every_page_is_sound_at_every_width(story, faults):
    pages = [
        ("", "/ba-dinh/tiep-cong-dan"),
        ("", f"/ba-dinh/tiep-cong-dan/{story['coming']}"),
        ("", f"/hen/{story['booked']}"),
        ("", f"/hen/{story['done']}"),
        ("", f"/hen/{story['refused']}"),
        ("", "/ba-dinh/cong-khai"),
        ("", f"/ba-dinh/lay-y-kien/{story['c']}"),
        ("", "/ba-dinh/doi-thoai/de-nghi"),
        ("clerk", "/desk/publicity"),
        ("clerk", f"/desk/consultations/{story['c']}"),
        ("clerk", "/desk/dialogues"),
        ("clerk", "/desk/receptions"),
        ("clerk", f"/desk/receptions/{story['coming']}"),
        ("clerk", f"/desk/receptions/{story['d']}"),
        ("clerk", f"/desk/visits/{story['v']}"),
        ("clerk", f"/desk/visits/{story['x']}"),
    ]
    assert faults(pages) == []
