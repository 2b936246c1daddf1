"""The page of chat accounts: connecting, switching, money, templates, the file of ownership."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from bots.zalo.connector import ZaloConnector
from feedback.audit import AuditRow
from feedback.db import db
from feedback.outbox import templates, tokens
from feedback.outbox.window import Policy
from feedback.wards.models import ChannelAccount, Ward
from tests.bots.zalo.parts import make_account, use_settings
from tests.bots.zalo_server import OA_ID, ZaloServer
from tests.web.lint import lint_page
from tests.web.staff import at_desk
from tests.world import make_world

PAGE = "/desk/settings/channels"
MONEY = {
    "pays": "y",
    "monthly_budget": "500000",
    "billed_price": "55",
    "template_price": "300",
    "next_ways": "phone,paper",
}


@pytest.fixture
def zalo(app, monkeypatch):
    with ZaloServer() as running:
        use_settings(app, monkeypatch, **running.settings)
        yield running


def said(client) -> str:
    page = client.get(PAGE).text
    lint_page(page)
    return page


def accounts() -> list[ChannelAccount]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(ChannelAccount)))


def test_without_settings_the_page_says_which(admin, app, monkeypatch):
    use_settings(app, monkeypatch, zalo_app_id="", zalo_app_secret="")
    page = said(admin)
    assert "ZALO_APP_ID, ZALO_APP_SECRET" in page
    assert admin.get(f"{PAGE}/zalo/departure").location == PAGE
    assert "chưa được cài đặt" in said(admin)


def test_the_page_gives_what_zalos_console_asks_for(admin, app, zalo):
    page = said(admin)
    assert "http://ward.test/webhooks/zalo" in page
    assert "http://ward.test/desk/settings/channels/zalo/consent" in page
    assert ZaloConnector(app).challenge() in page


def depart(admin) -> dict[str, list[str]]:
    answer = admin.get(f"{PAGE}/zalo/departure")
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.location).query)


def test_the_whole_consent(admin, zalo, world):
    query = depart(admin)
    assert query["redirect_uri"] == ["http://ward.test/desk/settings/channels/zalo/consent"]
    code = zalo.consent(query["code_challenge"][0])
    back = {"code": code, "oa_id": OA_ID, "state": query["state"][0]}
    assert admin.get(f"{PAGE}/zalo/consent", query_string=back).location == PAGE
    page = said(admin)
    assert "Đã nối Zalo OA" in page
    assert "UBND Phường Ba Đình" in page
    assert "Đang hoạt động" in page
    assert "1990/2000" in page
    assert "Xin lại quyền từ Zalo" in page
    assert zalo.access not in page
    assert zalo.refresh not in page
    row = db.session.scalars(
        sa.select(AuditRow).where(AuditRow.action == "channels.connected")
    ).one()
    assert row.officer_id == world.admin.id
    admin.get(f"{PAGE}/zalo/consent", query_string=back)
    assert "đã cũ" in said(admin)
    assert len(accounts()) == 1


@pytest.mark.parametrize("state", ["", "wrong", "mã"])
def test_a_consent_that_did_not_begin_here_is_refused(admin, zalo, state):
    query = depart(admin)
    code = zalo.consent(query["code_challenge"][0])
    admin.get(f"{PAGE}/zalo/consent", query_string={"code": code, "state": state})
    assert "không bắt đầu từ đây" in said(admin)
    assert accounts() == []


def test_a_refusal_at_zalo_is_told(admin, zalo):
    query = depart(admin)
    admin.get(f"{PAGE}/zalo/consent", query_string={"state": query["state"][0], "error": "-14003"})
    assert "Callback URL chưa đúng" in said(admin)


def test_a_pair_from_the_explorer(admin, zalo):
    pair = {"access_token": f" {zalo.access}\n", "refresh_token": zalo.refresh}
    assert admin.post(f"{PAGE}/zalo/tokens", data=pair).location == PAGE
    assert accounts()[0].name == OA_ID
    db.session.rollback()
    answer = admin.post(f"{PAGE}/zalo/tokens", data={"access_token": "ngắn"})
    assert answer.status_code == 422
    lint_page(answer.text)
    admin.post(f"{PAGE}/zalo/tokens", data={**pair, "access_token": "sai" * 20})
    assert "Zalo chưa chấp nhận" in said(admin)


def test_a_lost_token_is_red(admin, zalo, world):
    account = make_account(world, zalo=zalo)
    from feedback.db import transaction

    with transaction():
        tokens.refuse(tokens.of(account.id), "-14014")
    assert "Mất quyền, cần xin lại" in said(admin)


def test_a_channel_is_switched_off_and_on(admin, zalo, world):
    account = make_account(world, zalo=zalo)
    admin.post(f"{PAGE}/{account.id}/closing")
    assert "Đang tắt" in said(admin)
    assert not accounts()[0].is_enabled
    admin.post(f"{PAGE}/{account.id}/opening")
    assert accounts()[0].is_enabled
    admin.post(f"{PAGE}/{account.id}/look")
    assert "Kết nối tốt" in said(admin)
    zalo.forget_consent()
    admin.post(f"{PAGE}/{account.id}/look")
    assert "Zalo chưa chấp nhận" in said(admin)
    history = admin.get("/desk/settings/history").text
    assert "Tắt một kênh nhắn tin" in history


def test_money_is_kept(admin, world, zalo):
    assert admin.post(f"{PAGE}/money", data=MONEY).location == PAGE
    db.session.rollback()
    policy = Policy.of(db.session.get_one(Ward, world.ward.id).settings)
    assert policy == Policy(True, 500_000, 55, 300, ("phone", "paper"))
    assert 'value="500000"' in said(admin)
    answer = admin.post(f"{PAGE}/money", data={**MONEY, "monthly_budget": "-5"})
    assert answer.status_code == 422
    lint_page(answer.text)


def test_templates_are_mapped_and_their_texts_are_ready_to_paste(admin, world, zalo):
    account = make_account(world, zalo=zalo)
    page = said(admin)
    assert "http://ward.test/t/&lt;ma_theo_doi&gt;" in page
    wanted = {"petition.answered": " 7895 ", "petition.late": ""}
    admin.post(f"{PAGE}/{account.id}/templates", data=wanted)
    assert templates.mapped(account.id) == {"petition.answered": "7895"}
    assert 'value="7895"' in said(admin)


def test_every_suggested_text_keeps_zalos_limits():
    for each in templates.suggested().values():
        assert 9 <= len(each.title) <= 65
        assert len(each.text) <= 400
        assert each.notice.startswith("petition.")
        assert re.search(r"Nội dung: .+<phuong>", each.paste("https://x/t/"), re.S)


def test_the_file_of_ownership_is_served_as_it_was_pasted(admin, client, zalo):
    text = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Zalo – Ba Đình</title>'
        '<meta name="zalo-platform-site-verification" content="AbC-12_x" /></head>'
        "<body><main><h1>Zalo</h1></main></body></html>"
    )
    file = {"name": "zalo_verifierAbC-12_x.html", "text": text}
    assert client.get("/zalo_verifierAbC-12_x.html").status_code == 404
    assert admin.post(f"{PAGE}/zalo/site", data=file).location == PAGE
    answer = client.get("/zalo_verifierAbC-12_x.html")
    assert (answer.status_code, answer.text) == (200, text)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get("/zalo_verifierOther1.html").status_code == 404
    assert "zalo_verifierAbC-12_x.html" in said(admin)
    wrong = admin.post(f"{PAGE}/zalo/site", data={**file, "name": "../index.html"})
    assert wrong.status_code == 422


def test_nobody_else_sees_or_changes_anything(app, world, zalo):
    account = make_account(world, zalo=zalo)
    for who in (world.an, world.chi, world.clerk, world.head_tdp, world.supervisor):
        client = at_desk(app, who)
        for path in ("", "/zalo/departure", "/zalo/consent"):
            assert client.get(PAGE + path).status_code == 404
        for path in (f"/{account.id}/closing", "/zalo/tokens", "/money", "/zalo/site"):
            assert client.post(PAGE + path).status_code == 404
    other = at_desk(app, make_world("HK", "hoan-kiem").admin)
    assert OA_ID not in other.get(PAGE).text
    for path in ("closing", "look", "templates"):
        assert other.post(f"{PAGE}/{account.id}/{path}").status_code == 404
    assert accounts()[0].is_enabled


def test_a_stranger_comes_back_after_logging_in(client, world):
    assert "/login" in client.get(PAGE).location
