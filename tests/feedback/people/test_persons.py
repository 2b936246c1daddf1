"""Two chats are one person's only when that is proven."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.errors import BadInput
from feedback.outbox.prompt import Prompt
from feedback.people import persons
from feedback.people.models import Channel, Contact
from tests.feedback.conversations.person import Person, open_account

NUMBER = "0912345678"


@pytest.fixture
def chats(world):
    open_account(world, Channel.TELEGRAM)
    open_account(world, Channel.ZALO)
    open_account(world)
    return Person("100", Channel.TELEGRAM), Person("200", Channel.ZALO)


def are_one(one: Person, two: Person) -> bool:
    db.session.rollback()
    db.session.expire_all()
    ids = [person.contact.citizen_id for person in (one, two)]
    return ids[0] is not None and ids[0] == ids[1]


def code_of(person: Person) -> str:
    assert person.send("nối trò chuyện")[-1] == "news.join_code"
    return next(w for w in person.last[-1].text.split() if persons.code_in(w))


def test_a_code_from_one_chat_typed_in_the_other_joins_them(chats):
    one, two = chats
    assert two.send(code_of(one).lower()) == ["news.joined"]
    assert are_one(one, two)
    assert one.notices() == ["news.joined_there"]
    assert "Zalo" in one.last[-1].text
    noted = db.session.scalars(sa.select(AuditRow).filter_by(action="chat.joined")).one()
    assert noted.detail["how"] == "code"


def test_either_side_may_part_again(chats):
    one, two = chats
    two.send(code_of(one))
    one.prompts()
    assert one.press("Tách ra") == ["news.parted"]
    assert not are_one(one, two)


def test_a_code_works_once_and_not_for_long_and_not_at_home(chats):
    one, two = chats
    code = code_of(one)
    assert one.send(code) == ["refused"]
    assert two.send(code) == ["news.joined"]
    assert two.send(code) == ["refused"]
    late = code_of(one)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert two.send(late) == ["refused"]


def test_guessing_ends_after_five_tries(chats):
    _, two = chats
    for _ in range(5):
        assert two.send("ABC-DEF") == ["refused"]
    assert two.send("ABC-DEF") == ["news.join_too_many"]


def test_a_number_two_people_typed_joins_nobody(chats):
    one, two = chats
    for each in chats:
        each.send(NUMBER)
    assert one.contact.phone_hash == two.contact.phone_hash
    assert not are_one(one, two)


def test_zalos_form_is_no_proof_and_neither_is_one_proof_alone(chats):
    one, two = chats
    one.send(phone=NUMBER)
    two.send(phone=NUMBER)
    assert one.contact.phone_proven_at is not None
    assert two.contact.phone_proven_at is None
    assert not are_one(one, two)


def test_two_chats_that_proved_the_same_number_are_one_persons(chats):
    one, other = chats[0], Person("dan", Channel.CONSOLE)
    one.send(phone=NUMBER)
    one.prompts()
    said = other.send(phone=NUMBER)
    assert are_one(one, other)
    assert said[-1] == "news.joined_by_phone"
    assert "Telegram" in other.last[-1].text
    assert one.notices() == ["news.joined_by_phone"]  # both are told, and either may part
    assert one.press("Tách ra") == ["news.parted"]
    assert not are_one(one, other)


def test_a_proof_of_long_ago_or_of_a_number_changed_since_counts_no_more(chats):
    one, other = chats[0], Person("dan", Channel.CONSOLE)
    with clock.at(clock.now() - timedelta(days=200)):
        one.send(phone=NUMBER)
    other.send(phone=NUMBER)
    assert not are_one(one, other)
    third = Person("300", Channel.TELEGRAM)
    other.send("0987654321")
    third.send(phone="0987654321")
    assert not are_one(third, other)


def test_joining_a_third_keeps_all_three_together(chats):
    one, two = chats
    three, four = Person("300", Channel.TELEGRAM), Person("400", Channel.ZALO)
    two.send(code_of(one))
    four.send(code_of(three))
    three.send(code_of(two))
    assert are_one(one, two)
    assert are_one(two, three)
    assert are_one(three, four)


def test_a_code_of_another_ward_is_wrong(chats, world):
    one, _ = chats
    code = code_of(one)
    from tests.world import make_world

    other = make_world("XX", "xx")
    with transaction():
        stranger = Contact(
            ward_id=other.ward.id,
            channel=Channel.ZALO,
            account="elsewhere",
            address="9",
            created_at=clock.now(),
        )
        db.session.add(stranger)
        db.session.flush()
        with pytest.raises(BadInput):
            persons.join(stranger.id, persons.code_in(code))


def test_the_message_never_shows_a_number(chats):
    one, two = chats
    one.send(phone=NUMBER)
    two.send(code_of(one))
    assert not any("0912" in Prompt(p.text).text for p in two.last)
