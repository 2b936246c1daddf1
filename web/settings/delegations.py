"""Who is given what: the matrix, its history, its paper and its file; the chair edits it, too."""

import csv
import io
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length, Optional

from feedback import clock
from feedback.db import transaction
from feedback.errors import BadInput, NotFound
from feedback.people.models import Permission as P
from feedback.wards import delegating
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.frame import current_setup, today
from web.forms import Form, SelectField
from web.settings import matrix
from web.settings.asking import DAY, refuse
from web.settings.blueprint import settings
from web.settings.history import latest

HEADINGS = (
    "Số", "Lĩnh vực", "Địa bàn", "Chức danh", "Người đang giữ", "Từ ngày", "Đến hết ngày",
    "Quyết định", "Hiệu lực",
)  # fmt: skip


class DelegationForm(Form):
    field_id = SelectField("Lĩnh vực", coerce=choices.number)
    neighbourhood_id = SelectField("Địa bàn", coerce=choices.number)
    position_id = SelectField(
        "Giao cho chức danh", [InputRequired("Xin chọn chức danh.")], coerce=choices.number
    )
    starts_on = DateField("Từ ngày", [InputRequired("Xin ghi ngày bắt đầu.")], format=DAY)
    ends_on = DateField(
        "Đến hết ngày",
        [Optional()],
        format=DAY,
        description="Để trống nếu giao lâu dài. Giao có thời hạn thì sau đó việc trở lại chức danh cũ.",
    )
    decision_no = StringField(
        "Số quyết định",
        [InputRequired("Xin ghi số quyết định phân công."), Length(max=delegating.LONGEST)],
        description="Ví dụ: 45/QĐ-UBND",
    )


class EndForm(Form):
    ends_on = DateField("Đến hết ngày", [InputRequired("Xin ghi ngày kết thúc.")], format=DAY)


@settings.get("/delegations")
@needs(P.DELEGATE)
def delegations() -> Any:
    words = request.args.get("q", "")
    every = matrix.lines(today())
    return render_template(
        "settings/delegations.html",
        lines=matrix.matching(every, words),
        words=words,
        nobody=[line for line in every if not line.area and not line.present],
        changes=latest("delegation"),
    )


@settings.get("/delegations/paper")
@needs(P.DELEGATE)
def delegations_paper() -> Any:
    """Bảng phân công, as it hangs on the wall."""
    lines = [line for line in matrix.lines(today()) if line.present or not line.area]
    return render_template("settings/delegations_paper.html", lines=lines, on=clock.today())


@settings.get("/delegations.csv")
@needs(P.DELEGATE)
def delegations_file() -> Response:
    text = io.StringIO("\ufeff")  # so that Excel reads it as UTF-8
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row in matrix.cells(matrix.lines(today())):
        writer.writerow("'" + cell if cell[:1] in ("=", "+", "-", "@") else cell for cell in row)
    name = f"bang-phan-cong-{clock.today():%Y%m%d}.csv"
    return Response(
        text.getvalue(),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@settings.get("/delegations/new")
@needs(P.DELEGATE)
def delegation() -> Any:
    """The form, for a field and an area when the address names them; with their history."""
    asked = {name: request.args.get(name, type=int) for name in ("field_id", "neighbourhood_id")}
    return _page(_form(**{**asked, "starts_on": clock.today()}))


@settings.post("/delegations/new")
@needs(P.DELEGATE)
def delegation_given() -> Any:
    form = _form()
    if not form.validate():
        return _page(form, 422)
    try:
        with transaction():
            delegating.give(
                by=current_actor(),
                position_id=form.position_id.data,
                field_id=form.field_id.data,
                neighbourhood_id=form.neighbourhood_id.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                decision_no=form.decision_no.data,
            )
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(form, 422)
    flash("Đã lưu phân công. Hồ sơ đã giao trước đây không đổi người.", "success")
    return redirect(url_for(".delegations"))


@settings.post("/delegations/<int:row_id>/withdrawal")
@needs(P.DELEGATE)
def delegation_withdrawn(row_id: int) -> Any:
    try:
        with transaction():
            delegating.withdraw(row_id, by=current_actor())
    except BadInput as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Đã bỏ phân công; người giữ trước đó tiếp tục.", "success")
    return redirect(url_for(".delegations"))


@settings.post("/delegations/<int:row_id>/end")
@needs(P.DELEGATE)
def delegation_ended(row_id: int) -> Any:
    form = EndForm()
    if not form.validate():
        flash(form.ends_on.errors[0], "error")
        return redirect(url_for(".delegations"))
    try:
        with transaction():
            delegating.end(row_id, form.ends_on.data, by=current_actor())
    except BadInput as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Đã ghi ngày kết thúc.", "success")
    return redirect(url_for(".delegations"))


def _form(**values: Any) -> DelegationForm:
    form, table = DelegationForm(**values), today()
    form.field_id.choices = [("", "Mọi lĩnh vực"), *choices.fields(table)]
    form.neighbourhood_id.choices = [("", "Toàn phường"), *choices.neighbourhoods(table)]
    posts = [
        (post.id, f"{post.title} ({matrix.holders(table, post.id) or 'chưa có người giữ'})")
        for post in table.setup.posts.values()
        if delegating.can_be_given(table.setup, post.id)
    ]
    form.position_id.choices = [("", "Chọn chức danh"), *sorted(posts, key=lambda p: p[1])]
    for name in ("field_id", "neighbourhood_id"):
        chosen = form[name].data
        if request.method == "GET" and chosen and chosen not in dict(form[name].choices):
            raise NotFound
    return form


def _page(form: DelegationForm, status: int = 200) -> Any:
    line = matrix.of_target(today(), form.field_id.data, form.neighbourhood_id.data)
    return render_template(
        "settings/delegation.html",
        form=form,
        line=line,
        end=EndForm(formdata=None),
        has_area=bool(current_setup().neighbourhoods),
    ), status
