"""The demonstration: a whole ward from one file, petitions in every state, volume in bulk."""

import copy

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.demo import lives, seed, stories, volume
from feedback.errors import BadInput, NotAllowed
from feedback.people.directory import chair_of
from feedback.people.models import Officer
from feedback.petitions.intake import Submission, submit
from feedback.petitions.models import Channel, Kind, Petition, Status, TimelineEntry
from feedback.wards.founding import found
from feedback.wards.models import Field, Neighbourhood, Ward


@pytest.fixture
def founded(app):
    with transaction():
        return seed.seed_ward()


def test_the_ward_is_a_real_place_with_invented_people(founded):
    ward = db.session.get_one(Ward, founded.ward.id)
    assert (ward.name, ward.province_name, ward.is_demo) == (
        "Phường Ba Đình",
        "Thành phố Hà Nội",
        True,
    )
    assert db.session.scalar(sa.select(sa.func.count(Neighbourhood.id))) == 12
    assert db.session.scalar(sa.select(sa.func.count(Field.id))) == 25
    names = db.session.scalars(sa.select(Officer.full_name)).all()
    assert all(name.endswith("(mẫu)") for name in names)
    assert chair_of(ward.id, clock.today()).full_name == "Nguyễn Thu Hà (mẫu)"


def test_the_petitions_reach_every_state_by_the_real_verbs(founded, tmp_path):
    assert seed.seed_petitions(founded, tmp_path) == 60 + len(lives.lives())
    states = dict(
        db.session.execute(
            sa.select(Petition.status, sa.func.count()).group_by(Petition.status)
        ).all()
    )
    assert set(states) == set(Status)
    wanted = [row["state"] for row in stories.petitions()]
    assert all(states[status] >= wanted.count(status) for status in Status)
    sealed = sa.select(Petition).where(Petition.kind == Kind.TO_CAO)
    assert all(petition.is_restricted for petition in db.session.scalars(sealed))
    [group] = db.session.scalars(sa.select(Petition).where(Petition.representatives.any()))
    assert (group.proceeding.people, len(group.representatives)) == (7, 2)
    acts = set(db.session.scalars(sa.select(TimelineEntry.action)))
    assert {"extend", "prolong", "call_dialogue", "hold_dialogue", "propose"} <= acts
    future = sa.select(sa.func.count(TimelineEntry.id)).where(TimelineEntry.at > clock.now())
    assert db.session.scalar(future) == 0


def test_volume_numbers_go_on_without_a_gap(founded, monkeypatch):
    monkeypatch.setattr(volume, "CHUNK", 4)  # so that the last pieces have no closed petition
    volume.fill(founded.ward, 300)
    with transaction():
        after = submit(
            Submission(
                ward_id=founded.ward.id,
                text="Đèn đường hỏng",
                channel=Channel.WEB,
                phone="0912345678",
            )
        )
    numbers = db.session.scalars(
        sa.select(Petition.seq).where(Petition.year == after.year).order_by(Petition.seq)
    ).all()
    assert numbers == list(range(1, len(numbers) + 1))
    assert after.seq == numbers[-1]
    assert db.session.scalar(sa.select(sa.func.count(Petition.id))) == 301


def test_volume_is_refused_in_a_real_ward(world):
    with pytest.raises(NotAllowed):
        volume.fill(world.ward, 1)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda data: data.pop("position"), "position"),
        (lambda data: data["position"].pop(0), "Chủ tịch"),
        (
            lambda data: [
                row.update(role="officer") for row in data["position"] if row["role"] == "clerk"
            ],
            "tiếp nhận",
        ),
    ],
)
def test_a_ward_that_cannot_work_is_refused(app, change, word):
    data = copy.deepcopy(stories.ward())
    change(data)
    with transaction(), pytest.raises(BadInput, match=word):
        found(data)


def test_the_same_ward_twice_is_refused(founded):
    with transaction(), pytest.raises(BadInput, match="BD"):
        found(stories.ward())
