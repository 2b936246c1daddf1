"""The chair's timetable: rules become days, and a day that falls on a holiday moves to the next working one."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from dateutil.rrule import rrulestr

from feedback import clock
from feedback.db import db
from feedback.dialogue.once import is_new
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.reception import access
from feedback.reception.models import DayKind, DayStatus, Mode, ReceptionDay, ReceptionRule, Visit
from feedback.text import squeeze
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of
from feedback.worktime.calendar import Calendar
from feedback.worktime.words import WEEKDAYS

AHEAD = timedelta(days=62)  # as far as days are laid out
SLOTS = (5, 120)  # minutes, least and most


@dataclass(frozen=True)
class Wanted:
    """A rule as it is asked for: an RRULE without DTSTART, wall-clock hours, local days."""

    rule: str
    opens: time
    closes: time
    slot_minutes: int
    place: str
    starts_on: date
    ends_on: date | None = None
    attending: list[str] = field(default_factory=list)
    topics: str = ""


def set_rule(ward_id: int, wanted: Wanted, *, by: Actor) -> ReceptionRule:
    """A new rule; its days are laid out at once. Raises BadInput, NotAllowed."""
    access.decides(ward_id, by)
    _check(wanted)
    row = ReceptionRule(
        ward_id=ward_id,
        rule=wanted.rule,
        opens=wanted.opens,
        closes=wanted.closes,
        slot_minutes=wanted.slot_minutes,
        place=squeeze(wanted.place),
        attending=[line for each in wanted.attending if (line := squeeze(each))],
        topics=squeeze(wanted.topics),
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        created_at=clock.now(),
        created_by_id=by.officer_id or 0,
    )
    db.session.add(row)
    db.session.flush()
    lay_out(ward_id)
    return row


def end_rule(row: ReceptionRule, *, by: Actor, last_on: date) -> ReceptionRule:
    """It holds until `last_on`; days after it that nobody was told of go away."""
    access.decides(row.ward_id, by)
    row.ends_on = last_on
    idle = sa.select(Visit.id).where(Visit.day_id == ReceptionDay.id).exists()
    db.session.execute(
        sa.delete(ReceptionDay).where(
            ReceptionDay.rule_id == row.id,
            ReceptionDay.status == DayStatus.PLANNED,
            ReceptionDay.planned_on > last_on,
            ~idle,
        )
    )
    db.session.flush()
    return row


def rules_of(ward_id: int) -> list[ReceptionRule]:
    """Those that hold now or later, oldest first."""
    query = sa.select(ReceptionRule).where(
        ReceptionRule.ward_id == ward_id,
        sa.or_(ReceptionRule.ends_on.is_(None), ReceptionRule.ends_on >= clock.today()),
    )
    return list(db.session.scalars(query.order_by(ReceptionRule.id)))


def lay_out(ward_id: int) -> int:
    """Make the days of the next weeks from the rules, each once; how many are new."""
    today = clock.today()
    calendar = calendar_of(setup_of(ward_id))
    _follow(ward_id, calendar)
    return sum(
        _is_laid(row, planned_on, calendar)
        for row in rules_of(ward_id)
        for planned_on in occurrences(row.rule, row.starts_on, today + timedelta(days=1), AHEAD)
        if row.ends_on is None or planned_on <= row.ends_on
    )


def lay_out_all() -> int:
    """For every ward that has a rule."""
    wards = db.session.scalars(sa.select(ReceptionRule.ward_id).distinct()).all()
    return sum(lay_out(ward_id) for ward_id in wards)


def occurrences(rule: str, starts_on: date, since: date, ahead: timedelta) -> list[date]:
    """The local days a rule names from `since` on. Raises BadInput for one that makes no sense."""
    try:
        found = rrulestr(f"RRULE:{rule}", dtstart=datetime.combine(starts_on, time()))
    except ValueError as error:
        raise BadInput(fields={"rule": "Cách lặp lại chưa đúng."}) from error
    first, last = (datetime.combine(day, time()) for day in (since, since + ahead))
    return [each.date() for each in found.between(first, last, inc=True)]


_DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), WEEKDAYS, strict=True))


def said(rule: str) -> str:
    """'Thứ Năm hằng tuần', 'Thứ Ba tuần 1, 3 hằng tháng', 'Ngày 10, 25 hằng tháng'."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    if dates := parts.get("BYMONTHDAY"):
        return f"Ngày {dates.replace(',', ', ')} hằng tháng"
    named = [(each[-2:], each[:-2]) for each in parts.get("BYDAY", "").split(",") if each]
    names = ", ".join(dict.fromkeys(_DAYS.get(day, day) for day, _ in named))
    if weeks := ", ".join(nth for _, nth in named if nth):
        return f"{names} tuần {weeks} hằng tháng"
    return f"{names} hằng tuần" if named else rule


def received_on(planned_on: date, calendar: Calendar) -> date:
    """The day itself, or the next working day when it is a day off."""
    return calendar.add_working_days(planned_on, 0)


def _follow(ward_id: int, calendar: Calendar) -> None:
    """Days nobody was told of follow a calendar that has changed since."""
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.status == DayStatus.PLANNED,
        ReceptionDay.sequence == 0,
        ReceptionDay.opens_at > clock.now(),
    )
    for day in db.session.scalars(query):
        by = received_on(day.planned_on, calendar) - clock.local(day.opens_at).date()
        if by and not any(event.action == "postpone" for event in day.events):
            day.opens_at, day.closes_at = day.opens_at + by, day.closes_at + by
    db.session.flush()


def _is_laid(row: ReceptionRule, planned_on: date, calendar: Calendar) -> bool:
    on = received_on(planned_on, calendar)
    return is_new(
        ReceptionDay,
        ward_id=row.ward_id,
        rule_id=row.id,
        planned_on=planned_on,
        kind=DayKind.REGULAR,
        mode=Mode.IN_PERSON,
        status=DayStatus.PLANNED,
        opens_at=datetime.combine(on, row.opens, clock.ZONE),
        closes_at=datetime.combine(on, row.closes, clock.ZONE),
        slot_minutes=row.slot_minutes,
        place=row.place,
        attending=row.attending,
        topics=row.topics,
        created_at=clock.now(),
    )


def _check(wanted: Wanted) -> None:
    fields: dict[str, str] = {}
    least, most = SLOTS
    if not wanted.opens < wanted.closes:
        fields["closes"] = "Giờ kết thúc phải sau giờ bắt đầu."
    if not least <= wanted.slot_minutes <= most:
        fields["slot_minutes"] = f"Mỗi lượt từ {least} đến {most} phút."
    if not squeeze(wanted.place):
        fields["place"] = "Xin ghi nơi tiếp công dân."
    if fields:
        raise BadInput(fields=fields)
    if not occurrences(wanted.rule, wanted.starts_on, wanted.starts_on, timedelta(days=366)):
        raise BadInput(fields={"rule": "Cách lặp lại này không cho ngày nào."})
