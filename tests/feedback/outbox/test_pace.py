"""The provider's limits, kept to the second."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedback.outbox.channel import CALLBACK, LIMITS, Delivery
from feedback.outbox.pace import BURST, Pace
from feedback.people.models import Channel

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def row(recipient="1001", notice="test") -> Delivery:
    lane = f"telegram:main:{recipient}" + (":callback" if notice == CALLBACK else "")
    return Delivery(1, Channel.TELEGRAM, "main", recipient, lane, notice, 1, START)


def telegram() -> Pace:
    return Pace(LIMITS[Channel.TELEGRAM])


def test_thirty_in_a_second_evenly_and_no_more():
    pace, at, sent = telegram(), 0.0, []
    while at < 10:
        for _ in range(pace.room(after(at))):
            pace.took(row(f"chat {len(sent)}"), after(at))
            sent.append(at)
        at += 0.005
    assert sent[BURST - 1] == 0 < sent[BURST]
    assert 0.95 * 30 <= len(sent) / 10 <= 30
    assert all(later - earlier > 1 for earlier, later in zip(sent, sent[30:], strict=False))


def test_it_says_when_to_look_again():
    pace = telegram()
    for no in range(BURST):
        pace.took(row(str(no)), START)
    assert pace.room(START) == 0
    assert pace.room(after(pace.next_change(START))) == 1


def test_a_chat_rests_a_second_and_a_group_three():
    pace = telegram()
    pace.took(row("1001"), START)
    pace.took(row("-100"), START)
    assert pace.resting(after(0.9)) == ["telegram:main:-100", "telegram:main:1001"]
    assert pace.resting(after(1.0)) == ["telegram:main:-100"]
    assert pace.resting(after(3.0)) == []


def test_a_pressed_button_makes_nobody_wait():
    pace = telegram()
    pace.took(row(notice=CALLBACK), START)
    assert pace.resting(START) == []


def test_one_chat_told_to_wait_waits_alone():
    pace = telegram()
    pace.told_to_wait(row("1"), START, 7)
    assert pace.room(START) > 0


def test_a_second_chat_told_to_wait_means_the_whole_account():
    pace = telegram()
    pace.told_to_wait(row("1"), START, 7)
    pace.told_to_wait(row("2"), after(1), 5)
    assert pace.room(after(5.9)) == 0
    assert pace.room(after(6)) > 0


def test_a_provider_that_is_down_is_asked_ever_more_rarely_until_it_answers():
    pace, at, pauses = telegram(), 0.0, []
    for _ in range(8):
        pace.fall_silent(after(at))
        pause = pace.next_change(after(at))
        pauses.append(pause)
        at += pause
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    pace.answered()
    pace.fall_silent(after(at))
    assert pace.next_change(after(at)) == 1


def test_failures_of_one_round_count_as_one_silence():
    pace = telegram()
    for _ in range(5):
        pace.fall_silent(START)
    assert pace.next_change(START) == 1


@given(st.lists(st.tuples(st.floats(0, 0.3), st.sampled_from("abcdefgh")), max_size=200))
def test_no_second_ever_holds_more_than_the_limit(steps):
    pace, at, sent = telegram(), 0.0, []
    for wait, who in steps:
        at += wait
        now = after(at)
        lane = row(who).lane
        if pace.room(now) > 0 and lane not in pace.resting(now):
            pace.took(row(who), now)
            sent.append((at, who))
    for at, who in sent:
        within = [other for when, other in sent if at <= when < at + 0.999]
        assert len(within) <= 30
        assert within.count(who) == 1
