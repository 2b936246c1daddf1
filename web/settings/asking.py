"""Ways of the settings' forms: refusals beside their fields, and asking back before dates move."""

from collections.abc import Iterator
from typing import Any

from flask import flash, render_template, request
from flask_wtf import FlaskForm

from feedback.errors import Refusal
from feedback.reminders.calendar_edits import Forecast

DAY = ["%d/%m/%Y", "%Y-%m-%d"]
OWN = {"csrf_token", "confirmed", "again"}  # what a form carries besides its answers


def refuse(form: FlaskForm, refusal: Refusal) -> None:
    """Put each sentence beside its field; what belongs to none stands on top of the page."""
    fields = getattr(refusal, "fields", {})
    for name, sentence in fields.items():
        if name in form:
            form[name].errors = [sentence]
    if not any(name in form for name in fields):
        flash(refusal.sentence, "error")


def is_confirmed() -> bool:
    return "confirmed" in request.form


def wants_again() -> bool:
    """They looked at what would move and went back to the form."""
    return "again" in request.form


def ask_back(title: str, found: Forecast, lines: list[str]) -> Any:
    """The page between the form and the saving; it sends the same answers once more."""
    return render_template(
        "settings/forecast.html",
        title=title,
        found=found,
        lines=lines,
        answers=list(_answers()),
    )


def saved(moved: int, sentence: str = "Đã lưu.") -> None:
    """Say what became of it."""
    told = (
        f" {moved} hồ sơ đang mở đổi hạn; đã ghi vào lịch sử và báo cán bộ phụ trách."
        if moved
        else ""
    )
    flash(sentence + told, "success")


def _answers() -> Iterator[tuple[str, str]]:
    for name, value in request.form.items(multi=True):
        if name not in OWN:
            yield name, value
