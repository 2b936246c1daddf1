"""Sessions of dialogue at the desk: what one owes, the year's plan, the list, who asks for a dialogue."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback import clock
from feedback.db import transaction
from feedback.dialogue import duty_reminders, queries, requests, sessions, yearly
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.dialogue_access import RIGHTS, WORKS


@desk.get("/dialogues")
@needs(*WORKS)
def dialogues() -> Any:
    actor = current_actor()
    return render_template(
        "desk/dialogues.html",
        rows=queries.of_desk(actor),
        duties=duty_reminders.owed_by(actor),
        to_prepare=queries.to_prepare(actor),
        may_plan=any(map(actor.has, RIGHTS)),
        now=clock.now(),
        plan=_plan(actor),
        year=clock.today().year,
        asked_for=requests.count(actor.ward_id) if actor.has(P.HOLD_DIALOGUE) else None,
        wishes=requests.newest(actor.ward_id) if actor.has(P.HOLD_DIALOGUE) else [],
        once=secrets.token_urlsafe(12),
        article=requests.ARTICLE,
        overrides=sessions.overrides(actor.ward_id, clock.today().year)
        if actor.has(P.HOLD_DIALOGUE)
        else [],
        nav="dialogues",
    )


@desk.post("/dialogues/requests")
@needs(P.HOLD_DIALOGUE)
def dialogue_requested() -> Any:
    """Signatures on paper, counted in."""
    people = request.form.get("people", "")
    try:
        with transaction():
            actor = current_actor()
            requests.hand_in(
                actor.ward_id,
                by=actor,
                people=int(people) if people.isdecimal() else 0,
                about=request.form.get("about", ""),
                key=request.form.get("once", ""),
            )
    except BadInput as refusal:
        flash(" ".join(refusal.fields.values()) or refusal.sentence, "error")
        return redirect(url_for(".dialogues", _anchor="requests"))
    flash("Đã ghi số chữ ký.", "success")
    return redirect(url_for(".dialogues", _anchor="requests"))


def _plan(actor: Actor) -> list[yearly.Yearly]:
    """What this year asks for, as far as it concerns them."""
    if not any(map(actor.has, RIGHTS)):
        return []
    found = yearly.of_year(actor.ward_id or 0, clock.today().year)
    if actor.has(P.HOLD_DIALOGUE):
        return found
    return [each for each in found if each.neighbourhood_id in actor.neighbourhood_ids]
