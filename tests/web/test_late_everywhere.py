"""A limit in days lasts until midnight: list, counters, pile and pages agree on the minute."""

from datetime import datetime

import pytest
import time_machine

from feedback.clock import ZONE
from feedback.db import db
from feedback.petitions import actions, queries
from feedback.petitions.models import Petition, Urgency
from feedback.petitions.queries import Filters, Pile
from tests.web.desk import walks
from tests.web.staff import at_desk

RECEIVED = "2026-08-05 09:00"  # 7 working days later is Friday, 14/8


def at(words):
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


@pytest.fixture
def petition(world):
    with time_machine.travel(at(RECEIVED), tick=False):
        found = walks.in_progress(world)
    assert found.due_at == at("2026-08-14 17:00")
    return found.number


@pytest.mark.parametrize(
    ("now", "is_late"),
    [
        ("2026-08-14 16:59", False),
        ("2026-08-14 17:01", False),
        ("2026-08-14 23:59", False),
        ("2026-08-15 00:00", True),
        ("2026-08-17 08:00", True),
    ],
)
def test_late_only_after_midnight(world, petition, now, is_late):
    with time_machine.travel(at(now), tick=False):
        an = world.actor("an")
        assert bool(queries.listing(an, Filters(is_overdue=True)).rows) is is_late
        [row] = queries.listing(an).rows
        assert row.is_overdue is is_late
        counts = queries.counters(an)
        assert counts["overdue"] == counts["late"] == is_late
        assert counts["soon"] == (not is_late)
        assert bool(queries.my_work(an, pile=Pile.LATE).rows) is is_late
        assert bool(queries.my_work(an, pile=Pile.SOON).rows) is not is_late


def test_an_urgent_one_is_late_at_its_minute(world):
    with time_machine.travel(at("2026-08-14 08:00"), tick=False):
        found = walks.received(world, urgency=Urgency.URGENT)
    assert found.late_at == found.due_at == at("2026-08-14 12:00")
    with time_machine.travel(at("2026-08-14 12:00"), tick=False):
        assert queries.counters(world.actor("an"))["overdue"] == 1


def test_no_page_promises_today_on_the_days_off_after_the_date(world, app, petition):
    token = db.session.query(Petition.token).filter_by(number=petition).scalar()
    with time_machine.travel(at("2026-08-15 10:00"), tick=False):
        for page in (
            app.test_client().get(f"/t/{token}"),
            at_desk(app, world.an).get(f"/desk/cases/{petition}"),
        ):
            assert page.status_code == 200
            assert "hạn trong hôm nay" not in page.text
    with time_machine.travel(at("2026-08-14 17:30"), tick=False):
        assert "hạn trong hôm nay" in app.test_client().get(f"/t/{token}").text


def test_no_extension_is_offered_when_none_is_left(world, app, petition):
    with time_machine.travel(at("2026-08-06 09:00"), tick=False):
        form = f'action="/desk/cases/{petition}/extension"'
        assert form in at_desk(app, world.chair).get(f"/desk/cases/{petition}").text
        bare = db.session.query(Petition).filter_by(number=petition).one()
        walks.step(world, bare, "chair", actions.extend, working_days=7, reason="Chờ vật tư")
        assert form not in at_desk(app, world.chair).get(f"/desk/cases/{petition}").text
