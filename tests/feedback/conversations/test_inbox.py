"""Messages against the database: stored once, answered once and in order, whatever breaks between."""

import random
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock, jobs
from feedback.conversations import engine, fetching, inbox
from feedback.conversations.inbound import FileRef, Ignored, Spot
from feedback.conversations.models import InboundRow, InboundState
from feedback.db import db, transaction
from feedback.documents.intake import CleanFile, FileRefused
from feedback.documents.models import StoredFile
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.petitions.models import Status
from tests.feedback.conversations.person import STORY, Person, open_account, petitions, states

HERE = Spot(21.0341, 105.8142)
PHOTO = (FileRef("f1", "anh.jpg"),)


@pytest.fixture
def dan(world) -> Person:
    open_account(world)
    return Person()


@pytest.fixture
def files(monkeypatch):
    """A channel that gives every file; put a name into `.refuses` or `.lost` to change that."""

    class Shelf:
        refuses: set = set()
        lost: set = set()
        asked: list = []

        def fetch(self, account, file):
            self.asked.append(file.name)
            if file.name in self.refuses:
                raise FileRefused(file.name, "unknown")
            if file.name in self.lost:
                raise fetching.Unavailable("no answer")
            return CleanFile(file.name, "image/jpeg", "jpg", b"", "0" * 64, 10, 10)

    shelf = Shelf()
    shelf.refuses, shelf.lost, shelf.asked = set(), set(), []
    monkeypatch.setitem(fetching._fetchers, Channel.CONSOLE, shelf.fetch)
    return shelf


def report(person: Person) -> None:
    person.send(STORY)
    person.send(place=HERE)
    assert person.press("Gửi") == ["petition.received"]


def test_a_report_from_the_first_word_to_the_number(dan):
    assert dan.send(STORY) == ["ask_place"]
    assert dan.send(place=HERE) == ["summary"]
    assert dan.press("Gửi") == ["petition.received"]
    (petition,) = petitions()
    assert petition.text == STORY
    assert (petition.lat, petition.lng) == (HERE.lat, HERE.lng)
    assert petition.channel is Channel.CONSOLE
    assert petition.contact_id == dan.contact.id
    assert petition.number in dan.last[0].text
    assert dan.conversation.flow is None


def test_the_same_message_again_changes_nothing(dan):
    first = dan.inbound(STORY)
    assert inbox.receive(first) is not None
    assert inbox.receive(first) is None
    inbox.handle_pending()
    assert inbox.receive(first) is None
    assert len(dan.notices()) == 1
    assert states() == [InboundState.DONE]


def test_a_crash_between_the_transactions_is_made_good_by_the_job(dan):
    inbox.receive(dan.inbound(STORY))
    assert states() == [InboundState.NEW]
    assert inbox.handle_pending() == 1
    assert dan.notices() == ["ask_place"]


def test_storing_and_answering_is_one_transaction_where_nothing_stands_in_the_way(dan):
    message = dan.inbound(STORY)
    assert inbox.take_in(message) is True
    assert inbox.take_in(message) is False
    assert dan.notices() == ["ask_place"]
    assert states() == [InboundState.DONE]


def test_what_cannot_be_answered_at_once_is_stored_by_itself(dan, monkeypatch):
    honest, calls = engine.take_turn, []

    def breaks_once(*args, **kwargs):
        calls.append(1)
        answer = honest(*args, **kwargs)
        if len(calls) == 1:
            raise RuntimeError("once")
        return answer

    monkeypatch.setattr(engine, "take_turn", breaks_once)
    assert inbox.take_in(dan.inbound(STORY)) is True
    assert dan.notices() == ["ask_place"]
    assert states() == [InboundState.DONE]


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_crash_inside_the_answer_leaves_no_half(dan, monkeypatch, where):
    """The answer breaks off before or after everything was written; nothing of it stays."""
    dan.send(STORY)
    dan.send(place=HERE)
    honest, broken = engine.take_turn, []

    def breaks(*args, **kwargs):
        if where == "after":
            honest(*args, **kwargs)
        broken.append(1)
        raise RuntimeError("the machine is gone")

    monkeypatch.setattr(engine, "take_turn", breaks)
    send = next(c for c in dan.last[-1].choices if c.label == "Gửi")
    assert dan.send(button=send.payload) == []
    assert broken
    assert petitions() == []
    assert states()[-1] is InboundState.NEW
    monkeypatch.setattr(engine, "take_turn", honest)
    _make_due()
    inbox.handle_pending()
    assert dan.notices() == ["petition.received"]
    assert len(petitions()) == 1


def test_after_three_failures_a_person_is_told_and_the_resident_hears_once(dan, monkeypatch):
    dan.send("alo")

    def breaks(*_args, **_kwargs):
        raise RuntimeError("always")

    monkeypatch.setattr(engine, "take_turn", breaks)
    dan.send(STORY)
    for _ in range(2):
        _make_due()
        inbox.handle_pending()
    assert states() == [InboundState.DONE, InboundState.FAILED]
    assert dan.notices() == ["failed"]
    assert dan.conversation.needs_person_at is not None
    row = db.session.scalars(sa.select(InboundRow).order_by(InboundRow.id.desc())).first()
    assert row.note == "RuntimeError: always"
    assert row.tries == 3


def test_a_failed_message_does_not_block_the_next(dan, monkeypatch):
    honest = engine.take_turn

    def breaks(chat, inbound, **more):
        if inbound.text == "hỏng hóc gì đó":
            raise RuntimeError("this one")
        return honest(chat, inbound, **more)

    monkeypatch.setattr(engine, "take_turn", breaks)
    dan.send("hỏng hóc gì đó")
    dan.send(button="menu")
    assert dan.notices() == []  # it waits behind the first
    for _ in range(2):
        _make_due()
        inbox.handle_pending()
    assert dan.notices() == ["failed", "menu"]


def test_messages_of_one_sender_are_answered_in_order(dan):
    inbox.receive(dan.inbound(button="menu"))
    inbox.take_in(dan.inbound(STORY))
    assert dan.notices() == ["menu", "ask_place"]
    assert states() == [InboundState.DONE] * 2


def test_the_web_leaves_files_to_the_worker(dan, files):
    first, later = dan.inbound(STORY, files=PHOTO), dan.inbound(button="menu")
    for inbound in (first, later):
        _deliver(inbound)
    assert dan.notices() == files.asked == []
    inbox.handle_pending()
    assert dan.notices() == ["ask_place", "menu"]
    assert files.asked == ["anh.jpg"]


def test_photos_end_at_the_petition(dan, files):
    dan.send(STORY, files=PHOTO)
    dan.send(place=HERE)
    dan.press("Gửi")
    (petition,) = petitions()
    assert [file.name for file in petition.files] == ["anh.jpg"]


def test_an_album_is_one_message(dan, files):
    for no in range(4):
        inbox.receive(
            dan.inbound(
                STORY if no == 0 else "", files=(FileRef(f"f{no}", f"{no}.jpg"),), album="A"
            )
        )
    inbox.handle_pending()
    assert dan.notices() == []  # siblings may still be on their way
    _make_due()
    inbox.handle_pending()
    assert dan.notices() == ["ask_place"]
    assert files.asked == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]
    assert states() == [InboundState.DONE] * 4


def test_a_burst_is_answered_once(dan, files):
    """Five photos, a text and a place in one breath: everything is there, so one summary."""
    for no in range(5):
        inbox.receive(dan.inbound(files=(FileRef(f"f{no}", f"{no}.jpg"),)))
    inbox.receive(dan.inbound(STORY))
    inbox.receive(dan.inbound(place=HERE))
    inbox.handle_pending()
    assert dan.notices() == ["summary"]


def test_an_answer_in_a_burst_is_an_answer(dan, files):
    dan.send(STORY)
    dan.send(place=HERE)
    inbox.receive(dan.inbound(files=PHOTO))
    inbox.receive(dan.inbound("gửi"))
    inbox.handle_pending()
    assert dan.notices() == ["summary", "petition.received"]
    assert len(petitions()[0].files) == 1


def test_a_wish_in_a_burst_is_heard(dan, files):
    inbox.receive(dan.inbound(STORY, files=PHOTO))
    inbox.receive(dan.inbound("huỷ"))
    inbox.receive(dan.inbound("Cống tắc ở đầu ngõ"))
    inbox.handle_pending()
    assert dan.notices() == ["ask_place", "cancelled", "ask_place"]


def test_photos_of_a_report_never_sent_are_forgotten_after_a_month(dan, files, tmp_path):
    dan.send(STORY, files=PHOTO)
    dan.send("huỷ")
    report(dan)
    dan.send(STORY, files=PHOTO)
    dan.press("Bổ sung")
    for days, left in ((29, 2), (31, 1)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            jobs.forget_files(tmp_path)
        assert len(db.session.scalars(sa.select(StoredFile)).all()) == left


def test_a_refused_file_is_named_and_the_rest_is_kept(dan, files):
    files.refuses = {"virus.exe"}
    both = (FileRef("a", "virus.exe"), FileRef("b", "anh.jpg"))
    assert dan.send(STORY, files=both) == ["file_refused", "ask_place"]
    assert "virus.exe" in dan.last[0].text
    assert [file.name for file in db.session.scalars(sa.select(StoredFile))] == ["anh.jpg"]


def test_a_file_that_cannot_be_fetched_is_asked_for_again_in_the_end(dan, files):
    files.lost = {"anh.jpg"}
    assert dan.send(STORY, files=PHOTO) == []
    _make_due()
    inbox.handle_pending()
    assert dan.notices() == []
    _make_due()
    inbox.handle_pending()
    assert dan.notices() == ["file_refused", "ask_place"]
    assert "gửi lại" in dan.last[0].text
    assert states() == [InboundState.DONE]


def test_fetching_holds_no_transaction(dan, files, monkeypatch):
    from feedback.db import is_writing

    seen = []
    honest = files.fetch
    monkeypatch.setitem(
        fetching._fetchers,
        Channel.CONSOLE,
        lambda account, file: (seen.append(is_writing()), honest(account, file))[1],
    )
    dan.send(STORY, files=PHOTO)
    assert seen == [False]


def test_two_people_with_one_phone_number_are_two(dan):
    bay = Person("bay")
    for person in (dan, bay):
        person.send(STORY)
        person.send(place=HERE)
        person.send(phone="84912345678")
        person.press("Gửi")
    one, other = petitions()
    assert one.contact_id != other.contact_id
    assert dan.contact.phone_hash == bay.contact.phone_hash is not None
    assert dan.contact.phone == "+84912345678"


def test_a_phone_number_that_is_none_is_said_so(dan):
    assert dan.send(phone="12") == ["unread_contact"]


def test_blocking_and_coming_back(dan):
    dan.send("alo")
    assert dan.send(is_reachable=False) == []
    assert dan.contact.unreachable_reason == "blocked"
    assert dan.send(is_reachable=True) == []
    assert dan.contact.unreachable_at is None
    dan.send(is_reachable=False)
    dan.send("alo")
    assert dan.contact.unreachable_at is None


def test_a_pressed_button_is_acknowledged(dan):
    dan.send("alo")
    assert dan.send(button="menu", callback_id="cb1") == ["callback", "menu"]


def test_two_misunderstandings_bring_a_person(dan):
    dan.send(STORY)
    assert dan.send("?") == ["place_again"]
    assert dan.conversation.needs_person_at is None
    assert dan.send("hả") == ["person_soon", "place_again"]
    assert dan.conversation.needs_person_at is not None
    assert dan.send("tổ 1") == ["summary"]
    dan.press("Gửi")
    assert dan.conversation.needs_person_at is None


def test_what_is_no_message_is_stored_with_its_reason(world):
    inbox.set_aside(Channel.TELEGRAM, "main", Ignored("77", "poll"), '{"update_id": 77}')
    inbox.set_aside(Channel.TELEGRAM, "main", Ignored("77", "poll"), '{"update_id": 77}')
    (row,) = db.session.scalars(sa.select(InboundRow))
    assert (row.state, row.note, row.payload) == (
        InboundState.IGNORED,
        "poll",
        '{"update_id": 77}',
    )


def test_an_edit_too_late_is_stored_with_its_reason(dan):
    dan.send("alo")
    assert dan.send("alo alo", is_edit=True, ref="r1") == []
    row = db.session.scalars(sa.select(InboundRow).order_by(InboundRow.id.desc())).first()
    assert (row.state, row.note) == (InboundState.IGNORED, "edited after it was used")


def test_adding_rating_and_reopening_reach_the_petition(dan, world):
    from feedback.petitions import actions

    report(dan)
    assert dan.send("Cột số 5 ấy ạ") == ["which"]
    assert dan.press("Bổ sung") == ["added"]
    (petition,) = petitions()
    assert petition.timeline[-1].text.endswith("Cột số 5 ấy ạ")
    clerk, chair = world.actor("clerk"), world.actor("chair")
    with transaction():
        petition = db.session.get_one(type(petition), petition.id)
        actions.accept(petition, by=clerk)
        actions.assign(petition, by=clerk, officer_id=world.an.id)
        actions.ask(petition, by=world.actor("an"), question="Cột nào ạ?")
    assert dan.notices() == ["petition.asked"]
    dan.send("Cột số 5, trước cổng chợ")
    assert dan.press("Trả lời câu hỏi") == ["answered"]
    assert petitions()[0].status is Status.IN_PROGRESS
    with transaction():
        petition = petitions_locked()
        actions.submit_answer(petition, by=world.actor("an"), text="Đã thay bóng đèn.")
        actions.approve(petition, by=chair)
    assert dan.notices() == ["petition.answered"]
    assert dan.press("1 –") == ["rated_low"]
    assert dan.send("Đèn vẫn chưa sáng ạ") == ["commented"]
    assert dan.send("Đèn vẫn tối om như cũ") == ["which"]
    assert dan.press("Xử lý lại") == ["petition.reopened"]
    assert petitions()[0].status is Status.REOPENED
    assert dan.send("tra cứu") == ["track_list"]
    assert dan.press(petitions()[0].number) == ["track_case"]
    assert "Xử lý lại" in dan.last[0].text


def test_tracking_a_strangers_petition(dan, world):
    petition = world.submit()
    dan.send("tra cứu")
    dan.send(petition.number)
    assert dan.send("0987654321") == ["track_not_found"]
    dan.send(petition.number)
    assert dan.send("0912 345 678") == ["track_case"]
    assert petition.title in dan.last[0].text


def test_one_update_at_once_from_twenty_threads_makes_one_petition(bare_app, dan):
    dan.send(STORY)
    dan.send(place=HERE)
    send = next(c for c in dan.last[-1].choices if c.label == "Gửi")
    inbound = dan.inbound(button=send.payload)
    db.session.remove()
    _together(bare_app, 20, lambda _no: _deliver(inbound))
    assert len(petitions()) == 1
    assert dan.notices() == ["petition.received"]


def test_twenty_first_messages_at_once_make_one_contact(bare_app, dan):
    messages = [dan.inbound(f"Đèn hỏng ở cột số {no}") for no in range(20)]
    db.session.remove()
    _together(bare_app, 20, lambda no: _deliver(messages[no]))
    for _ in range(30):
        if not inbox.handle_pending():
            break
    assert len(db.session.scalars(sa.select(Contact)).all()) == 1
    assert states() == [InboundState.DONE] * 20
    handled = db.session.scalars(sa.select(OutboxRow.key).order_by(OutboxRow.id)).all()
    assert len(handled) == len(set(handled))


def test_pressing_send_in_many_messages_at_once_makes_one_petition(bare_app, dan):
    """Not the same update: the button pressed again and again, each an update of its own."""
    dan.send(STORY)
    dan.send(place=HERE)
    send = next(c for c in dan.last[-1].choices if c.label == "Gửi")
    presses = [dan.inbound(button=send.payload) for _ in range(12)]
    db.session.remove()
    _together(bare_app, 12, lambda no: _deliver(presses[no]))
    while inbox.handle_pending():
        pass
    assert len(petitions()) == 1
    assert sorted(set(dan.notices())) == ["already_sent", "petition.received"]


@pytest.mark.parametrize("seed", range(6))
def test_random_talks_make_one_petition_for_each_confirmed_send(dan, files, seed):
    """With repeats, files and buttons, through the database; every row ends answered."""
    chance = random.Random(seed)
    said = [STORY, "tổ 1", "alo", "huỷ", "ok", "?", "số 5 ngõ 12", "tra cứu", "BD-2026-000001"]
    earlier, confirmed = [], 0
    for _ in range(40):
        choices = [c for prompt in getattr(dan, "last", []) for c in prompt.choices]
        message = chance.choice(
            [
                {"text": chance.choice(said)},
                {"text": chance.choice(said)},
                {"files": PHOTO},
                {"place": HERE},
                {"button": chance.choice(choices).payload} if choices else {"text": "alo"},
                {"button": "add:new"},
            ]
        )
        again = chance.random() < 0.2 and earlier
        inbound = chance.choice(earlier) if again else dan.inbound(**message)
        earlier.append(inbound)
        before = len(petitions())
        if inbox.receive(inbound):
            inbox.handle_pending()
        made = len(petitions()) - before
        assert made in (0, 1)
        if made:
            assert not again
            assert inbound.text == "ok" or inbound.button.startswith("report:send:")
            confirmed += 1
        dan.notices()
    assert set(states()) <= {InboundState.DONE}
    assert len(petitions()) == confirmed


def _deliver(inbound) -> None:
    inbox.take_in(inbound)


def _together(app, count, act) -> None:
    barrier = threading.Barrier(count)
    errors = []

    def run(no):
        with app.app_context():
            barrier.wait()
            try:
                act(no)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=run, args=(no,)) for no in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def _make_due() -> None:
    """As if the time until the next try had passed."""
    with transaction():
        db.session.execute(sa.update(InboundRow).values(next_try_at=None))


def petitions_locked():
    from feedback.petitions.models import Petition

    return db.session.scalars(sa.select(Petition)).one()
