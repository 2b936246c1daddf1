"""How soon the ward promises to take in and to answer: the table, and one promise at a time."""

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, Optional

from feedback import clock
from feedback.db import transaction
from feedback.errors import BadInput
from feedback.people.models import Permission as P
from feedback.procedures.limits import Unit
from feedback.wards import service_levels as verbs
from feedback.wards.service_levels import Level
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form, SelectField
from web.settings.asking import DAY, refuse
from web.settings.blueprint import settings
from web.settings.history import latest

NO_URGENCY = "any"  # in an address, for promises that know no urgency


class LevelForm(Form):
    amount = IntegerField("Trong bao lâu?", [InputRequired("Xin ghi một số.")])
    unit = SelectField("Tính theo", choices=[(unit.value, unit.label) for unit in Unit])
    most = IntegerField(
        "Sau gia hạn, nhiều nhất đến",
        [Optional()],
        description="Cùng cách tính. Để trống: không được gia hạn.",
    )
    starts_on = DateField(
        "Áp dụng cho hồ sơ nhận từ ngày",
        [InputRequired("Xin ghi ngày bắt đầu áp dụng.")],
        format=DAY,
        description="Hồ sơ nhận trước ngày này giữ hạn đã hứa.",
    )


@settings.get("/levels")
@needs(P.SETTINGS)
def levels() -> Any:
    setup = current_setup()
    return render_template(
        "settings/levels.html",
        rows=[_row(level) for level in verbs.levels(setup)],
        coming=[_coming(row) for row in verbs.coming(setup)],
        changes=latest("levels"),
    )


@settings.get("/levels/<kind>/<step>/<urgency>")
@needs(P.SETTINGS)
def level(kind: str, step: str, urgency: str) -> Any:
    known = _find(kind, step, urgency)
    form = LevelForm(
        amount=known.length.amount,
        unit=known.length.unit.value,
        most=known.most,
        starts_on=clock.today() + timedelta(days=1),
    )
    return _page(known, form)


@settings.post("/levels/<kind>/<step>/<urgency>")
@needs(P.SETTINGS)
def level_saved(kind: str, step: str, urgency: str) -> Any:
    known, form = _find(kind, step, urgency), LevelForm()
    if not form.validate():
        return _page(known, form, 422)
    try:
        with transaction():
            verbs.set_level(
                known,
                by=current_actor(),
                amount=form.amount.data,
                unit=Unit(form.unit.data),
                most=form.most.data,
                starts_on=form.starts_on.data,
            )
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(known, form, 422)
    flash("Đã lưu mức phục vụ.", "success")
    return redirect(url_for(".levels"))


def _find(kind: str, step: str, urgency: str) -> Level:
    return verbs.find(current_setup(), kind, step, None if urgency == NO_URGENCY else urgency)


def _row(level: Level) -> dict[str, Any]:
    standard = level.standard
    return {
        "what": verbs.words(level.kind, level.urgency).capitalize(),
        "step": level.name,
        "now": verbs.said(level.length.amount, level.length.unit, level.most),
        "standard": verbs.said(
            standard.amount, standard.unit, (standard.extended_to or (None,))[-1]
        ),
        "since": level.since,
        "address": url_for(
            ".level", kind=level.kind, step=level.step, urgency=level.urgency or NO_URGENCY
        ),
    }


def _coming(row: dict[str, Any]) -> tuple[date, str, str]:
    """(from when, of what, what) of a level that will hold."""
    most = (row["extended_to"] or [None])[-1]
    said = verbs.said(row["amount"], Unit(row["unit"]), most)
    return date.fromisoformat(row["from"]), verbs.words(row["kind"], row["urgency"]), said


def _page(level: Level, form: LevelForm, status: int = 200) -> Any:
    return render_template(
        "settings/level.html",
        level=level,
        row=_row(level),
        law=verbs.ceiling(level),
        form=form,
    ), status
