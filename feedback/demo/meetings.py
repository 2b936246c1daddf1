"""Meetings of the demonstration ward, lived through the verbs: a dialogue to come, the chair's Thursdays with
somebody booked, a matter made public, a draft under consultation. Everything says that it is a sample.
"""

from datetime import datetime, time, timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import questions, sessions
from feedback.dialogue.models import Dialogue
from feedback.people.directory import actor_for
from feedback.people.models import Channel
from feedback.publicity import board, consulting
from feedback.reception import days, slots, timetable

BEFORE = timedelta(days=15)  # so long ago the timetable was published


def live(ward_id: int, neighbourhood_ids: list[int], *, clerk_id: int) -> None:
    """A handful of transactions, each an act of the clerk."""
    now = clock.now()
    _reception(ward_id, clerk_id, now)
    _dialogue(ward_id, clerk_id, neighbourhood_ids, now)
    with transaction():
        by, today = actor_for(clerk_id), clock.today()
        title = "Mức thu phí vệ sinh môi trường (mẫu)"
        board.publish(ward_id, by=by, item=12, title=title, decided_on=today)
        consulting.open_up(
            ward_id,
            by=by,
            title="Dự thảo quy chế họp chợ (mẫu)",
            text="Chợ họp từ 5 giờ đến 19 giờ, không lấn lòng đường. Bà con góp ý về giờ họp.",
            closes_on=today + timedelta(days=25),
        )


def _reception(ward_id: int, clerk_id: int, now: datetime) -> None:
    with clock.at(now - BEFORE), transaction():
        by = actor_for(clerk_id)
        rule = timetable.Wanted(
            rule="FREQ=WEEKLY;BYDAY=TH",
            opens=time(8),
            closes=time(11, 30),
            slot_minutes=30,
            place="Phòng tiếp công dân (mẫu)",
            starts_on=clock.today() + BEFORE + timedelta(days=1),  # never today, half over
            attending=["Lãnh đạo các phòng chuyên môn"],
        )
        timetable.set_rule(ward_id, rule, by=by)
        until = clock.today() + BEFORE + timedelta(days=21)
        day_id = days.publish(ward_id, until, by=by)[0].id
    with transaction():
        for slot, subject in ((0, "Thoát nước ngõ nhỏ (mẫu)"), (2, "Vỉa hè bị chiếm (mẫu)")):
            slots.book(slots.Booking(day_id, "Người dân (mẫu)", subject, Channel.PHONE, slot=slot))


def _dialogue(ward_id: int, clerk_id: int, neighbourhood_ids: list[int], now: datetime) -> None:
    starts_on = clock.local(now).date() + timedelta(days=14)
    starts_at = datetime.combine(starts_on, time(8), clock.ZONE)
    with transaction():
        by = actor_for(clerk_id)
        plan = sessions.Plan(
            kind="annual",
            title="Hội nghị đối thoại với Nhân dân (mẫu)",
            theme="Thoát nước, rác thải, trật tự vỉa hè",
            place="Nhà văn hóa phường (mẫu)",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            neighbourhood_ids=neighbourhood_ids,
            agenda=["Báo cáo kinh tế - xã hội", "Người dân hỏi, lãnh đạo trả lời"],
            presiding=["Chủ tịch UBND phường (mẫu)"],
            seats=120,
        )
        dialogue_id = sessions.plan(ward_id, plan, by=by).id
    with transaction():
        dialogue = db.session.get_one(Dialogue, dialogue_id)
        sessions.announce(dialogue, by=by)
        sessions.open_questions(dialogue, by=by)
        for text in ("Bao giờ thông cống các ngõ nhỏ? (mẫu)", "Đèn ngõ bao giờ sửa? (mẫu)"):
            asked = questions.ask(questions.Asked(dialogue_id, text, Channel.WEB))
            questions.accept(asked, by=by)
