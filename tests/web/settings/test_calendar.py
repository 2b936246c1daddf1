"""The working calendar through its pages: look, set, confirm, import, office hours, ask back, undo."""

from datetime import UTC, date, time

import sqlalchemy as sa
import time_machine

from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.people.models import Tenure
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.models import DayRule
from feedback.wards.office_windows import week_of
from feedback.wards.setup import setup_of
from tests.feedback.reminders.days import accepted, due_text, entries, local
from tests.web.staff import at_desk

CALENDAR = "/desk/settings/calendar"
TUESDAY = "2026-08-11"
DAY = {"day": "11/8/2026", "kind": "off", "name": "Lễ hội", "source": "QĐ 15/QĐ-UBND"}


def at(text):
    """The clock of the whole process, as a request of its own needs it."""
    return time_machine.travel(local(text).astimezone(UTC), tick=False)


def day_rows():
    db.session.rollback()
    return db.session.scalars(sa.select(DayRule).order_by(DayRule.day)).all()


def test_the_year_shows_its_days_and_where_it_stands(app, world):
    with at("2026-11-22 09:00"):
        admin = at_desk(app, world.admin)
        page = admin.get(CALENDAR, follow_redirects=True).text
        assert "Lịch làm việc năm 2026" in page
        assert "Quốc khánh" in page
        assert "Đã xác nhận" in page
        page = admin.get(f"{CALENDAR}/2027").text
        assert "Dự kiến" in page
        assert "chưa được xác nhận" in page
        assert "xác nhận lịch năm 2027" in admin.get("/desk/settings").text
        assert "chưa được xác nhận" in admin.get("/desk/", follow_redirects=True).text
    with at("2026-10-31 09:00"):
        admin = at_desk(app, world.admin)
        assert "chưa được xác nhận" not in admin.get(f"{CALENDAR}/2027").text
        assert "xác nhận lịch năm 2027" not in admin.get("/desk/settings").text
        assert admin.get(f"{CALENDAR}/1850").status_code == 404


def test_an_administrator_with_other_work_reads_it_at_home(app, world):
    with transaction():
        post = world.positions["admin"].id
        db.session.add(
            Tenure(position_id=post, officer_id=world.clerk.id, starts_on=date(2026, 1, 1))
        )
    with at("2026-11-22 09:00"):
        assert "chưa được xác nhận" in at_desk(app, world.clerk).get("/desk/").text
        assert "chưa được xác nhận" not in at_desk(app, world.an).get("/desk/").text


def test_an_afternoon_off(admin, world):
    eve = {
        "day": "31/12/2026", "kind": "hours", "name": "Nghỉ chiều cuối năm", "source": "QĐ 90",
        "hours": "8:00", "hours_1": "12:00",
    }  # fmt: skip
    refused = admin.post(f"{CALENDAR}/days", data={**eve, "hours_1": ""})
    assert refused.status_code == 422
    assert "Ghi đủ giờ bắt đầu và giờ kết thúc" in refused.text
    assert admin.post(f"{CALENDAR}/days", data={**eve, "day": "2/1/2027"}).status_code == 422
    admin.post(f"{CALENDAR}/days", data=eve)
    [row] = day_rows()
    assert (row.kind, row.windows) == ("hours", "08:00-12:00")
    page = admin.get(f"{CALENDAR}/2026").text
    assert "Giờ riêng 08:00–12:00: Nghỉ chiều cuối năm" in page
    assert 'value="08:00"' in admin.get(f"{CALENDAR}/days?on=2026-12-31").text
    assert "Giờ riêng 08:00–12:00: Nghỉ chiều cuối năm" in admin.get("/desk/settings/history").text


def test_a_day_that_moves_nothing_is_saved_at_once(admin, world):
    answer = admin.post(f"{CALENDAR}/days", data=DAY)
    assert answer.location.endswith("/calendar/2026")
    [row] = day_rows()
    assert (row.day.isoformat(), row.kind, row.name, row.source) == (
        TUESDAY, "off", "Lễ hội", "QĐ 15/QĐ-UBND",
    )  # fmt: skip
    page = admin.get(f"{CALENDAR}/2026").text
    assert "Lễ hội" in page
    assert "Đặt một ngày" in page
    assert "Hồ Văn Quản" in page.split("Đã thay đổi gần đây")[1]


def test_a_day_that_moves_dates_asks_first_then_moves_them(app, world):
    petition = accepted(world, "2026-08-03 09:00")
    with at("2026-08-05 10:00"):
        admin = at_desk(app, world.admin)
        page = admin.post(f"{CALENDAR}/days", data=DAY)
        assert "1 hồ sơ đang mở sẽ đổi hạn" in page.text
        assert petition.number in page.text
        assert 'name="source" value="QĐ 15/QĐ-UBND"' in page.text
        assert day_rows() == []
        again = admin.post(f"{CALENDAR}/days", data={**DAY, "again": "1"})
        assert again.status_code == 200
        assert 'value="QĐ 15/QĐ-UBND"' in again.text
        assert day_rows() == []
        admin.post(f"{CALENDAR}/days", data={**DAY, "confirmed": "1"})
        assert due_text(petition) == "2026-08-13 17:00"
        assert len(entries(petition, "redated")) == 1
        assert "1 hồ sơ đang mở đổi hạn" in admin.get(f"{CALENDAR}/2026").text
        assert "1 hồ sơ" in admin.post(f"{CALENDAR}/days/{TUESDAY}/removal").text
        admin.post(f"{CALENDAR}/days/{TUESDAY}/removal", data={"confirmed": "1"})
        assert due_text(petition) == "2026-08-12 17:00"


def test_a_swap_sets_both_days(admin, world):
    swap = {"day": "11/8/2026", "kind": "swapped", "other": "15/8/2026", "source": "QĐ 20"}
    admin.post(f"{CALENDAR}/days", data=swap)
    assert [(row.day.isoformat(), row.kind, row.name) for row in day_rows()] == [
        ("2026-08-11", "swapped", "sang Thứ Bảy 15/8/2026"),
        ("2026-08-15", "makeup", "cho Thứ Ba 11/8/2026"),
    ]


def test_what_is_wrong_is_said_and_what_was_typed_stays(admin, world):
    for wrong, sentence in (
        ({"day": "31/2/2026"}, "Ngày chưa đúng"),
        ({"source": ""}, "Xin ghi số văn bản"),
        ({"name": " "}, "Vui lòng ghi tên ngày"),
        ({"kind": "makeup"}, "Ngày làm bù phải là ngày nghỉ hằng tuần"),
        ({"kind": "swapped", "other": "11/8/2026"}, "Ngày làm bù phải khác"),
        ({"other": "15/8/2026"}, "Chỉ ghi ngày làm bù khi chọn Hoán đổi"),
        ({"kind": "swapped", "other": "12/8/2026"}, "Ngày làm bù phải là ngày nghỉ hằng tuần"),
    ):
        answer = admin.post(f"{CALENDAR}/days", data={**DAY, **wrong})
        assert answer.status_code == 422
        assert sentence in answer.text
        assert ("Lễ hội" in answer.text) or "name" in wrong
    assert day_rows() == []
    assert admin.get(f"{CALENDAR}/days?on=tet").status_code == 404


def test_the_form_of_a_known_day_is_filled(admin, world):
    page = admin.get(f"{CALENDAR}/days?on=2026-09-02").text
    assert 'value="02/09/2026"' in page
    assert 'value="Quốc khánh"' in page
    assert "Trả về như ngày thường" in page


def test_a_year_is_confirmed_and_doubted(admin, world):
    page = admin.post(f"{CALENDAR}/2027/confirmation", data={"decision_no": " "})
    assert page.status_code == 422
    admin.post(f"{CALENDAR}/2027/confirmation", data={"decision_no": "TB 6150/TB-BNV"})
    db.session.rollback()
    assert calendar_of(setup_of(world.ward.id)).settled[2027]
    page = admin.get(f"{CALENDAR}/2027").text
    assert "TB 6150/TB-BNV" in page
    admin.post(f"{CALENDAR}/2027/doubt")
    db.session.rollback()
    assert not calendar_of(setup_of(world.ward.id)).settled[2027]


def test_the_shipped_days_are_taken_again(admin, world):
    assert "đã giống" in admin.get(f"{CALENDAR}/2026/import").text
    admin.post(f"{CALENDAR}/days/2026-09-02/removal")
    page = admin.get(f"{CALENDAR}/2026/import").text
    assert "Thứ Tư 2/9/2026" in page
    assert admin.post(f"{CALENDAR}/2026/import", data={}).status_code == 422
    admin.post(f"{CALENDAR}/2026/import", data={"days": "2026-09-02"})
    db.session.rollback()
    day = calendar_of(setup_of(world.ward.id)).known[date(2026, 9, 2)]
    assert (day.name, day.confirmed) == ("Quốc khánh", True)


def hours(**changes):
    values = {}
    for day in range(5):
        names = (f"day{day}", f"day{day}_1", f"day{day}_2", f"day{day}_3")
        values |= dict(zip(names, ("8:00", "12:00", "13:00", "17:00"), strict=True))
    return {**values, **changes}


def test_office_hours_are_set_day_by_day(admin, world):
    url = "/desk/settings/office-hours"
    assert 'value="08:00"' in admin.get(url).text
    saturday = {"day5": "07:30", "day5_1": "11:30"}
    assert admin.post(url, data=hours(**saturday)).status_code == 302
    db.session.rollback()
    assert week_of(setup_of(world.ward.id))[5] == ((time(7, 30), time(11, 30)),)
    assert (
        "Thứ Bảy: 07:30–11:30" in admin.get("/desk/settings/calendar", follow_redirects=True).text
    )
    for wrong in ({"day0": ""}, {"day0": "13:00"}, {"day0_2": "11:00"}, {"day0": "8 giờ"}):
        answer = admin.post(url, data=hours(**wrong))
        assert answer.status_code == 422, wrong
        assert "Có điều cần sửa" in answer.text
    [row] = db.session.scalars(sa.select(AuditRow)).all()
    assert row.action == "calendar.hours"
    history = admin.get("/desk/settings/history").text
    assert "Thứ Bảy: 07:30-11:30 (trước: nghỉ)" in history


def test_other_office_hours_ask_first(app, world):
    petition = accepted(world, "2026-08-03 09:00")
    url = "/desk/settings/office-hours"
    with at("2026-08-05 10:00"):
        admin = at_desk(app, world.admin)
        early = hours(day2_3="16:30")
        page = admin.post(url, data=early).text
        assert "1 hồ sơ đang mở sẽ đổi hạn" in page
        assert "sớm hơn: chỉ cán bộ phụ trách" in page
        admin.post(url, data={**early, "confirmed": "1"})
    assert due_text(petition) == "2026-08-12 16:30"


def test_the_history_has_pages(admin, world):
    for day in range(1, 29):
        admin.post(f"{CALENDAR}/days", data={**DAY, "day": f"{day}/6/2026"})
    admin.get("/desk/settings")  # reads what was flashed
    first = admin.get("/desk/settings/history").text
    assert "Trang sau" in first
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = admin.get(address.replace("&amp;", "&")).text
    assert "Thứ Hai 1/6/2026" in second
    assert "Thứ Hai 1/6/2026" not in first
