"""Texts a ward may write anew: what is refused, what is said, what happens when words no longer hold."""

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa

from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.messages import catalogue, say
from feedback.wards import texts
from feedback.wards.models import WardText
from feedback.wards.setup import setup_of

ROOT = Path(__file__).parents[2]
EVERY = [message for subject in catalogue.subjects() for message in subject.messages]
LATE = "Phường xin lỗi vì {{ number }} quá hạn {{ due }}. {{ handler }} sẽ trả lời. {{ link }}"


@pytest.mark.parametrize("message", EVERY, ids=lambda message: message.name)
def test_every_standard_text_holds_and_can_be_looked_at(message):
    assert catalogue.check(message, message.standard) == message.standard
    shown = catalogue.preview(message, message.standard)
    assert shown
    assert "{{" not in shown
    assert "{%" not in shown
    assert message.title


def test_every_text_has_a_title_somebody_can_read():
    titles = [m.title for subject in catalogue.subjects() for m in subject.messages]
    assert not [title for title in titles if title.startswith("…")]


def test_every_subject_may_be_said_anew_and_every_place_is_explained():
    files = {path.stem for path in Path(catalogue.__file__).parent.glob("*.txt")}
    assert {subject.name for subject in catalogue.subjects()} == files
    bare = [(m.name, v.name) for m in EVERY for v in m.values if v.about == v.name]
    assert bare == []
    data = catalogue._data()
    for message in EVERY:
        own = data["sample_in"].get(message.name.partition(".")[0], {})
        missing = {value.name for value in message.values} - data["sample"].keys() - own.keys()
        assert not missing, message.name


def test_whoever_says_something_gives_the_wards_own_words():
    without = []
    for package in ("feedback", "bots", "web"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                is_say = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
                if is_say and len(node.args) < 2:
                    without.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert without == []


def test_what_is_said_again_under_a_name_of_its_own_has_one_text():
    values = {"in_words": "Ngày mai", "title": "Họp", "when": "8h", "where": "A", "code": "K"}
    values |= {"link": "x", "online": "", "ward": "P"}
    own = {"dialogue.remind": "Nhớ đến {{ title }} nhé"}
    assert say("dialogue.remind_2", own, **values) == "Nhớ đến Họp nhé"
    assert say("dialogue.remind_2", **values) == say("dialogue.remind", **values)


def test_titles_and_meanings_name_what_exists():
    data = catalogue._data()
    known = {message.name for message in EVERY}
    named = {f"{s}.{block}" for s, titles in data["title"].items() for block in titles}
    assert named <= known


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Vui lòng ghi nội dung"),
        ("{{ number }} {{ due }} {{ handler }} {{ link }} {{ hotline }}", "Không có chỗ điền: hotline"),
        ("Xin lỗi {{ number }} {{ handler }}", "Còn thiếu chỗ điền: due, link"),
        (LATE + "{{ number", "Dấu ngoặc chưa đúng"),
        (LATE + "{{ number.__class__ }}", "chưa đúng"),
        (LATE + "{{ number.upper() }}", "Chỉ dùng được chữ"),
        (LATE + "{% for i in number %}{% include 'x' %}{% endfor %}", "Chỉ dùng được chữ"),
        (LATE + "{{ number.mau }}", "chưa đúng"),
        ("x" * 5000, "Nhiều nhất"),
    ],
)  # fmt: skip
def test_words_that_do_not_hold_are_refused_by_name(text, says):
    message = catalogue.find("petition.late")
    with pytest.raises(BadInput) as refused:
        catalogue.check(message, text)
    assert says in refused.value.fields["text"]


def write(world, text=LATE, message="petition.late", by="admin"):
    with transaction():
        return texts.write(message, text, by=world.actor(by))


def test_the_wards_words_are_said_and_taken_back(world):
    values = {"ward": "P", "number": "BD-1", "due": "mai", "handler": "An", "link": "x"}
    values["called"] = "phản ánh"
    before = setup_of(world.ward.id).version
    assert write(world)
    assert not write(world)
    db.session.rollback()
    setup = setup_of(world.ward.id)
    assert setup.version != before
    assert say("petition.late", setup.texts, **values).startswith("Phường xin lỗi vì BD-1")
    with transaction():
        assert texts.restore("petition.late", by=world.actor("admin"))
    db.session.rollback()
    assert say("petition.late", setup_of(world.ward.id).texts, **values).startswith(
        "UBND P xin lỗi"
    )
    actions = db.session.scalars(sa.select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == ["texts.written", "texts.restored"]
    assert db.session.scalar(sa.select(sa.func.count(WardText.id))) == 0


def test_the_standard_words_typed_again_are_no_words_of_their_own(world):
    write(world)
    assert write(world, catalogue.find("petition.late").standard)
    assert db.session.scalar(sa.select(sa.func.count(WardText.id))) == 0


def test_words_that_no_longer_hold_give_way(caplog):
    own = {"petition.why": "", "reminder.line_sealed": "{{ gone }}"}
    assert say("reminder.line_sealed", own) == "Có việc cần xử lý"
    assert "does not hold" in caplog.text


def test_a_resident_reads_the_wards_words(world):
    from feedback.outbox.models import OutboxRow
    from tests.feedback.reminders.days import chat_of

    text = "Chào! Mã {{ number }}, {{ handler }}, hạn {{ due }}, xem {{ link }}."
    write(world, text, "petition.received")
    resident = chat_of(ward_id=world.ward.id)
    petition = world.submit(contact_id=resident.id)
    row = db.session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)).first()
    assert f"Chào! Mã {petition.number}" in row.body


def test_officers_read_the_wards_words_in_their_chats(world):
    from feedback.outbox.models import OutboxRow
    from feedback.people import chats
    from tests.feedback.conversations.person import Person, open_account
    from tests.web.desk import walks

    write(
        world, "Có việc: {{ number }} – {{ title }}, {{ field }}, hạn {{ due }}.", "officer.given"
    )
    open_account(world)
    an = Person("an")
    with transaction():
        code = chats.new_code(world.an.id)
    an.send(f"liên kết {code}")
    number = walks.accepted(world).number
    rows = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.notice == "officer.given"))
    assert [f"Có việc: {number} – " in row.body for row in rows] == [True]


def test_who_may(world):
    for who in ("chair", "clerk", "an"):
        with pytest.raises(NotAllowed):
            write(world, by=who)
    with pytest.raises(NotFound):
        write(world, message="petition.nothing")
