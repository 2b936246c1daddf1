"""The forms of every page: csrf checked, refusals in Vietnamese."""

from collections.abc import Iterable
from typing import Any

import wtforms
from flask import Flask, current_app, request
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError
from wtforms.fields import SelectChoice

from web.error_pages import is_for_program

csrf = CSRFProtect()

# WTForms' own sentence -> what the person reads
SENTENCES = {
    "This field is required.": "Vui lòng điền mục này.",
    "Invalid input.": "Nội dung chưa đúng.",
    "Invalid email address.": "Địa chỉ thư điện tử chưa đúng. Ví dụ: ten@gmail.com",
    "Invalid URL.": "Địa chỉ trang web chưa đúng.",
    "Invalid Choice: could not coerce.": "Vui lòng chọn một mục trong danh sách.",
    "Not a valid choice.": "Vui lòng chọn một mục trong danh sách.",
    "Not a valid integer value.": "Vui lòng nhập một số nguyên, ví dụ 12.",
    "Not a valid decimal value.": "Vui lòng nhập một số, ví dụ 12,5.",
    "Not a valid float value.": "Vui lòng nhập một số, ví dụ 12,5.",
    "Not a valid date value.": "Ngày chưa đúng. Ví dụ: 28/8/2026",
    "Not a valid time value.": "Giờ chưa đúng. Ví dụ: 17:00",
    "Not a valid datetime value.": "Ngày giờ chưa đúng. Ví dụ: 28/8/2026 17:00",
    "Field must be at least %(min)d character long.": "Cần ít nhất %(min)d ký tự.",
    "Field must be at least %(min)d characters long.": "Cần ít nhất %(min)d ký tự.",
    "Field cannot be longer than %(max)d character.": "Nhiều nhất %(max)d ký tự.",
    "Field cannot be longer than %(max)d characters.": "Nhiều nhất %(max)d ký tự.",
    "Field must be exactly %(max)d characters long.": "Cần đúng %(max)d ký tự.",
    "Field must be between %(min)d and %(max)d characters long.": "Cần từ %(min)d đến %(max)d ký tự.",
    "Number must be at least %(min)s.": "Số này phải từ %(min)s trở lên.",
    "Number must be at most %(max)s.": "Số này không được quá %(max)s.",
    "Number must be between %(min)s and %(max)s.": "Số này phải từ %(min)s đến %(max)s.",
    "Field must be equal to %(other_name)s.": "Hai lần nhập chưa giống nhau.",
    "File does not have an approved extension: {extensions}": "Chỉ nhận tệp loại: {extensions}",
    "File does not have an approved extension.": "Loại tệp này chưa được nhận.",
}


class _Vietnamese:
    def gettext(self, sentence: str) -> str:
        return SENTENCES.get(sentence, sentence)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


_vietnamese = _Vietnamese()


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> _Vietnamese:
            return _vietnamese


class _Pairs:
    """A list to choose from, given as (value, label) pairs, the way the domain's lists come."""

    def __init__(self, *args: Any, choices: Iterable[Any] | None = None, **more: Any) -> None:
        declared = None if choices is None else [_choice(each) for each in choices]
        super().__init__(*args, choices=declared, **more)


def _choice(each: Any) -> SelectChoice:
    return each if isinstance(each, SelectChoice) else SelectChoice(*each)


class SelectField(_Pairs, wtforms.SelectField):
    """One of a list."""


class RadioField(_Pairs, wtforms.RadioField):
    """One of a few, all of them shown."""


class SelectMultipleField(_Pairs, wtforms.SelectMultipleField):
    """Several of a list."""


def init_csrf(app: Flask) -> None:
    """Every POST of a page must carry its token; webhooks and the API prove themselves otherwise.

    A view marked `@csrf.exempt` asks `is_fresh()` itself: it has something to save first.
    """
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # decided below
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the session's life: long words take long to write
    csrf.init_app(app)

    @app.before_request
    def check_token() -> None:
        if app.config["WTF_CSRF_ENABLED"] and not is_for_program():
            csrf.protect(apply_exemptions=True)


def is_fresh() -> bool:
    """Whether the form that was sent carries the token of this visitor's session."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True
