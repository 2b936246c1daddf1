"""The provider's limits, kept to the second."""

import heapq
from bisect import bisect_left
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.outbox.channel import CALLBACK, LIMITS, Delivery, Limits
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


def sent_by(pace: Pace, *, seconds: float, wire, tick=0.005) -> list[tuple[float, float]]:
    """When each message left and when the provider counted it, with a queue that never ends.

    `wire` gives for each message the seconds until the provider counts it and until its answer is here.
    """
    at, log, answers = 0.0, [], []
    while at < seconds:
        while answers and answers[0] <= at:
            pace.give_back(row(str(len(log))), after(heapq.heappop(answers)))
        for _ in range(pace.room(after(at))):
            left = (pace.take(after(at)) - START).total_seconds()
            there, back = wire(len(log))
            log.append((left, left + there))
            heapq.heappush(answers, left + back)
        at += tick
    return log


def most_in_a_second(times: list[float]) -> int:
    """The fullest second of the provider's clock, wherever it begins."""
    times = sorted(times)
    return max(bisect_left(times, at + 1.0) - no for no, at in enumerate(times))


@pytest.mark.parametrize(
    ("answer_takes", "held"), [(0.005, 0.98), (0.03, 0.96), (0.1, 0.90), (0.3, 0.76)]
)
@pytest.mark.parametrize("per_second", [30, 60])
def test_the_rate_is_held_and_costs_only_the_time_of_an_answer(answer_takes, held, per_second):
    pace = Pace(Limits(text=100, per_second=per_second))
    sent = sent_by(pace, seconds=20, wire=lambda no: (answer_takes / 2, answer_takes), tick=0.001)
    assert held <= len(sent) / 20 / per_second <= 1.06  # the first second's places were all free
    assert most_in_a_second([counted for _, counted in sent]) == per_second


def test_after_a_burst_messages_leave_at_no_more_than_twice_the_pace():
    pace = telegram()
    assert pace.room(START) == BURST
    left = [pace.take(START) for _ in range(30)]
    assert left[BURST - 1] == START < left[BURST]
    assert left[-1] - after((30 - BURST) / 60) < timedelta(milliseconds=1)


def test_it_sees_ahead_how_many_may_leave_before_the_next_look():
    pace = telegram()
    assert pace.room(START, timedelta(seconds=0.101)) == BURST + 6
    for _ in range(30):
        pace.take(START)
    assert pace.room(after(9), timedelta(seconds=9)) == 0
    pace.give_back(row(), after(9))
    assert pace.room(after(9), timedelta(seconds=1)) == 0
    assert pace.room(after(9.5), timedelta(seconds=0.51)) == 1


def test_whoever_comes_after_another_sender_waits_its_second_out():
    pace = telegram()
    pace.follow(START)
    assert pace.room(after(1)) == 0
    assert pace.room(after(1.01)) == BURST


def test_a_chat_rests_a_second_after_the_answer_and_a_group_three():
    pace = telegram()
    pace.give_back(row("1001"), START)
    pace.give_back(row("-100"), START)
    assert pace.resting(after(0.9)) == ["telegram:main:-100", "telegram:main:1001"]
    assert pace.resting(after(1.0)) == ["telegram:main:-100"]
    assert pace.resting(after(3.0)) == []


def test_a_chat_told_to_wait_is_not_let_go_by_the_answer_that_said_so():
    pace = telegram()
    pace.told_to_wait(row("1"), START, 7)
    pace.give_back(row("1"), START)
    assert pace.resting(after(6.9)) == ["telegram:main:1"]


def test_a_pressed_button_makes_nobody_wait():
    pace = telegram()
    pace.give_back(row(notice=CALLBACK), START)
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
        pause = (pace._silent_until - after(at)).total_seconds()
        assert pace.is_silent(after(at + pause - 0.01))
        assert not pace.is_silent(after(at + pause))
        pauses.append(pause)
        at += pause
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    pace.answered()
    pace.fall_silent(after(at))
    assert pace.is_silent(after(at + 0.99))
    assert not pace.is_silent(after(at + 1))


def test_failures_of_one_round_count_as_one_silence():
    pace = telegram()
    for _ in range(5):
        pace.fall_silent(START)
    assert pace.is_silent(after(0.99))
    assert not pace.is_silent(after(1))


@given(st.data())
def test_no_second_of_the_provider_holds_more_than_the_limit_whatever_the_wire_does(data):
    """Messages and answers dawdle as they like; the provider counts somewhere between."""
    limit = data.draw(st.integers(1, 12))
    delays = data.draw(
        st.lists(st.tuples(st.floats(0, 1), st.floats(0, 2)), min_size=1, max_size=40)
    )

    def wire(no):
        share, back = delays[no % len(delays)]
        return share * back, back

    sent = sent_by(Pace(Limits(text=100, per_second=limit)), seconds=6, wire=wire, tick=0.05)
    assert most_in_a_second([counted for _, counted in sent]) <= limit
