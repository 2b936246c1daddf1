"""Promises at the desk: all of them, one kept with its evidence, one put off with its reason."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback.db import db, transaction
from feedback.dialogue import commitments
from feedback.dialogue.question_models import Commitment
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.dialogue_access import WORKS, receive_files
from web.desk.periods import typed_day


@desk.get("/commitments")
@needs(*WORKS)
def commitments_page() -> Any:
    actor = current_actor()
    rows = commitments.of_ward(actor.ward_id)
    return render_template(
        "desk/commitments.html",
        rows=rows,
        tally=commitments.tally(rows),
        standing=commitments.standing,
        mine={r.id for r in rows if r.position_id in actor.position_ids},
        runs=actor.has(P.HOLD_DIALOGUE),
        nav="dialogues",
    )


@desk.post("/commitments/<int:commitment_id>/fulfilment")
@needs(*WORKS)
def commitment_kept(commitment_id: int) -> Any:
    owned = _commitment(commitment_id)
    if not commitments.owns(owned, current_actor()):
        raise NotAllowed
    try:
        clean = receive_files("photo")[:1]
        with transaction():
            row, actor = _commitment(commitment_id), current_actor()
            kept = [
                attach.keep(
                    actor.ward_id,
                    each,
                    FileUse.RESULT,
                    uploaded_by_id=actor.officer_id,
                    dialogue_id=row.dialogue_id,
                ).id
                for each in clean
            ]
            evidence = request.form.get("evidence", "")
            file_id = kept[0] if kept else None
            commitments.fulfil(row, by=actor, evidence=evidence, file_id=file_id)
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".commitments_page", _anchor=f"c{commitment_id}"))
    flash("Đã ghi: lời hứa đã thực hiện; người hỏi được báo.", "success")
    return redirect(url_for(".commitments_page", _anchor=f"c{commitment_id}"))


@desk.post("/commitments/<int:commitment_id>/postponement")
@needs(P.HOLD_DIALOGUE)
def commitment_postponed(commitment_id: int) -> Any:
    try:
        with transaction():
            commitments.postpone(
                _commitment(commitment_id),
                by=current_actor(),
                due_on=typed_day(request.form.get("due_on", ""), "due_on"),
                reason=request.form.get("reason", ""),
            )
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".commitments_page", _anchor=f"c{commitment_id}"))
    flash("Đã lùi hạn; hạn đầu vẫn hiện cho mọi người xem.", "success")
    return redirect(url_for(".commitments_page", _anchor=f"c{commitment_id}"))


def _commitment(commitment_id: int) -> Commitment:
    row = db.session.get(Commitment, commitment_id)
    if row is None or row.ward_id != current_actor().ward_id:
        raise NotFound
    return row
