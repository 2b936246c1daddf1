"""When the office is open, weekday by weekday."""

from datetime import time
from typing import Any

from flask import redirect, render_template, url_for
from wtforms import TimeField
from wtforms.validators import Optional

from feedback.db import transaction
from feedback.errors import BadInput
from feedback.people.models import Permission as P
from feedback.reminders import calendar_edits
from feedback.wards import office_windows
from feedback.worktime.holidays import Window
from feedback.worktime.words import WEEKDAYS
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form
from web.settings.asking import ask_back, is_confirmed, refuse, saved, wants_again
from web.settings.blueprint import settings

EDGES = ("sáng từ", "sáng đến", "chiều từ", "chiều đến")
HOUR = ["%H:%M", "%Hh%M", "%H"]


class WeekForm(Form):
    """Four edges for each weekday: `day0`, `day0_1`, `day0_2`, `day0_3`…"""


def _name(day: int, edge: int) -> str:
    return f"day{day}_{edge}" if edge else f"day{day}"


for _day, _weekday in enumerate(WEEKDAYS):
    for _edge, _words in enumerate(EDGES):
        _field = TimeField(f"{_weekday}, {_words}", [Optional()], format=HOUR)
        setattr(WeekForm, _name(_day, _edge), _field)


@settings.get("/office-hours")
@needs(P.SETTINGS)
def office_hours() -> Any:
    return _page(_filled())


@settings.post("/office-hours")
@needs(P.SETTINGS)
def office_hours_saved() -> Any:
    form = WeekForm()
    if not form.validate() or wants_again():
        return _page(form, 422 if form.errors else 200)
    actor = current_actor()
    try:
        week = office_windows.checked([_windows(form, day) for day in range(7)])
        found = calendar_edits.forecast(office_windows.with_week(current_setup(), week))
        if found.moved and not is_confirmed():
            return ask_back("Đổi giờ làm việc", found, ["Giờ làm việc mới áp dụng ngay khi lưu"])
        with transaction():
            moved = calendar_edits.set_week(actor.ward_id, week, by=actor)
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(form, 422)
    saved(moved, "Đã lưu giờ làm việc.")
    return redirect(url_for(".office_hours"))


def _windows(form: WeekForm, day: int) -> list[Window]:
    """Half a spell is refused beside the weekday."""
    edges = [form[_name(day, edge)].data for edge in range(4)]
    return spells(edges, _name(day, 0), f"{WEEKDAYS[day]}: g")


def spells(edges: list[time | None], field: str, begin: str = "G") -> list[Window]:
    """Morning and afternoon out of four edges. Raises BadInput beside `field` for half a spell."""
    found = []
    for opens, closes in (edges[:2], edges[2:]):
        if (opens is None) != (closes is None):
            words = "hi đủ giờ bắt đầu và giờ kết thúc, hoặc để trống cả hai."
            raise BadInput(fields={field: f"{begin}{words}"})
        if opens is not None and closes is not None:
            found.append((opens, closes))
    return found


def _filled() -> WeekForm:
    values = {}
    for day, windows in enumerate(office_windows.week_of(current_setup())):
        for no, (opens, closes) in enumerate(halves(windows)):
            values[_name(day, 2 * no)], values[_name(day, 2 * no + 1)] = opens, closes
    return WeekForm(**values)


def halves(windows: tuple[Window, ...]) -> list[tuple[time | None, time | None]]:
    """Morning and afternoon; a single spell that begins after noon is an afternoon."""
    if len(windows) == 1 and windows[0][0] >= time(12):
        return [(None, None), windows[0]]
    return list(windows)


def _page(form: WeekForm, status: int = 200) -> Any:
    rows = [
        (name, [form[_name(day, edge)] for edge in range(4)]) for day, name in enumerate(WEEKDAYS)
    ]
    return render_template("settings/office_hours.html", form=form, rows=rows), status
