"""One letter with several contents becomes several cases; several people with one content become one."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Contact
from feedback.petitions import actions, queries
from feedback.petitions.actions.splitting import Spoken
from feedback.petitions.models import Kind, Part, Petition, Status
from tests.feedback.petitions.stories import do
from tests.feedback.petitions.test_accusations import WORDS, seen_by

MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


def split(world, number, who="clerk", **values) -> Petition:
    actor = world.actor(who)
    db.session.rollback()
    with transaction():
        found = queries.to_change(number, actor)
        return actions.split(found, by=actor, **values)


def test_a_letter_is_split_into_cases_of_their_own(world, monday):
    text = "Đèn hỏng. Tôi không đồng ý quyết định số 15. Còn một chuyện nữa về ông Bình."
    whole = world.submit(text, field_id=world.fields[2].id, kind=Kind.PHAN_ANH).number
    monday.shift(timedelta(days=2))
    texts = {
        Kind.PHAN_ANH: "Đèn đường trước số 12 hỏng.",
        Kind.KHIEU_NAI: "Khiếu nại quyết định số 15.",
        Kind.TO_CAO: WORDS,
    }
    parts = [split(world, whole, text=t, kind=kind) for kind, t in texts.items()]
    light, complaint, accusation = parts
    assert len({whole, *(part.number for part in parts)}) == 4
    assert light.status is Status.ACCEPTED
    assert complaint.status is accusation.status is Status.AWAITING_SIGNATURE
    assert (complaint.kind, accusation.kind) == (Kind.KHIEU_NAI, Kind.TO_CAO)
    for part, (_, said) in zip(parts, texts.items(), strict=True):
        assert part.received_at == MONDAY  # the letter's day, not the day it was split
        assert part.text == said
        assert part.reporter_name == "Trần Thị Dân"
        assert part.files == []
    assert clock.local(light.due_at).date() == date(2026, 10, 8)  # quick, by its words
    assert seen_by(world, accusation) == {"chair", "clerk"}
    assert db.session.query(Part).count() == 3
    lines = [entry.text for petition in db.session.query(Petition) for entry in petition.timeline]
    assert not any(part.number in line for line in lines for part in parts)  # no trace names one


def test_a_part_of_a_signed_letter_is_signed(world):
    whole = world.submit(kind=Kind.KHIEU_NAI)
    clerk = world.actor("clerk")
    do("receive_signed", whole, clerk, kind=Kind.KHIEU_NAI, signed_on=date(2026, 10, 1))
    part = split(world, whole.number, text="Khiếu nại việc thứ hai.", kind=Kind.KHIEU_NAI)
    assert part.status is Status.SIGNED
    assert part.proceeding.signed_on == date(2026, 10, 1)


def test_what_is_split_off_a_sealed_one_hides_who_wrote(world):
    whole = world.submit(WORDS, kind=Kind.TO_CAO)
    part = split(world, whole.number, text="Đèn hỏng.", kind=Kind.PHAN_ANH)
    assert part.is_anonymous
    assert not part.is_restricted


def test_a_deputy_who_splits_an_accusation_off_does_not_keep_it(world):
    whole = world.submit(field_id=world.fields[2].id)
    part = split(world, whole.number, "vice", text=WORDS, kind=Kind.TO_CAO)
    assert part.status is Status.RECEIVED
    assert part.is_restricted
    with pytest.raises(NotFound):
        queries.case(part.number, world.actor("vice"))


def test_many_petitions_become_one_and_notices_go_to_who_speaks(world):
    contacts = []
    with transaction():
        for n in range(5):
            contact = Contact(
                ward_id=world.ward.id,
                channel=Channel.TELEGRAM,
                account="main",
                address=str(n),
                created_at=MONDAY,
            )
            db.session.add(contact)
            db.session.flush()
            contacts.append(contact.id)
    numbers = [
        world.submit(
            "Nhà máy xả khói đen",
            channel=Channel.TELEGRAM,
            contact_id=contact_id,
            phone=f"091234567{n}",
        ).number
        for n, contact_id in enumerate(contacts)
    ]
    clerk = world.actor("clerk")
    db.session.rollback()
    with transaction():
        root, *others = [queries.to_change(number, clerk) for number in numbers]
        speaks = [Spoken("Lê Văn Đại", "số 3", "0912345671")]
        actions.group(root, by=clerk, people=5, representatives=speaks, others=others)
    with transaction():
        db.session.execute(sa.delete(OutboxRow))
    do("transfer", root, clerk, to="Sở Nông nghiệp", reason="Thẩm quyền của tỉnh")
    told = {row.contact_id for row in db.session.scalars(sa.select(OutboxRow))}
    assert told == {contacts[0], contacts[1]}  # who sent it first, and who speaks
    statuses = {each.number: each.status for each in db.session.query(Petition)}
    assert [statuses[number] for number in numbers[1:]] == [Status.MERGED] * 4


def test_four_people_are_no_group(world):
    petition = world.submit()
    with pytest.raises(BadInput):
        do("group", petition, world.actor("clerk"), people=4, representatives=[Spoken("A")])
