"""What the ward owes about reception: days to publish, the month's count, written refusals, conclusions.

Computed from the rows whenever asked. Reminders are exactly once by the outbox' keys.
"""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.dialogue.notices import to_officer
from feedback.messages import say
from feedback.people.directory import table_of
from feedback.people.models import Role
from feedback.petitions.models import Petition
from feedback.reception import days, law, visits
from feedback.reception.models import (
    DayKind,
    DayStatus,
    ReceptionDay,
    ReceptionRule,
    Visit,
    VisitState,
)
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.delegation import Table
from feedback.wards.setup import setup_of
from feedback.worktime.words import day_name

PUBLISH_SOON = 2  # working days before the last day to publish; the ward's own rule
# Working days before the month ends, and who is warned that its days will not be enough.
SHORT = ((10, (Role.CLERK,)), (5, (Role.CLERK, Role.CHAIR)))


@dataclass(frozen=True)
class Month:
    """The chair's days of one month against what the law asks. Local days, each once."""

    begins_on: date
    required: int
    article: str
    held: tuple[date, ...]
    coming: tuple[date, ...]
    unpublished: tuple[date, ...]

    @property
    def is_met(self) -> bool:
        return len(self.held) >= self.required

    @property
    def is_short(self) -> bool:
        """Not even with everything published will it be enough."""
        return len({*self.held, *self.coming}) < self.required


@dataclass(frozen=True)
class Owed:
    """One thing to be done, by whom, until which local day. `key` names it for its reminders."""

    key: str
    words: str
    due_on: date
    roles: tuple[Role, ...] = ()
    position_id: int | None = None
    article: str = ""


def month_of(ward_id: int, on: date) -> Month:
    """How the month of a local day stands."""
    first, last = _month(on)
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.kind == DayKind.REGULAR,
        ReceptionDay.opens_at >= _midnight(first),
        ReceptionDay.opens_at < _midnight(last + timedelta(days=1)),
    )
    rows = db.session.scalars(query.order_by(ReceptionDay.opens_at)).all()
    today = clock.today()

    def those(*statuses: DayStatus, by_chair: bool = False) -> tuple[date, ...]:
        found = (
            days.on_of(d)
            for d in rows
            if d.status in statuses and (d.is_by_chair if by_chair else days.on_of(d) >= today)
        )
        return tuple(dict.fromkeys(found))

    duty = law.monthly_duty(first)
    return Month(
        begins_on=first,
        required=duty.days,
        article=duty.article,
        held=those(DayStatus.OPEN, DayStatus.HELD, by_chair=True),
        coming=those(DayStatus.PUBLISHED),
        unpublished=those(DayStatus.PLANNED),
    )


def year_of(ward_id: int, on: date) -> list[Month]:
    """The months of a year up to a local day's, from the first in which somebody was received here."""
    january = date(on.year, 1, 1)
    query = sa.select(sa.func.min(ReceptionDay.opens_at)).where(
        ReceptionDay.ward_id == ward_id, ReceptionDay.opens_at >= _midnight(january)
    )
    earliest = db.session.scalar(query)
    begins = min(clock.local(earliest).date(), on) if earliest else on
    return [month_of(ward_id, date(on.year, n, 1)) for n in range(begins.month, on.month + 1)]


def owed(ward_id: int) -> list[Owed]:
    """Everything owed now, soonest first."""
    parts = (_to_publish, _to_move, _to_fill_the_month, _to_refuse_in_writing, _to_keep, _to_notify)
    return sorted((each for part in parts for each in part(ward_id)), key=lambda o: o.due_on)


def remind_all(now: datetime) -> int:
    """Tell who owes something, once for each key and person; only in office time. How many things."""
    wards = db.session.scalars(sa.select(ReceptionDay.ward_id).distinct()).all()
    return sum(_remind(ward_id, now) for ward_id in wards)


def _remind(ward_id: int, now: datetime) -> int:
    if not calendar_of(setup_of(ward_id)).is_office_time(now):
        return 0
    table = table_of(ward_id)
    found = owed(ward_id)
    for each in found:
        link = links.desk_receptions()
        text = say(
            "reception.duty",
            table.setup.texts,
            words=each.words,
            due=day_name(each.due_on),
            article=each.article,
            link=link,
        )
        for officer_id in dict.fromkeys(_who(each, table)):
            to_officer(officer_id, text, notice="reception.duty", key=f"reception-duty:{each.key}")
    return len(found)


def _who(each: Owed, table: Table) -> Iterator[int]:
    if each.position_id:
        yield from table.holders.get(each.position_id, ())
    for role in each.roles:
        yield from (who for who, _ in table.with_role(role))


def _to_publish(ward_id: int) -> Iterator[Owed]:
    calendar = calendar_of(setup_of(ward_id))
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.status == DayStatus.PLANNED,
        ReceptionDay.opens_at > clock.now(),
    )
    for day in db.session.scalars(query.order_by(ReceptionDay.opens_at)):
        latest = days.publish_by(day, calendar)
        if calendar.working_days_between(clock.today(), latest) <= PUBLISH_SOON:
            words = f"Công bố lịch tiếp công dân {day_name(days.on_of(day))}"
            article = law.term("publication", days.on_of(day)).article
            yield Owed(f"publish:{day.id}:{latest}", words, latest, (Role.CLERK,), article=article)


def _to_move(ward_id: int) -> Iterator[Owed]:
    """Published days on which, as the calendar says by now, nobody works."""
    calendar = calendar_of(setup_of(ward_id))
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.status == DayStatus.PUBLISHED,
        ReceptionDay.kind == DayKind.REGULAR,
        ReceptionDay.opens_at > clock.now(),
    )
    for day in db.session.scalars(query.order_by(ReceptionDay.opens_at)):
        on = days.on_of(day)
        if not calendar.is_working_day(on):
            words = f"Dời buổi tiếp công dân {day_name(on)}: nay là ngày nghỉ"
            article = "khoản 4 Điều 24 Luật Tiếp công dân"
            yield Owed(f"move:{day.id}:{on}", words, on, (Role.CLERK,), article=article)


def _to_fill_the_month(ward_id: int) -> Iterator[Owed]:
    today = clock.today()
    if not db.session.scalar(sa.select(sa.exists().where(ReceptionRule.ward_id == ward_id))):
        return
    month = month_of(ward_id, today)
    if not month.is_short:
        return
    _, last = _month(today)
    left = calendar_of(setup_of(ward_id)).working_days_between(today, last)
    reached = [(n, roles) for n, roles in SHORT if left <= n]
    for rung, roles in reached[-1:]:
        words = (
            f"Tháng {today.month} mới có {len(month.held)} ngày Chủ tịch đã tiếp, {len(month.coming)} ngày "
            f"đã công bố, còn thiếu so với {month.required} ngày phải tiếp"
        )
        key = f"month:{ward_id}:{month.begins_on:%Y%m}:{rung}"
        yield Owed(key, words, last, roles, article=month.article)


def _to_refuse_in_writing(ward_id: int) -> Iterator[Owed]:
    query = _visits(ward_id).where(Visit.state == VisitState.REFUSED, Visit.notice_sign == "")
    for visit in db.session.scalars(query):
        if due_on := visits.refusal_due_on(visit):
            words = f"Ban hành Thông báo từ chối tiếp công dân (01/TCD), số thứ tự {visit.number}"
            article = law.term("refusal", due_on).article
            yield Owed(f"refuse:{visit.id}", words, due_on, (Role.CLERK,), article=article)


def _to_keep(ward_id: int) -> Iterator[Owed]:
    """Conclusions whose day is today, tomorrow or past, and whose petition is still open."""
    tomorrow = clock.today() + timedelta(days=1)
    query = _visits(ward_id).join(Petition, Petition.id == Visit.petition_id)
    query = query.where(Petition.is_open, Petition.answered_at.is_(None), Visit.due_on <= tomorrow)
    for visit in db.session.scalars(query):
        if visit.due_on is None or visit.petition is None:
            continue
        late = visit.due_on < clock.today()
        words = f"{'Quá hạn: t' if late else 'T'}hực hiện kết luận tiếp công dân, hồ sơ {visit.petition.number}"
        roles = (Role.CHAIR,) if late else ()
        key = f"keep:{visit.id}:{'late' if late else 'due'}"
        yield Owed(key, words, visit.due_on, roles, visit.position_id)


def _to_notify(ward_id: int) -> Iterator[Owed]:
    """The conclusions of a day are owed as a notice (khoản 2 Điều 25)."""
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.status == DayStatus.HELD,
        ReceptionDay.notice_sign == "",
        sa.exists().where(Visit.day_id == ReceptionDay.id, Visit.petition_id.is_not(None)),
    )
    calendar = calendar_of(setup_of(ward_id))
    for day in db.session.scalars(query):
        due_on = calendar.add_working_days(days.on_of(day), 3)  # the ward's own rule
        words = f"Ban hành Thông báo kết luận buổi tiếp {day_name(days.on_of(day))}"
        article = "khoản 2 Điều 25 Nghị định số 154/2026/NĐ-CP; số ngày là quy định của phường"
        yield Owed(f"notify:{day.id}", words, due_on, (Role.CLERK,), article=article)


def _visits(ward_id: int) -> sa.Select[Visit]:
    return (
        sa.select(Visit)
        .join(ReceptionDay, ReceptionDay.id == Visit.day_id)
        .where(ReceptionDay.ward_id == ward_id)
        .order_by(Visit.id)
    )


def _month(on: date) -> tuple[date, date]:
    last = months.monthrange(on.year, on.month)[1]
    return on.replace(day=1), on.replace(day=last)


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=clock.ZONE)
