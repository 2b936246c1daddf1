import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.wards.models import Ward
from tests.web.lint import lint_page
from tests.web.public.resident import shown
from tests.world import make_world


def test_one_ward_is_the_home_page(resident):
    page = resident.open("/")
    assert "Ông/Bà muốn phản ánh điều gì?" in shown(page)
    assert "tel:114" in page
    assert 'action="/ba-dinh/gui"' in page


@pytest.mark.parametrize("typed", ["cau giay", "CẦU GIẤY", "Cầu", "giay ha"])
def test_several_wards_are_found_with_and_without_accents(resident, typed):
    make_world("CG", "cau-giay")
    with transaction():
        for ward in db.session.scalars(sa.select(Ward)):
            ward.name = {"CG": "Phường Cầu Giấy", "BD": "Phường Ba Đình"}[ward.code]
    assert "Phường Ba Đình" in resident.open("/")
    page = shown(resident.client.get("/", query_string={"words": typed}).text)
    assert "Phường Cầu Giấy" in page
    assert "Phường Ba Đình" not in page


def test_an_unknown_ward_is_not_found(resident):
    assert "Không tìm thấy" in resident.open("/khong-co/", expect=404)


def test_no_ward_yet_says_how_the_list_fills(client, app):
    page = client.get("/").text
    lint_page(page)
    assert "Chưa có phường, xã nào" in page


def test_chats_show_when_the_ward_has_them(resident, world):
    assert "Zalo" not in resident.open("/ba-dinh/")
    with transaction():
        ward = db.session.scalars(sa.select(Ward)).one()
        ward.settings = {**ward.settings, "zalo_link": "https://zalo.me/123"}
    page = resident.open("/ba-dinh/")
    assert 'href="https://zalo.me/123"' in page
    assert "Telegram" not in page


def test_the_first_part_is_carried_into_the_form(resident):
    home = resident.open("/ba-dinh/")
    page = resident.post("/ba-dinh/gui", {**resident.fill(home), "step": "first"}, expect=200)
    assert "Đèn đường trước số nhà 12" in page
    assert "Có điều cần sửa" not in page
    assert resident.post("/ba-dinh/gui", resident.fill(page)).startswith("/cam-on/")


def test_going_on_with_nothing_typed_is_no_error(resident):
    page = resident.post("/ba-dinh/gui", {"step": "first", "text": ""}, expect=200)
    assert "Có điều cần sửa" not in page
