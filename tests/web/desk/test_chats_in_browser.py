"""The pages of chats in Chromium: the code, the list, a whole conversation, the form on a case."""

import pytest
from playwright.sync_api import expect

from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.wards.models import ChannelAccount
from tests.feedback.conversations.person import STORY, Person, open_account
from tests.web.sound import complaints_at_every_width

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]


def test_every_page_of_chats_is_sound_at_every_width(world, sit, faults):
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
    dan = Person()
    dan.send(STORY)
    dan.send("tổ 1")
    dan.press("Gửi")
    number = dan.last[-1].text.split("Mã tra cứu: ")[1].split()[0]
    dan.send("gặp cán bộ")
    conversation = dan.conversation.id
    db.session.rollback()
    paths = (
        "/desk/conversations",
        f"/desk/conversations/{conversation}",
        f"/desk/cases/{number}",
    )
    assert faults([("clerk", path) for path in paths]) == []
    page = sit("clerk", "/account")
    assert complaints_at_every_width(page) == []
    page.get_by_role("button", name="Lấy mã liên kết").click()
    expect(page.get_by_role("heading", name="Mã liên kết")).to_be_visible()
    assert complaints_at_every_width(page) == []
