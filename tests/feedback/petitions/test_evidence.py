"""A field may demand a photo of how it looks afterwards: nothing is answered or closed without it."""

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import WrongState
from feedback.people.actor import CITIZEN, SYSTEM
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Kind, Petition, Status
from feedback.wards.models import Field
from tests.feedback.petitions.stories import do, petition_at


def demand(world, no=2, is_demanded=True):
    with transaction():
        db.session.get(Field, world.fields[no].id).photo_after_required = is_demanded


def photo(world, petition, use=FileUse.RESULT, width=640):
    with transaction():
        db.session.add(
            StoredFile(
                ward_id=world.ward.id,
                petition_id=petition.id,
                key=f"{petition.id}-{clock.now().timestamp()}",
                use=use,
                name="sau.jpg",
                media_type="image/jpeg",
                size=1,
                sha256="0" * 64,
                path="x",
                width=width,
                created_at=clock.now(),
            )
        )
    db.session.expire_all()


def submit(world, petition):
    do("submit_answer", petition, world.actor("an"), text="Đã thay bóng.")


def test_no_photo_no_answer(world):
    demand(world)
    petition = petition_at(world, Status.IN_PROGRESS)
    assert Action.SUBMIT_ANSWER not in allowed_actions(petition, world.actor("an"))
    assert Action.DRAFT in allowed_actions(petition, world.actor("an"))
    with pytest.raises(WrongState, match="cần ảnh sau khi xử lý"):
        submit(world, petition)
    photo(world, petition)
    submit(world, petition)
    do("approve", petition, world.actor("chair"))
    assert petition.status is Status.ANSWERED


@pytest.mark.parametrize(
    ("use", "width"),
    [
        (FileUse.EVIDENCE, 640),
        (FileUse.ADDED, 640),
        (FileUse.INTERNAL, 640),
        (FileUse.RESULT, None),
    ],
)
def test_only_a_photo_of_the_result_counts(world, use, width):
    demand(world)
    petition = petition_at(world, Status.IN_PROGRESS)
    photo(world, petition, use, width)
    with pytest.raises(WrongState):
        submit(world, petition)


@pytest.mark.parametrize("kind", [Kind.KIEN_NGHI, Kind.HOI_DAP, Kind.KHEN_NGOI])
def test_only_what_stands_outdoors_is_photographed(world, kind):
    demand(world)
    submit(world, petition_at(world, Status.IN_PROGRESS, kind=kind))


def test_the_rule_that_came_in_between_holds_at_approval(world):
    petition = petition_at(world, Status.AWAITING_APPROVAL)
    demand(world)
    with pytest.raises(WrongState, match="cần ảnh"):
        do("approve", petition, world.actor("chair"))
    photo(world, petition)
    do("approve", petition, world.actor("chair"))


def test_an_official_closes_nothing_unproven_but_a_resident_may(world):
    petition = petition_at(world, Status.ANSWERED)
    demand(world)
    with pytest.raises(WrongState, match="cần ảnh"):
        do("close", petition, world.actor("clerk"))
    assert Action.CLOSE in allowed_actions(petition, SYSTEM)
    do("rate", petition, CITIZEN, score=5)
    assert petition.status is Status.CLOSED


def test_opened_again_it_needs_a_new_photo(world):
    demand(world)
    petition = petition_at(world, Status.IN_PROGRESS)
    photo(world, petition)
    submit(world, petition)
    do("approve", petition, world.actor("chair"))
    do("reopen", petition, CITIZEN, reason="Đèn lại tắt")
    with pytest.raises(WrongState, match="ảnh sau khi xử lý mới"):
        submit(world, petition)
    photo(world, petition)
    submit(world, petition)


@pytest.mark.parametrize("column", ["work", "responsibility", "expected_result", "authority"])
def test_nothing_is_submitted_while_one_of_the_six_is_empty(world, column):
    petition = petition_at(world, Status.IN_PROGRESS)
    with transaction():
        setattr(db.session.get(Petition, petition.id), column, "")
    with pytest.raises(WrongState, match="sáu rõ"):
        submit(world, petition)
