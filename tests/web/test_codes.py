"""Every square code on page and paper, read back from its picture: it leads exactly where it says."""

import io
import zipfile
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from feedback import clock, links
from feedback.db import db, transaction
from feedback.dialogue.registration_models import Registration
from feedback.people.models import Channel
from feedback.wards.models import ChannelAccount
from tests import codes
from tests.feedback.dialogue.stories import announced, register
from tests.web.staff import at_desk

HOME = "http://ward.test"
CHATS = ((Channel.TELEGRAM, "phuong_bot"), (Channel.ZALO, "4194"))


@pytest.fixture
def session(world) -> int:
    with transaction():
        for channel, name in CHATS:
            values = {"ward_id": world.ward.id, "channel": channel, "public_name": name}
            db.session.add(ChannelAccount(**values, name=name))
    soon = clock.now().replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=20)
    return announced(world, starts_at=soon).id


def test_posters_lead_into_each_chat_and_to_the_page(app, client, world, session):
    area = codes.in_pdf(client.get("/ba-dinh/to-dan/1.pdf").data)
    assert sorted(area) == [
        f"{HOME}/ba-dinh/gui",
        "https://t.me/phuong_bot?start=tdp-1",
        "https://zalo.me/4194",
    ]
    clerk = at_desk(app, world.clerk)
    ours = codes.in_pdf(clerk.get(f"/desk/dialogues/{session}/poster.pdf").data)
    assert sorted(ours) == [
        f"{HOME}/ba-dinh/doi-thoai/{session}",
        f"https://t.me/phuong_bot?start=talk-{session}",
        "https://zalo.me/4194",
    ]


def test_papers_and_invitations_lead_to_the_session(app, world, session):
    clerk, page = at_desk(app, world.clerk), f"/desk/dialogues/{session}"
    address = f"{HOME}/ba-dinh/doi-thoai/{session}"
    assert codes.in_pdf(clerk.get(f"{page}/papers/dialogue_notice.pdf").data) == [address]
    with zipfile.ZipFile(io.BytesIO(clerk.get(f"{page}/papers/dialogue_notice.docx").data)) as file:
        pictures = [name for name in file.namelist() if name.endswith(".png")]
        assert [codes.in_picture(file.read(name)) for name in pictures] == [[address]]
    assert codes.in_page(clerk.get(f"{page}/invitations").text) == [address] * 4


def test_a_ticket_says_the_code_the_door_asks_for(client, world, session):
    token = register(session).token
    row, page = db.session.query(Registration).one(), urlsplit(links.registration(token)).path
    assert codes.in_page(client.get(page).text) == [row.code]


def test_thanks_and_receipts_lead_to_the_petition(app, client, world):
    petition = world.submit()
    address = f"{HOME}/t/{petition.token}"
    assert codes.in_page(client.get(f"/cam-on/{petition.token}").text) == [address]
    slip = client.get(f"/t/{petition.token}/phieu-tiep-nhan.pdf").data
    assert codes.in_pdf(slip) == [address]
    with transaction():
        petition = db.session.merge(petition)
        petition.entered_by_id = world.clerk.id
    receipt = at_desk(app, world.clerk).get(f"/desk/entry/{petition.number}/receipt")
    assert codes.in_page(receipt.text) == [address]
