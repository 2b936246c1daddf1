"""The routes of announcements at the desk, and who gets past their doors.

{b}: a draft to neighbourhood 1, with a picture.
"""

from feedback.broadcast import topics, verbs
from feedback.db import transaction
from feedback.documents import attach
from feedback.documents.models import FileUse
from tests.web.desk.conftest import jpeg

HEADS = {"chair", "vice", "clerk", "head_tdp"}
ALL_WHO_MAY = HEADS | {"dept_head"}

ROUTES = {
    "desk.broadcasts": ("GET", "/desk/broadcasts", ALL_WHO_MAY),
    "desk.broadcast_new": ("GET", "/desk/broadcasts/new", ALL_WHO_MAY),
    "desk.broadcast_written": ("POST", "/desk/broadcasts/new", ALL_WHO_MAY),
    "desk.broadcast": ("GET", "/desk/broadcasts/{b}", HEADS),
    "desk.broadcast_words": ("GET", "/desk/broadcasts/{b}/words", HEADS),
    "desk.broadcast_rewritten": ("POST", "/desk/broadcasts/{b}/words", HEADS),
    "desk.broadcast_picture": ("GET", "/desk/broadcasts/{b}/picture", HEADS),
    "desk.broadcast_progress": ("GET", "/desk/broadcasts/{b}/progress", HEADS),
    "desk.broadcast_outcomes": ("GET", "/desk/broadcasts/{b}/outcomes.csv", HEADS),
    "desk.broadcast_act": ("POST", "/desk/broadcasts/{b}/acts/trial", HEADS),
    "desk.broadcast_started": ("POST", "/desk/broadcasts/{b}/start", HEADS),
}


def places(app, world) -> dict[str, int]:
    clean = attach.receive(app.config["SETTINGS"].upload_dir, "anh.jpg", jpeg())
    with transaction():
        picture = attach.keep(world.ward.id, clean, FileUse.ANNOUNCED)
        row = verbs.write(
            world.ward.id,
            "Mời bà con tổng vệ sinh sáng thứ Bảy.",
            [topics.area(world.neighbourhoods[1].id)],
            by=world.actor("clerk"),
            file_id=picture.id,
        )
        return {"b": row.id}
