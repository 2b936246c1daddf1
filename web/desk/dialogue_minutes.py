"""The secretary's page: minutes written live beside the questions."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback.db import transaction
from feedback.dialogue import door, minutes, questions
from feedback.errors import BadInput, WrongState
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.dialogue_access import RIGHTS, running


@desk.get("/dialogues/<int:dialogue_id>/minutes")
@needs(*RIGHTS)
def dialogue_minutes(dialogue_id: int) -> Any:
    row = running(dialogue_id)
    return render_template(
        "desk/dialogue_minutes.html",
        d=row,
        lines=minutes.lines(row),
        may_write=row.status in minutes.WRITABLE,
        queue=questions.queue(row),
        who_asked=questions.who_spoke,
        crowd=door.crowd(row),
        nav="dialogues",
    )


@desk.post("/dialogues/<int:dialogue_id>/minutes")
@needs(*RIGHTS)
def dialogue_remarked(dialogue_id: int) -> Any:
    running(dialogue_id)
    try:
        with transaction():
            text = request.form.get("text", "")
            minutes.remark(running(dialogue_id), by=current_actor(), text=text)
    except (BadInput, WrongState) as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".dialogue_minutes", dialogue_id=dialogue_id, _anchor="write"))


@desk.post("/dialogues/<int:dialogue_id>/minutes/<int:event_id>/strike")
@needs(*RIGHTS)
def dialogue_remark_struck(dialogue_id: int, event_id: int) -> Any:
    running(dialogue_id)
    with transaction():
        minutes.strike(running(dialogue_id), event_id, by=current_actor())
    flash("Đã gạch dòng này khỏi biên bản.", "success")
    return redirect(url_for(".dialogue_minutes", dialogue_id=dialogue_id, _anchor="write"))
