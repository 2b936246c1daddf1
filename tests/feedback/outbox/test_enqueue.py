"""What is said becomes rows: once per key, one per provider call, none without the change itself."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox.channel import CALLBACK
from feedback.outbox.enqueue import answer_button, cancel, say_to
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.models import Channel, Contact
from tests.feedback.outbox.parts import make_contact, rows


@pytest.fixture
def contact(world) -> Contact:
    return make_contact(world)


def test_one_short_text_is_one_queued_row(contact):
    with transaction():
        assert say_to(contact, Prompt("Đã nhận."), notice="received", key="n:1") == 1
    (row,) = rows()
    assert (row.key, row.state, row.lane) == ("n:1:1", OutboxState.QUEUED, "telegram:main:1001")
    assert Prompt.from_json(row.body) == Prompt("Đã nhận.")


def test_the_words_are_not_readable_in_the_database(contact):
    with transaction():
        say_to(contact, Prompt("Đèn hỏng"), notice="received", key="n:1")
    raw = db.session.scalar(sa.text("SELECT body FROM outbox"))
    assert "Đèn" not in raw
    assert "text" not in raw


def test_the_contact_may_be_given_by_number(contact):
    with transaction():
        assert say_to(contact.id, Prompt("Đã nhận."), notice="received", key="n:1") == 1
    assert rows()[0].contact_id == contact.id


def test_the_same_key_is_said_once(contact):
    for expected in (1, 0):
        with transaction():
            assert say_to(contact, Prompt("Đã nhận."), notice="received", key="n:1") == expected
    assert len(rows()) == 1


def test_a_long_text_is_several_rows_with_the_buttons_on_the_last(contact):
    text = "\n\n".join("Đoạn văn dài. " * 130 for _ in range(5))
    choices = (Choice("Gửi", "send"),)
    with transaction():
        assert say_to(contact, Prompt(text, choices), notice="summary", key="n:1") == 3
    first, _, last = [(row.key, Prompt.from_json(row.body)) for row in rows()]
    assert (first[0], last[0]) == ("n:1:1", "n:1:3")
    assert (first[1].choices, last[1].choices) == ((), choices)


def test_a_file_is_a_row_of_its_own_after_the_text(contact):
    with transaction():
        say_to(contact, Prompt("Kết quả:", file_key="f" * 32), notice="answer", key="a:1")
    text, file = [(row.key, Prompt.from_json(row.body)) for row in rows()]
    assert text == ("a:1:1", Prompt("Kết quả:"))
    assert file == ("a:1:file", Prompt("", file_key="f" * 32))


def test_a_change_that_fails_says_nothing(contact):
    with pytest.raises(ZeroDivisionError), transaction():
        say_to(contact, Prompt("Đã nhận."), notice="received", key="n:1")
        raise ZeroDivisionError
    assert rows() == []


def test_a_channel_that_carries_no_messages_gets_none(world):
    visitor = make_contact(world, channel=Channel.WEB)
    with transaction():
        assert say_to(visitor, Prompt("Đã nhận."), notice="received", key="n:1") == 0


def test_a_button_is_answered_in_a_lane_of_its_own(contact):
    with transaction():
        answer_button(contact, "cb-77", key="cb:77")
    (row,) = rows()
    assert (row.notice, row.detail) == (CALLBACK, {"callback_id": "cb-77"})
    assert row.lane == "telegram:main:1001:callback"


def test_what_is_still_queued_can_be_withdrawn(contact):
    later = clock.now() + timedelta(seconds=15)
    with transaction():
        say_to(contact, Prompt("Trả lời"), notice="answer", key="answer:7", not_before=later)
        say_to(contact, Prompt("Khác"), notice="answer", key="answer:70", not_before=later)
        say_to(contact, Prompt("%"), notice="answer", key="answer_7", not_before=later)
    with transaction():
        assert cancel("answer:7:") == 1
        assert cancel("answer:7:") == 0
    assert [row.state for row in rows()] == [OutboxState.CANCELLED] + [OutboxState.QUEUED] * 2


def test_what_is_on_its_way_cannot_be_withdrawn(contact):
    with transaction():
        say_to(contact, Prompt("Trả lời"), notice="answer", key="answer:7")
        db.session.execute(sa.update(OutboxRow).values(state=OutboxState.SENDING))
    with transaction():
        assert cancel("answer:7") == 0
