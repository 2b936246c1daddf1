"""What the ward says of itself: one form made of the table of facts."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms import StringField, TextAreaField

from feedback.db import db, transaction
from feedback.errors import BadInput
from feedback.people.models import Permission as P
from feedback.wards import facts as verbs
from feedback.wards.facts import FACTS, GROUPS, Fact, Shape
from feedback.wards.models import Ward
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup, today
from web.forms import Form, SelectField
from web.settings import matrix
from web.settings.asking import refuse
from web.settings.blueprint import settings
from web.settings.history import latest

CHOSEN = (Shape.POST, Shape.CHOICE)
MODES = {
    Shape.PHONE: "tel",
    Shape.EMAIL: "email",
    Shape.WEB: "url",
    Shape.NUMBER: "numeric",
}


def _field(fact: Fact) -> Any:
    if fact.shape in CHOSEN:
        return SelectField(fact.label, description=fact.about, choices=list(fact.choices))
    kind = TextAreaField if fact.shape is Shape.LINES else StringField
    return kind(fact.label, description=fact.about)


class FactsForm(Form):
    """A field for each fact, by its name."""


for _fact in FACTS.values():
    setattr(FactsForm, f"fact_{_fact.name}", _field(_fact))


@settings.get("/facts")
@needs(P.SETTINGS)
def facts() -> Any:
    ward = db.session.get_one(Ward, current_actor().ward_id)
    known = verbs.read(current_setup(), ward)
    return _page(_form(**{f"fact_{name}": value for name, value in known.items()}))


@settings.post("/facts")
@needs(P.SETTINGS)
def facts_saved() -> Any:
    form = _form()
    if not form.validate():
        return _page(form, 422)
    names = [name for name in FACTS if f"fact_{name}" in request.form]
    try:
        with transaction():
            changed = verbs.save(
                {name: form[f"fact_{name}"].data or "" for name in names}, by=current_actor()
            )
    except BadInput as refusal:
        refuse(form, BadInput(fields={f"fact_{k}": v for k, v in refusal.fields.items()}))
        return _page(form, 422)
    flash(f"Đã lưu: {', '.join(changed)}." if changed else "Không có gì đổi.", "success")
    return redirect(url_for(".facts"))


def _form(**values: Any) -> FactsForm:
    form, table = FactsForm(**values), today()
    posts = [
        (str(post.id), f"{post.title} ({matrix.holders(table, post.id) or 'chưa có người giữ'})")
        for post in table.setup.posts.values()
        if verbs.may_hold(table.setup, post.id)
    ]
    for fact in FACTS.values():
        if fact.shape is Shape.POST:
            form[f"fact_{fact.name}"].choices = [("", "Không chọn"), *posts]
        if fact.shape in CHOSEN and form[f"fact_{fact.name}"].data is None:
            form[f"fact_{fact.name}"].data = ""  # not asked about
    return form


def _page(form: FactsForm, status: int = 200) -> Any:
    return render_template(
        "settings/facts.html",
        form=form,
        groups=GROUPS,
        modes=MODES,
        changes=latest("facts"),
    ), status
