"""The pages of announcements in Chromium, at every width."""

import pytest

from feedback.broadcast import expansion, topics
from feedback.db import db, transaction
from feedback.outbox.models import OutboxRow, OutboxState
from tests.feedback.broadcast.parts import announce, make_account, make_chat
from tests.web.desk import broadcast_routes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]


def test_every_page_of_announcements_is_sound_at_every_width(app, world, faults):
    make_account(world)
    draft = broadcast_routes.places(app, world)["b"]
    for no in range(1, 8):
        make_chat(world, no, topic=topics.WARD, display_name=f"Nguyễn Thị Dân {no}")
    sent = announce(world, is_urgent=True, by="chair")
    expansion.tick()
    with transaction():
        row = db.session.query(OutboxRow).first()
        row.state, row.error = OutboxState.FAILED, "Forbidden: bot was blocked by the user"
    sent_id = sent.id
    db.session.rollback()
    paths = ("", "/new", f"/{draft}", f"/{draft}/words", f"/{sent_id}", "/../posters")
    assert faults([("chair", f"/desk/broadcasts{path}") for path in paths]) == []
