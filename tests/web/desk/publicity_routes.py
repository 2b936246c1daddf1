"""The routes of publicity at the desk. {p}: a publication; {c} an open consultation; {y} a comment on it."""

from datetime import timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.publicity import board, consulting

WARD = {"chair", "vice", "clerk"}
ROUTES = {
    "desk.publicity": ("GET", "/desk/publicity", WARD),
    "desk.publicity_added": ("POST", "/desk/publicity", WARD),
    "desk.publicity_posted": ("POST", "/desk/publicity/{p}/postings/board", WARD),
    "desk.publicity_list": ("GET", "/desk/publicity/list.xlsx", WARD),
    "desk.consultation_opened": ("POST", "/desk/consultations", WARD),
    "desk.consultation": ("GET", "/desk/consultations/{c}", WARD),
    "desk.consultation_comment": ("POST", "/desk/consultations/{c}/comments", WARD),
    "desk.comment_answered": ("POST", "/desk/comments/{y}/answer", WARD),
    "desk.consultation_published": ("POST", "/desk/consultations/{c}/results", WARD),
}


def places(world) -> dict[str, int]:
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = board.publish(
            world.ward.id, by=by, item=12, title="Mức thu phí vệ sinh", decided_on=clock.today()
        )
        draft = consulting.open_up(
            world.ward.id,
            by=by,
            title="Dự thảo quy chế chợ",
            text="Giờ họp chợ từ 5 giờ đến 19 giờ.",
            closes_on=clock.today() + timedelta(days=25),
        )
        said = consulting.comment(draft, "Nên mở đến 20 giờ", channel=Channel.WEB)
        return {"p": row.id, "c": draft.id, "y": said.id}
