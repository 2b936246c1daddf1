"""The delegation matrix through its pages: look, search, give, withdraw, paper, file."""

from datetime import timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.people.directory import table_of
from feedback.petitions import queries
from feedback.wards import delegating, substitution

URL = "/desk/settings/delegations"


def vn(day):
    return f"{day:%d/%m/%Y}"


def form(world, **changes):
    values = {
        "field_id": world.fields[2].id,
        "neighbourhood_id": "",
        "position_id": world.positions["binh"].id,
        "starts_on": vn(clock.today()),
        "ends_on": "",
        "decision_no": "45/QĐ-UBND",
    }
    return {**values, **changes}


def rows(world, no=2):
    db.session.rollback()
    return delegating.of_target(world.ward.id, world.fields[no].id, None)


def test_the_matrix_says_who_holds_what_now(admin, world):
    with transaction():
        substitution.declare(
            by=world.actor("an"),
            absent_id=world.an.id,
            substitute_id=world.binh.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    page = admin.get(URL).text
    assert "2. Chiếu sáng, cây xanh, công viên" in page
    assert "Lý Văn An (Vũ Thị Bình làm thay đến" in page
    assert "12/QĐ-UBND" in page
    assert "21 lĩnh vực chưa giao" in page
    assert page.count("Chưa giao</strong>") == 21


def test_words_are_found_without_accents(admin, world):
    page = admin.get(f"{URL}?q=chieu sang").text
    assert "2. Chiếu sáng" in page
    assert "Thoát nước" not in page
    assert "Chiếu sáng" in admin.get(f"{URL}?q=ly van an").text
    assert "Không có dòng nào khớp" in admin.get(f"{URL}?q=xyz").text


def test_the_chair_gives_a_field_anew_and_the_history_stays(chair, world):
    page = chair.get(f"{URL}/new?field_id={world.fields[2].id}").text
    assert "Đang giao cho <strong>Chuyên viên hạ tầng" in page
    tomorrow = clock.today() + timedelta(days=1)
    answer = chair.post(f"{URL}/new", data=form(world, starts_on=vn(tomorrow)))
    assert answer.status_code == 302
    old, new = rows(world)
    assert (old.ends_on, new.starts_on) == (clock.today(), tomorrow)
    page = chair.get(URL).text
    assert f"Từ {vn(tomorrow)}: Chuyên viên môi trường" in page
    assert "Giao lĩnh vực" in page
    assert "Nguyễn Thị Hoa" in page
    page = chair.get(f"{URL}/new?field_id={world.fields[2].id}").text
    assert "Sắp có hiệu lực" in page
    chair.post(f"{URL}/{new.id}/withdrawal")
    [row] = rows(world)
    assert row.ends_on is None
    assert "Bỏ một phân công" in chair.get("/desk/settings/history?kind=delegation").text


def test_a_new_petition_goes_to_who_was_given_the_field(admin, world):
    admin.post(f"{URL}/new", data=form(world))
    db.session.rollback()
    petition = world.submit(field_id=world.fields[2].id)
    assert petition.handler_id == world.binh.id
    assert queries.case(petition.number, world.actor("binh"))


def test_an_exception_for_an_area_ends_by_form(admin, world):
    area = world.neighbourhoods[3].id
    admin.post(f"{URL}/new", data=form(world, neighbourhood_id=area))
    page = admin.get(URL).text
    assert "tại Tổ dân phố số 3" in page
    [row] = delegating.of_target(world.ward.id, world.fields[2].id, area)
    admin.post(f"{URL}/{row.id}/end", data={"ends_on": "hôm nay"})
    assert "Ngày chưa đúng" in admin.get(URL).text
    admin.post(f"{URL}/{row.id}/end", data={"ends_on": vn(clock.today())})
    db.session.rollback()
    [row] = delegating.of_target(world.ward.id, world.fields[2].id, area)
    assert row.ends_on == clock.today()


def test_what_is_wrong_is_said_and_what_was_typed_stays(admin, world):
    for wrong, sentence in (
        ({"position_id": ""}, "Xin chọn chức danh"),
        ({"decision_no": " "}, "số quyết định"),
        ({"starts_on": "1/1/2026"}, "Đã giao cho Chuyên viên hạ tầng từ ngày 01/01/2026"),
        ({"field_id": ""}, "Xin chọn lĩnh vực"),
        ({"ends_on": "1/1/2026"}, "Ngày kết thúc phải từ ngày bắt đầu"),
    ):
        answer = admin.post(f"{URL}/new", data=form(world, **wrong))
        assert answer.status_code == 422, wrong
        assert sentence in answer.text
        assert "45/QĐ-UBND" in answer.text or "decision_no" in wrong
    assert len(rows(world)) == 1
    assert admin.get(f"{URL}/new?field_id=999999").status_code == 404


def test_the_paper_and_the_file(admin, world):
    admin.post(f"{URL}/new", data=form(world, decision_no="=1+1"))
    page = admin.get(f"{URL}/paper").text
    assert "Bảng phân công phụ trách lĩnh vực" in page
    assert "Vũ Thị Bình" in page
    assert "Chưa giao; Cán bộ tiếp nhận nhận" in page
    answer = admin.get(f"{URL}.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeffSố,Lĩnh vực")
    assert "'=1+1" in text
    assert "đã hết" in text
    assert "Lý Văn An" in text


def test_an_empty_ward_has_a_matrix(admin, world):
    with transaction():
        for row in delegating.of_ward(world.ward.id):
            db.session.delete(row)
    assert "25 lĩnh vực chưa giao" in admin.get(URL).text
    assert table_of(world.ward.id).given == ()
