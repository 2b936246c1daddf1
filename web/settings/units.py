"""Departments, neighbourhoods and fields of work: what they are called, whether they are in use."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.people.models import Permission as P
from feedback.petitions.models import Urgency
from feedback.text import fold
from feedback.wards import units as verbs
from feedback.wards.fields import catalogue, words
from feedback.wards.models import Department, Field, Neighbourhood
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.frame import today
from web.forms import Form, SelectField
from web.settings import matrix
from web.settings.asking import refuse
from web.settings.blueprint import settings
from web.settings.history import latest


class DepartmentForm(Form):
    name = StringField("Tên đơn vị", [Length(max=verbs.LONGEST["department"])])


class NeighbourhoodForm(Form):
    number = IntegerField("Số thứ tự", [InputRequired("Xin ghi số thứ tự.")])
    name = StringField(
        "Tên", [Length(max=verbs.LONGEST["name"])], description="Để trống: “Tổ dân phố số …”."
    )
    streets = TextAreaField(
        "Đường, phố, ngõ thuộc tổ",
        [Length(max=verbs.LONGEST["streets"])],
        description="Cách nhau bằng dấu phẩy; giúp nhận ra nơi xảy ra.",
    )
    households = IntegerField("Số hộ", [Optional()])


class FieldForm(Form):
    department_id = SelectField("Đơn vị phụ trách chung", coerce=choices.number)
    keywords = TextAreaField(
        "Từ khóa nhận biết",
        [Length(max=8000)],
        description="Những chữ người dân hay dùng, cách nhau bằng dấu phẩy; có dấu hay không đều nhận ra.",
    )
    urgency = SelectField(
        "Mức độ thường gặp",
        description="Phản ánh mới về lĩnh vực này được xếp mức này; có dấu hiệu nguy hiểm thì vẫn là Khẩn.",
    )
    photo_after_required = BooleanField(
        "Phải có ảnh sau khi xử lý", description="Chưa có ảnh kết quả thì chưa đóng được hồ sơ."
    )
    is_active = BooleanField(
        "Đang dùng", description="Bỏ dấu: phản ánh mới không xếp vào lĩnh vực này nữa."
    )


@settings.get("/units")
@needs(P.SETTINGS)
def units() -> Any:
    ward_id = current_actor().ward_id
    return render_template(
        "settings/units.html",
        departments=_all(Department, Department.id, ward_id),
        neighbourhoods=_all(Neighbourhood, Neighbourhood.number, ward_id),
        heads=_heads(),
        changes=latest("units"),
    )


@settings.route("/units/departments/<int:unit_id>", methods=["GET", "POST"])
@settings.route("/units/departments/new", methods=["GET", "POST"], defaults={"unit_id": None})
@needs(P.SETTINGS)
def department(unit_id: int | None) -> Any:
    row = _own(Department, unit_id)
    form = DepartmentForm(obj=row)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                verbs.save_department(unit_id, by=current_actor(), name=form.name.data or "")
        except BadInput as refusal:
            refuse(form, refusal)
        else:
            return _saved("Đã lưu đơn vị.")
    return render_template(
        "settings/department.html", form=form, row=_own(Department, unit_id)
    ), _status(form)


@settings.post("/units/departments/<int:unit_id>/use")
@needs(P.SETTINGS)
def department_used(unit_id: int) -> Any:
    _own(Department, unit_id)
    return _use(verbs.use_department, unit_id)


@settings.route("/units/neighbourhoods/<int:unit_id>", methods=["GET", "POST"])
@settings.route("/units/neighbourhoods/new", methods=["GET", "POST"], defaults={"unit_id": None})
@needs(P.SETTINGS)
def neighbourhood(unit_id: int | None) -> Any:
    row = _own(Neighbourhood, unit_id)
    form = NeighbourhoodForm(obj=row)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                verbs.save_neighbourhood(
                    unit_id,
                    by=current_actor(),
                    number=form.number.data,
                    name=form.name.data or "",
                    streets=form.streets.data or "",
                    households=form.households.data,
                )
        except BadInput as refusal:
            refuse(form, refusal)
        else:
            return _saved("Đã lưu tổ dân phố.")
    return render_template(
        "settings/neighbourhood.html",
        form=form,
        row=_own(Neighbourhood, unit_id),
        head=_heads().get(unit_id or 0),
    ), _status(form)


@settings.post("/units/neighbourhoods/<int:unit_id>/use")
@needs(P.SETTINGS)
def neighbourhood_used(unit_id: int) -> Any:
    _own(Neighbourhood, unit_id)
    return _use(verbs.use_neighbourhood, unit_id)


@settings.get("/fields")
@needs(P.SETTINGS)
def fields() -> Any:
    asked = request.args.get("q", "")
    table = today()
    rows = [
        row
        for row in _all(Field, Field.no, current_actor().ward_id)
        if fold(asked) in fold(f"{row.name} {' '.join(row.keywords)}")
    ]
    return render_template(
        "settings/fields.html",
        rows=rows,
        words=asked,
        urgencies={
            row.no: Urgency(row.urgency).label if row.urgency else _standard(row.no) for row in rows
        },
        departments=table.setup.departments,
        given={line.field_id: line.present for line in matrix.lines(table) if not line.area},
    )


@settings.route("/fields/<int:field_id>", methods=["GET", "POST"])
@needs(P.SETTINGS)
def field(field_id: int) -> Any:
    row = _own(Field, field_id)
    assert row is not None  # noqa: S101  _own only returns nothing for None
    form = FieldForm(obj=row)
    form.department_id.choices = choices.departments(today())
    form.urgency.choices = [
        ("", f"Theo mức chuẩn: {_standard(row.no)}"),
        *((each.value, each.label) for each in Urgency),
    ]
    if request.method == "GET":
        form.keywords.data = ", ".join(row.keywords)
        form.urgency.data = row.urgency or ""
    elif form.validate():
        try:
            with transaction():
                verbs.save_field(
                    field_id,
                    by=current_actor(),
                    department_id=form.department_id.data,
                    keywords=list(words(form.keywords.data or "")),
                    photo_after_required=form.photo_after_required.data,
                    is_active=form.is_active.data,
                    urgency=form.urgency.data or None,
                )
        except BadInput as refusal:
            refuse(form, refusal)
        else:
            flash("Đã lưu lĩnh vực.", "success")
            return redirect(url_for(".fields"))
    return render_template("settings/field.html", form=form, row=_own(Field, field_id)), _status(
        form
    )


def _standard(no: int) -> str:
    """How urgent the field is as it ships; of a field the ward added, ordinary."""
    known = (seed.urgency for seed in catalogue().fields if seed.no == no)
    return Urgency(next(known, Urgency.NORMAL.value)).label


def _use(verb: Any, unit_id: int) -> Any:
    try:
        with transaction():
            verb(unit_id, "is_active" in request.form, by=current_actor())
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".units"))
    return _saved("Đã lưu.")


def _saved(sentence: str) -> Any:
    flash(sentence, "success")
    return redirect(url_for(".units"))


def _status(form: Form) -> int:
    return 422 if form.errors else 200


def _all(model: Any, order: Any, ward_id: int | None) -> list[Any]:
    return list(
        db.session.scalars(sa.select(model).where(model.ward_id == ward_id).order_by(order))
    )


def _own(model: Any, id: int | None) -> Any:
    """The row of this ward; nothing for a new one. Raises NotFound."""
    if id is None:
        return None
    row = db.session.get(model, id)
    if row is None or row.ward_id != current_actor().ward_id:
        raise NotFound
    return row


def _heads() -> dict[int, tuple[int, str]]:
    """(post, who holds it) by neighbourhood."""
    table = today()
    return {
        post.neighbourhood_id: (post.id, matrix.holders(table, post.id))
        for post in table.setup.posts.values()
        if post.neighbourhood_id is not None
    }
