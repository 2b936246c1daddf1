"""Nobody handles a petition about themselves or somebody close to them, or one of their own."""

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.people import relatives
from feedback.people.models import Channel, Contact, Officer
from feedback.petitions import queries, succession
from feedback.petitions.actions.funnel import apply
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Petition, Status, Urgency
from feedback.wards import substitution
from tests.feedback.petitions.stories import do

PHONE = "0987654321"


def close(world, who, to=None, phone="", name="Nguyễn Văn Thân"):
    """An officer declares somebody close to them."""
    colleague_id = world.people[to].id if to else None
    with transaction():
        return relatives.declare(
            by=world.actor(who),
            name=name,
            relationship="Anh ruột",
            phone=phone,
            colleague_id=colleague_id,
        )


def own_phone(world, who, phone=PHONE):
    with transaction():
        db.session.get(Officer, world.people[who].id).phone = phone


def lighting(world, **values) -> Petition:
    return world.submit(**{"field_id": world.fields[2].id, **values})


def handler(world, petition):
    db.session.expire_all()
    names = {officer.id: name for name, officer in world.people.items()}
    return names[petition.handler_id]


# -- why somebody must keep out ---------------------------------------------------------------------

WAYS = {  # how An comes to be kept out of a petition about lighting, his field
    "complained": lambda world: {"complained_officer_id": world.an.id},
    "close to the one complained about": lambda world: (
        close(world, "an", "chi"),
        {"complained_officer_id": world.chi.id},
    )[1],
    "declared by the one complained about": lambda world: (
        close(world, "chi", "an"),
        {"complained_officer_id": world.chi.id},
    )[1],
    "his own telephone": lambda world: (own_phone(world, "an"), {"phone": PHONE})[1],
    "a relative's telephone": lambda world: (
        close(world, "an", phone="098 765 4321"),
        {"phone": PHONE},
    )[1],
    "his own chat": lambda world: {"contact_id": chat_of(world, "an"), "phone": None},
}


def chat_of(world, who):
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=Channel.TELEGRAM,
            account="main",
            address="77",
            officer_id=world.people[who].id,
            created_at=clock.now(),
        )
        db.session.add(contact)
        db.session.flush()
        return contact.id


@pytest.mark.parametrize("way", WAYS)
def test_no_road_leads_to_who_must_keep_out(world, way):
    petition = lighting(world, **WAYS[way](world))
    assert handler(world, petition) == "clerk"  # routed past An on receipt
    do("accept", petition, world.actor("clerk"), kind=petition.kind, field_id=world.fields[3].id)
    assert handler(world, petition) == "clerk"  # and again when put into another field of his
    with pytest.raises(BadInput) as refused:
        do("assign", petition, world.actor("chair"), officer_id=world.an.id)
    assert "Lý Văn An" in refused.value.sentence
    assert "Có thể giao cho Phạm Thị Lê, Cán bộ tiếp nhận." in refused.value.sentence
    with transaction(), pytest.raises(WrongState, match="xung đột lợi ích"):
        apply(
            db.session.get(Petition, petition.id),
            Action.ASSIGN,
            world.actor("chair"),
            changes={"handler_id": world.an.id},
        )


@pytest.mark.parametrize("way", WAYS)
def test_handed_back_it_goes_past_them(world, way):
    clerk_too = WAYS[way](world)
    petition = lighting(world, **clerk_too)
    do("accept", petition, world.actor("clerk"))
    do("assign", petition, world.actor("chair"), officer_id=world.binh.id)
    do("hand_back", petition, world.actor("binh"), reason="Không thuộc phần tôi")
    assert handler(world, petition) != "an"


def test_the_sentence_is_the_same_for_every_reason(world):
    """Neither who reported nor what was declared can be guessed from it."""
    said = set()
    for way in WAYS.values():
        petition = lighting(world, **way(world))
        do("accept", petition, world.actor("clerk"))
        with pytest.raises(BadInput) as refused:
            do("assign", petition, world.actor("chair"), officer_id=world.an.id)
        said.add(refused.value.sentence)
    with transaction():  # away, and who stands in must keep out: told the same
        declare_absence(world, "an", "chi")
    petition = lighting(world, complained_officer_id=world.chi.id)
    do("accept", petition, world.actor("clerk"))
    with pytest.raises(BadInput) as refused:
        do("assign", petition, world.actor("chair"), officer_id=world.an.id)
    said.add(refused.value.sentence)
    assert len(said) == 1


def declare_absence(world, who, instead):
    substitution.declare(
        by=world.actor("chair"),
        absent_id=world.people[who].id,
        substitute_id=world.people[instead].id,
        starts_on=clock.today(),
        ends_on=clock.today(),
    )


# -- what was decided before is put right ---------------------------------------------------------


def settle():
    with transaction():
        return succession.settle(clock.today())


def test_a_later_declaration_takes_it_out_of_their_hands(world):
    petition = lighting(world, complained_officer_id=world.chi.id)
    other = lighting(world)
    assert handler(world, petition) == "an"
    assert settle() == 0
    close(world, "chi", "an")
    assert settle() == 1
    assert handler(world, petition) == "clerk"
    assert handler(world, other) == "an"
    assert settle() == 0
    entry = petition.timeline[-1]
    assert (entry.action, "Chi" in entry.text, "An" in entry.text) == ("succeeded", False, False)


def test_a_substitute_who_must_keep_out_does_not_stand_in(world):
    petition = lighting(world, complained_officer_id=world.chi.id)
    close(world, "binh", "chi")
    with transaction():
        declare_absence(world, "an", "binh")
    assert Action.SUBMIT_ANSWER not in allowed_actions(petition, world.actor("binh"))
    assert settle() == 1
    assert handler(world, petition) == "clerk"
    fresh = lighting(world, complained_officer_id=world.chi.id)
    assert handler(world, fresh) == "clerk"


def test_nobody_better_means_nothing_moves(world):
    """The last one left keeps it, and the timeline does not fill up."""
    petition = lighting(world, phone=PHONE)
    for who in ("an", "binh", "chi", "dept_head", "clerk", "vice", "chair"):
        own_phone(world, who)
    before = len(petition.timeline)
    for _ in range(3):
        settle()
    db.session.expire_all()
    assert len(petition.timeline) == before


# -- acting ----------------------------------------------------------------------------------------


def test_a_handler_who_must_keep_out_may_do_nothing_as_handler(world):
    petition = lighting(world, complained_officer_id=world.chi.id)
    do("accept", petition, world.actor("clerk"))
    close(world, "an", "chi")
    an = world.actor("an")
    assert {Action.TAKE, Action.DRAFT, Action.SUBMIT_ANSWER}.isdisjoint(
        allowed_actions(petition, an)
    )
    with pytest.raises(NotAllowed):
        do("take", petition, an)


def test_a_chair_who_must_keep_out_leaves_the_signature_to_the_deputy(world):
    close(world, "chair", phone=PHONE)
    petition = lighting(world, phone=PHONE, urgency=Urgency.COMPLEX)
    do("accept", petition, world.actor("clerk"))
    do("submit_answer", petition, world.actor("an"), text="Đã xong.")
    chair, vice = world.actor("chair"), world.actor("vice")
    assert Action.APPROVE not in allowed_actions(petition, chair)
    assert queries.approval_queue(chair).rows == []
    assert [row.number for row in queries.approval_queue(vice).rows] == [petition.number]
    do("approve", petition, vice)
    assert petition.status is Status.ANSWERED


def test_a_unit_of_nobody_but_them_is_not_asked(world):
    close(world, "chi", "an")
    petition = lighting(world, complained_officer_id=world.an.id)
    do("accept", petition, world.actor("clerk"))
    culture = world.departments["van_hoa_xa_hoi"].id
    with pytest.raises(BadInput, match="chọn đơn vị khác"):
        do("consult", petition, world.actor("clerk"), department_id=culture, question="Ý kiến?")
    works = world.departments["kinh_te_ha_tang"].id
    do("consult", petition, world.actor("clerk"), department_id=works, question="Ý kiến?")


# -- declaring -------------------------------------------------------------------------------------


def test_only_they_read_what_they_declared(world):
    row = close(world, "an", "chi", PHONE)
    assert [each.name for each in relatives.own(world.actor("an"))] == ["Nguyễn Văn Thân"]
    assert relatives.own(world.actor("admin")) == []
    assert relatives.declarers(world.ward.id) == {world.an.id}
    with transaction(), pytest.raises(NotFound):
        relatives.withdraw(row.id, by=world.actor("admin"))
    with transaction():
        relatives.withdraw(row.id, by=world.actor("an"))
    assert relatives.declarers(world.ward.id) == frozenset()
    petition = lighting(world, complained_officer_id=world.chi.id)
    assert handler(world, petition) == "an"


def test_what_is_stored_is_sealed_and_the_audit_names_nobody(world):
    close(world, "an", "chi", PHONE)
    stored = db.session.execute(db.text("SELECT name, relationship, phone FROM relative")).one()
    assert not [words for words in stored if "Thân" in words or "ruột" in words or PHONE in words]
    told = db.session.execute(db.text("SELECT detail FROM audit WHERE subject = 'relative'")).all()
    assert [str(row[0]) for row in told] == ["{}"]


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"relationship": ""}, {"phone": "12"}, {"name": "x" * 200}]
)
def test_a_declaration_must_make_sense(world, wrong):
    told = {"name": "Thân", "relationship": "Anh", **wrong}
    with transaction(), pytest.raises(BadInput):
        relatives.declare(by=world.actor("an"), **told)


def test_nobody_is_close_to_themselves_or_to_a_stranger(world):
    for colleague_id in (world.an.id, 0):
        with transaction(), pytest.raises(BadInput):
            relatives.declare(
                by=world.actor("an"), name="x", relationship="y", colleague_id=colleague_id
            )
