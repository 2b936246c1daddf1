"""Log in and out, change the password, switch the second factor on and off."""

from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_security import logout_user, verify_password
from flask_security.utils import hash_password
from markupsafe import Markup

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput
from feedback.people import chats
from feedback.people.models import Officer
from feedback.wards.models import Ward
from web import throttle
from web.accounts import forms, logins, passwords, second_factor
from web.accounts.models import Login
from web.accounts.session import begin, current_login, current_officer, safe_next

accounts = Blueprint("accounts", __name__)

CODE_WITHIN_SECONDS = 300
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."
WRONG_CODE = "Mã chưa đúng hoặc đã dùng rồi. Xin nhập mã mới trên điện thoại."


@accounts.route("/login", methods=["GET", "POST"])
def login() -> Any:
    form = forms.LoginForm()
    if current_officer() is not None:
        return redirect(_wanted())
    if not form.validate_on_submit():
        return _page("login", form)
    throttle.check("login", throttle.visitor())
    throttle.check("login_name", logins.folded(form.name.data))
    found = logins.find(form.name.data)
    if not _opens(found, form.password.data):
        form.password.errors = [WRONG]
        return _page("login", form)
    if found.has_second_factor:
        session["second_factor"] = {"login": found.id, "at": _now()}
        return redirect(url_for(".login_code", next=safe_next(request.args.get("next"))))
    return _enter(found)


@accounts.route("/login/code", methods=["GET", "POST"])
def login_code() -> Any:
    waiting = _waiting_for_code()
    if waiting is None:
        return redirect(url_for(".login"))
    form = forms.CodeForm()
    if not form.validate_on_submit():
        return _page("login_code", form)
    throttle.check("login_code", str(waiting.id))
    with transaction():
        # Locked: two tries at once must not use one code twice.
        db.session.refresh(waiting, with_for_update=True)
        is_right = second_factor.accepts(waiting, form.code.data, clock.now())
    if not is_right:
        form.code.errors = [WRONG_CODE]
        return _page("login_code", form)
    return _enter(waiting)


@accounts.post("/logout")
def logout() -> Any:
    logout_user()
    session.clear()
    flash("Ông/Bà đã đăng xuất.", "success")
    return redirect(url_for(".login"))


@accounts.get("/account")
def account() -> Any:
    login = current_login()
    if login is None:
        return redirect(url_for(".login", next=request.path))
    linked = chats.of(login.officer_id)
    return render_template("accounts/account.html", login=login, linked=linked)


@accounts.route("/account/password", methods=["GET", "POST"])
def password() -> Any:
    login = current_login()
    if login is None:
        return redirect(url_for(".login", next=request.path))
    form = forms.PasswordForm()
    if not form.validate_on_submit():
        return _page("password", form, must=login.must_change_password)
    throttle.check("login_code", str(login.id))
    try:
        new_hash = _checked_hash(login, form)
    except BadInput:
        return _page("password", form, must=login.must_change_password)
    with transaction():
        logins.change_password(login, new_hash)
        begin(login)
    flash("Đã đổi mật khẩu. Các máy khác đang đăng nhập đã được thoát ra.", "success")
    return redirect(url_for("desk.mine"))


@accounts.route("/account/second-factor", methods=["GET", "POST"])
def second_factor_page() -> Any:
    login = current_login()
    if login is None:
        return redirect(url_for(".login", next=request.path))
    if login.has_second_factor:
        return _page(
            "second_factor_on", forms.ConfirmPasswordForm(), left=len(login.recovery_codes)
        )
    form = forms.SwitchOnForm()
    if not form.validate_on_submit():
        return _offer(login, form)
    throttle.check("login_code", str(login.id))
    with transaction():
        codes = second_factor.switch_on(login, session["totp_key"], form.code.data, clock.now())
    if codes is None:
        form.code.errors = [WRONG_CODE]
        return _offer(login, form)
    session.pop("totp_key")
    return render_template("accounts/recovery_codes.html", codes=codes)


@accounts.post("/account/second-factor/removal")
def second_factor_removal() -> Any:
    login = current_login()
    if login is None:
        return redirect(url_for(".login"))
    form = forms.ConfirmPasswordForm()
    throttle.check("login_code", str(login.id))
    if not form.validate_on_submit() or not verify_password(form.password.data, login.password):
        form.password.errors = ["Mật khẩu chưa đúng."]
        return _page("second_factor_on", form, left=len(login.recovery_codes))
    with transaction():
        second_factor.switch_off(login)
    flash("Đã tắt lớp bảo vệ thứ hai.", "success")
    return redirect(url_for(".second_factor_page"))


def _opens(login: Login | None, password: str) -> bool:
    """Equal work for a known and an unknown name, so that time tells nothing."""
    if login is None:
        hash_password(password)
        return False
    officer = db.session.get_one(Officer, login.officer_id)
    return verify_password(password, login.password) and login.active and officer.is_active


def _enter(login: Login) -> Any:
    with transaction():
        begin(login)
    return redirect(_wanted())


def _wanted() -> str:
    return safe_next(request.args.get("next")) or url_for("desk.mine")


def _waiting_for_code() -> Login | None:
    state = session.get("second_factor")
    if not state or _now() - state["at"] > CODE_WITHIN_SECONDS:
        return None
    login = db.session.get(Login, state["login"])
    return login if login is not None and login.active and login.has_second_factor else None


def _checked_hash(login: Login, form: "forms.PasswordForm") -> str:
    """The hash of the new password. Raises BadInput after putting the sentence beside its field."""
    if not verify_password(form.present.data, login.password):
        form.present.errors = ["Mật khẩu hiện tại chưa đúng."]
        raise BadInput
    try:
        passwords.check_new(form.new.data, login.username, login.email)
    except BadInput as refusal:
        form.new.errors = [refusal.sentence]
        raise
    return passwords.hashed(form.new.data)


def _offer(login: Login, form: Any) -> Any:
    key = session.setdefault("totp_key", second_factor.new_key())
    address = second_factor.address_for_phone(key, login.username, _around()["ward"].name)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=2)
    return _page("second_factor", form, key=key, picture=Markup(picture))  # noqa: S704  made by segno


def _page(name: str, form: Any, **values: Any) -> Any:
    status = 422 if request.method == "POST" else 200
    return render_template(f"accounts/{name}.html", form=form, **values), status


@accounts.context_processor
def _around() -> dict[str, Any]:
    officer = current_officer()
    return {"ward": db.session.get(Ward, officer.ward_id) if officer else None}


def _now() -> int:
    return int(clock.now().timestamp())
