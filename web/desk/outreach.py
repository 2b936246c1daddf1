"""The lists of calls and papers: residents no message reached."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback.db import transaction
from feedback.errors import WrongState
from feedback.people.models import Permission as P
from feedback.petitions import calls
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk

RIGHTS = (P.INTAKE, P.SEE_NEIGHBOURHOOD)


@desk.get("/outreach")
@needs(*RIGHTS)
def outreach() -> Any:
    with transaction():
        rows = calls.waiting(current_actor())
    return render_template("desk/outreach.html", rows=rows, nav="outreach")


@desk.post("/outreach/<int:outreach_id>/done")
@needs(*RIGHTS)
def outreach_done(outreach_id: int) -> Any:
    try:
        with transaction():
            note = request.form.get("note", "")
            number = calls.done(outreach_id, by=current_actor(), note=note)
        flash(f"Đã ghi vào hồ sơ {number}. Cảm ơn Ông/Bà.", "success")
    except WrongState as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".outreach"))
