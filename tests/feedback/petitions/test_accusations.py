"""An accusation: sealed from its first word, dated only from its signature, kept from those it accuses."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.directory import table_of
from feedback.people.models import Channel, Contact
from feedback.petitions import queries
from feedback.petitions.accused import accuses_leaders
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Kind, Petition, Status
from feedback.petitions.visibility import can_see
from feedback.procedures.refusals import ExtensionRefused
from feedback.wards.setup import changed
from tests.feedback.petitions.stories import do
from tests.feedback.petitions.test_actions import away
from tests.world import PEOPLE

MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
WORDS = "Tôi tố cáo ông Bình nhận hối lộ khi cấp giấy phép."
OF_CHAIR = "Tôi tố cáo bà Nguyễn Thị Hoa nhận hối lộ."


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


def accused(world, text=WORDS, **values) -> Petition:
    return world.submit(text, kind=Kind.TO_CAO, **values)


def signed(world) -> Petition:
    petition = accused(world)
    how = {"kind": Kind.TO_CAO, "signed_on": date(2026, 10, 5)}
    do("receive_signed", petition, world.actor("clerk"), **how)
    return petition


def due_on(petition) -> date:
    return clock.local(petition.due_at).date()


def seen_by(world, petition) -> set[str]:
    """By the row and by the condition alike."""
    found = {name for name in PEOPLE if can_see(petition, world.actor(name))}
    listed = {
        name
        for name in PEOPLE
        if petition.number in [row.number for row in queries.listing(world.actor(name)).rows]
    }
    assert listed == found
    return found


def test_the_chair_and_the_designated_officer_alone(world):
    assert seen_by(world, accused(world)) == {"chair", "clerk"}


def test_a_ward_designates_another_officer(world):
    with transaction():
        world.set(accusation_position=world.positions["chi"].id)
    petition = accused(world)
    assert petition.handler_id == world.chi.id
    assert seen_by(world, petition) == {"chair", "chi"}
    do("accept", petition, world.actor("chi"), kind=Kind.TO_CAO)
    assert petition.status is Status.AWAITING_SIGNATURE


@pytest.mark.parametrize(
    "text",
    [
        OF_CHAIR,
        "toi to cao ba nguyen thi hoa an hoi lo",
        "Tố cáo chủ tịch phường tham ô tiền quỹ",
        "Tố cáo Phó Chủ tịch UBND phường nhận hối lộ",
        "Tố cáo ông Trần Văn Vinh nhận hối lộ",
        "to cao ong chu tich nhan tien",
    ],
)
def test_of_the_chair_or_a_deputy_no_leader_sees_it(world, text):
    petition = accused(world, text)
    assert petition.is_above_ward
    assert seen_by(world, petition) == {"clerk"}
    assert "Chủ tịch UBND tỉnh, thành phố" in petition.authority
    assert "05 ngày làm việc" in petition.authority


def test_the_chairman_of_something_else_is_no_leader_of_the_ward(world):
    assert not accused(world, "Tố cáo ông chủ tịch hội đồng quản trị tòa nhà").is_above_ward


@pytest.mark.parametrize(
    ("text", "is_leader"),
    [
        ("to cao pct ubnd phuong bao ke", True),
        ("tố cáo bà Hoa chủ tịch nhận phong bì", True),
        ("Tố cáo lãnh đạo phường ăn chặn", True),
        ("tố cáo sếp lớn phường", True),
        ("tố cáo ông phó phường ăn tiền", True),
        ("tố cáo ông chủ tịt phường", True),
        ("to cao chutich phuong tham nhung", True),
        ("tố cáo người đứng đầu UBND", True),
        ("tố cáo tổ trưởng dân phố ăn chặn", False),
        ("tố cáo cán bộ bảo kê phố phường", False),
        ("tố cáo chủ tịch hội phụ nữ phường ăn tiền quỹ", False),
        ("tố cáo chủ tịch công ty xây dựng lừa dân", False),
    ],
)
def test_a_leader_is_meant_however_the_title_is_written(world, text, is_leader):
    assert accuses_leaders(text, None, table_of(world.ward.id)) is is_leader


def test_a_note_behind_a_leaders_name_is_no_part_of_it(world):
    with transaction():
        chair = db.session.merge(world.chair)
        chair.full_name = f"{chair.full_name} (mẫu)"
    changed(world.ward.id)
    assert accuses_leaders(OF_CHAIR, None, table_of(world.ward.id))


def test_the_accused_may_be_named_by_person(world):
    petition = accused(world, complained_officer_id=world.vice.id)
    assert petition.is_above_ward
    assert seen_by(world, petition) == {"clerk"}
    of_the_clerk = accused(world, complained_officer_id=world.clerk.id)
    assert seen_by(world, of_the_clerk) == {"chair"}


def test_the_neutral_officer_keeps_it_and_passes_it_on(world):
    with transaction():
        world.set(neutral_position=world.positions["chi"].id)
    petition = accused(world, OF_CHAIR)
    assert seen_by(world, petition) == {"chi"}
    chi = world.actor("chi")
    do("receive_signed", petition, chi, kind=Kind.TO_CAO, signed_on=date(2026, 10, 5))
    limits = {row.step: clock.local(row.due_at).date() for row in petition.deadlines}
    assert limits["transfer"] == date(2026, 10, 12)
    assert Action.ADMIT not in allowed_actions(petition, chi)
    do("transfer", petition, chi, to="Chủ tịch UBND thành phố Hà Nội", reason="Thẩm quyền")
    assert petition.status is Status.TRANSFERRED
    assert seen_by(world, petition) == {"chi"}


def test_nobody_hands_it_to_a_leader(world):
    petition = accused(world, OF_CHAIR)
    for leader in (world.chair.id, world.vice.id):
        with pytest.raises(BadInput):
            do("assign", petition, world.actor("clerk"), officer_id=leader)
        db.session.rollback()


def test_the_keeper_says_that_no_leader_is_meant(world):
    petition = accused(world, "Tôi đã báo chủ tịch phường, nay tố cáo ông Bình nhận hối lộ.")
    do("correct", petition, world.actor("clerk"), is_above_ward=False)
    assert seen_by(world, petition) == {"chair", "clerk"}


def test_no_deputy_sees_it_by_standing_in_for_the_chair(world):
    away(world, "chair", "vice")
    assert "vice" not in seen_by(world, accused(world))


def test_from_the_web_no_clock_of_law_and_no_admission(world):
    petition = accused(world)
    assert petition.kind is Kind.PHAN_ANH  # only an official says what it is
    do("accept", petition, world.actor("clerk"), kind=Kind.TO_CAO)
    assert [row.step for row in petition.deadlines] == ["sorting"]
    assert Action.ADMIT not in allowed_actions(petition, world.actor("chair"))
    with pytest.raises(WrongState):
        do("admit", petition, world.actor("chair"), on=date(2026, 10, 5), decision="1/QĐ-UBND")


def test_an_officials_word_that_it_accuses_takes_it_from_whoever_had_it(world):
    petition = world.submit(field_id=world.fields[2].id)
    do("accept", petition, world.actor("clerk"))
    do("take", petition, world.actor("an"))
    do("correct", petition, world.actor("clerk"), kind=Kind.TO_CAO)
    assert seen_by(world, petition) == {"chair", "clerk"}


def test_first_handling_takes_7_working_days_or_10_in_writing(world):
    petition = signed(world)
    assert due_on(petition) == date(2026, 10, 14)
    how = {"decision": "2/TB-UBND", "reason": "Xa", "criterion": "places"}
    do("prolong", petition, world.actor("chair"), days=3, **how)
    assert due_on(petition) == date(2026, 10, 19)
    with pytest.raises(ExtensionRefused):
        do("prolong", petition, world.actor("chair"), days=1, **how)


def test_30_60_90_days_by_written_extensions(world):
    petition = signed(world)
    chair = world.actor("chair")
    how = {"decision": "2/QĐ-UBND", "reason": "Nhiều nơi", "criterion": "places"}
    do("prolong", petition, chair, days=3, **how)  # of the first handling; not of what follows
    do("admit", petition, chair, on=date(2026, 10, 5), decision="1/QĐ-UBND")
    assert due_on(petition) == date(2026, 11, 4)
    do("prolong", petition, chair, days=30, **how)
    assert due_on(petition) == date(2026, 12, 4)
    do("prolong", petition, chair, days=30, **how)
    assert due_on(petition) == date(2027, 1, 4)  # 3/1 is a Sunday
    with pytest.raises(ExtensionRefused):
        do("prolong", petition, chair, days=1, **how)
    [notice] = [row for row in petition.deadlines if row.step == "acceptance_notice"]
    assert clock.local(notice.due_at).date() == date(2026, 10, 12)


def test_the_resident_is_told_only_that_there_is_news(world):
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=Channel.TELEGRAM,
            account="main",
            address="7",
            created_at=MONDAY,
        )
        db.session.add(contact)
        db.session.flush()
        contact_id = contact.id
    petition = accused(world, channel=Channel.TELEGRAM, contact_id=contact_id)
    do("accept", petition, world.actor("clerk"), kind=Kind.TO_CAO)
    do("reject", petition, world.actor("clerk"), reason="Bình không nhận hối lộ")
    rows = db.session.scalars(sa.select(OutboxRow)).all()
    assert len(rows) == 3
    for row in rows:
        assert "hối lộ" not in row.body
        assert "Bình" not in row.body
