"""The way a message may go, by the clock alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.outbox.window import Policy, Way, way

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("silence", "pays", "has_template", "expected"),
    [
        (MINUTE, False, False, Way.FREE),
        (47 * HOUR, True, True, Way.FREE),
        (48 * HOUR - 6 * MINUTE, False, False, Way.FREE),
        (48 * HOUR - 4 * MINUTE, False, False, None),
        (48 * HOUR, True, False, Way.BILLED),
        (48 * HOUR, False, True, None),
        (7 * DAY - 6 * MINUTE, True, True, Way.BILLED),
        (7 * DAY, True, True, Way.TEMPLATE),
        (7 * DAY, True, False, None),
        (7 * DAY, False, True, None),
        (400 * DAY, True, True, Way.TEMPLATE),
        (None, True, True, Way.TEMPLATE),
        (None, True, False, None),
    ],
)
def test_each_window(silence, pays, has_template, expected):
    heard_at = NOW - silence if silence else None
    assert way(heard_at, NOW, pays=pays, has_template=has_template) is expected


@given(st.timedeltas(timedelta(0), timedelta(days=30)), st.booleans(), st.booleans())
def test_who_does_not_pay_is_never_billed(silence, pays, has_template):
    found = way(NOW - silence, NOW, pays=pays, has_template=has_template)
    assert pays or found in (Way.FREE, None)
    if found is Way.FREE:
        assert silence < 48 * HOUR


def test_a_ward_that_says_nothing_pays_nothing():
    assert Policy.of({}) == Policy()
    said = {"pays": True, "monthly_budget": 500_000, "next_ways": ["paper", "pigeon"], "x": 1}
    policy = Policy.of({"channels": said})
    assert (policy.pays, policy.monthly_budget, policy.next_ways) == (True, 500_000, ("paper",))
    assert [policy.price(each) for each in Way] == [0, 55, 300]
