"""Tiếp công dân at the desk: the month's count, what is owed, the timetable and its days."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, flash, redirect, render_template, request, url_for
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue.gates import Gated
from feedback.errors import BadInput, NotFound, WrongState
from feedback.papers.filling import signer_of
from feedback.papers.issuing import FORMATS, issue, preview
from feedback.people.models import Permission as P
from feedback.reception import days, duties, law, paperwork, timetable
from feedback.reception.models import DayStatus, ReceptionDay, ReceptionRule
from feedback.wards.calendar_rows import calendar_of
from feedback.worktime.words import WEEKDAYS
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.frame import current_setup
from web.desk.papers import sent
from web.desk.periods import typed_day
from web.forms import Form

DAY = ["%d/%m/%Y", "%Y-%m-%d"]
BACK = timedelta(days=120)
PATTERNS = {
    "weekly": ("Hằng tuần, vào một thứ", "FREQ=WEEKLY;BYDAY={day}"),
    "first_third": ("Tuần thứ nhất và thứ ba của tháng", "FREQ=MONTHLY;BYDAY=1{day},3{day}"),
    "second_fourth": ("Tuần thứ hai và thứ tư của tháng", "FREQ=MONTHLY;BYDAY=2{day},4{day}"),
    "dates": ("Vào các ngày cố định của tháng", "FREQ=MONTHLY;BYMONTHDAY={dates}"),
}
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA")


class RuleForm(Form):
    pattern = RadioField(
        "Lặp lại",
        choices=[SelectChoice(key, words) for key, (words, _) in PATTERNS.items()],
        default="weekly",
    )
    weekday = SelectField(
        "Thứ", choices=[SelectChoice(c, w) for c, w in zip(_CODES, WEEKDAYS, strict=False)]
    )
    dates = StringField(
        "Các ngày trong tháng", description="Chỉ khi chọn ngày cố định. Ví dụ: 10, 25"
    )
    opens = TimeField("Từ mấy giờ", [InputRequired("Xin ghi giờ.")], default=time(8))
    closes = TimeField("Đến mấy giờ", [InputRequired("Xin ghi giờ.")], default=time(11, 30))
    slot_minutes = IntegerField(
        "Mỗi lượt bao nhiêu phút", [InputRequired("Xin ghi số phút.")], default=30
    )
    place = StringField("Nơi tiếp", [InputRequired("Xin ghi nơi tiếp."), Length(max=300)])
    attending = TextAreaField("Thành phần cùng dự", description="Mỗi dòng một thành phần.")
    topics = TextAreaField("Dự kiến nội dung", [Length(max=1000)])
    starts_on = DateField("Áp dụng từ ngày", [InputRequired("Xin ghi ngày.")], format=DAY)

    def wanted(self) -> timetable.Wanted:
        """What was typed, as the verb takes it."""
        words = (self.dates.data or "").replace(" ", "")
        return timetable.Wanted(
            rule=PATTERNS[self.pattern.data][1].format(day=self.weekday.data, dates=words),
            opens=self.opens.data or time(8),
            closes=self.closes.data or time(8),
            slot_minutes=self.slot_minutes.data or 0,
            place=self.place.data or "",
            attending=(self.attending.data or "").splitlines(),
            topics=self.topics.data or "",
            starts_on=self.starts_on.data or clock.today(),
        )


class TimesForm(Form):
    """Another time for a day, or an extraordinary one: always with its reason.

    Its fields are named apart (`new-…`), since it stands beside `RuleForm`.
    """

    def __init__(self, **how: Any):
        super().__init__(prefix="new-", **how)

    on = DateField("Ngày", [InputRequired("Xin ghi ngày mới.")], format=DAY)
    opens = TimeField("Từ mấy giờ", [InputRequired("Xin ghi giờ.")])
    closes = TimeField("Đến mấy giờ", [InputRequired("Xin ghi giờ.")])
    place = StringField("Nơi tiếp", [Length(max=300)])
    reason = StringField("Lý do, như người dân sẽ đọc", [InputRequired("Xin ghi lý do.")])

    def times(self) -> dict[str, datetime]:
        return {
            "opens_at": datetime.combine(self.on.data, self.opens.data, clock.ZONE),
            "closes_at": datetime.combine(self.on.data, self.closes.data, clock.ZONE),
        }


@desk.get("/receptions")
@needs(P.INTAKE)
def receptions() -> Any:
    return receptions_page()


@desk.post("/receptions/rules")
@needs(P.INTAKE)
def reception_rule() -> Any:
    form = RuleForm()
    if not form.validate():
        return receptions_page(rule=form), 422
    try:
        with transaction():
            actor = current_actor()
            timetable.set_rule(actor.ward_id, form.wanted(), by=actor)
    except BadInput as refusal:
        names = {"rule": "dates"}
        for name, sentence in refusal.fields.items():
            form[names.get(name, name)].errors = [sentence]
        return receptions_page(rule=form), 422
    flash("Đã lập lịch. Xem lại các ngày rồi bấm Công bố.", "success")
    return redirect(url_for(".receptions"))


@desk.post("/receptions/rules/<int:rule_id>/end")
@needs(P.INTAKE)
def reception_rule_ended(rule_id: int) -> Any:
    actor = current_actor()
    with transaction():
        row = db.session.get(ReceptionRule, rule_id)
        if row is None or row.ward_id != actor.ward_id:
            raise NotFound
        timetable.end_rule(row, by=actor, last_on=clock.today())
    flash("Đã dừng lịch này; các ngày đã công bố vẫn giữ.", "success")
    return redirect(url_for(".receptions"))


@desk.post("/receptions/publication")
@needs(P.INTAKE)
def reception_published() -> Any:
    """Publish until a day; days that are too near come back with the article."""
    until = typed_day(request.form.get("until", ""), "until")
    try:
        with transaction():
            actor = current_actor()
            override = request.form.get("override", "")
            rows = days.publish(actor.ward_id, until, by=actor, override=override)
            count = len(rows)
    except Gated as refusal:
        return receptions_page(gates=refusal.gates, carried={"until": f"{until}"}), 409
    except WrongState as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".receptions"))
    flash(f"Đã công bố {count} ngày tiếp công dân.", "success")
    return redirect(url_for(".receptions"))


@desk.post("/receptions/extraordinary")
@needs(P.INTAKE)
def reception_called() -> Any:
    form = TimesForm()
    if not form.validate():
        return receptions_page(extra=form), 422
    try:
        with transaction():
            actor = current_actor()
            more = {"place": form.place.data or "", "reason": form.reason.data or ""}
            row = days.call(actor.ward_id, by=actor, **form.times(), **more)
            day_id = row.id
    except BadInput as refusal:
        return receptions_page(extra=blamed(form, refusal)), 422
    flash("Đã công bố buổi tiếp đột xuất.", "success")
    return redirect(url_for(".reception_day", day_id=day_id))


@desk.get("/receptions/timetable.<suffix>")
@needs(P.INTAKE)
def reception_timetable(suffix: str) -> Any:
    if suffix not in FORMATS:
        raise NotFound
    return sent(
        preview(paperwork.TIMETABLE, _timetable(), suffix), suffix, f"lich-tiep-cong-dan.{suffix}"
    )


@desk.post("/receptions/timetable")
@needs(P.INTAKE)
def reception_timetable_issued() -> Any:
    root = current_app.config["SETTINGS"].upload_dir
    paper = issue(paperwork.TIMETABLE, _timetable(), by=current_actor(), root=root)
    flash(f"Đã phát hành {paper.name} số {paper.sign}.", "success")
    return redirect(url_for(".paper_file", paper_id=paper.id, suffix="pdf"))


def receptions_page(
    *,
    rule: RuleForm | None = None,
    extra: TimesForm | None = None,
    gates: Any = (),
    carried: dict[str, str] | None = None,
) -> str:
    actor = current_actor()
    today = clock.today()
    rows = _days(actor.ward_id)
    coming = [d for d in rows if d.status in (DayStatus.PUBLISHED, DayStatus.OPEN)]
    unpublished = [d for d in rows if d.status is DayStatus.PLANNED and d.opens_at > clock.now()]
    calendar = calendar_of(current_setup())
    return render_template(
        "desk/receptions.html",
        month=duties.month_of(actor.ward_id, today),
        year=duties.year_of(actor.ward_id, today),
        duty=law.monthly_duty(today),
        owed=duties.owed(actor.ward_id),
        coming=[(d, None) for d in coming],
        moved={d.id: d.rule_id and d.planned_on != days.on_of(d) for d in rows},
        unpublished=[(d, days.publish_by(d, calendar)) for d in unpublished],
        past=[(d, None) for d in rows if d.status is DayStatus.HELD][::-1],
        rules=[(r, timetable.said(r.rule)) for r in timetable.rules_of(actor.ward_id)],
        months=_month_ends(today),
        rule_form=rule or RuleForm(formdata=None),
        extra=extra or TimesForm(formdata=None),
        gates=gates,
        carried=carried or {},
        overrides=days.overrides(actor.ward_id, today.year),
        today=today,
        nav="dialogues",
    )


def blamed(form: Any, refusal: BadInput) -> Any:
    """The form with a verb's refusals at their fields."""
    for name, sentence in refusal.fields.items():
        if name in form:
            form[name].errors = [sentence]
    return form


def _timetable() -> Any:
    """The published days to come, on paper. Raises BadInput."""
    actor = current_actor()
    rows = [d for d in _days(actor.ward_id) if d.status is DayStatus.PUBLISHED]
    if not rows:
        raise BadInput("Chưa có ngày nào đã công bố để in lịch.")
    return paperwork.timetable(actor.ward_id, rows, signer_of(actor.officer_id or 0))


def _days(ward_id: int) -> list[ReceptionDay]:
    query = sa.select(ReceptionDay).where(
        ReceptionDay.ward_id == ward_id, ReceptionDay.opens_at >= clock.now() - BACK
    )
    return list(db.session.scalars(query.order_by(ReceptionDay.opens_at)))


def _month_ends(today: date) -> list[tuple[str, str]]:
    """(last day, words) of this month and the next two."""
    found, first = [], today.replace(day=1)
    for _ in range(3):
        following = (first + timedelta(days=32)).replace(day=1)
        last = following - timedelta(days=1)
        found.append((f"{last}", f"Hết tháng {first.month}/{first.year}"))
        first = following
    return found
