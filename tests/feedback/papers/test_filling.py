"""What papers say about a petition comes from the petition; what must not leave in print does not."""

from datetime import date, timedelta

import pytest

from feedback import clock, links
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, WrongState
from feedback.papers import filling
from feedback.papers.compose import compose
from feedback.papers.registers import petition_register
from feedback.papers.signing import Capacity
from feedback.petitions import actions
from feedback.petitions.models import Kind, Petition
from feedback.wards import substitution
from feedback.wards.models import Ward


@pytest.fixture
def petition(world) -> Petition:
    return world.submit(
        field_id=world.fields[2].id,
        neighbourhood_id=world.neighbourhoods[1].id,
        address="ngõ 34 phố Đội Cấn",
        reporter_address="số 12 ngõ 34",
    )


@pytest.fixture
def chair(world):
    return filling.signer_of(world.chair.id)


def walk(petition, world, *steps):
    """Live the petition by its verbs: (verb, who, keywords)."""
    for verb, who, keywords in steps:
        with transaction():
            getattr(actions, verb)(
                db.session.get_one(Petition, petition.id), by=world.actor(who), **keywords
            )


def answered(petition, world, text="Đèn đã được thay.", by="chair"):
    walk(
        petition,
        world,
        ("accept", "clerk", {}),
        ("take", "an", {}),
        ("submit_answer", "an", {"text": text}),
        ("approve", by, {}),
    )


def test_the_ward_names_itself(world):
    office = filling.office_of(world.ward)
    assert office.names == ("ỦY BAN NHÂN DÂN", "PHƯỜNG BA ĐÌNH")
    assert office.name == "Ủy ban nhân dân phường Ba Đình"
    assert office.chair == "Chủ tịch Ủy ban nhân dân phường Ba Đình"
    assert (office.place, office.over) == ("Ba Đình", "")
    assert filling.office_of(Ward(name="Phường 4", settings={})).place == "Phường 4"
    own = {"papers": {"over": "UBND TỈNH MẪU", "place": "Xã Võ Thị Sáu"}}
    office = filling.office_of(Ward(name="Xã Võ Thị Sáu", settings=own))
    assert (office.over, office.place) == ("UBND TỈNH MẪU", "Xã Võ Thị Sáu")


def test_who_signs_as_what(world):
    assert filling.signer_of(world.chair.id).capacity is Capacity.CHAIR
    assert filling.signer_of(world.vice.id).capacity is Capacity.DEPUTY
    head = filling.signer_of(world.dept_head.id)
    assert (head.capacity, head.title) == (Capacity.ORDER, "Trưởng phòng")
    clerk = filling.receiver_of(world.clerk.id)
    assert (clerk.name, clerk.capacity) == ("Phạm Thị Lê", Capacity.SELF)


def test_the_receipt_says_who_until_when_and_where_to_look(petition, world):
    receipt = filling.receipt(petition, filling.receiver_of(world.clerk.id))
    assert receipt.number == petition.number
    assert receipt.link == links.tracking(petition.token)
    assert receipt.handler == "Lý Văn An – Chuyên viên hạ tầng"
    assert receipt.due_at == petition.due_at
    assert receipt.person.name == "Trần Thị Dân"
    assert receipt.place == "ngõ 34 phố Đội Cấn, Tổ dân phố số 1"
    compose("receipt", receipt)


def test_the_answer_letter_holds_the_approved_answer(petition, world, chair):
    with pytest.raises(WrongState):
        filling.answer(petition, chair)
    answered(petition, world)
    for key in ("result_notice", "answer_letter"):
        letter = filling.answer(petition, chair)
        assert letter.answer == "Đèn đã được thay."
        assert letter.to == ("Ông/Bà Trần Thị Dân, số 12 ngõ 34",)
        assert letter.reopen_until == clock.today() + timedelta(days=7)
        compose(key, letter)


def test_the_transfer_goes_to_where_it_was_transferred(petition, world, chair):
    with pytest.raises(WrongState):
        filling.referral(petition, chair, ground="Điều 26 Luật Tiếp công dân")
    keywords = {"to": "Công ty Điện lực", "reason": "Đường dây của điện lực."}
    walk(petition, world, ("accept", "clerk", {}), ("transfer", "clerk", keywords))
    paper = filling.referral(petition, chair, ground="Điều 26 Luật Tiếp công dân")
    assert paper.to == ("Công ty Điện lực",)
    compose("referral", paper)


def test_extension_and_apology_name_both_dates(petition, world, chair):
    for fill in (filling.extension, filling.apology):
        with pytest.raises((BadInput, WrongState)):
            fill(petition, chair)
    old = clock.local(petition.due_at).date()
    keywords = {"working_days": 3, "reason": "Chờ thiết bị."}
    walk(petition, world, ("accept", "clerk", {}), ("extend", "clerk", keywords))
    new = clock.local(petition.due_at).date()
    notice, apology = filling.extension(petition, chair), filling.apology(petition, chair)
    assert (notice.old_due_on, notice.new_due_on, notice.reason) == (old, new, "Chờ thiết bị.")
    assert (apology.due_on, apology.new_due_on, apology.reason) == (old, new, "Chờ thiết bị.")
    compose("extension_notice", notice)
    compose("apology", apology)


def test_an_apology_for_a_date_that_passed(petition, chair):
    with clock.at(petition.due_at + timedelta(days=2)):
        apology = filling.apology(petition, chair, reason="Thiếu người.")
    assert (apology.due_on, apology.new_due_on) == (clock.local(petition.due_at).date(), None)


def test_a_complaint_is_printed_for_signing_with_what_was_written(world, chair):
    petition = world.submit(
        "Tôi khiếu nại quyết định xử phạt số 45/QĐ-XPHC.",
        kind=Kind.KHIEU_NAI,
        complained_officer_id=world.dept_head.id,
    )
    paper = filling.complaint(petition)
    assert paper.to == ("Chủ tịch Ủy ban nhân dân phường Ba Đình",)
    assert paper.complained == "Đỗ Văn Dũng, Trưởng phòng"
    assert paper.text == petition.text
    compose("complaint", paper)
    compose("acceptance_notice", filling.complaint_notice(petition, chair))
    compose("refusal_notice", filling.complaint_notice(petition, chair, reason="hết thời hiệu"))
    proposer = filling.receiver_of(world.clerk.id)
    compose("acceptance_proposal", filling.acceptance_proposal(petition, proposer))


def test_who_asked_to_be_hidden_is_on_no_paper(world, chair):
    petition = world.submit(field_id=world.fields[2].id, is_anonymous=True)
    receipt = filling.receipt(petition, filling.receiver_of(world.clerk.id))
    assert receipt.person.name == ""
    assert filling.to_of(petition) == (f"Ông/Bà gửi phản ánh số {petition.number}",)
    answered(petition, world)
    for paper in (receipt, filling.answer(petition, chair)):
        key = "receipt" if paper is receipt else "answer_letter"
        assert "Trần Thị Dân" not in repr(compose(key, paper))


def test_nothing_of_an_accusation_leaves_in_print(world, chair):
    petition = world.submit("Tôi tố cáo cán bộ nhận tiền hối lộ.", kind=Kind.TO_CAO)
    assert petition.is_restricted
    clerk = filling.receiver_of(world.clerk.id)
    for fill in (
        lambda: filling.receipt(petition, clerk),
        lambda: filling.answer(petition, chair),
        lambda: filling.referral(petition, chair, ground="x", to="y"),
        lambda: filling.extension(petition, chair),
        lambda: filling.apology(petition, chair),
        lambda: filling.complaint(petition),
        lambda: filling.complaint_notice(petition, chair),
        lambda: filling.acceptance_proposal(petition, clerk),
    ):
        with pytest.raises(NotAllowed):
            fill()
    compose("accusation", filling.accusation(world.ward, "thứ Năm hằng tuần"))


def test_the_register_of_petitions(world, tmp_path):
    from feedback.papers.issuing import issue

    with clock.at(clock.now() - timedelta(days=40)):
        world.submit(field_id=world.fields[2].id)
    shown = world.submit(field_id=world.fields[2].id, reporter_address="số 12 ngõ 34")
    world.submit(field_id=world.fields[17].id, is_anonymous=True)
    world.submit("Tôi tố cáo cán bộ nhận hối lộ.", kind=Kind.TO_CAO)
    answered(shown, world)
    context = filling.answer(shown, filling.signer_of(world.chair.id))
    issue("result_notice", context, by=world.actor("an"), root=tmp_path, petition_id=shown.id)
    today = clock.today()
    month = petition_register(world.actor("clerk"), today - timedelta(days=20), today)
    assert [row[0] for row in month.rows] == [1, 2]
    first, hidden = month.rows
    assert first[1:3] == (shown.number, today)
    assert first[4] == "Trần Thị Dân, số 12 ngõ 34"
    assert first[10:] == ("Đã trả lời", today, "01/TB-UBND")
    assert "Dân" not in hidden[4]
    own = petition_register(world.actor("an"), today - timedelta(days=20), today)
    assert [row[1] for row in own.rows] == [shown.number]
    masked = petition_register(world.actor("supervisor"), today - timedelta(days=20), today)
    assert masked.rows[0][4] == "T. T. Dân"
    compose("petition_register", month)
    assert petition_register(world.actor("clerk"), date(2020, 1, 1), date(2020, 12, 31)).rows == ()


def test_the_paper_says_who_signed_for_whom(world):
    """KT. for a deputy, TUQ. for somebody else who stood in for the chair, TL. for who sent it themself."""
    signed = {}
    for who in ("chair", "vice"):
        petition = world.submit(field_id=world.fields[2].id)
        answered(petition, world, by=who)
        signed[who] = filling.signer_of_answer(petition).capacity
    assert signed == {"chair": Capacity.CHAIR, "vice": Capacity.DEPUTY}
    with transaction():
        substitution.declare(
            by=world.actor("chair"),
            absent_id=world.chair.id,
            substitute_id=world.dept_head.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    petition = world.submit(field_id=world.fields[2].id)
    answered(petition, world, by="dept_head")
    signer = filling.signer_of_answer(petition)
    assert signer.capacity is Capacity.WARRANT
    text = repr(compose("answer_letter", filling.answer(petition, signer)))
    assert "TUQ. CHỦ TỊCH" in text
    assert "TRƯỞNG PHÒNG" in text
    thanks = world.submit(field_id=world.fields[2].id, kind=Kind.KHEN_NGOI)
    with transaction():
        actions.accept(thanks, by=world.actor("clerk"))
        actions.send_answer(thanks, by=world.actor("an"), text="Xin cảm ơn.")
    assert filling.signer_of_answer(thanks).capacity is Capacity.ORDER


def test_a_ward_signs_for_the_committee_where_it_says_so(world, chair):
    petition = world.submit(field_id=world.fields[2].id)
    answered(petition, world)
    assert "TM. ỦY BAN" not in repr(compose("answer_letter", filling.answer(petition, chair)))
    with transaction():
        db.session.get(Ward, world.ward.id).settings = {"papers": {"authority": "committee"}}
    paper = repr(compose("answer_letter", filling.answer(petition, chair)))
    assert "TM. ỦY BAN NHÂN DÂN" in paper
