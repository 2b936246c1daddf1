"""A resident meets the chair: books on the web, waits by number, is heard, reads the conclusion and follows it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.petitions.models import Petition
from feedback.reception.models import ReceptionDay, Visit
from tests.feedback.calendars import strictly
from tests.web.desk.reception_routes import a_day_soon, begin
from tests.web.public.resident import hidden
from tests.web.staff import at_desk

LIST = "/ba-dinh/tiep-cong-dan"


@pytest.fixture
def day(world):
    return a_day_soon(world)


def book(resident, day, **values) -> str:
    page = resident.open(f"{LIST}/{day.id}")
    sent = {**hidden(page), "slot": "0", "name": "Trần Thị Dân", "kind": "kien_nghi"}
    sent |= {"subject": "Cống ngõ 34 tắc", "people": "1"} | values
    return resident.post(f"{LIST}/{day.id}", sent)


def test_a_time_is_booked_shown_and_given_back(resident, day):
    assert "Còn 6 giờ hẹn trống" in resident.open(LIST)
    own = book(resident, day, slot="2")
    page = resident.open(own)
    assert "Đã ghi lịch hẹn" in page
    assert f"{clock.local(day.opens_at) + timedelta(hours=1):%H:%M}" in page
    assert "Còn 5 giờ hẹn trống" in resident.open(LIST)
    resident.post(f"{own}/huy", {})
    assert "Đã hủy hẹn" in resident.open(own)
    assert "Còn 6 giờ hẹn trống" in resident.open(LIST)


def test_sending_the_form_twice_books_once(resident, day):
    page = resident.open(f"{LIST}/{day.id}")
    sent = {**hidden(page), "slot": "0", "name": "Dân", "kind": "kien_nghi", "subject": "Rác"}
    assert resident.post(f"{LIST}/{day.id}", sent) == resident.post(f"{LIST}/{day.id}", sent)


def test_a_form_that_lacks_something_says_what(resident, day):
    address = f"{LIST}/{day.id}"
    assert "Xin ghi họ tên." in resident.post(address, {"slot": "0"}, expect=422)
    sent = {"slot": "0", "name": "Dân", "kind": "kien_nghi", "people": "1"}
    assert "Xin ghi muốn gặp về việc gì" in resident.post(address, sent, expect=422)
    assert "Đã ghi lịch hẹn" in resident.open(resident.post(address, sent | {"kind": "to_cao"}))
    assert resident.client.get(f"{LIST}/999").status_code == 404
    assert resident.client.get("/hen/khongcotrangnay00").status_code == 404


def test_from_the_booking_to_the_petition_that_follows_it(app, world, resident, day):
    own = book(resident, day)
    clerk = at_desk(app, world.clerk)
    begin(world, day)
    visit_id = db.session.scalar(sa.select(Visit.id))
    base = f"/desk/receptions/{day.id}/visits/{visit_id}/steps"
    clerk.post(f"{base}/arrive")
    assert "Số thứ tự 1" in resident.open(own)
    clerk.post(f"{base}/call")
    assert "Mời Ông/Bà vào" in resident.open(own)
    entry = {"kind": "kien_nghi", "subject": "Cống ngõ 34 tắc", "people": "6", "is_ours": "1"}
    entry |= {"address": "12 ngõ 34", "id_number": "001182000345", "summary": "Tắc từ tháng 6"}
    assert clerk.post(f"/desk/visits/{visit_id}", data=entry).status_code == 302
    wrong = {"conclusion": "Thông cống", "position_id": world.positions["an"].id, "due_on": "x"}
    assert clerk.post(f"/desk/visits/{visit_id}/conclusion", data=wrong).status_code == 422
    due_on = clock.today() + timedelta(days=10)
    right = wrong | {"due_on": f"{due_on:%d/%m/%Y}", "field_id": world.fields[3].id}
    assert clerk.post(f"/desk/visits/{visit_id}/conclusion", data=right).status_code == 302
    clerk.post(f"{base}/finish")
    clerk.post(f"/desk/receptions/{day.id}/end")
    petition = db.session.scalars(sa.select(Petition)).one()
    page = resident.open(own)
    assert "Đã tiếp xong" in page
    assert "Thông cống" in page
    assert petition.number in page
    assert petition.handler_id == world.an.id
    owed = "Ban hành Thông báo kết luận"
    assert owed in clerk.get("/desk/receptions").get_data(as_text=True)
    assert clerk.post(f"/desk/receptions/{day.id}/conclusions").status_code == 302
    db.session.expire_all()
    assert "/TB-UBND" in db.session.get_one(ReceptionDay, day.id).notice_sign
    assert owed not in clerk.get("/desk/receptions").get_data(as_text=True)
    asked = {"book": "reception_register", "as": "xlsx"}
    assert clerk.get("/desk/registers", query_string=asked).status_code == 200


def test_the_days_and_ones_own_time_go_into_a_calendar(resident, day):
    assert f"{LIST}.ics" in resident.open(LIST)
    whole = strictly(resident.client.get(f"{LIST}.ics").data).walk("VEVENT")
    one = strictly(resident.client.get(f"{LIST}/{day.id}.ics").data).walk("VEVENT")
    assert [event["UID"] for event in whole] == [event["UID"] for event in one]
    own = book(resident, day, slot="2")
    assert f"{own}.ics" in resident.open(own)
    (mine,) = strictly(resident.client.get(f"{own}.ics").data).walk("VEVENT")
    at = day.opens_at.replace(microsecond=0) + timedelta(hours=1)
    assert mine.decoded("DTSTART") == at
    assert resident.client.get(f"{LIST}/999.ics").status_code == 404
