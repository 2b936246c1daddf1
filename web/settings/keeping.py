"""How long the ward keeps what is no part of a case."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms import IntegerField
from wtforms.validators import Optional

from feedback.db import transaction
from feedback.errors import BadInput
from feedback.people.models import Permission as P
from feedback.wards import keeping as verbs
from feedback.wards.keeping import KEPT
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form
from web.settings.asking import refuse
from web.settings.blueprint import settings
from web.settings.history import latest


class KeepingForm(Form):
    """A number of days for each, by its name."""


for _row in KEPT.values():
    setattr(KeepingForm, _row.name, IntegerField(_row.label, [Optional()], description=_row.about))


@settings.get("/keeping")
@needs(P.SETTINGS)
def keeping() -> Any:
    return _page(KeepingForm(**verbs.days_of(current_setup())))


@settings.post("/keeping")
@needs(P.SETTINGS)
def keeping_saved() -> Any:
    form = KeepingForm()
    if not form.validate():
        return _page(form, 422)
    try:
        with transaction():
            changed = verbs.save({name: form[name].data for name in KEPT}, by=current_actor())
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(form, 422)
    flash(f"Đã lưu: {', '.join(changed)}." if changed else "Không có gì đổi.", "success")
    return redirect(url_for(".keeping"))


def _page(form: KeepingForm, status: int = 200) -> Any:
    return render_template(
        "settings/keeping.html", form=form, rows=KEPT, changes=latest("keeping")
    ), status
