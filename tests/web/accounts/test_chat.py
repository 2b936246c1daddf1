"""Linking one's own chat from the account page: the code is shown once, kept as a fingerprint only."""

import re

import pytest
import sqlalchemy as sa

from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.people import chats
from feedback.people.models import Channel, LinkCode
from feedback.wards.models import ChannelAccount
from tests import codes
from tests.feedback.conversations.person import Person, open_account
from tests.web.staff import at_desk
from web.accounts import logins


@pytest.fixture
def desk(app, world):
    open_account(world)
    with transaction():
        db.session.add(
            ChannelAccount(
                ward_id=world.ward.id,
                channel=Channel.TELEGRAM,
                name="main",
                public_name="phuong_bot",
            )
        )
    return at_desk(app, world.an)


def code_on(page) -> str:
    return re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", page.text)[0]


def test_the_code_is_shown_once_with_its_link_and_its_words(desk):
    page = desk.post("/account/chat-code")
    code = code_on(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert f"https://t.me/phuong_bot?start=lk-{code.replace('-', '')}" in page.text
    assert f"liên kết {code}" in page.text
    assert code not in desk.get("/account").text
    kept = db.session.scalars(sa.select(LinkCode)).one()
    assert code.replace("-", "") not in kept.code_hash


def test_from_the_page_to_the_chat_and_back(desk, world):
    an = Person("an")
    assert an.send(f"Liên kết {code_on(desk.post('/account/chat-code'))}") == ["officer.linked"]
    page = desk.get("/account")
    assert "đang nhận việc của Ông/Bà" in page.text
    address = re.search(r"/account/chats/\d+/removal", page.text)[0]
    assert desk.post(address).status_code == 302
    db.session.rollback()
    assert chats.of(world.an.id) == []
    acts = db.session.scalars(sa.select(AuditRow.action).order_by(AuditRow.id)).all()
    assert acts == ["chat.linked", "chat.unlinked"]


def test_nobody_removes_anothers_chat(app, desk, world):
    an = Person("an")
    an.send(f"liên kết {code_on(desk.post('/account/chat-code'))}")
    (contact,) = chats.of(world.an.id)
    answer = at_desk(app, world.binh).post(f"/account/chats/{contact.id}/removal")
    assert answer.status_code == 404
    db.session.rollback()
    assert len(chats.of(world.an.id)) == 1


def test_a_locked_login_loses_its_chat(desk, world):
    an = Person("an")
    an.send(f"liên kết {code_on(desk.post('/account/chat-code'))}")
    with transaction():
        logins.set_active(logins.of_officer(world.an.id), False, by_officer_id=world.admin.id)
    db.session.rollback()
    assert chats.of(world.an.id) == []
    assert an.send("việc của tôi") != ["officer.work"]


def test_codes_are_not_made_without_end(desk, app, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], rate_limits=True))
    answers = [desk.post("/account/chat-code").status_code for _ in range(11)]
    assert answers[-1] == 429


def test_zalo_is_opened_by_its_code_and_the_words_are_typed_there(desk, world):
    own = {"ward_id": world.ward.id, "channel": Channel.ZALO, "name": "main"}
    with transaction():
        db.session.add(ChannelAccount(**own, public_name="4194"))
    page = desk.post("/account/chat-code")
    code = code_on(page)
    telegram, zalo = codes.in_page(page.text)
    assert telegram == f"https://t.me/phuong_bot?start=lk-{code.replace('-', '')}"
    assert zalo == "https://zalo.me/4194", "a Zalo address carries no code"
    an = Person("an", channel=Channel.ZALO)
    assert an.send(f"lien ket {code.lower().replace('-', ' ')}") == ["officer.linked"]
    assert [chat.channel for chat in chats.of(world.an.id)] == [Channel.ZALO]
