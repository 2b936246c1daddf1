"""Sessions in each state, made by living through the verbs."""

from datetime import datetime, timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import seats, sessions
from feedback.dialogue.models import Dialogue
from feedback.people.models import Channel, Contact


def at(day: int, hour: int = 8, minute: int = 0, month: int = 12) -> datetime:
    """A Vietnamese wall-clock instant at the end of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=clock.ZONE)


MONDAY = at(30, 9, month=11)  # Monday 30/11/2026, when stories begin
SATURDAY = at(12)  # Saturday 12/12/2026, 8:00: the session


def a_plan(world, **values) -> sessions.Plan:
    starts_at = values.pop("starts_at", SATURDAY)
    plan = {
        "kind": "annual",
        "title": "Hội nghị đối thoại năm 2026",
        "theme": "Thoát nước và rác thải",
        "place": "Nhà văn hóa phường, số 2 ngõ 34",
        "starts_at": starts_at,
        "ends_at": values.pop("ends_at", starts_at + timedelta(hours=3)),
        "neighbourhood_ids": [world.neighbourhoods[1].id, world.neighbourhoods[2].id],
        "agenda": ["Báo cáo kinh tế - xã hội", "Người dân hỏi, lãnh đạo trả lời"],
        "presiding": ["Nguyễn Thị Hoa – Chủ tịch UBND phường"],
        "seats": 100,
    }
    return sessions.Plan(**plan | values)


def planned(world, who: str = "clerk", **values) -> Dialogue:
    by = world.actor(who)
    db.session.rollback()
    with transaction():
        return sessions.plan(world.ward.id, a_plan(world, **values), by=by)


def do(world, dialogue: Dialogue | int, verb: str, who: str = "clerk", **values) -> Dialogue:
    """One act of one officer on a session."""
    by = world.actor(who)
    dialogue_id = dialogue if isinstance(dialogue, int) else dialogue.id
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Dialogue, dialogue_id)
        getattr(sessions, verb)(row, by=by, **values)
        return row


def announced(world, **values) -> Dialogue:
    return do(world, planned(world, **values), "announce")


def asking(world, **values) -> Dialogue:
    return do(world, announced(world, **values), "open_questions")


def live(world, **values) -> Dialogue:
    return do(world, asking(world, **values), "start")


def register(dialogue: Dialogue | int, name: str = "Trần Thị Dân", **values):
    dialogue_id = dialogue if isinstance(dialogue, int) else dialogue.id
    values.setdefault("channel", Channel.WEB)
    db.session.rollback()
    with transaction():
        return seats.register(seats.Wish(dialogue_id, name, **values))


def a_contact(world, address: str, **values) -> Contact:
    """A resident's (or, with officer_id, an officer's) chat."""
    db.session.rollback()
    with transaction():
        row = Contact(
            ward_id=world.ward.id,
            channel=values.pop("channel", Channel.TELEGRAM),
            account="main",
            address=address,
            created_at=clock.now(),
            **values,
        )
        db.session.add(row)
        db.session.flush()
        return row
