"""The ward's working calendar: a year to look at, days to set, a year to confirm."""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from flask import redirect, render_template, request, url_for
from wtforms import DateField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from feedback import clock
from feedback.db import transaction
from feedback.errors import BadInput, NotFound
from feedback.people.models import Permission as P
from feedback.reminders import calendar_edits
from feedback.wards import calendar_days
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.office_windows import Week, week_of
from feedback.worktime.calendar import Calendar
from feedback.worktime.holidays import Day, DayKind
from feedback.worktime.words import WEEKDAYS, day_name
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form, RadioField, SelectMultipleField
from web.settings.asking import DAY, ask_back, is_confirmed, refuse, saved, wants_again
from web.settings.blueprint import settings
from web.settings.history import latest
from web.settings.office_hours import HOUR, halves, spells

KINDS = {
    DayKind.OFF: "Nghỉ lễ, tết",
    DayKind.COMPENSATORY: "Nghỉ bù (ngày lễ rơi vào cuối tuần)",
    DayKind.SWAPPED: "Hoán đổi: nghỉ ngày này, làm bù ngày khác",
    DayKind.MAKEUP: "Làm bù: ngày cuối tuần phải đi làm",
    DayKind.HOURS: "Giờ làm việc riêng ngày này, ví dụ nghỉ buổi chiều",
}


HOURS = ("hours", "hours_1", "hours_2", "hours_3")


class DayForm(Form):
    day = DateField("Ngày nào?", [InputRequired("Xin ghi ngày.")], format=DAY)
    kind = RadioField(
        "Là ngày gì?",
        [InputRequired("Xin chọn một mục.")],
        choices=[(kind.value, words) for kind, words in KINDS.items()],
    )
    other = DateField(
        "Làm bù vào ngày",
        [Optional()],
        format=DAY,
        description="Chỉ ghi khi chọn Hoán đổi: hệ thống đặt luôn ngày làm bù.",
    )
    hours = TimeField("Sáng từ", [Optional()], format=HOUR)
    hours_1 = TimeField("Sáng đến", [Optional()], format=HOUR)
    hours_2 = TimeField("Chiều từ", [Optional()], format=HOUR)
    hours_3 = TimeField("Chiều đến", [Optional()], format=HOUR)
    name = StringField(
        "Tên ngày",
        [Length(max=160)],
        description="Ví dụ: Quốc khánh; Nghỉ chiều cuối năm. Hoán đổi có ghi ngày làm bù thì để trống được.",
    )
    source = StringField(
        "Căn cứ",
        [InputRequired("Xin ghi số văn bản, ví dụ: Công văn 1234/BNV-CCVC."), Length(max=200)],
        description="Số văn bản thông báo lịch nghỉ hoặc quyết định của phường.",
    )


class ConfirmForm(Form):
    decision_no = StringField(
        "Số văn bản thông báo lịch nghỉ",
        [InputRequired("Xin ghi số văn bản."), Length(max=200)],
        description="Ví dụ: Thông báo 6150/TB-BLĐTBXH. Hãy đối chiếu từng ngày trước khi xác nhận.",
    )


class ImportForm(Form):
    days = SelectMultipleField(
        "Những ngày sẽ lấy",
        [InputRequired("Xin chọn ít nhất một ngày.")],
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )


@dataclass(frozen=True)
class Cell:
    """A day of the year's picture. `tone`: a day kind, "rest" (a weekly day off) or nothing."""

    on: date
    tone: str
    words: str


@settings.get("/calendar")
@needs(P.SETTINGS)
def calendar() -> Any:
    return redirect(url_for(".calendar_year", year=clock.today().year))


@settings.get("/calendar/<int:year>")
@needs(P.SETTINGS)
def calendar_year(year: int) -> Any:
    return _year_page(year, ConfirmForm())


@settings.get("/calendar/days")
@needs(P.SETTINGS)
def day() -> Any:
    """The form for one day, with what is known of it when the address names it."""
    return _day_page(_filled(request.args.get("on", "")))


@settings.post("/calendar/days")
@needs(P.SETTINGS)
def day_saved() -> Any:
    form = DayForm()
    if not form.validate() or wants_again():
        return _day_page(form, 422 if form.errors else 200)
    ward_id, after = current_actor().ward_id, current_setup()
    try:
        days = [calendar_days.checked(each, calendar_of(after).week) for each in _days(form)]
        after = calendar_days.with_days(after, days)
        found = calendar_edits.forecast(after, min(each.on for each in days))
        if found.moved and not is_confirmed():
            return ask_back(
                "Đổi lịch làm việc", found, [f"{day_name(d.on)}: {d.why}" for d in days]
            )
        with transaction():
            moved = calendar_edits.import_days(ward_id, days, by=current_actor())
    except BadInput as refusal:
        refuse(form, refusal)
        return _day_page(form, 422)
    saved(moved, f"Đã lưu {day_name(days[0].on)}.")
    return redirect(url_for(".calendar_year", year=days[0].on.year))


@settings.post("/calendar/days/<day>/removal")
@needs(P.SETTINGS)
def day_removed(day: str) -> Any:
    on = _date(day)
    if wants_again():
        return redirect(url_for(".calendar_year", year=on.year))
    after = calendar_days.with_days(current_setup(), [], removed=[on])
    found = calendar_edits.forecast(after, on)
    if found.moved and not is_confirmed():
        return ask_back("Trả ngày về như thường", found, [f"{day_name(on)} trở lại ngày thường"])
    with transaction():
        moved = calendar_edits.remove_day(current_actor().ward_id, on, by=current_actor())
    saved(moved, f"{day_name(on)} trở lại như ngày thường.")
    return redirect(url_for(".calendar_year", year=on.year))


@settings.get("/calendar/<int:year>/import")
@needs(P.SETTINGS)
def import_page(year: int) -> Any:
    form = _import_form(year)
    form.days.data = [value for value, _ in form.days.choices]
    return _import_page(year, form)


@settings.post("/calendar/<int:year>/import")
@needs(P.SETTINGS)
def imported(year: int) -> Any:
    form = _import_form(year)
    if not form.validate() or wants_again():
        return _import_page(year, form, 422 if form.errors else 200)
    setup, ward_id = current_setup(), current_actor().ward_id
    is_settled = calendar_of(setup).settled.get(year, False)
    days = [
        replace(each, confirmed=is_settled)
        for each in calendar_days.offered(ward_id, year)
        if each.on.isoformat() in form.days.data
    ]
    found = calendar_edits.forecast(calendar_days.with_days(setup, days), min(d.on for d in days))
    if found.moved and not is_confirmed():
        return ask_back(f"Lấy lịch có sẵn năm {year}", found, [f"{len(days)} ngày được đặt lại"])
    with transaction():
        moved = calendar_edits.import_days(ward_id, days, by=current_actor())
    saved(moved, f"Đã lấy {len(days)} ngày.")
    return redirect(url_for(".calendar_year", year=year))


@settings.post("/calendar/<int:year>/confirmation")
@needs(P.SETTINGS)
def confirmed(year: int) -> Any:
    form = ConfirmForm()
    if not form.validate():
        return _year_page(year, form, 422)
    _known_year(year)
    actor = current_actor()
    with transaction():
        calendar_edits.confirm_year(actor.ward_id, year, form.decision_no.data, by=actor)
    saved(0, f"Lịch nghỉ năm {year} đã được xác nhận.")
    return redirect(url_for(".calendar_year", year=year))


@settings.post("/calendar/<int:year>/doubt")
@needs(P.SETTINGS)
def doubted(year: int) -> Any:
    _known_year(year)
    with transaction():
        calendar_edits.doubt_year(current_actor().ward_id, year, by=current_actor())
    saved(0, f"Lịch nghỉ năm {year} chuyển về dự kiến.")
    return redirect(url_for(".calendar_year", year=year))


def _year_page(year: int, form: ConfirmForm, status: int = 200) -> Any:
    _known_year(year)
    setup, today = current_setup(), clock.today()
    known = calendar_of(setup)
    return render_template(
        "settings/calendar.html",
        year=year,
        is_settled=known.settled.get(year, False),
        months=[(number, _month(known, year, number)) for number in range(1, 13)],
        days=[day for day in known.days if day.on.year == year],
        offered=len(calendar_days.offered(setup.ward_id, year)),
        must_know=year in calendar_days.years_to_know(today),
        week=list(_week_words(week_of(setup))),
        changes=latest("calendar"),
        form=form,
        today=today,
    ), status


def _week_words(week: Week) -> Iterator[str]:
    """'Thứ Hai đến Thứ Sáu: 08:00–12:00, 13:00–17:00', days with the same hours together."""
    for windows, same in groupby(zip(WEEKDAYS, week, strict=True), key=lambda pair: pair[1]):
        names = [name for name, _ in same]
        days = names[0] if len(names) == 1 else f"{names[0]} đến {names[-1]}"
        yield f"{days}: {', '.join(f'{a:%H:%M}–{b:%H:%M}' for a, b in windows) or 'nghỉ'}"


def _month(known: Calendar, year: int, number: int) -> list[list[Cell | None]]:
    """Weeks from Monday; nothing where a day belongs to the neighbouring month."""
    return [
        [_cell(known, on) if on.month == number else None for on in week]
        for week in months.Calendar().monthdatescalendar(year, number)
    ]


def _cell(known: Calendar, on: date) -> Cell:
    special = known.known.get(on)
    if special:
        return Cell(on, special.kind.value, f"{day_name(on)}: {special.why}")
    return Cell(on, "" if known.is_working_day(on) else "rest", day_name(on))


def _filled(on: str) -> DayForm:
    if not on:
        return DayForm(kind=DayKind.OFF.value)
    known = calendar_of(current_setup()).known.get(_date(on))
    if known is None:
        return DayForm(day=_date(on), kind=DayKind.OFF.value)
    edges = [edge for half in halves(known.windows) for edge in half]
    return DayForm(
        day=known.on,
        kind=known.kind.value,
        name=known.name,
        source=known.source,
        **dict(zip(HOURS, edges, strict=False)),
    )


def _days(form: DayForm) -> Iterator[Day]:
    """The day, and of a swap the day on which it is worked off. Raises BadInput."""
    on, other, kind = form.day.data, form.other.data, DayKind(form.kind.data)
    name, source = form.name.data or "", form.source.data
    settled = calendar_of(current_setup()).settled
    windows = tuple(spells([form[edge].data for edge in HOURS], "hours"))
    if kind is DayKind.SWAPPED and other:
        if other == on:
            raise BadInput(fields={"other": "Ngày làm bù phải khác ngày nghỉ."})
        yield Day(on, name or f"sang {day_name(other)}", kind, source, settled.get(on.year, False))
        worked = f"cho {day_name(on)}"
        yield Day(other, worked, DayKind.MAKEUP, source, settled.get(other.year, False))
    elif other:
        raise BadInput(fields={"other": "Chỉ ghi ngày làm bù khi chọn Hoán đổi."})
    else:
        is_settled = kind is DayKind.HOURS or settled.get(on.year, False)
        yield Day(on, name, kind, source, is_settled, windows)


def _day_page(form: DayForm, status: int = 200) -> Any:
    on = form.day.data
    known = calendar_of(current_setup()).known.get(on) if on else None
    return render_template("settings/day.html", form=form, known=known), status


def _import_form(year: int) -> ImportForm:
    _known_year(year)
    form = ImportForm()
    form.days.choices = [
        (day.on.isoformat(), f"{day_name(day.on)}: {day.why}")
        for day in calendar_days.offered(current_actor().ward_id, year)
    ]
    return form


def _import_page(year: int, form: ImportForm, status: int = 200) -> Any:
    return render_template("settings/import.html", form=form, year=year), status


def _known_year(year: int) -> None:
    if year not in calendar_days.YEARS:
        raise NotFound


def _date(text: str) -> date:
    """Raises NotFound for what is no date of a year we know."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    _known_year(on.year)
    return on
