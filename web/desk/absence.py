"""Who stands in for whom: say it, see it, take it back."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.people.models import Permission as P
from feedback.text import squeeze
from feedback.wards import substitution
from feedback.wards.models import Substitution
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.frame import current_setup, today
from web.forms import Form, SelectField

RIGHTS = (P.SET_OWN_SUBSTITUTE, P.SET_ANY_SUBSTITUTE)
DAY = ["%d/%m/%Y", "%Y-%m-%d"]


class AbsenceForm(Form):
    absent_id = SelectField("Người vắng mặt", coerce=choices.number)
    substitute_id = SelectField(
        "Người thay", [InputRequired("Xin chọn người thay.")], coerce=choices.number
    )
    starts_on = DateField("Từ ngày", [InputRequired("Xin ghi ngày bắt đầu.")], format=DAY)
    ends_on = DateField("Đến hết ngày", [InputRequired("Xin ghi ngày kết thúc.")], format=DAY)
    reason = StringField("Lý do", [Length(max=200)])


@desk.get("/absence")
@needs(*RIGHTS)
def absence() -> Any:
    return _page(_form())


@desk.post("/absence")
@needs(*RIGHTS)
def absence_begin() -> Any:
    form, actor = _form(), current_actor()
    if not form.validate():
        return _page(form, 422)
    absent_id = form.absent_id.data if form.absent_id else actor.officer_id
    try:
        with transaction():
            substitution.declare(
                by=actor,
                absent_id=absent_id,
                substitute_id=form.substitute_id.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                reason=squeeze(form.reason.data or ""),
            )
    except BadInput as refusal:
        for name, sentence in refusal.fields.items():
            form[name].errors = [sentence]
        return _page(form, 422)
    flash("Đã ghi người thay.", "success")
    return redirect(url_for(".absence"))


@desk.post("/absence/<int:substitution_id>/end")
@needs(*RIGHTS)
def absence_end(substitution_id: int) -> Any:
    with transaction():
        row = db.session.get(Substitution, substitution_id)
        if row is None:
            raise NotFound
        substitution.cancel(row, by=current_actor())
    flash("Đã hủy lần vắng mặt.", "success")
    return redirect(url_for(".absence"))


def _form() -> AbsenceForm:
    """Only who may speak for everybody is asked who is away."""
    form, actor, table = AbsenceForm(), current_actor(), today()
    people = _people(table)
    if substitution.may_set_any(actor):
        form.absent_id.choices = people
        if not form.is_submitted():
            form.absent_id.data = actor.officer_id
    else:
        del form.absent_id
    form.substitute_id.choices = [("", "Chọn người thay"), *people]
    return form


def _people(table: Any) -> choices.Choices:
    """Everybody with a post, except who only watches or only sets up."""
    works = choices.officers(table)
    known = {officer_id for officer_id, _ in works}
    others = [
        (who, f"{table.name(who)} – {table.setup.posts[posts[0]].title}")
        for who, posts in table.posts_of.items()
        if who not in known and substitution.can_stand_in(table, who)
    ]
    return sorted([*works, *others], key=lambda pair: pair[1])


def _page(form: AbsenceForm, status: int = 200) -> Any:
    actor = current_actor()
    rows = substitution.coming(actor.ward_id)
    return render_template(
        "desk/absence.html",
        form=form,
        rows=rows,
        may_cancel={row.id for row in rows if substitution.may_set(actor, row.absent_id)},
        names=current_setup().officers,
        nav="absence",
    ), status
