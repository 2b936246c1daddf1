"""Texts, ward facts and service levels through their pages."""

from datetime import timedelta

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed
from feedback.petitions.models import Urgency
from feedback.procedures.limits import Unit
from feedback.wards import facts, service_levels
from feedback.wards.models import Ward
from feedback.wards.setup import setup_of

TEXT = "/desk/settings/texts/petition.late"
LATE = "Phường xin lỗi vì {{ number }} quá hạn {{ due }}. {{ handler }} sẽ trả lời. {{ link }}"
FACTS = "/desk/settings/facts"
LEVEL = "/desk/settings/levels/phan_anh/answer/normal"


def test_every_text_is_listed_and_found(admin, world):
    page = admin.get("/desk/settings/texts").text
    assert "Xin lỗi vì quá hạn" in page
    assert "Trò chuyện qua tin nhắn" in page
    page = admin.get("/desk/settings/texts?q=xin loi vi qua han").text
    assert "Xin lỗi vì quá hạn" in page
    assert "Lời chào" not in page
    assert "Không có câu nào khớp" in admin.get("/desk/settings/texts?q=xyzxyz").text


def test_a_text_is_looked_at_saved_and_taken_back(admin, world):
    page = admin.get(TEXT).text
    assert "Đang dùng câu chuẩn" in page
    assert "(phải có)" in page
    look = admin.post(TEXT, data={"text": LATE, "look": "1"}).text
    assert "Phường xin lỗi vì BD-2026-000123" in look
    db.session.rollback()
    assert setup_of(world.ward.id).texts == {}
    piece = admin.post(f"{TEXT}/preview", data={"text": LATE}).text
    assert "Phường xin lỗi vì BD-2026-000123" in piece
    admin.post(TEXT, data={"text": LATE})
    db.session.rollback()
    assert setup_of(world.ward.id).texts == {"petition.late": LATE}
    page = admin.get(TEXT).text
    assert "Câu chuẩn" in page
    assert "Những lần sửa" in page
    assert "Câu của phường" in admin.get("/desk/settings/texts").text
    assert "Sửa câu chữ" in admin.get("/desk/settings/history?kind=texts").text
    admin.post(f"{TEXT}/standard")
    db.session.rollback()
    assert setup_of(world.ward.id).texts == {}
    assert "Dùng lại câu chuẩn" in admin.get(TEXT).text


def test_a_text_is_shown_as_each_channel_brings_it(admin, world):
    page = admin.post(f"{TEXT}/preview", data={"text": LATE}).text
    assert "Telegram, Zalo và Thư điện tử" in page
    assert page.count("ward-message") == 1
    page = admin.post(f"{TEXT}/preview", data={"text": LATE + "\nXin lỗi." * 250}).text
    assert "Zalo: dài, nên tới thành 2 tin" in page
    assert "Telegram: dài" not in page
    assert page.count("ward-message") == 4  # Telegram, Zalo twice, a letter
    assert (
        "Zalo"
        not in admin.get("/desk/settings/texts/announcing.loudspeaker").text.split("Chỗ điền")[0]
    )
    assert "Telegram" not in admin.get("/desk/settings/texts/zalo.choices").text


def test_a_wrong_text_is_refused_and_stays_typed(admin, world):
    answer = admin.post(TEXT, data={"text": "Xin lỗi {{ number }} {{ gia }}"})
    assert answer.status_code == 422
    assert "Không có chỗ điền: gia" in answer.text
    assert "&#123;&#123; gia }}" in answer.text
    assert "Còn thiếu chỗ điền" in admin.post(f"{TEXT}/preview", data={"text": "Xin lỗi"}).text
    assert admin.get("/desk/settings/texts/petition.nothing").status_code == 404


def typed(**changes):
    return {f"fact_{name}": value for name, value in changes.items()}


def test_facts_are_saved_where_they_belong(admin, world):
    an = world.positions["an"].id
    values = {
        "name": "Phường Ba Đình",
        "address": "2 phố Mẫu",
        "hotline": "024 3845 0000",
        "over": "UBND THÀNH PHỐ HÀ NỘI",
        "reception_place": "Phòng 101",
        "reopen_days": "10",
        "neutral_position": str(an),
        "authority": "committee",
    }
    admin.post(FACTS, data=typed(**values))
    db.session.rollback()
    ward = db.session.get(Ward, world.ward.id)
    assert (ward.address, ward.hotline) == ("2 phố Mẫu", "024 3845 0000")
    assert ward.settings == {
        "papers": {"over": "UBND THÀNH PHỐ HÀ NỘI", "authority": "committee"},
        "reception_place": "Phòng 101",
        "reopen_days": 10,
        "neutral_position": an,
    }
    page = admin.get(FACTS).text
    assert 'value="UBND THÀNH PHỐ HÀ NỘI"' in page
    history = admin.get("/desk/settings/history").text
    assert "Cơ quan cấp trên: UBND THÀNH PHỐ HÀ NỘI (trước: để trống)" in history
    assert "Giữ đơn tố cáo lãnh đạo phường: Chuyên viên hạ tầng" in history
    admin.post(FACTS, data=typed(**{**values, "over": "", "reopen_days": ""}))
    db.session.rollback()
    settings = db.session.get(Ward, world.ward.id).settings
    assert "over" not in settings["papers"]
    assert settings["reopen_days"] == 7
    admin.post(FACTS, data=typed(**{**values, "over": "", "reopen_days": "7"}))
    assert "Không có gì đổi" in admin.get(FACTS).text


def test_wrong_facts_are_refused_beside_their_fields(admin, world):
    for wrong, sentence in (
        ({"name": " "}, "Vui lòng ghi tên phường"),
        ({"hotline": "gọi anh An"}, "Số điện thoại chưa đúng"),
        ({"email": "phuong"}, "Địa chỉ thư điện tử chưa đúng"),
        ({"zalo": "zalo.me/1"}, "bắt đầu bằng https://"),
        ({"reopen_days": "0"}, "Xin ghi một số từ 1 đến 60"),
        ({"neutral_position": "999999"}, "Vui lòng chọn một mục"),
    ):
        answer = admin.post(
            FACTS, data=typed(**{"name": "Phường Ba Đình", "address": "Ở đây", **wrong})
        )
        assert answer.status_code == 422, wrong
        assert sentence in answer.text
        assert 'value="Ở đây"' in answer.text
    db.session.rollback()
    assert db.session.get(Ward, world.ward.id).address == ""
    with pytest.raises(NotAllowed), transaction():
        facts.save({"name": "X"}, by=world.actor("chair"))


def vn(day):
    return f"{day:%d/%m/%Y}"


def set_level(
    world, amount, unit=Unit.WORKING_DAYS, most=None, days=1, urgency="normal", kind="phan_anh"
):
    setup = setup_of(world.ward.id)
    with transaction():
        service_levels.set_level(
            service_levels.find(setup, kind, "answer", urgency),
            by=world.actor("admin"),
            amount=amount,
            unit=unit,
            most=most,
            starts_on=clock.today() + timedelta(days=days),
        )
    db.session.rollback()


def promised(world, days):
    """How long an ordinary report received in so many days would have."""
    setup, on = setup_of(world.ward.id), clock.today() + timedelta(days=days)
    limit = service_levels.procedures_of(setup, on).limit("phan_anh", "answer", on)
    return limit.length("normal", frozenset()).words


def test_a_level_holds_from_its_day_and_what_was_promised_stays(admin, world):
    before = world.submit(urgency=Urgency.NORMAL).due_at
    values = {"amount": "5", "unit": "working_days", "most": "10"}
    tomorrow = clock.today() + timedelta(days=1)
    admin.post(LEVEL, data={**values, "starts_on": vn(tomorrow)})
    db.session.rollback()
    assert promised(world, 0) == "7 ngày làm việc"
    assert promised(world, 1) == "5 ngày làm việc"
    assert world.submit(urgency=Urgency.NORMAL).due_at.date() == before.date()
    page = admin.get("/desk/settings/levels").text
    assert "phản ánh bình thường, 5 ngày làm việc, gia hạn nhiều nhất đến 10" in page
    assert "Đổi mức phục vụ" in page
    set_level(world, 7, most=14, days=30)
    assert [promised(world, days) for days in (0, 1, 29, 30)] == [
        "7 ngày làm việc", "5 ngày làm việc", "5 ngày làm việc", "7 ngày làm việc",
    ]  # fmt: skip


def test_a_level_stays_within_the_law_and_out_of_the_past(admin, world):
    tomorrow = vn(clock.today() + timedelta(days=1))
    good = {"amount": "5", "unit": "working_days", "most": "10", "starts_on": tomorrow}
    for wrong, sentence in (
        ({"amount": "0"}, "lớn hơn 0"),
        ({"amount": "40"}, "phải dài hơn"),
        ({"amount": "40", "most": ""}, "Không được quá 45 ngày"),
        ({"most": "60"}, "Không được quá 45 ngày"),
        ({"starts_on": vn(clock.today())}, "lời đã hứa thì giữ"),
        ({"amount": "năm"}, "số nguyên"),
    ):
        answer = admin.post(LEVEL, data={**good, **wrong})
        assert answer.status_code == 422, wrong
        assert sentence in answer.text, sentence
    assert admin.get("/desk/settings/levels/khieu_nai/acceptance/any").status_code == 404
    assert admin.get("/desk/settings/levels/hoi_dap/answer/any").status_code == 200
    db.session.rollback()
    assert setup_of(world.ward.id).settings == {}
    with pytest.raises(NotAllowed), transaction():
        service_levels.set_level(
            service_levels.find(setup_of(world.ward.id), "hoi_dap", "answer", None),
            by=world.actor("chair"),
            amount=3,
            unit=Unit.WORKING_DAYS,
            most=None,
            starts_on=clock.today() + timedelta(days=1),
        )
    with pytest.raises(BadInput):
        set_level(world, 50)
