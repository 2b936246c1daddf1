"""Posters to print: one page, the right way in, and only what is public."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import posters
from feedback.dialogue.models import Dialogue
from feedback.papers import poster
from feedback.people.models import Channel
from feedback.wards.doors import doors
from feedback.wards.models import ChannelAccount
from tests.feedback.dialogue.stories import do, planned


def said(data: bytes) -> str:
    reader = PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]  # A4
    return " ".join(reader.pages[0].extract_text().split())


@pytest.fixture
def chats(world):
    with transaction():
        for channel, name, public in (
            (Channel.TELEGRAM, "main", "phuong_bot"),
            (Channel.ZALO, "4194", ""),
            (Channel.CONSOLE, "here", ""),
        ):
            own = {"ward_id": world.ward.id, "channel": channel, "name": name}
            db.session.add(ChannelAccount(**own, public_name=public))


def test_a_neighbourhood_has_a_sheet_that_leads_into_every_chat_and_the_page(client, world, chats):
    text = said(client.get("/ba-dinh/to-dan/1.pdf").data)
    for words in (world.neighbourhoods[1].name, "Zalo", "Telegram", "Trang web", "114"):
        assert words in text
    ways = poster.of_area(world.neighbourhoods[1]).doors
    assert [way.address.partition("://")[2] for way in ways] == [
        "zalo.me/4194",
        "t.me/phuong_bot?start=tdp-1",
        "ward.test/ba-dinh/gui",
    ]


def test_a_chat_that_is_off_or_has_no_name_is_not_on_it(client, world, chats):
    with transaction():
        for row in db.session.query(ChannelAccount):
            row.is_enabled, row.public_name = row.channel is not Channel.ZALO, ""
    ways = doors(world.ward.id, payload="x", page="p")
    assert [way.channel for way in ways] == [Channel.WEB]
    assert "Zalo" not in said(client.get("/ba-dinh/to-dan/1.pdf").data)


def test_there_is_none_of_a_neighbourhood_that_is_not(client, world):
    assert client.get("/ba-dinh/to-dan/99.pdf").status_code == 404
    with transaction():
        world.neighbourhoods[3].is_active = False
        db.session.add(world.neighbourhoods[3])
    assert client.get("/ba-dinh/to-dan/3.pdf").status_code == 404


def test_a_session_has_one_as_soon_as_it_is_announced(client, world, chats):
    row = planned(world, starts_at=clock.now() + timedelta(days=20))
    address = f"/ba-dinh/doi-thoai/{row.id}/to-dan.pdf"
    assert client.get(address).status_code == 404
    do(world, row, "announce")
    row = db.session.get_one(Dialogue, row.id)
    text = said(client.get(address).data)
    for words in (row.title, row.place, f"{clock.local(row.starts_at):%H:%M}", "nhắn: đối thoại"):
        assert words in text
    ways = posters.of_dialogue(row).doors
    assert ways[1].address == f"https://t.me/phuong_bot?start=talk-{row.id}"
    assert ways[2].address.endswith(f"/ba-dinh/doi-thoai/{row.id}")


@pytest.mark.parametrize("ways", [1, 3])
def test_long_words_make_the_codes_smaller_and_no_second_sheet(world, chats, ways):
    sheet = poster.of_area(world.neighbourhoods[1])
    sheet = replace(
        sheet,
        over="UBND Phường kính mời bà con " + ", ".join(f"Tổ dân phố số {n}" for n in range(1, 13)),
        title="Hội nghị trao đổi, đối thoại với Nhân dân " * 3,
        lines=("08:00 Chủ nhật 6/12/2026", "Nhà văn hóa phường, số 12 ngõ 85 Đội Cấn", "Rác " * 20),
        doors=sheet.doors[:ways],
    )
    assert len(sheet.doors) == ways
    assert len(PdfReader(io.BytesIO(poster.pdf(sheet))).pages) == 1


def test_a_session_for_everybody_invites_the_whole_ward(world):
    every = [area.id for area in world.neighbourhoods.values()]
    soon = clock.now() + timedelta(days=20)
    row = planned(world, starts_at=soon, neighbourhood_ids=every)
    assert "toàn phường" in posters.of_dialogue(row).over
