"""People come and go; posts are opened and closed; units are named; nothing is lost on the way."""

from datetime import date

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.directory import chair_of, table_of
from feedback.people.models import Officer, Role, Tenure
from feedback.petitions import succession
from feedback.wards import posts, units
from feedback.wards.models import Field, Neighbourhood
from feedback.wards.setup import setup_of
from tests.world import make_world

TODAY = date(2026, 8, 5)
TOMORROW = date(2026, 8, 6)


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel("2026-08-05 09:00+07:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def do(world):
    """`do(posts.appoint, …, by="admin")`: the verb in a transaction."""

    def do_(verb, *args, by="admin", **values):
        with transaction():
            done = verb(*args, by=world.actor(by), **values)
            return getattr(done, "id", done)

    return do_


def holders(world, post, on=TODAY):
    db.session.rollback()
    found = table_of(world.ward.id, on).holders.get(world.positions[post].id, ())
    return [table_of(world.ward.id).name(who) for who in found]


def tenure_of(world, who):
    return db.session.scalars(
        sa.select(Tenure.id).where(Tenure.officer_id == world.people[who].id)
    ).one()


def test_a_newcomer_takes_over_from_a_day_and_the_cases_follow(world, do, time):
    petition = world.submit(field_id=world.fields[2].id)
    moi = do(posts.add_officer, full_name=" Lê  Văn Mới ", phone="0912 000 111")
    do(posts.appoint, world.positions["an"].id, moi, TOMORROW)
    assert holders(world, "an") == ["Lý Văn An"]
    assert holders(world, "an", TOMORROW) == ["Lê Văn Mới"]
    time.move_to("2026-08-06 08:00+07:00")
    with transaction():
        assert succession.settle(clock.today()) == 1
    db.session.refresh(petition)
    assert petition.handler_id == moi


def test_beside_keeps_the_other(world, do):
    do(posts.appoint, world.positions["an"].id, world.chi.id, TODAY, beside=True)
    assert holders(world, "an") == ["Lý Văn An", "Mai Thị Chi"]


def test_there_is_one_chair(world, do):
    do(posts.appoint, world.positions["chair"].id, world.vice.id, TODAY, beside=True)
    assert holders(world, "chair") == ["Trần Văn Vinh"]
    assert chair_of(world.ward.id).id == world.vice.id


def test_somebody_leaves_on_a_day(world, do):
    do(posts.leave, tenure_of(world, "an"), TODAY)
    assert holders(world, "an") == ["Lý Văn An"]
    assert holders(world, "an", TOMORROW) == []


def test_the_ward_is_never_without_head_or_administrator(world, do):
    with pytest.raises(BadInput) as refused:
        do(posts.leave, tenure_of(world, "admin"), TODAY)
    assert "quản trị" in refused.value.sentence
    do(posts.leave, tenure_of(world, "vice"), TODAY)
    with pytest.raises(BadInput) as refused:
        do(posts.leave, tenure_of(world, "chair"), TODAY)
    assert "Chủ tịch" in refused.value.sentence
    db.session.rollback()
    assert holders(world, "chair", TOMORROW) == ["Nguyễn Thị Hoa"]


@pytest.mark.parametrize(
    ("who", "starts", "field"),
    [("an", TODAY, "officer_id"), ("chi", date(2026, 1, 1), "starts_on")],
)
def test_an_appointment_that_does_not_fit(world, do, who, starts, field):
    with pytest.raises(BadInput) as refused:
        do(posts.appoint, world.positions["an"].id, world.people[who].id, starts)
    assert list(refused.value.fields) == [field]


def test_posts_are_opened_renamed_and_closed(world, do):
    post = do(
        posts.open_post,
        title="Chuyên viên văn hóa",
        role=Role.OFFICER,
        department_id=world.departments["van_hoa_xa_hoi"].id,
    )
    again = do(posts.open_post, title="Chuyên viên Văn hóa", role=Role.OFFICER)
    db.session.rollback()
    found = setup_of(world.ward.id).posts
    assert (found[post].code, found[again].code) == ("chuyen_vien_van_hoa", "chuyen_vien_van_hoa_2")
    do(posts.correct_post, post, title="Công chức văn hóa")
    db.session.rollback()
    assert setup_of(world.ward.id).posts[post].title == "Công chức văn hóa"
    do(posts.close_post, post)
    db.session.rollback()
    assert post not in setup_of(world.ward.id).posts
    with pytest.raises(BadInput):
        do(posts.close_post, world.positions["an"].id)
    with pytest.raises(BadInput):
        do(posts.open_post, title="Tổ trưởng", role=Role.NEIGHBOURHOOD_HEAD)


def test_people_are_described(world, do):
    do(posts.correct_officer, world.an.id, full_name="Lý Văn An", phone="", email="an@phuong.vn")
    db.session.rollback()
    assert db.session.get(Officer, world.an.id).email == "an@phuong.vn"
    for wrong in ({"full_name": " "}, {"phone": "12"}, {"email": "an"}):
        with pytest.raises(BadInput) as refused:
            do(posts.add_officer, **{"full_name": "A", **wrong})
        assert list(refused.value.fields) == list(wrong)


def test_units_are_named_and_taken_out_of_use(world, do):
    new = do(units.save_department, None, name="Trung tâm Phục vụ hành chính công")
    do(units.save_department, new, name="Trung tâm hành chính công")
    with pytest.raises(BadInput):
        do(units.save_department, new, name="văn phòng HĐND và UBND")
    do(units.use_department, new, False)
    with pytest.raises(BadInput):
        do(units.use_department, world.departments["van_phong"].id, False)
    area = do(units.save_neighbourhood, None, number=4, streets="Đội Cấn")
    db.session.rollback()
    assert db.session.get(Neighbourhood, area).name == "Tổ dân phố số 4"
    with pytest.raises(BadInput):
        do(units.save_neighbourhood, area, number=1)
    with pytest.raises(BadInput):
        do(units.use_neighbourhood, world.neighbourhoods[1].id, False)
    do(units.use_neighbourhood, area, False)


def field(world, do, no, **values):
    given = {
        "department_id": world.departments["van_phong"].id,
        "keywords": ["đèn"],
        "photo_after_required": True,
        "is_active": True,
    }
    do(units.save_field, world.fields[no].id, **{**given, **values})
    db.session.rollback()
    return db.session.get(Field, world.fields[no].id)


def test_fields_are_switched_off_but_never_the_last_resort(world, do):
    assert not field(world, do, 5, is_active=False).is_active
    assert world.fields[5].id not in setup_of(world.ward.id).fields
    assert field(world, do, 2).keywords == ["đèn"]
    with pytest.raises(BadInput):
        field(world, do, 25, is_active=False)


def test_who_may(world, do):
    other = make_world("XX", "phuong-khac")
    for who in ("chair", "clerk", "an"):
        with pytest.raises(NotAllowed):
            do(posts.add_officer, full_name="Ai", by=who)
        with pytest.raises(NotAllowed):
            do(units.save_department, None, name="Gì đó", by=who)
    for verb, args in (
        (posts.appoint, (other.positions["an"].id, world.an.id, TODAY)),
        (posts.appoint, (world.positions["an"].id, other.chi.id, TODAY)),
        (posts.leave, (tenure_of(other, "an"), TODAY)),
        (posts.close_post, (other.positions["an"].id,)),
        (units.use_department, (other.departments["van_phong"].id, False)),
    ):
        with pytest.raises(NotFound):
            do(verb, *args)
