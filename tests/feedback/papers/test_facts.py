"""What an official need not type: the papers of a complaint, filled from its course."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.papers import facts, filling, forms, offers
from feedback.papers.citing import in_full
from feedback.papers.issuing import issue
from feedback.petitions.actions.splitting import Spoken
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Petition
from feedback.procedures.grounds import Use, grounds
from feedback.wards.models import Ward
from tests.feedback.petitions.stories import do

TEXT = "Tôi không đồng ý quyết định số 15 thu hồi đất của phường."


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(datetime(2026, 10, 5, 2, 0, tzinfo=UTC), tick=False) as travel:
        yield travel


@pytest.fixture
def signed(world) -> Petition:
    petition = world.submit(TEXT, kind=Kind.KHIEU_NAI, field_id=world.fields[2].id)
    clerk = world.actor("clerk")
    do("receive_signed", petition, clerk, kind=Kind.KHIEU_NAI, signed_on=date(2026, 10, 5))
    return petition


def admit(world, petition):
    do("admit", petition, world.actor("chair"), on=date(2026, 10, 5), decision="12/TB-UBND")


def known(key: str, petition: Petition) -> dict[str, str]:
    return facts.known(forms.form(key, clock.today()), petition)


def filled(world, key: str, petition: Petition, **typed: str):
    """The paper as it is when only `typed` is added to what is known."""
    return offers.context(key, petition, world.actor("chair"), {**known(key, petition), **typed})


def test_the_notice_of_admission_knows_its_date_before_and_after(world, signed):
    """30 days from the day it is taken up (Luật Khiếu nại Đ.28): 4/11."""
    assert known("acceptance_proposal", signed) == {"due_on": "14/10/2026"}
    assert known("acceptance_notice", signed) == {"due_on": "04/11/2026"}
    admit(world, signed)
    assert filled(world, "acceptance_notice", signed).due_on == date(2026, 11, 4)


def test_the_proposal_says_why_from_when_and_of_which_letter(world, signed, monday):
    clerk = world.actor("clerk")
    do("propose", signed, clerk, text="Đủ điều kiện, đúng thẩm quyền")
    monday.shift(timedelta(days=2))
    paper = filled(world, "acceptance_proposal", signed)
    assert (paper.why, paper.received_on) == ("Đủ điều kiện, đúng thẩm quyền", date(2026, 10, 5))
    assert paper.split_from == ""
    do("split", signed, clerk, text="Nội dung thứ hai", kind=Kind.KIEN_NGHI)
    part = db.session.scalars(sa.select(Petition).order_by(Petition.id.desc())).first()
    assert filled(world, "acceptance_proposal", part).split_from == signed.number


def test_a_paper_given_out_is_the_number_of_the_act(world, signed, tmp_path):
    assert facts.sign_for(signed, Action.ADMIT) == ""
    issue(
        "acceptance_notice",
        filled(world, "acceptance_notice", signed),
        by=world.actor("chair"),
        root=tmp_path,
        petition_id=signed.id,
    )
    assert facts.sign_for(signed, Action.ADMIT) == "01/TB-UBND"
    assert facts.sign_for(signed, Action.SUSPEND) == ""
    assert facts.sign_for(signed, Action.EXTEND) == ""


def test_the_refusal_says_the_ground_that_was_chosen(world, signed):
    values = {
        "ground_code": "decided_twice",
        "reason": "Đã có quyết định lần hai",
        "decision": "7/TB",
    }
    do("refuse_admission", signed, world.actor("chair"), **values)
    notice = filled(world, "refusal_notice", signed)
    assert "(khoản 7 Điều 11 Luật Khiếu nại 2011)" in notice.reason
    assert notice.reason.endswith("Đã có quyết định lần hai")
    assert notice.reason[0].islower()  # it goes on after "vì"


def test_suspension_and_resumption_name_the_decisions_before(world, signed, monday):
    admit(world, signed)
    notice = "Thông báo số 12/TB-UBND ngày 05 tháng 10 năm 2026"
    assert known("suspension", signed)["accepted_by"] == notice
    chair, on = world.actor("chair"), date(2026, 10, 12)
    monday.shift(timedelta(days=7))
    values = {"decision": "05/QĐ-UBND", "on": on, "reason": "Chờ kết quả giám định"}
    do("suspend", signed, chair, **values)
    paper = filled(world, "suspension", signed)
    assert (paper.reason, paper.is_final) == ("Chờ kết quả giám định", False)
    assert paper.proposed_by == "Trưởng phòng Phòng Kinh tế, Hạ tầng và Đô thị"
    monday.shift(timedelta(days=7))
    paper = filled(world, "resumption", signed, reason="Đã có kết quả giám định")
    assert paper.suspended_by == "Quyết định số 05/QĐ-UBND ngày 12 tháng 10 năm 2026"
    assert paper.accepted_by == notice


def test_the_end_of_it_all_is_a_final_decision(world, signed):
    admit(world, signed)
    values = {
        "decision": "09/QĐ-UBND",
        "on": date(2026, 10, 5),
        "reason": "Người khiếu nại rút đơn",
    }
    do("discontinue", signed, world.actor("chair"), **values)
    paper = filled(world, "suspension", signed)
    assert (paper.reason, paper.is_final) == ("Người khiếu nại rút đơn", True)


def test_the_minutes_begin_with_who_where_and_when(world, signed, monday):
    admit(world, signed)
    meets_at = clock.now() + timedelta(days=7)
    do("call_dialogue", signed, world.actor("chair"), meets_at=meets_at, where="Hội trường phường")
    monday.shift(timedelta(days=7))
    do(
        "hold_dialogue",
        signed,
        world.actor("chair"),
        agreed="Đo lại thửa đất",
        differing="Đơn giá bồi thường",
    )
    minutes = filled(
        world,
        "complaint_dialogue",
        signed,
        purpose="Làm rõ diện tích",
        opinions="Bà Dân: Đề nghị đo lại",
        complained="Lý Văn An | Chuyên viên",
    )
    assert (minutes.starts_at, minutes.where) == (meets_at, "Hội trường phường")
    assert minutes.chair.name == world.chair.full_name
    assert (minutes.agreed, minutes.differing) == ("Đo lại thửa đất", "Đơn giá bồi thường")


def test_an_extension_by_law_names_article_and_document_and_begs_no_pardon(world, signed):
    admit(world, signed)
    do(
        "prolong",
        signed,
        world.actor("chair"),
        days=15,
        decision="20/TB-UBND",
        reason="Nhiều nơi phải xác minh",
        criterion="places",
    )
    notice = filled(world, "extension_notice", signed)
    assert notice.article == "Điều 28 Luật Khiếu nại và văn bản số 20/TB-UBND"
    assert (notice.old_due_on, notice.new_due_on) == (date(2026, 11, 4), date(2026, 11, 19))


def test_the_notice_of_an_extension_comes_before_it_and_is_its_document(world, signed, tmp_path):
    with pytest.raises(NotFound):  # nothing runs yet
        filled(world, "extension_notice", signed)
    admit(world, signed)
    typed = {"days": "15", "reason": "Phải xác minh ở nhiều nơi"}
    notice = filled(world, "extension_notice", signed, **typed)
    assert (notice.old_due_on, notice.new_due_on) == (date(2026, 11, 4), date(2026, 11, 19))
    for wrong in ({"days": "16", "reason": "Quá mức tối đa"}, {"days": "15"}, {}):
        with pytest.raises(BadInput):
            filled(world, "extension_notice", signed, **wrong)
    chair = world.actor("chair")
    issue("extension_notice", notice, by=chair, root=tmp_path, petition_id=signed.id)
    assert facts.sign_for(signed, Action.PROLONG) == "01/TB-UBND"


def test_a_groups_papers_name_who_speaks_for_it(world):
    petition = world.submit(TEXT, kind=Kind.KHIEU_NAI)
    clerk = world.actor("clerk")
    do("receive_signed", petition, clerk, kind=Kind.KHIEU_NAI, signed_on=date(2026, 10, 5))
    speaks = [Spoken("Trần Thị Dân", "số 12 ngõ 34")]
    do("group", petition, clerk, people=7, representatives=speaks)
    person = filling.person_of(petition)
    assert (person.name, person.address) == ("Trần Thị Dân (đại diện cho 7 người)", "số 12 ngõ 34")


def test_receipts_begin_with_the_files_and_the_place_of_reception(world, signed):
    with transaction():
        ward = db.session.get_one(Ward, world.ward.id)
        ward.settings = {**ward.settings, "reception_place": "Phòng tiếp công dân, tầng 1"}
    found = known("documents_receipt", signed)
    assert found == {"where": "Phòng tiếp công dân, tầng 1", "copies": "2"}


def test_law_is_written_out():
    """No abbreviation of the lists is left in any ground of the law."""
    assert in_full("Luật Tố cáo 2018 Đ.29 k.1 b") == "điểm b khoản 1 Điều 29 Luật Tố cáo 2018"
    for each in [each for kind in Kind for each in grounds(kind, *Use)]:
        words = in_full(each.with_article)
        assert not re.search(r"Đ\.|k\.|NĐ \d", words), words
        assert "Điều " in words
