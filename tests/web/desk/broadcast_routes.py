"""The routes of announcements and posters at the desk, and who gets past their doors.

{b}: a draft to neighbourhood 1, with a picture.
"""

from feedback import clock
from feedback.broadcast import topics, verbs
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.outbox.enqueue import say_to
from feedback.outbox.models import OutboxRow
from feedback.outbox.outreach import Means, Outreach
from feedback.outbox.prompt import Prompt
from feedback.people.models import Channel, Contact
from tests.web.desk.conftest import jpeg

HEADS = {"chair", "vice", "clerk", "head_tdp"}
ALL_WHO_MAY = HEADS | {"dept_head"}

ROUTES = {
    "desk.area_posters": ("GET", "/desk/posters", HEADS),
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


def to_bring(world, petition, means=Means.PAPER, address="99") -> int:
    """A message that did not arrive and now has to be told by telephone or on paper."""
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=Channel.TELEGRAM,
            account="main",
            address=address,
            created_at=clock.now(),
        )
        db.session.add(contact)
        db.session.flush()
        text = f"Phường đã trả lời {petition.number}."
        say_to(contact, Prompt(text), notice="petition.answered", key=f"bring:{address}")
        row = db.session.query(OutboxRow).filter_by(contact_id=contact.id).one()
        task = Outreach(
            ward_id=world.ward.id,
            outbox_id=row.id,
            petition_id=petition.id,
            means=means,
            created_at=clock.now(),
        )
        db.session.add(task)
        db.session.flush()
        return task.id
