"""The demonstration ward meets its people, within two seconds of making."""

import sqlalchemy as sa

from feedback.broadcast.models import Broadcast
from feedback.db import db, transaction
from feedback.demo import meetings, seed
from feedback.dialogue import queries
from feedback.publicity import board, consulting
from feedback.reception import days, slots
from feedback.wards.models import Neighbourhood


def test_there_is_something_to_come_to_and_all_of_it_is_a_sample(app):
    with transaction():
        founded = seed.seed_ward()
    who = {login: officer.id for officer, login in founded.logins}
    areas = list(db.session.scalars(sa.select(Neighbourhood.id)))
    ward_id = founded.ward.id
    meetings.live(ward_id, areas, clerk_id=who["tiepnhan"])
    (session,) = queries.programme(ward_id).coming
    receptions = slots.coming(ward_id)
    assert len(receptions) >= 2
    assert len(slots.free_slots(receptions[0])) == 5
    assert days.overrides(ward_id, receptions[0].planned_on.year) == [], "published early enough"
    titles = [session.title, board.of_ward(ward_id)[0].title, consulting.of_ward(ward_id)[0].title]
    assert all("(mẫu)" in title for title in titles)
    assert db.session.scalar(sa.select(sa.func.count(Broadcast.id))) == 2, "session and draft"
