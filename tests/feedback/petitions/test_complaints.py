"""A complaint's life: nothing runs before the signature, then the law's clocks, stopped only by decision."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, WrongState
from feedback.outbox.models import OutboxRow
from feedback.people.actor import CITIZEN
from feedback.people.models import Channel, Contact
from feedback.petitions.actions.splitting import Spoken
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Kind, Petition, Status
from feedback.petitions.queries import is_overdue
from feedback.procedures.grounds import Use, grounds
from feedback.procedures.refusals import ExtensionRefused
from tests.feedback.petitions.stories import do, petition_at

MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
TEXT = "Tôi không đồng ý quyết định số 15 thu hồi đất của phường."
NOTICE = "12/TB-UBND"


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


def online(world, **values) -> Petition:
    return world.submit(TEXT, kind=Kind.KHIEU_NAI, **values)


def signed(world, on=date(2026, 10, 5), **values) -> Petition:
    petition = online(world)
    do(
        "receive_signed",
        petition,
        world.actor("clerk"),
        kind=Kind.KHIEU_NAI,
        signed_on=on,
        **values,
    )
    return petition


def admitted(world, on=date(2026, 10, 5), criteria=(), **values) -> Petition:
    petition = signed(world, **values)
    do("admit", petition, world.actor("chair"), on=on, decision=NOTICE, criteria=criteria)
    return petition


def due_on(petition) -> date:
    return clock.local(petition.due_at).date()


def limits(petition) -> dict[str, date]:
    return {row.step: clock.local(row.due_at).date() for row in petition.deadlines}


def test_what_comes_online_is_a_proposal_and_has_no_clock_of_law(world, monday):
    petition = online(world)
    assert (petition.kind, petition.proposed_kind) == (Kind.PHAN_ANH, Kind.KHIEU_NAI)
    do("accept", petition, world.actor("clerk"), kind=Kind.KHIEU_NAI)
    assert petition.status is Status.AWAITING_SIGNATURE
    assert petition.kind is Kind.KHIEU_NAI
    assert set(limits(petition)) == {"sorting"}
    monday.shift(timedelta(days=60))
    assert not is_overdue(petition, clock.now())


def test_the_trace_of_another_kind_names_both(world, monday):
    petition = online(world)
    do("correct", petition, world.actor("clerk"), kind=Kind.KHIEU_NAI)
    detail = petition.timeline[-1].detail
    assert (detail["before"]["kind"], detail["after"]["kind"]) == ("phan_anh", "khieu_nai")
    do("correct", petition, world.actor("clerk"), kind=Kind.KIEN_NGHI)
    assert petition.status is Status.ACCEPTED
    assert set(limits(petition)) == {"answer"}
    assert petition.timeline[-1].detail["before"]["kind"] == "khieu_nai"


def test_acceptance_is_the_earlier_of_7_working_days_and_10_days(world, monday):
    assert due_on(signed(world)) == date(2026, 10, 14)
    # around 24/11 seven working days are later than they look; around Tet ten days come first
    with time_machine.travel("2027-02-03 09:00+07:00", tick=False):
        petition = signed(world, on=date(2027, 2, 3))
        assert due_on(petition) == date(2027, 2, 15)  # 7 working days would be 19/2
        [row] = [row for row in petition.deadlines if row.step == "acceptance"]
        assert "Nhận đơn có chữ ký: Thứ Tư 3/2/2027;" in row.trace[0]["text"]


def test_a_signed_petition_entered_late_counts_from_its_day(world, monday):
    petition = signed(world, on=date(2026, 9, 30))
    assert due_on(petition) == date(2026, 10, 9)
    with pytest.raises(BadInput):
        signed(world, on=date(2026, 10, 6))


@pytest.mark.parametrize(
    ("criteria", "is_remote", "until"),
    [
        ((), False, date(2026, 11, 4)),
        (("places",), False, date(2026, 11, 19)),
        ((), True, date(2026, 11, 19)),
        (("contents", "bodies"), True, date(2026, 12, 4)),
    ],
)
def test_resolution_is_30_45_or_45_60_days_from_admission(
    world, monday, criteria, is_remote, until
):
    petition = admitted(world, criteria=criteria, is_remote=is_remote)
    assert petition.status is Status.ADMITTED
    assert due_on(petition) == until
    assert petition.proceeding.criteria == list(criteria)
    assert petition.proceeding.admission == NOTICE
    met = {row.step: row.met_at is not None for row in petition.deadlines}
    assert met == {"acceptance": True, "processing_notice": True, "resolution": False}


def test_extension_needs_criterion_and_document_and_stops_at_the_maximum(world, monday):
    petition = admitted(world)
    chair = world.actor("chair")
    how = {"days": 15, "decision": "20/TB-UBND", "reason": "Hai nơi", "criterion": "places"}
    for missing in ({"decision": ""}, {"reason": " "}, {"criterion": "gấp"}):
        with pytest.raises(BadInput):
            do("prolong", petition, chair, **how | missing)
        db.session.rollback()
    with pytest.raises(ExtensionRefused):
        do("prolong", petition, chair, **how | {"days": 16})
    db.session.rollback()
    do("prolong", petition, chair, **how)
    assert due_on(petition) == date(2026, 11, 19)
    with pytest.raises(ExtensionRefused):
        do("prolong", petition, chair, **how | {"days": 1})


def test_only_a_decision_stops_the_clock_and_it_goes_on_from_the_other(world, monday):
    petition = admitted(world)  # 30 days from 5/10
    chair = world.actor("chair")
    monday.shift(timedelta(days=10))
    do("suspend", petition, chair, decision="5/QĐ-UBND", on=date(2026, 10, 15), reason="Ốm nặng")
    assert petition.status is Status.SUSPENDED
    assert petition.timeline[-1].detail["send_by"] == "2026-10-20"
    monday.shift(timedelta(days=40))
    assert not is_overdue(petition, clock.now())
    with pytest.raises(BadInput):
        do("resume", petition, chair, decision="9/QĐ-UBND", on=date(2026, 10, 14))
    db.session.rollback()
    do("resume", petition, chair, decision="9/QĐ-UBND", on=date(2026, 11, 24))
    assert petition.status is Status.ADMITTED
    assert due_on(petition) == date(2026, 12, 14)  # 20 days were left
    [row] = [row for row in petition.deadlines if row.step == "resolution"]
    assert any("theo 5/QĐ-UBND" in step["text"] for step in row.trace)


def test_waiting_for_the_resident_is_no_way_to_stop_it(world, monday):
    petition = admitted(world)
    for who in ("clerk", "chair"):
        assert Action.ASK not in allowed_actions(petition, world.actor(who))


def test_the_nine_grounds_and_a_wrong_one(world, monday):
    assert len(grounds("khieu_nai", Use.REFUSAL)) == 9
    petition = signed(world)
    how = {"reason": "Quá 90 ngày kể từ khi nhận quyết định.", "decision": "13/TB-UBND"}
    with pytest.raises(BadInput):
        do("refuse_admission", petition, world.actor("chair"), ground_code="mood", **how)
    db.session.rollback()
    with pytest.raises(NotAllowed):
        do("refuse_admission", petition, world.actor("clerk"), ground_code="too_late", **how)
    db.session.rollback()
    do("refuse_admission", petition, world.actor("chair"), ground_code="too_late", **how)
    assert petition.status is Status.NOT_ADMITTED
    assert "Luật Khiếu nại 2011 Đ.11 k.6" in petition.ended_reason
    assert (petition.proceeding.ground, petition.proceeding.outcome) == (
        "too_late",
        "refuse_admission",
    )


def test_a_second_complaint_is_guided_to_the_province_even_unsigned(world, monday):
    petition = petition_at(world, Status.AWAITING_SIGNATURE)
    chair = world.actor("chair")
    with pytest.raises(BadInput):  # unsigned: no refusal in law, only guidance
        do("refuse_admission", petition, chair, ground_code="too_late", reason="Muộn")
    db.session.rollback()
    reason = "Gửi Chủ tịch UBND thành phố Hà Nội."
    do("refuse_admission", petition, chair, ground_code="second_level", reason=reason)
    assert petition.status is Status.NOT_ADMITTED
    assert "Chủ tịch UBND cấp tỉnh" in petition.ended_reason


def test_a_dialogue_is_announced_five_days_before_and_recorded(world, monday):
    petition = admitted(world)
    clerk = world.actor("clerk")
    said = {"agreed": "Đo lại đất", "differing": "Giá bồi thường"}
    with pytest.raises(WrongState):
        do("hold_dialogue", petition, clerk, **said)
    db.session.rollback()
    at = clock.now() + timedelta(days=4)
    with pytest.raises(BadInput):
        do("call_dialogue", petition, clerk, meets_at=at, where="Phòng họp")
    db.session.rollback()
    at += timedelta(days=1)
    do("call_dialogue", petition, clerk, meets_at=at, where="Phòng họp")
    do("hold_dialogue", petition, clerk, **said, absence="không có lý do")
    assert "Còn khác nhau: Giá bồi thường" in petition.timeline[-1].text
    assert petition.timeline[-1].detail["absence"] == "không có lý do"


def test_some_withdraw_and_it_goes_on_all_withdraw_and_it_is_discontinued(world, monday):
    petition = admitted(world, people=3)
    do("leave", petition, world.actor("clerk"), people=1, reason="Đơn rút ngày 5/10")
    assert (petition.proceeding.people, petition.status) == (2, Status.ADMITTED)
    with pytest.raises(BadInput):
        do("leave", petition, world.actor("clerk"), people=2, reason="Đơn rút")
    db.session.rollback()
    do(
        "discontinue",
        petition,
        world.actor("chair"),
        decision="40/QĐ-UBND",
        on=date(2026, 10, 5),
        reason="Tất cả đã rút khiếu nại.",
    )
    assert petition.status is Status.DISCONTINUED
    assert all(row.met_at for row in petition.deadlines)


def test_before_admission_a_withdrawal_needs_no_decision(world, monday):
    petition = signed(world)
    do("withdraw", petition, world.actor("clerk"), reason="Đơn rút ngày 5/10")
    assert petition.status is Status.WITHDRAWN


def test_a_decision_ends_it_and_nobody_reopens_it(world, monday):
    petition = petition_at(world, Status.RESOLVED)
    assert allowed_actions(petition, CITIZEN) == []
    assert petition.proceeding.decision == "31/QĐ-UBND"
    assert not petition.is_open


def test_the_resident_is_told_at_every_turn_with_what_to_do(world, monday):
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
    petition = online(world, channel=Channel.TELEGRAM, contact_id=contact_id)
    clerk, chair = world.actor("clerk"), world.actor("chair")
    do("accept", petition, clerk, kind=Kind.KHIEU_NAI)
    do("receive_signed", petition, clerk, signed_on=date(2026, 10, 5))
    do("admit", petition, chair, on=date(2026, 10, 5), decision=NOTICE)
    do("resolve", petition, chair, decision="1/QĐ", on=date(2026, 10, 5), summary="Giữ nguyên.")
    texts = {row.notice: row.body for row in db.session.scalars(sa.select(OutboxRow))}
    assert (
        "thời hạn giải quyết tính từ ngày phường nhận được đơn"
        in texts["petition.law_awaiting_signature"]
    )
    assert "hết ngày 14/10/2026" in texts["petition.law_signed"]
    assert "hết ngày 04/11/2026" in texts["petition.law_admitted"]
    assert "khởi kiện tại Tòa án trong 30 ngày" in texts["petition.law_resolved"]


def test_a_group_names_who_speaks_before_it_is_admitted(world, monday):
    petition = signed(world, people=6)
    chair = world.actor("chair")
    with pytest.raises(WrongState):
        do("admit", petition, chair, on=date(2026, 10, 5), decision=NOTICE)
    db.session.rollback()
    three = [Spoken(f"Người {n}") for n in "ABC"]
    with pytest.raises(BadInput):  # 5 to 10 people: one or two
        do("group", petition, world.actor("clerk"), people=6, representatives=three)
    db.session.rollback()
    do("group", petition, world.actor("clerk"), people=11, representatives=three)
    assert [each.name for each in petition.representatives] == ["Người A", "Người B", "Người C"]
    assert petition.proceeding.people == 11
    do("admit", petition, chair, on=date(2026, 10, 5), decision=NOTICE)


def test_names_of_representatives_are_sealed_at_rest(world, monday):
    petition = signed(world, people=6)
    do("group", petition, world.actor("clerk"), people=6, representatives=[Spoken("Lê Văn Đại")])
    raw = db.session.execute(sa.text("SELECT name FROM representative")).scalar_one()
    assert "Đại" not in raw
