"""The routes of reception at the desk, and who gets past their doors.

{d}: a day that is open; {v} somebody inside; {x} somebody refused in writing; {r} a rule.
"""

from datetime import timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.people.models import Channel
from feedback.reception import days, queue, slots, timetable, visits
from feedback.reception.models import ReceptionDay, Visit

WARD = {"chair", "vice", "clerk"}

ROUTES = {
    "desk.receptions": ("GET", "/desk/receptions", WARD),
    "desk.reception_rule": ("POST", "/desk/receptions/rules", WARD),
    "desk.reception_rule_ended": ("POST", "/desk/receptions/rules/{r}/end", WARD),
    "desk.reception_published": ("POST", "/desk/receptions/publication", WARD),
    "desk.reception_called": ("POST", "/desk/receptions/extraordinary", WARD),
    "desk.reception_timetable": ("GET", "/desk/receptions/timetable.pdf", WARD),
    "desk.reception_timetable_issued": ("POST", "/desk/receptions/timetable", WARD),
    "desk.reception_day": ("GET", "/desk/receptions/{d}", WARD),
    "desk.reception_postponed": ("POST", "/desk/receptions/{d}/postponement", WARD),
    "desk.reception_cancelled": ("POST", "/desk/receptions/{d}/cancellation", WARD),
    "desk.reception_online": ("POST", "/desk/receptions/{d}/online", WARD),
    "desk.reception_checked": ("POST", "/desk/receptions/{d}/checks/told", WARD),
    "desk.reception_begun": ("POST", "/desk/receptions/{d}/beginning", WARD),
    "desk.reception_ended": ("POST", "/desk/receptions/{d}/end", WARD),
    "desk.reception_visitor": ("POST", "/desk/receptions/{d}/visits", WARD),
    "desk.reception_step": ("POST", "/desk/receptions/{d}/visits/{v}/steps/call", WARD),
    "desk.reception_calls": ("GET", "/desk/receptions/{d}/calls", WARD),
    "desk.reception_phoned": ("POST", "/desk/receptions/{d}/calls/{v}", WARD),
    "desk.reception_phoned_undone": ("POST", "/desk/receptions/{d}/calls/{v}/undo", WARD),
    "desk.reception_conclusions": ("GET", "/desk/receptions/{d}/conclusions.pdf", WARD),
    "desk.reception_conclusions_issued": ("POST", "/desk/receptions/{d}/conclusions", WARD),
    "desk.reception_visit": ("GET", "/desk/visits/{v}", WARD),
    "desk.reception_recorded": ("POST", "/desk/visits/{v}", WARD),
    "desk.reception_concluded": ("POST", "/desk/visits/{v}/conclusion", WARD),
    "desk.reception_refused": ("POST", "/desk/visits/{v}/refusal", WARD),
    "desk.reception_refusal_paper": ("GET", "/desk/visits/{x}/refusal.pdf", WARD),
    "desk.reception_refusal_issued": ("POST", "/desk/visits/{x}/refusal-notice", WARD),
}


def a_day_soon(world) -> ReceptionDay:
    """An extraordinary reception that opens within minutes, or, late at night, in the morning."""
    by = world.actor("clerk")
    db.session.rollback()
    soon = clock.now() + timedelta(minutes=3)
    if clock.local(soon + timedelta(hours=3)).date() != clock.today():
        soon = clock.local(clock.now()).replace(hour=23, minute=0) + timedelta(hours=10)
    with transaction():
        return days.call(
            world.ward.id,
            by=by,
            opens_at=soon,
            closes_at=soon + timedelta(hours=3),
            place="Phòng tiếp công dân",
            reason="Nhiều hộ cùng kiến nghị",
        )


def begin(world, day: ReceptionDay) -> ReceptionDay:
    """Let it begin when its time has come."""
    by, opens_at, day_id = world.actor("clerk"), day.opens_at, day.id
    db.session.rollback()
    with clock.at(opens_at), transaction():
        row = db.session.get_one(ReceptionDay, day_id)
        return days.begin(row, by=by, received_by_id=world.chair.id)


def came(world, day: ReceptionDay, name: str, *verbs: str) -> Visit:
    """Somebody who walked in, and how far they have come."""
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        wish = slots.Booking(
            day.id, name, "Cống ngõ 34 tắc, mưa là ngập", Channel.DESK, entered_by=by
        )
        visit = queue.walk_in(wish)
        for verb in verbs:
            queue.step(visit, verb, by=by)
        return visit


def places(world) -> dict[str, int]:
    """What the addresses name."""
    day = begin(world, a_day_soon(world))
    inside, refused = came(world, day, "Bà Ba", "call"), came(world, day, "Ông Tư")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        visits.refuse(db.session.get_one(Visit, refused.id), by=by, ground="h")
        rule = timetable.Wanted(
            rule="FREQ=WEEKLY;BYDAY=TH",
            opens=clock.local(clock.now()).time().replace(hour=8, minute=0),
            closes=clock.local(clock.now()).time().replace(hour=11, minute=0),
            slot_minutes=30,
            place="Phòng tiếp công dân",
            starts_on=clock.today() + timedelta(days=12),
        )
        row = timetable.set_rule(world.ward.id, rule, by=by)
        days.publish(world.ward.id, clock.today() + timedelta(days=40), by=by)
    return {"d": day.id, "v": inside.id, "x": refused.id, "r": row.id}
