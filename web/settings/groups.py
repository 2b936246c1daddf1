"""Group chats of officials: which hear of whose work, a code for another, letting one go."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for

from feedback.db import transaction
from feedback.people import groups as verbs
from feedback.people.chats import LIFE
from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.frame import current_setup, today
from web.forms import Form, SelectField
from web.settings.blueprint import settings


class GroupForm(Form):
    department_id = SelectField("Nhóm này nhận việc của", coerce=choices.number)


@settings.get("/groups")
@needs(P.SETTINGS)
def groups() -> Any:
    return _page(_form())


@settings.post("/groups/code")
@needs(P.SETTINGS)
def group_code() -> Any:
    """The code is shown on this answer and never again."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    with transaction():
        code = verbs.new_code(form.department_id.data, by=current_actor())
    page = make_response(_page(form, code))
    page.headers["Cache-Control"] = "no-store"
    return page


@settings.post("/groups/<int:group_id>/removal")
@needs(P.SETTINGS)
def group_removal(group_id: int) -> Any:
    with transaction():
        verbs.unlink(group_id, by=current_actor())
    flash("Nhóm này thôi nhận báo việc.", "success")
    return redirect(url_for(".groups"))


def _form() -> GroupForm:
    form = GroupForm()
    form.department_id.choices = [("", "Cả phường"), *choices.departments(today())]
    return form


def _page(form: GroupForm, code: str = "") -> str:
    setup = current_setup()
    rows = [
        (
            group.id,
            contact.display_name or "Nhóm không tên",
            "/" in contact.address,
            setup.departments.get(group.department_id or 0, "Cả phường"),
            contact.unreachable_at is not None,
        )
        for group, contact in verbs.of_ward(setup.ward_id)
    ]
    return render_template(
        "settings/groups.html",
        form=form,
        rows=rows,
        code=code,
        minutes=int(LIFE.total_seconds() // 60),
    )
