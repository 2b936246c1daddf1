"""The administrator's list of officers: who can log in, a new password, open and close the door."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from wtforms import StringField
from wtforms.validators import Length

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.people import relatives
from feedback.people.models import Officer, Permission, Position, Tenure
from feedback.wards import posts
from feedback.wards.models import Ward
from web.accounts import logins, passwords
from web.accounts.models import Login
from web.accounts.session import current_actor, needs
from web.forms import Form
from web.settings.asking import refuse
from web.settings.blueprint import settings


class PersonForm(Form):
    full_name = StringField("Họ và tên", [Length(max=posts.LONGEST["full_name"])])
    phone = StringField("Số điện thoại", [Length(max=30)], description="Được mã hóa khi lưu.")
    email = StringField("Thư điện tử", [Length(max=200)])


@settings.get("/people")
@needs(Permission.SETTINGS)
def people() -> Any:
    ward_id = current_actor().ward_id
    return render_template(
        "settings/people.html", rows=_rows(ward_id), declarers=relatives.declarers(ward_id)
    )


@settings.route("/people/new", methods=["GET", "POST"])
@needs(Permission.SETTINGS)
def person_new() -> Any:
    form = PersonForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                posts.add_officer(by=current_actor(), **_described(form))
        except BadInput as refusal:
            refuse(form, refusal)
        else:
            flash("Đã thêm cán bộ. Hãy ghi chức danh người này giữ.", "success")
            return redirect(url_for(".people"))
    return render_template("settings/person.html", form=form), 422 if form.errors else 200


@settings.route("/people/<int:officer_id>", methods=["GET", "POST"])
@needs(Permission.SETTINGS)
def person(officer_id: int) -> Any:
    form = PersonForm(obj=_officer(officer_id))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                posts.correct_officer(officer_id, by=current_actor(), **_described(form))
        except BadInput as refusal:
            refuse(form, refusal)
        else:
            flash("Đã lưu.", "success")
            return redirect(url_for(".people"))
    name = _officer(officer_id).full_name
    return render_template("settings/person.html", form=form, name=name), (
        422 if form.errors else 200
    )


@settings.post("/people/<int:officer_id>/login")
@needs(Permission.SETTINGS)
def login(officer_id: int) -> Any:
    """Give an officer a username and a first password."""
    password = passwords.random_password()
    password_hash = passwords.hashed(password)
    username = request.form.get("username", "")
    try:
        with transaction():
            officer = _officer(officer_id)
            logins.create_login(
                officer, username, password_hash=password_hash, must_change_password=True
            )
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".people"))
    return _show_once(officer_id, password)


@settings.post("/people/<int:officer_id>/password")
@needs(Permission.SETTINGS)
def password(officer_id: int) -> Any:
    """A new password, shown once, to be changed at the next log-in."""
    new = passwords.random_password()
    new_hash = passwords.hashed(new)
    with transaction():
        logins.reset_password(
            _login(officer_id), new_hash, by_officer_id=current_actor().officer_id
        )
    return _show_once(officer_id, new)


@settings.post("/people/<int:officer_id>/closure")
@needs(Permission.SETTINGS)
def closure(officer_id: int) -> Any:
    """Close the door; nobody can shut themselves out."""
    if officer_id == current_actor().officer_id:
        flash("Không thể tự khóa tài khoản của chính mình.", "error")
        return redirect(url_for(".people"))
    return _set_active(officer_id, False, "Đã khóa đăng nhập.")


@settings.post("/people/<int:officer_id>/opening")
@needs(Permission.SETTINGS)
def opening(officer_id: int) -> Any:
    return _set_active(officer_id, True, "Đã mở lại đăng nhập.")


def _described(form: PersonForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in ("full_name", "phone", "email")}


def _set_active(officer_id: int, is_active: bool, sentence: str) -> Any:
    with transaction():
        logins.set_active(_login(officer_id), is_active, by_officer_id=current_actor().officer_id)
    flash(sentence, "success")
    return redirect(url_for(".people"))


def _show_once(officer_id: int, password: str) -> Any:
    officer = _officer(officer_id)
    ward = db.session.get_one(Ward, officer.ward_id)
    username = _login(officer_id).username
    return render_template(
        "settings/new_password.html",
        officer=officer,
        ward=ward,
        username=username,
        password=password,
    )


def _officer(officer_id: int) -> Officer:
    """Raises NotFound for an officer of another ward."""
    officer = db.session.get(Officer, officer_id)
    if officer is None or officer.ward_id != current_actor().ward_id:
        raise NotFound
    return officer


def _login(officer_id: int) -> Login:
    login = logins.of_officer(_officer(officer_id).id)
    if login is None:
        raise NotFound
    return login


def _rows(ward_id: int) -> list[sa.Row[Any]]:
    """(officer, position title or None, login or None), one row for each position held today."""
    today = clock.today()
    held = sa.and_(
        Tenure.officer_id == Officer.id,
        Tenure.starts_on <= today,
        sa.or_(Tenure.ends_on.is_(None), Tenure.ends_on >= today),
    )
    query = (
        sa.select(Officer, Position.title, Login)
        .outerjoin(Tenure, held)
        .outerjoin(Position, Position.id == Tenure.position_id)
        .outerjoin(Login, Login.officer_id == Officer.id)
        .where(Officer.ward_id == ward_id)
        .order_by(Officer.full_name, Officer.id, Position.id)
    )
    return list(db.session.execute(query))
