"""Posts, people, units and fields through their pages."""

from datetime import timedelta

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.directory import table_of
from feedback.people.models import Officer, Position, Tenure
from feedback.petitions.models import Urgency
from feedback.wards.models import Department, Field, Neighbourhood

POSTS = "/desk/settings/posts"


def vn(day):
    return f"{day:%d/%m/%Y}"


def holders(world, who, on=None):
    db.session.rollback()
    table = table_of(world.ward.id, on)
    return [table.name(each) for each in table.holders.get(world.positions[who].id, ())]


def test_the_posts_are_listed_leaders_first_and_found(admin, world):
    page = admin.get(POSTS).text
    assert page.index("Chủ tịch UBND phường") < page.index("Chuyên viên hạ tầng")
    page = admin.get(f"{POSTS}?q=ha tang").text
    assert "Chuyên viên hạ tầng" in page
    assert "Chuyên viên văn hóa" not in page


def test_from_a_newcomer_to_a_post_held(admin, world):
    person = {"full_name": "Lê Văn Mới", "phone": "0912 000 111", "email": ""}
    admin.post("/desk/settings/people/new", data=person)
    moi = db.session.scalars(sa.select(Officer).where(Officer.full_name == "Lê Văn Mới")).one()
    post = {"title": "Chuyên viên đất đai", "role": "officer", "department_id": ""}
    post["neighbourhood_id"] = ""
    address = admin.post(f"{POSTS}/new", data=post).location
    assert "Chưa ai giữ chức danh này" in admin.get(address).text
    held = {"officer_id": moi.id, "starts_on": vn(clock.today())}
    admin.post(f"{address}/holders", data=held)
    page = admin.get(address).text
    assert "Đang giữ" in page
    assert "Lê Văn Mới: Chuyên viên đất đai" in admin.get("/desk/settings/history").text
    assert admin.post(f"{address}/holders", data=held).status_code == 422


def test_somebody_leaves_and_another_follows(admin, world):
    address = f"{POSTS}/{world.positions['an'].id}"
    tomorrow = clock.today() + timedelta(days=1)
    admin.post(
        f"{address}/holders",
        data={"officer_id": world.chi.id, "starts_on": vn(tomorrow), "beside": ""},
    )
    assert holders(world, "an") == ["Lý Văn An"]
    assert holders(world, "an", tomorrow) == ["Mai Thị Chi"]
    vice = db.session.scalars(sa.select(Tenure).where(Tenure.officer_id == world.vice.id)).one()
    own = f"{POSTS}/{world.positions['vice'].id}/holders/{vice.id}/end"
    admin.post(own, data={"ends_on": vn(clock.today())})
    assert holders(world, "vice", tomorrow) == []
    chair = db.session.scalars(sa.select(Tenure).where(Tenure.officer_id == world.chair.id)).one()
    admin.post(
        f"{POSTS}/{world.positions['chair'].id}/holders/{chair.id}/end",
        data={"ends_on": vn(clock.today())},
    )
    assert "sẽ không có Chủ tịch" in admin.get(POSTS).text
    assert holders(world, "chair", tomorrow) == ["Nguyễn Thị Hoa"]
    assert admin.post(own.replace("posts/", "posts/9")).status_code == 404


def test_a_post_is_renamed_and_closed_only_when_free(admin, world):
    address = f"{POSTS}/{world.positions['an'].id}"
    unit = world.departments["kinh_te_ha_tang"].id
    values = {"title": "Chuyên viên đô thị", "department_id": unit, "neighbourhood_id": ""}
    admin.post(address, data=values)
    db.session.rollback()
    assert db.session.get(Position, world.positions["an"].id).title == "Chuyên viên đô thị"
    assert admin.post(address, data={**values, "title": " "}).status_code == 422
    admin.post(f"{address}/closure")
    assert "đang có người giữ" in admin.get(address).text


def test_people_are_corrected(admin, world):
    address = f"/desk/settings/people/{world.an.id}"
    assert 'value="Lý Văn An"' in admin.get(address).text
    wrong = admin.post(address, data={"full_name": "Lý Văn An", "phone": "12"})
    assert wrong.status_code == 422
    assert "Số điện thoại chưa đúng" in wrong.text
    admin.post(address, data={"full_name": "Lý Văn Ân", "phone": "", "email": ""})
    assert "Lý Văn Ân" in admin.get("/desk/settings/people").text


def test_units_are_added_and_retired(admin, world):
    page = admin.get("/desk/settings/units").text
    assert "Tổ dân phố số 1" in page
    assert "Ngô Văn Tổ" in page
    admin.get("/desk/settings/units/neighbourhoods/new")
    area = {"number": "4", "name": "", "streets": "Đội Cấn, Liễu Giai", "households": "210"}
    admin.post("/desk/settings/units/neighbourhoods/new", data=area)
    found = db.session.scalars(sa.select(Neighbourhood).where(Neighbourhood.number == 4)).one()
    assert (found.name, found.households) == ("Tổ dân phố số 4", 210)
    again = admin.post("/desk/settings/units/neighbourhoods/new", data=area)
    assert again.status_code == 422
    assert "Liễu Giai" in again.text
    admin.post(f"/desk/settings/units/neighbourhoods/{found.id}/use")
    db.session.rollback()
    assert not db.session.get(Neighbourhood, found.id).is_active
    admin.post("/desk/settings/units/departments/new", data={"name": "Công an phường"})
    unit = db.session.scalars(
        sa.select(Department).where(Department.name == "Công an phường")
    ).one()
    admin.post(f"/desk/settings/units/departments/{unit.id}/use")
    admin.post(f"/desk/settings/units/departments/{world.departments['van_phong'].id}/use")
    assert "còn chức danh hoặc lĩnh vực" in admin.get("/desk/settings/units").text


def test_a_field_has_its_own_usual_urgency(admin, world):
    address = f"/desk/settings/fields/{world.fields[2].id}"
    assert "Theo mức chuẩn: Xử lý ngay" in admin.get(address).text
    values = {"department_id": world.departments["van_phong"].id, "keywords": ""}
    values |= {"is_active": "y", "urgency": "complex"}
    assert admin.post(address, data={**values, "urgency": "soon"}).status_code == 422
    admin.post(address, data=values)
    lamp = {"kind": None, "field_id": None, "urgency": None}
    petition = world.submit("Đèn đường trước nhà hỏng, tối om", **lamp)
    assert petition.urgency is Urgency.COMPLEX
    spark = "Đèn đường rò điện, dây điện chập tóe lửa trên cột, nguy hiểm quá"
    assert world.submit(spark, **lamp).urgency is Urgency.URGENT
    chosen = world.submit("Đèn đường hỏng", **{**lamp, "urgency": Urgency.NORMAL})
    assert chosen.urgency is Urgency.NORMAL
    assert "Phức tạp" in admin.get("/desk/settings/fields").text
    history = admin.get("/desk/settings/history").text
    assert "Mức độ thường gặp: phức tạp (trước: theo mức chuẩn)" in history


def test_a_field_is_switched_off_and_its_old_cases_still_open(app, admin, world):
    from tests.web.desk import walks
    from tests.web.staff import at_desk

    number = walks.accepted(world, field_id=world.fields[2].id).number
    address = f"/desk/settings/fields/{world.fields[2].id}"
    assert "Chiếu sáng" in admin.get("/desk/settings/fields?q=chieu").text
    values = {"department_id": world.departments["van_phong"].id, "keywords": "đèn, đèn đường"}
    values["urgency"] = ""
    admin.post(address, data=values)
    db.session.rollback()
    row = db.session.get(Field, world.fields[2].id)
    assert (row.is_active, row.keywords) == (False, ["đèn", "đèn đường"])
    page = at_desk(app, world.an).get(f"/desk/cases/{number}")
    assert page.status_code == 200
    assert "Chiếu sáng" in page.text
    assert "Chiếu sáng" in at_desk(app, world.an).get("/desk/cases").text
    last = f"/desk/settings/fields/{world.fields[25].id}"
    refused = admin.post(last, data=values)
    assert refused.status_code == 422
    assert "phải luôn dùng" in refused.text
