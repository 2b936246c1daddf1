"""Verbs of a day of reception: publish, postpone, call an extraordinary one, receive online, begin, end.

A legal gate in the way raises `Gated` with its article; a reason passes it and is kept with the day.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.dialogue.funnel import needed
from feedback.dialogue.gates import Gate, Gated
from feedback.errors import BadInput, WrongState
from feedback.people.actor import Actor
from feedback.people.directory import actor_for
from feedback.people.models import Role
from feedback.reception import access, law, notices, slots
from feedback.reception.models import (
    DayKind,
    DayStatus,
    Mode,
    ReceptionDay,
    ReceptionEvent,
    Visit,
    VisitState,
)
from feedback.reception.reminding import first_reminder
from feedback.text import squeeze
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of
from feedback.worktime.calendar import Calendar
from feedback.worktime.words import day_name, minute_name

COMING = frozenset({DayStatus.PLANNED, DayStatus.PUBLISHED})
IN_LINE = (VisitState.WAITING, VisitState.INSIDE)


def publish(ward_id: int, until: date, *, by: Actor, override: str = "") -> list[ReceptionDay]:
    """Tell residents of every laid-out day until `until`. Raises Gated, one gate for each late day."""
    access.decides(ward_id, by)
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id,
        ReceptionDay.status == DayStatus.PLANNED,
        ReceptionDay.opens_at > clock.now(),
    )
    rows = [
        day
        for day in db.session.scalars(query.order_by(ReceptionDay.opens_at).with_for_update())
        if on_of(day) <= until
    ]
    if not rows:
        raise WrongState("Không có ngày nào chờ công bố trong kỳ này.")
    calendar = calendar_of(setup_of(ward_id))
    late = {day.id: gate for day in rows if (gate := _published_late(day, calendar))}
    reason = _passed(list(late.values()), override)
    now = clock.now()
    for day in rows:
        day.status, day.published_at = DayStatus.PUBLISHED, now
        day.remind_at = first_reminder(day, now)
        gates = [late[day.id]] if day.id in late else []
        note(day, "publish", by, "Công bố lịch.", gates=gates, reason=reason)
    return rows


def postpone(
    day: ReceptionDay,
    *,
    by: Actor,
    reason: str,
    opens_at: datetime,
    closes_at: datetime,
    place: str = "",
) -> ReceptionDay:
    """Another time, which is always named (khoản 4 Điều 24 Luật Tiếp công dân); who booked is told."""
    access.decides(day.ward_id, by)
    reason = needed(reason, "lý do hoãn, như người dân sẽ đọc", field="reason")
    slots.locked(day.id)
    if day.status not in COMING:
        raise WrongState("Ngày tiếp này đã bắt đầu hoặc đã xong.")
    _check_times(opens_at, closes_at)
    before = minute_name(clock.local(day.opens_at))
    day.opens_at, day.closes_at, day.reason = opens_at, closes_at, reason
    day.place = squeeze(place) or day.place
    if day.capacity <= (slots.last_taken(day) or 0):
        raise BadInput(fields={"closes": "Thời gian mới không đủ cho những người đã đăng ký."})
    if day.status is DayStatus.PUBLISHED:
        day.sequence += 1
        day.remind_at = first_reminder(day, clock.now())
    note(day, "postpone", by, f"Dời từ {before}: {reason}")
    if day.status is DayStatus.PUBLISHED:
        notices.to_booked(day, "moved", reason=reason, before=before)
    return day


def cancel(day: ReceptionDay, *, by: Actor, reason: str) -> ReceptionDay:
    """An extraordinary reception that is needed no longer; who booked is told. A regular one is only moved."""
    access.decides(day.ward_id, by)
    reason = needed(reason, "lý do hủy, như người dân sẽ đọc", field="reason")
    slots.locked(day.id)
    if day.kind is not DayKind.EXTRAORDINARY:
        raise WrongState(
            "Ngày tiếp định kỳ không hủy được, chỉ dời và phải nêu thời gian mới "
            "(khoản 4 Điều 24 Luật Tiếp công dân)."
        )
    if day.status not in COMING:
        raise WrongState("Buổi tiếp này đã bắt đầu hoặc đã xong.")
    day.status, day.reason, day.remind_at = DayStatus.CANCELLED, reason, None
    day.sequence += 1
    note(day, "cancel", by, f"Hủy: {reason}")
    notices.to_booked(day, "off", reason=reason)
    return day


def call(
    ward_id: int,
    *,
    by: Actor,
    opens_at: datetime,
    closes_at: datetime,
    place: str,
    reason: str,
    slot_minutes: int = 30,
) -> ReceptionDay:
    """An extraordinary reception (khoản 3 Điều 18 Luật Tiếp công dân): public at once, no days ahead."""
    access.decides(ward_id, by)
    reason = needed(reason, "vì sao phải tiếp đột xuất", field="reason")
    _check_times(opens_at, closes_at)
    now = clock.now()
    day = ReceptionDay(
        ward_id=ward_id,
        planned_on=clock.local(opens_at).date(),
        kind=DayKind.EXTRAORDINARY,
        mode=Mode.IN_PERSON,
        status=DayStatus.PUBLISHED,
        opens_at=opens_at,
        closes_at=closes_at,
        slot_minutes=slot_minutes,
        place=needed(place, "nơi tiếp", field="place"),
        reason=reason,
        created_at=now,
        published_at=now,
    )
    db.session.add(day)
    db.session.flush()
    day.remind_at = first_reminder(day, now)
    note(day, "call", by, f"Tiếp đột xuất: {reason}")
    return day


def go_online(
    day: ReceptionDay, *, by: Actor, ground: str, online_url: str, override: str = ""
) -> ReceptionDay:
    """The head decides, on one of the listed grounds, to receive online. Raises Gated when it is late."""
    access.decides(day.ward_id, by)
    if day.status not in COMING:
        raise WrongState("Chỉ chuyển sang trực tuyến trước ngày tiếp.")
    fields: dict[str, str] = {}
    if ground not in law.online_grounds():
        fields["ground"] = "Xin chọn một trường hợp được tiếp trực tuyến (Điều 20)."
    if not online_url.startswith("https://"):
        fields["online_url"] = "Xin ghi đường dẫn phòng họp, bắt đầu bằng https://"
    if fields:
        raise BadInput(fields=fields)
    gate = _online_late(day, calendar_of(setup_of(day.ward_id)))
    reason = _passed([gate] if gate else [], override)
    day.mode, day.online_ground, day.online_url = Mode.ONLINE, ground, online_url
    why = law.online_grounds()[ground]
    words = f"Tiếp trực tuyến: {why.words} ({why.article})."
    note(day, "online", by, words, gates=[gate] if gate else [], reason=reason)
    if day.status is DayStatus.PUBLISHED:
        notices.to_booked(day, "online", link=online_url)
    return day


def tick(day: ReceptionDay, key: str, *, by: Actor) -> ReceptionDay:
    """One thing of the online checklist is done; when, and by whom, is kept."""
    access.runs(day.ward_id, by)
    if key not in law.online_checks() or day.mode is not Mode.ONLINE:
        raise BadInput("Không có mục này trong danh sách kiểm tra.")
    done = {"at": clock.now().isoformat(), "by": by.officer_id}
    day.checklist = {**day.checklist, key: day.checklist.get(key, done)}
    db.session.flush()
    return day


def begin(day: ReceptionDay, *, by: Actor, received_by_id: int, override: str = "") -> ReceptionDay:
    """The reception begins. Raises Gated when the chair is not there in person, or an online one is not
    made ready."""
    access.runs(day.ward_id, by)
    if day.status is not DayStatus.PUBLISHED:
        raise WrongState("Ngày tiếp này chưa công bố, hoặc đã bắt đầu.")
    if on_of(day) > clock.today():
        raise WrongState(f"Chưa đến ngày tiếp: {day_name(on_of(day))}.")
    receiver = actor_for(received_by_id)
    if receiver.ward_id != day.ward_id:
        raise BadInput(fields={"received_by_id": "Xin chọn người tiếp."})
    day.is_by_chair = Role.CHAIR in receiver.roles
    gates = [*_without_chair(day), *_unchecked(day)]
    reason = _passed(gates, override)
    day.status, day.begun_at, day.remind_at = DayStatus.OPEN, clock.now(), None
    day.received_by_id = received_by_id
    who = setup_of(day.ward_id).officers.get(received_by_id, "")
    note(day, "begin", by, f"Bắt đầu tiếp. Người tiếp: {who}.", gates=gates, reason=reason)
    return day


def end(day: ReceptionDay, *, by: Actor) -> ReceptionDay:
    """The reception ends; who booked and did not come is written down so."""
    access.runs(day.ward_id, by)
    slots.locked(day.id)
    if day.status is not DayStatus.OPEN:
        raise WrongState("Buổi tiếp này chưa bắt đầu, hoặc đã kết thúc.")
    left = sa.select(sa.func.count()).where(Visit.day_id == day.id, Visit.state.in_(IN_LINE))
    if count := db.session.scalar(left):
        raise WrongState(f"Còn {count} người đang chờ hoặc đang được tiếp.")
    absent = sa.update(Visit).where(Visit.day_id == day.id, Visit.state == VisitState.BOOKED)
    db.session.execute(absent.values(state=VisitState.ABSENT))
    day.status, day.ended_at = DayStatus.HELD, clock.now()
    note(day, "end", by, "Kết thúc buổi tiếp.")
    return day


def on_of(day: ReceptionDay) -> date:
    """Its local day."""
    return clock.local(day.opens_at).date()


def publish_by(day: ReceptionDay, calendar: Calendar) -> date:
    """The last day on which publishing is early enough."""
    return law.term("publication", on_of(day)).before(on_of(day), calendar)


def overrides(ward_id: int, year: int) -> list[ReceptionEvent]:
    """Every gate passed against its rule in a local year, oldest first: for the yearly report."""
    begins = datetime(year, 1, 1, tzinfo=clock.ZONE)
    query = (
        sa.select(ReceptionEvent)
        .join(ReceptionDay, ReceptionDay.id == ReceptionEvent.day_id)
        .where(
            ReceptionDay.ward_id == ward_id,
            ReceptionEvent.has_override,
            ReceptionEvent.at >= begins,
            ReceptionEvent.at < begins.replace(year=year + 1),
        )
    )
    return list(db.session.scalars(query.order_by(ReceptionEvent.id)))


def note(
    day: ReceptionDay,
    action: str,
    by: Actor,
    text: str,
    *,
    gates: list[Gate] | None = None,
    reason: str = "",
) -> None:
    """Add one row to the day's history, with the gates that were passed and why."""
    detail: dict[str, Any] = {}
    if gates:
        detail["overrides"] = [
            {"gate": g.key, "sentence": g.sentence, "article": g.article, "reason": reason}
            for g in gates
        ]
        for gate in gates:
            audit.record(
                "reception.override",
                "reception_day",
                day.id,
                ward_id=day.ward_id,
                detail={"gate": gate.key, "article": gate.article},
            )
    db.session.add(
        ReceptionEvent(
            day_id=day.id,
            at=clock.now(),
            action=action,
            officer_id=by.officer_id,
            text=text,
            detail=detail,
            has_override=bool(gates),
        )
    )
    db.session.flush()
    db.session.expire(day, ["events"])


def _passed(gates: list[Gate], override: str) -> str:
    """The reason for passing them. Raises Gated when there is none."""
    reason = squeeze(override)
    if gates and not reason:
        raise Gated(gates)
    return reason


def _published_late(day: ReceptionDay, calendar: Calendar) -> Gate | None:
    latest = publish_by(day, calendar)
    if clock.today() <= latest:
        return None
    term = law.term("publication", on_of(day))
    sentence = (
        f"Lịch tiếp công dân phải được niêm yết, công bố {term.words}. "
        f"Ngày tiếp {day_name(on_of(day))} phải công bố muộn nhất {day_name(latest)}."
    )
    return Gate("publication", sentence, term.article, latest)


def _online_late(day: ReceptionDay, calendar: Calendar) -> Gate | None:
    term = law.term("online_notice", on_of(day))
    latest = term.before(on_of(day), calendar)
    if clock.today() <= latest:
        return None
    sentence = f"Phải thông báo cho người dân và cơ quan tham gia {term.words}."
    return Gate("online_notice", sentence, term.article, latest)


def _without_chair(day: ReceptionDay) -> list[Gate]:
    if day.is_by_chair or day.kind is not DayKind.REGULAR:
        return []
    duty = law.monthly_duty(on_of(day))
    sentence = f"{duty.words}, không giao người khác tiếp thay. Ngày này sẽ không tính vào số ngày của tháng."
    return [Gate("in_person", sentence, duty.article, on_of(day))]


def _unchecked(day: ReceptionDay) -> list[Gate]:
    if day.mode is not Mode.ONLINE:
        return []
    return [
        Gate(f"online_{check.key}", f"Chưa xác nhận: {check.words}.", check.article, on_of(day))
        for check in law.online_checks().values()
        if check.key not in day.checklist
    ]


def _check_times(opens_at: datetime, closes_at: datetime) -> None:
    same_day = clock.local(opens_at).date() == clock.local(closes_at).date()
    if not (opens_at < closes_at and same_day):
        raise BadInput(fields={"closes": "Giờ kết thúc phải sau giờ bắt đầu, trong cùng ngày."})
    if opens_at <= clock.now():
        raise BadInput(fields={"on": "Xin ghi ngày giờ mới, ở tương lai."})
