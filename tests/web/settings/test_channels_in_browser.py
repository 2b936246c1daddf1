"""The page of channels in Chromium: sound at every width, everything opened."""

import pytest

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import templates, tokens
from feedback.wards.models import ChannelAccount
from tests.bots.zalo.parts import make_account, use_settings
from tests.bots.zalo_server import ZaloServer
from tests.browser import serving
from tests.web.sound import complaints_at_every_width

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]
PAGE = "/desk/settings/channels"


@pytest.fixture
def site(app, world, monkeypatch):
    with ZaloServer() as zalo:
        use_settings(app, monkeypatch, **zalo.settings)
        good, lost = make_account(world, zalo=zalo), make_account(world, "998877", zalo=zalo)
        with transaction():
            about = {"name": "UBND Phường Ba Đình", "package": "Nâng cao", "quota": "1990/2000"}
            tokens.note(good.id, **about, is_verified=True)
            tokens.refuse(tokens.of(lost.id), "-14014")
            templates.set_mapping(good.id, {"petition.answered": "7895"})
            db.session.get_one(ChannelAccount, good.id).last_event_at = clock.now()
        with serving(app) as address:
            yield address


def test_the_page_of_channels(sit):
    page = sit("admin", PAGE)
    assert complaints_at_every_width(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert complaints_at_every_width(page) == []
