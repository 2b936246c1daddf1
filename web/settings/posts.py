"""Posts and who holds them: open, name, close, appoint, leave."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import InputRequired, Length

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.people.models import Officer, Position, Role, Tenure
from feedback.people.models import Permission as P
from feedback.petitions.models import Petition
from feedback.text import fold
from feedback.wards import posts as verbs
from feedback.wards.delegation import Table
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.frame import current_setup, today
from web.forms import Form, SelectField
from web.settings import matrix
from web.settings.asking import DAY, refuse
from web.settings.blueprint import settings
from web.settings.history import latest


class PostForm(Form):
    title = StringField("Tên chức danh", [Length(max=verbs.LONGEST["title"])])
    department_id = SelectField("Đơn vị", coerce=choices.number)
    neighbourhood_id = SelectField(
        "Tổ dân phố", coerce=choices.number, description="Chỉ chọn cho tổ trưởng."
    )


class NewPostForm(PostForm):
    role = SelectField(
        "Làm việc gì trong hệ thống?",
        [InputRequired("Xin chọn một vai trò.")],
        description="Vai trò quyết định quyền; không đổi được về sau.",
    )


class AppointForm(Form):
    officer_id = SelectField(
        "Người giữ", [InputRequired("Xin chọn người giữ.")], coerce=choices.number
    )
    starts_on = DateField("Từ ngày", [InputRequired("Xin ghi ngày bắt đầu.")], format=DAY)
    beside = BooleanField(
        "Cùng giữ với người đang giữ", description="Không chọn: người đang giữ thôi từ hôm trước."
    )


class LeaveForm(Form):
    ends_on = DateField("Giữ đến hết ngày", [InputRequired("Xin ghi ngày thôi giữ.")], format=DAY)


@settings.get("/posts")
@needs(P.SETTINGS)
def posts() -> Any:
    words, table = request.args.get("q", ""), today()
    rows = [row for row in _rows(table) if fold(words) in fold(" ".join(map(str, row[1:])))]
    return render_template("settings/posts.html", rows=rows, words=words, changes=latest("people"))


@settings.get("/posts/new")
@needs(P.SETTINGS)
def post_new() -> Any:
    return _new_page(_new_form())


@settings.post("/posts/new")
@needs(P.SETTINGS)
def post_opened() -> Any:
    form = _new_form()
    if not form.validate():
        return _new_page(form, 422)
    try:
        with transaction():
            post = verbs.open_post(
                by=current_actor(), role=Role(form.role.data), **_described(form)
            )
            post_id = post.id
    except BadInput as refusal:
        refuse(form, refusal)
        return _new_page(form, 422)
    flash("Đã thêm chức danh. Hãy ghi người giữ.", "success")
    return redirect(url_for(".post", post_id=post_id))


@settings.get("/posts/<int:post_id>")
@needs(P.SETTINGS)
def post(post_id: int) -> Any:
    return _page(_post(post_id))


@settings.post("/posts/<int:post_id>")
@needs(P.SETTINGS)
def post_corrected(post_id: int) -> Any:
    row = _post(post_id)
    form = _post_form()
    if not form.validate():
        return _page(row, 422, form=form)
    try:
        with transaction():
            verbs.correct_post(post_id, by=current_actor(), **_described(form))
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(_post(post_id), 422, form=form)
    flash("Đã lưu chức danh.", "success")
    return redirect(url_for(".posts"))


@settings.post("/posts/<int:post_id>/closure")
@needs(P.SETTINGS)
def post_closed(post_id: int) -> Any:
    _post(post_id)
    try:
        with transaction():
            verbs.close_post(post_id, by=current_actor())
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".post", post_id=post_id))
    flash("Chức danh đã ngừng dùng; lịch sử vẫn còn.", "success")
    return redirect(url_for(".posts"))


@settings.post("/posts/<int:post_id>/holders")
@needs(P.SETTINGS)
def post_held(post_id: int) -> Any:
    row, form = _post(post_id), _appoint_form()
    if not form.validate():
        return _page(row, 422, appoint=form)
    try:
        with transaction():
            verbs.appoint(
                post_id,
                form.officer_id.data,
                form.starts_on.data,
                by=current_actor(),
                beside=form.beside.data,
            )
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(_post(post_id), 422, appoint=form)
    flash("Đã ghi người giữ. Hồ sơ đang mở chuyển theo chức danh trong ít phút.", "success")
    return redirect(url_for(".post", post_id=post_id))


@settings.post("/posts/<int:post_id>/holders/<int:tenure_id>/end")
@needs(P.SETTINGS)
def post_left(post_id: int, tenure_id: int) -> Any:
    _post(post_id)
    form = LeaveForm()
    if not form.validate():
        flash(form.ends_on.errors[0], "error")
        return redirect(url_for(".post", post_id=post_id))
    try:
        with transaction():
            row = db.session.get(Tenure, tenure_id)
            if row is None or row.position_id != post_id:
                raise NotFound
            verbs.leave(tenure_id, form.ends_on.data, by=current_actor())
    except BadInput as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Đã ghi ngày thôi giữ. Sau ngày đó hồ sơ đang mở được giao lại.", "success")
    return redirect(url_for(".post", post_id=post_id))


def _rows(table: Table) -> list[tuple[int, str, str, str, str]]:
    """(id, title, role, unit, holders) of every post in use: leaders first, then by unit."""
    setup, roles = table.setup, list(Role)
    found = []
    for row in setup.posts.values():
        unit = setup.departments.get(row.department_id or 0, "")
        area = setup.neighbourhoods.get(row.neighbourhood_id or 0, "")
        found.append((roles.index(row.role), row, unit or area))
    found.sort(key=lambda each: (each[0], each[2], each[1].id))
    return [
        (row.id, row.title, row.role.label, unit, matrix.holders(table, row.id))
        for _, row, unit in found
    ]


def _post(post_id: int) -> Position:
    row = db.session.get(Position, post_id)
    if row is None or row.ward_id != current_actor().ward_id or not row.is_active:
        raise NotFound
    return row


def _units(form: PostForm) -> PostForm:
    table = today()
    form.department_id.choices = [("", "Không thuộc đơn vị nào"), *choices.departments(table)]
    form.neighbourhood_id.choices = [("", "Không"), *choices.neighbourhoods(table)]
    return form


def _post_form(row: Position | None = None) -> PostForm:
    return _units(PostForm(obj=row) if row else PostForm())


def _new_form() -> NewPostForm:
    form = NewPostForm()
    form.role.choices = [("", "Chọn vai trò"), *((role.value, role.label) for role in Role)]
    _units(form)
    return form


def _described(form: PostForm) -> dict[str, Any]:
    units = {name: form[name].data for name in ("department_id", "neighbourhood_id")}
    return {"title": form.title.data or "", **units}


def _appoint_form(**values: Any) -> AppointForm:
    form = AppointForm(**values)
    people = sorted(current_setup().officers.items(), key=lambda pair: fold(pair[1]))
    form.officer_id.choices = [("", "Chọn cán bộ"), *people]
    return form


def _new_page(form: NewPostForm, status: int = 200) -> Any:
    return render_template("settings/post_new.html", form=form), status


def _page(
    row: Position,
    status: int = 200,
    form: PostForm | None = None,
    appoint: AppointForm | None = None,
) -> Any:
    setup = current_setup()
    fields = [
        setup.field_names.get(given.field_id or 0) or setup.neighbourhoods[given.neighbourhood_id]
        for given in today().given
        if given.position_id == row.id and (given.field_id or given.neighbourhood_id)
    ]
    return render_template(
        "settings/post.html",
        post=row,
        form=form or _post_form(row),
        appoint=appoint or _appoint_form(starts_on=clock.today()),
        wrong=form or appoint,
        tenures=_tenures(row.id),
        fields=fields,
        open_cases=_open_cases(row.id),
        today=clock.today(),
    ), status


def _tenures(post_id: int) -> list[sa.Row[Any]]:
    """(tenure, name) of everybody who ever held it, the newest first."""
    query = (
        sa.select(Tenure, Officer.full_name)
        .join(Officer, Officer.id == Tenure.officer_id)
        .where(Tenure.position_id == post_id)
        .order_by(Tenure.starts_on.desc(), Tenure.id.desc())
    )
    return list(db.session.execute(query))


def _open_cases(post_id: int) -> int:
    query = sa.select(sa.func.count(Petition.id)).where(
        Petition.ward_id == current_actor().ward_id,
        Petition.handler_position_id == post_id,
        Petition.is_open,
    )
    return db.session.scalar(query) or 0
