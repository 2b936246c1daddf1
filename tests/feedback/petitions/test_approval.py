"""Who signs what: the shipped rules as a table, a ward's own before them, and everybody held to them."""

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import Misconfigured, NotAllowed
from feedback.people.models import Tenure
from feedback.petitions import approval, queries
from feedback.petitions.approval import Signing, rule_for
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import AnswerState, Kind, Petition, Status, Urgency
from feedback.wards import substitution
from feedback.wards.models import Ward
from tests.feedback.petitions.stories import do, petition_at

RULES = [  # kind, field, urgency, reopened, about an officer: who signs
    (Kind.PHAN_ANH, 2, Urgency.URGENT, 0, False, "vice_chair"),
    (Kind.PHAN_ANH, 2, Urgency.QUICK, 0, False, "vice_chair"),
    (Kind.PHAN_ANH, 2, Urgency.NORMAL, 0, False, "vice_chair"),
    (Kind.PHAN_ANH, 2, Urgency.COMPLEX, 0, False, "chair"),
    (Kind.PHAN_ANH, 2, Urgency.NORMAL, 1, False, "chair"),
    (Kind.PHAN_ANH, 15, Urgency.NORMAL, 0, False, "chair"),
    (Kind.PHAN_ANH, 2, Urgency.NORMAL, 0, True, "chair"),
    (Kind.KIEN_NGHI, 2, Urgency.NORMAL, 0, False, "chair"),
    (Kind.HOI_DAP, 13, Urgency.NORMAL, 0, False, "officer"),
    (Kind.HOI_DAP, 13, Urgency.NORMAL, 2, False, "chair"),
    (Kind.HOI_DAP, 8, Urgency.NORMAL, 0, False, "vice_chair"),
    (Kind.KHEN_NGOI, 25, Urgency.NORMAL, 0, False, "officer"),
    (Kind.KHIEU_NAI, 13, Urgency.NORMAL, 0, False, "chair"),
    (Kind.TO_CAO, 13, Urgency.NORMAL, 0, False, "chair"),
]
SIGNERS = {"chair": {"chair"}, "vice_chair": {"chair", "vice"}, "officer": {"chair", "vice", "an"}}


def a_petition(world, kind, field, urgency, reopened, is_about_officer) -> Petition:
    """A value, not stored: rules look at columns alone."""
    return Petition(
        ward_id=world.ward.id,
        kind=kind,
        field_id=world.fields[field].id,
        urgency=urgency,
        reopened=reopened,
        handler_id=world.an.id,
        head_id=world.chair.id,
        complained_officer_id=world.chi.id if is_about_officer else None,
    )


@pytest.mark.parametrize("case", RULES, ids=str)
def test_the_shipped_rules(world, case):
    *what, signing = case
    petition = a_petition(world, *what)
    rule = rule_for(petition)
    assert rule.signing == signing
    assert rule.because
    may = {
        who
        for who in ("chair", "vice", "clerk", "dept_head", "an", "binh", "supervisor", "admin")
        if approval.may_sign(petition, world.people[who].id, world.actor(who).rights)
    }
    assert may == SIGNERS[signing]


def set_rules(world, *rules):
    with transaction():
        db.session.get(Ward, world.ward.id).settings = {"approval": list(rules)}


def test_a_ward_writes_its_own_rules_before_the_shipped_ones(world):
    set_rules(world, {"signing": "officer", "fields": [2], "because": "việc nhỏ"})
    assert rule_for(a_petition(world, *RULES[3][:5])).signing is Signing.OFFICER
    assert rule_for(a_petition(world, *RULES[5][:5])).signing is Signing.CHAIR


@pytest.mark.parametrize("wrong", [{"signing": "mayor"}, {"kinds": ["x"]}, {"colour": "red"}])
def test_a_rule_that_makes_no_sense_is_named(wrong):
    with pytest.raises(Misconfigured, match="dòng 1"):
        approval.read([{"signing": "chair", "because": "x", **wrong}])


def test_the_last_shipped_rule_fits_everything():
    assert approval.shipped()[-1] == approval.Rule(
        signing=Signing.CHAIR, because=approval.shipped()[-1].because
    )


def test_a_deputy_signs_the_ordinary_in_their_own_name_and_not_the_complex(world):
    ordinary = petition_at(world, Status.AWAITING_APPROVAL)
    complex_ = petition_at(world, Status.AWAITING_APPROVAL, urgency=Urgency.COMPLEX)
    vice = world.actor("vice")
    assert [row.number for row in queries.approval_queue(vice).rows] == [ordinary.number]
    assert queries.counters(vice)["to_approve"] == 1
    assert queries.counters(world.actor("chair"))["to_approve"] == 2
    do("approve", ordinary, vice)
    entry = ordinary.timeline[-1]
    assert (entry.officer_id, entry.acting_for_id) == (world.vice.id, None)
    assert entry.detail["signing"] == "vice_chair"
    with pytest.raises(NotAllowed):
        do("approve", complex_, vice)


def test_who_stands_in_for_the_chair_signs_in_the_chairs_name(world):
    complex_ = petition_at(world, Status.AWAITING_APPROVAL, urgency=Urgency.COMPLEX)
    with transaction():
        substitution.declare(
            by=world.actor("chair"),
            absent_id=world.chair.id,
            substitute_id=world.vice.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    assert len(queries.approval_queue(world.actor("vice")).rows) == 1
    do("approve", complex_, world.actor("vice"))
    entry, answer = complex_.timeline[-1], complex_.answers[-1]
    assert (entry.officer_id, entry.acting_for_id) == (world.vice.id, world.chair.id)
    assert (answer.decided_by_id, answer.decided_for_id) == (world.vice.id, world.chair.id)


def test_the_head_signs_everything_while_the_chair_is_vacant(world):
    with transaction():
        query = db.select(Tenure).where(Tenure.officer_id == world.chair.id)
        db.session.delete(db.session.scalars(query).one())
    complex_ = world.submit(field_id=world.fields[2].id, urgency=Urgency.COMPLEX)
    do("accept", complex_, world.actor("clerk"))
    do("submit_answer", complex_, world.actor("an"), text="Đã xong.")
    assert complex_.head_id == world.vice.id
    assert len(queries.approval_queue(world.actor("vice")).rows) == 1
    do("approve", complex_, world.actor("vice"))
    assert complex_.status is Status.ANSWERED


def test_about_the_chair_the_deputy_signs(world):
    petition = world.submit(field_id=world.fields[2].id, complained_officer_id=world.chair.id)
    do("accept", petition, world.actor("clerk"))
    do("submit_answer", petition, world.actor("an"), text="Đã kiểm tra.")
    assert Action.APPROVE in allowed_actions(petition, world.actor("vice"))
    assert Action.APPROVE not in allowed_actions(petition, world.actor("chair"))
    assert len(queries.approval_queue(world.actor("vice")).rows) == 1


def test_a_handler_sends_what_needs_no_approval_and_takes_it_back(world):
    petition = petition_at(world, Status.IN_PROGRESS, kind=Kind.KHEN_NGOI)
    an = world.actor("an")
    do("send_answer", petition, an, text="Xin cảm ơn Ông/Bà.")
    assert petition.status is Status.ANSWERED
    assert petition.answers[-1].decided_by_id == world.an.id
    assert Action.RECALL in allowed_actions(petition, an)
    do("recall", petition, an)
    assert petition.status is Status.IN_PROGRESS
    assert petition.answers[-1].state is AnswerState.DRAFT
    assert Action.SUBMIT_ANSWER in allowed_actions(petition, an)
    assert [row.number for row in queries.approval_queue(world.actor("chair")).rows] == []


def test_a_handler_sends_nothing_else(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    with pytest.raises(NotAllowed, match="phải trình duyệt"):
        do("send_answer", petition, world.actor("an"), text="Xong.")
    assert petition.status is Status.IN_PROGRESS


def test_nobody_else_sends_for_the_handler(world):
    petition = petition_at(world, Status.IN_PROGRESS, kind=Kind.KHEN_NGOI)
    for who in ("binh", "clerk", "vice", "chair"):
        with pytest.raises(NotAllowed):
            do("send_answer", petition, world.actor(who), text="Xin cảm ơn.")


def test_the_queue_and_the_rule_agree_for_everybody(world):
    fields = world.fields
    for kind in (Kind.PHAN_ANH, Kind.KIEN_NGHI, Kind.HOI_DAP, Kind.KHEN_NGOI):
        for urgency in (Urgency.NORMAL, Urgency.COMPLEX):
            petition = world.submit(kind=kind, urgency=urgency, field_id=fields[2].id)
            do("accept", petition, world.actor("clerk"))
            do("submit_answer", petition, world.actor("an"), text="Xong.")
    waiting = db.session.scalars(db.select(Petition)).all()
    for who in ("chair", "vice", "clerk", "supervisor"):
        actor = world.actor(who)
        shown = {row.number for row in queries.approval_queue(actor).rows}
        assert shown == {
            p.number for p in waiting if Action.APPROVE in allowed_actions(p, actor)
        }, who
