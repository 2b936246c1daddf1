"""Whom to telephone about a session or a day of reception: the list, ticked off one by one."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback.db import transaction
from feedback.dialogue import phoning, queries
from feedback.errors import WrongState
from feedback.people.models import Permission as P
from feedback.reception import access
from feedback.reception import phoning as visits
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.dialogue_access import RIGHTS, registered


@desk.get("/dialogues/<int:dialogue_id>/calls")
@needs(*RIGHTS)
def dialogue_calls(dialogue_id: int) -> Any:
    actor = current_actor()
    with transaction():
        calls = phoning.waiting(queries.seen(dialogue_id, actor), by=actor)
    row = queries.seen(dialogue_id, actor)
    return render_template(
        "desk/calls.html",
        title=row.title,
        calls=calls,
        told=phoning.told(row, by=actor),
        endpoint="dialogue",
        values={"dialogue_id": row.id},
        back=url_for(".dialogue_people", dialogue_id=row.id),
        nav="dialogues",
    )


@desk.post("/dialogues/<int:dialogue_id>/calls/<int:person_id>")
@needs(*RIGHTS)
def dialogue_phoned(dialogue_id: int, person_id: int) -> Any:
    try:
        with transaction():
            row = registered(dialogue_id, person_id)
            phoning.tick(row.dialogue, row, by=current_actor(), since=_since())
    except WrongState as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".dialogue_calls", dialogue_id=dialogue_id))


@desk.post("/dialogues/<int:dialogue_id>/calls/<int:person_id>/undo")
@needs(*RIGHTS)
def dialogue_phoned_undone(dialogue_id: int, person_id: int) -> Any:
    with transaction():
        phoning.untick(registered(dialogue_id, person_id), by=current_actor())
    return redirect(url_for(".dialogue_calls", dialogue_id=dialogue_id))


@desk.get("/receptions/<int:day_id>/calls")
@needs(P.INTAKE)
def reception_calls(day_id: int) -> Any:
    actor = current_actor()
    with transaction():
        calls = visits.waiting(access.day_for(day_id, actor), by=actor)
    day = access.day_for(day_id, actor)
    return render_template(
        "desk/calls.html",
        title="Buổi tiếp công dân",
        calls=calls,
        told=visits.told(day),
        endpoint="reception",
        values={"day_id": day.id},
        back=url_for(".reception_day", day_id=day.id),
        nav="dialogues",
    )


@desk.post("/receptions/<int:day_id>/calls/<int:person_id>")
@needs(P.INTAKE)
def reception_phoned(day_id: int, person_id: int) -> Any:
    try:
        with transaction():
            visit = access.visit_for(person_id, current_actor())
            visits.tick(visit, by=current_actor(), since=_since())
    except WrongState as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".reception_calls", day_id=day_id))


@desk.post("/receptions/<int:day_id>/calls/<int:person_id>/undo")
@needs(P.INTAKE)
def reception_phoned_undone(day_id: int, person_id: int) -> Any:
    with transaction():
        visits.untick(access.visit_for(person_id, current_actor()), by=current_actor())
    return redirect(url_for(".reception_calls", day_id=day_id))


def _since() -> datetime:
    """The news that was told, as the page named it. Raises WrongState."""
    try:
        return datetime.fromisoformat(request.form.get("since", ""))
    except ValueError:
        raise WrongState(phoning.TOLD) from None
