"""The list a device at the door kept while it was offline, arriving when all is over."""

from feedback import clock
from feedback.db import db
from feedback.dialogue import door
from feedback.dialogue.models import Dialogue
from tests.feedback.dialogue.stories import SATURDAY, announced, at, do, register
from tests.web.staff import at_desk


def test_a_list_that_arrives_after_the_end_is_counted_whole(app, world):
    with clock.at(at(30, 9, month=11)):
        dialogue = announced(world, seats=None)
        people = [register(dialogue, f"Người {n}") for n in range(2)]
    with clock.at(SATURDAY):
        do(world, dialogue, "start")
    with clock.at(at(12, 11)):
        do(world, dialogue, "end")
    stamp = SATURDAY.isoformat()
    acts = [
        {"key": "may:1", "code": people[0].code, "at": stamp},
        {"key": "may:2", "name": "Bà Năm, chưa đăng ký", "at": stamp},
        {"key": "may:3", "name": "", "at": stamp},
        {"key": "may:4", "code": people[1].code, "at": stamp},
    ]
    with clock.at(at(12, 12)):
        clerk = at_desk(app, world.clerk)
        for _ in range(2):
            sent = clerk.post(f"/desk/dialogues/{dialogue.id}/door", json=acts)
            verdicts = {key: row["verdict"] for key, row in sent.json["verdicts"].items()}
            assert verdicts == {"may:1": "in", "may:2": "in", "may:3": "refused", "may:4": "in"}
        assert door.crowd(db.session.get_one(Dialogue, dialogue.id)).inside == 3
