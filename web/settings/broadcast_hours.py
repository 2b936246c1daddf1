"""At which hours announcements go out."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms import TimeField
from wtforms.validators import Optional

from feedback.broadcast import hours
from feedback.db import transaction
from feedback.errors import BadInput
from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form
from web.settings.asking import refuse
from web.settings.blueprint import settings
from web.settings.history import latest
from web.settings.office_hours import HOUR, spells


class HoursForm(Form):
    """One spell or two; `hours` is where a refusal of all of it stands."""

    hours = TimeField("Gửi từ", [Optional()], format=HOUR)
    until = TimeField("Đến", [Optional()], format=HOUR)
    again = TimeField("Rồi gửi từ", [Optional()], format=HOUR)
    again_until = TimeField("Đến", [Optional()], format=HOUR)


EDGES = ("hours", "until", "again", "again_until")


@settings.get("/broadcast-hours")
@needs(P.SETTINGS)
def broadcast_hours() -> Any:
    edges = [edge for window in hours.windows_of(current_setup())[:2] for edge in window]
    return _page(HoursForm(formdata=None, data=dict(zip(EDGES, edges, strict=False))))


@settings.post("/broadcast-hours")
@needs(P.SETTINGS)
def broadcast_hours_saved() -> Any:
    form = HoursForm()
    if not form.validate():
        return _page(form, 422)
    try:
        windows = spells([form[name].data for name in EDGES], "hours")
        with transaction():
            is_new = hours.save(windows, by=current_actor())
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(form, 422)
    flash("Đã lưu giờ gửi thông báo." if is_new else "Không có gì đổi.", "success")
    return redirect(url_for(".broadcast_hours"))


def _page(form: HoursForm, status: int = 200) -> Any:
    page = render_template(
        "settings/broadcast_hours.html",
        form=form,
        allowed=hours.words(current_setup()),
        changes=latest("broadcast"),
    )
    return page, status
