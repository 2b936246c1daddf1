"""What becomes of words that are handed in."""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from unittest import mock

import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.petitions.intake import Submission, submit
from feedback.petitions.models import Deadline, Kind, Petition, Status, TimelineEntry, Urgency
from feedback.wards.models import NumberSeries
from tests.database import statements


def a_contact(world, channel=Channel.TELEGRAM):
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=channel,
            account="bot",
            address="42",
            created_at=datetime.now(UTC),
        )
        db.session.add(contact)
        db.session.flush()
    return contact


def a_file(world, key="k1"):
    with transaction():
        file = StoredFile(
            ward_id=world.ward.id,
            key=key,
            use=FileUse.EVIDENCE,
            name="den.jpg",
            media_type="image/jpeg",
            size=10,
            sha256="0" * 64,
            path=key,
            created_at=datetime.now(UTC),
        )
        db.session.add(file)
        db.session.flush()
    return file


def stored(petition) -> Petition:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Petition, petition.id)


def test_what_is_returned_is_what_was_stored(world):
    petition = world.submit(
        "Đèn hỏng.\nTối lắm", field_id=world.fields[2].id, lat=21.03, lng=105.8, address="12 ngõ 34"
    )
    given = {c.key: getattr(petition, c.key) for c in sa.inspect(Petition).column_attrs}
    row = stored(petition)
    assert given == {name: getattr(row, name) for name in given}
    assert row.title == "Đèn hỏng"
    assert row.reporter_phone == "+84912345678"
    assert row.folded == f"{row.number.lower()} den hong. toi lam 12 ngo 34"


def test_the_six_clear_points_are_filled_in(world):
    petition = world.submit(
        field_id=world.fields[2].id, neighbourhood_id=world.neighbourhoods[1].id
    )
    assert petition.handler_id == world.an.id
    assert petition.due_at
    assert petition.work == (
        "Xem xét, xử lý phản ánh về lĩnh vực Chiếu sáng, cây xanh, công viên tại Tổ dân phố số 1."
    )
    assert "Lý Văn An" in petition.responsibility
    assert "Nguyễn Thị Hoa" in petition.responsibility
    assert petition.expected_result
    assert petition.authority == (
        "Được giao theo Quyết định 12/QĐ-UBND của Chủ tịch UBND Phường Ba Đình."
    )


def test_it_begins_with_an_entry_two_limits_and_its_number(world):
    petition = world.submit()
    entry = db.session.scalars(sa.select(TimelineEntry)).one()
    assert (entry.action, entry.from_status, entry.to_status) == ("submit", None, Status.RECEIVED)
    assert entry.is_public
    steps = {row.step: row for row in db.session.scalars(sa.select(Deadline))}
    assert set(steps) == {"acceptance", "answer"}
    assert steps["answer"].due_at == petition.due_at
    assert steps["answer"].trace
    assert re.fullmatch(r"BD-20\d\d-000001", petition.number)


def test_the_personal_columns_are_ciphertext(world):
    world.submit(name="Trần Thị Dân", phone="0912 345 678", email="dan@example.org")
    row = db.session.execute(
        sa.text("SELECT reporter_name, reporter_phone, reporter_email, phone_hash FROM petition")
    ).one()
    assert not {"Trần Thị Dân", "+84912345678", "dan@example.org"} & set(row)
    assert all(row)


def test_the_same_key_twice_is_one_petition(world):
    first = world.submit(submission_key="abc")
    again = world.submit("Nội dung khác", submission_key="abc")
    assert again.id == first.id
    assert db.session.scalar(sa.select(sa.func.count(Petition.id))) == 1


def test_without_a_key_two_are_two(world):
    assert world.submit().id != world.submit().id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"phone": "0123"}, "phone"),
        ({"field_id": 10**6}, "field_id"),
        ({"neighbourhood_id": 10**6}, "neighbourhood_id"),
        ({"complained_officer_id": 10**6}, "complained_officer_id"),
    ],
)
def test_what_cannot_be_used_is_named(world, values, field):
    with pytest.raises(BadInput) as refused:
        world.submit(**values)
    assert set(refused.value.fields) == {field}
    assert db.session.scalar(sa.select(sa.func.count(NumberSeries.id))) == 0


def test_only_some_may_enter_for_others(world):
    petition = world.submit(entered_by=world.actor("head_tdp"), channel=Channel.PHONE)
    assert petition.entered_by_id == world.head_tdp.id
    with pytest.raises(NotAllowed):
        world.submit(entered_by=world.actor("an"), channel=Channel.PHONE)


def test_an_unknown_ward_or_contact_is_not_found(world):
    with pytest.raises(NotFound), transaction():
        submit(Submission(ward_id=10**6, text="Đèn hỏng", channel=Channel.WEB))
    with pytest.raises(NotFound):
        world.submit(contact_id=10**6)


def test_files_become_the_petitions_unless_they_are_anothers(world):
    mine, taken = a_file(world, "k1"), a_file(world, "k2")
    other = world.submit(files=[taken.id])
    petition = world.submit(files=[mine.id, taken.id])
    assert [f.id for f in stored(petition).files] == [mine.id]
    assert [f.id for f in stored(other).files] == [taken.id]


def test_a_chat_is_told_number_person_date_and_link(world):
    contact = a_contact(world)
    petition = world.submit(
        channel=Channel.TELEGRAM, contact_id=contact.id, field_id=world.fields[2].id
    )
    row = db.session.scalars(sa.select(OutboxRow)).one()
    assert row.petition_id == petition.id
    for words in (
        petition.number,
        "Lý Văn An – Chuyên viên hạ tầng",
        f"http://ward.test/t/{petition.token}",
        f"{petition.due_at.astimezone():%Y}",
    ):
        assert words in row.body


def test_the_web_is_told_nothing_by_message(world):
    world.submit()
    assert db.session.scalar(sa.select(sa.func.count(OutboxRow.id))) == 0


def test_only_an_official_calls_it_a_complaint(world):
    petition = world.submit(kind=Kind.KHIEU_NAI, urgency=Urgency.QUICK)
    assert (petition.kind, petition.proposed_kind) == (Kind.PHAN_ANH, Kind.KHIEU_NAI)
    assert not petition.is_restricted


def test_an_accusation_goes_to_the_desk_and_says_so(world):
    contact = a_contact(world)
    petition = world.submit(
        kind=Kind.TO_CAO,
        field_id=world.fields[2].id,
        contact_id=contact.id,
        channel=Channel.TELEGRAM,
    )
    assert petition.is_restricted
    assert petition.handler_id == world.clerk.id
    assert "Điều 22" in db.session.scalars(sa.select(OutboxRow)).one().body


def test_a_submission_costs_few_round_trips(world):
    draft = Submission(
        ward_id=world.ward.id,
        text="Đèn đường hỏng",
        channel=Channel.TELEGRAM,
        contact_id=a_contact(world).id,
        submission_key="warm",
    )
    with transaction():
        submit(draft)
    with statements() as asked, transaction():
        submit(replace(draft, submission_key="counted"))
    # SQLite: begin, look, number, petition, entry, limits, message. PostgreSQL: lock, look, all, message.
    at_most = {"sqlite": 7, "postgresql": 4}
    assert len(asked) <= at_most[db.engine.dialect.name], [sql.split()[0] for sql, _ in asked]


def at_once(app, count, job):
    """Run job(i) for each i in its own thread and context, `count` of them, eight at a time."""
    gate, failures = threading.Semaphore(8), []

    def run(i):
        with gate, app.app_context():
            try:
                job(i)
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_two_hundred_at_once_are_numbered_without_gaps(app, world):
    ward_id = world.ward.id
    db.session.remove()

    def one(i):
        try:
            with transaction():
                submit(Submission(ward_id=ward_id, text=f"Đèn hỏng {i}", channel=Channel.WEB))
                if i % 10 == 3:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            with transaction():
                submit(Submission(ward_id=ward_id, text=f"Đèn hỏng {i}", channel=Channel.WEB))

    at_once(app, 200, one)
    assert sorted(db.session.scalars(sa.select(Petition.seq))) == list(range(1, 201))
    numbers = set(db.session.scalars(sa.select(Petition.number)))
    assert len(numbers) == 200


def test_twenty_times_the_same_key_at_once_is_one_petition(app, world):
    ward_id, ids = world.ward.id, []
    db.session.remove()

    def one(_i):
        with transaction():
            again = Submission(
                ward_id=ward_id, text="Đèn hỏng", channel=Channel.WEB, submission_key="tap"
            )
            ids.append(submit(again).id)

    at_once(app, 20, one)
    assert len(set(ids)) == 1
    assert list(db.session.scalars(sa.select(Petition.seq))) == [1]


def test_a_petition_s_statement_is_read_by_the_driver_once(app, world):
    """psycopg keeps how it read a statement only up to limits that `db.prepare` raises."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite's driver reads no statement itself")
    from psycopg import _queries

    def send(n):
        with transaction():
            submit(Submission(ward_id=world.ward.id, text=f"Đèn hỏng {n}", channel=Channel.WEB))

    send(1)
    with mock.patch.object(
        _queries, "_query2pg_nocache", wraps=_queries._query2pg_nocache
    ) as read_anew:
        send(2)
    assert read_anew.call_count == 0
