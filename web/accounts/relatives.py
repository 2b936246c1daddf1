"""Whom an officer declares to be close to them; nobody else reads it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from feedback.db import transaction
from feedback.errors import BadInput
from feedback.people import relatives
from feedback.people.directory import table_of
from feedback.wards.delegation import Table
from web.accounts.pages import accounts
from web.accounts.session import current_actor, entered
from web.forms import Form, SelectField

LONGEST = Length(max=relatives.LONGEST)


class RelativeForm(Form):
    name = StringField("Họ và tên", [DataRequired("Xin nhập họ và tên."), LONGEST])
    relationship = StringField(
        "Quan hệ",
        [DataRequired("Xin nhập quan hệ."), LONGEST],
        description="Ví dụ: vợ, anh ruột, bố chồng.",
    )
    phone = StringField(
        "Số điện thoại",
        [Length(max=30)],
        description="Để hồ sơ người này gửi không giao cho Ông/Bà.",
    )
    colleague_id = SelectField(
        "Người này làm việc tại phường?", coerce=lambda raw: int(raw) if raw else None
    )


@accounts.route("/account/relatives", methods=["GET", "POST"])
def relatives_page() -> Any:
    if entered() is None:
        return redirect(url_for(".login", next=request.path))
    actor, form = current_actor(), RelativeForm()
    table = table_of(actor.ward_id or 0)
    form.colleague_id.choices = [("", "Không"), *_colleagues(table, actor.officer_id)]
    if form.validate_on_submit():
        try:
            with transaction():
                relatives.declare(
                    by=current_actor(),
                    name=form.name.data,
                    relationship=form.relationship.data,
                    phone=form.phone.data or "",
                    colleague_id=form.colleague_id.data,
                )
        except BadInput as refusal:
            for name, sentence in refusal.fields.items():
                form[name].errors = [sentence]
        else:
            flash("Đã ghi khai báo.", "success")
            return redirect(url_for(".relatives_page"))
    status = 422 if form.errors else 200
    names = table.setup.officers
    return render_template(
        "accounts/relatives.html", form=form, rows=relatives.own(actor), names=names
    ), status


@accounts.post("/account/relatives/<int:relative_id>/withdrawal")
def relative_withdrawal(relative_id: int) -> Any:
    if entered() is None:
        return redirect(url_for(".login"))
    with transaction():
        relatives.withdraw(relative_id, by=current_actor())
    flash("Đã bỏ khai báo này.", "success")
    return redirect(url_for(".relatives_page"))


def _colleagues(table: Table, own_id: int | None) -> list[tuple[int, str]]:
    found = {
        who: f"{table.name(who)} – {table.setup.posts[posts[0]].title}"
        for who, posts in table.posts_of.items()
        if who != own_id
    }
    return sorted(found.items(), key=lambda pair: pair[1])
