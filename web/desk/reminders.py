"""What an official is reminded of, and the weekly briefing of what has been late for long."""

from typing import Any

from flask import render_template

from feedback import clock, reminders
from feedback.people.models import Permission as P
from feedback.petitions.models import Petition
from feedback.petitions.visibility import can_see
from feedback.petitions.waiting import waited_for
from feedback.wards.calendar_rows import calendar_of
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.frame import current_setup


@desk.get("/reminders")
@needs(P.HANDLE)
def reminders_page() -> Any:
    """The officer's own reminders, the gravest first: also for whoever has linked no chat."""
    rows = reminders.waiting_for(current_actor().officer_id or 0)
    return render_template("desk/reminders.html", rows=rows, nav="reminders")


@desk.get("/briefing")
@needs(P.APPROVE, P.APPROVE_FOR_CHAIR)
def briefing() -> Any:
    """For the weekly meeting, on paper: what is late by five working days and more, by unit."""
    actor = current_actor()
    late = [p for p in reminders.briefing(actor.ward_id or 0) if can_see(p, actor)]
    units: dict[str, list[dict[str, Any]]] = {}
    for petition in late:
        unit = current_setup().departments.get(petition.department_id or 0, "Chưa rõ đơn vị")
        units.setdefault(unit, []).append(_line(petition))
    return render_template(
        "desk/briefing.html", units=units, count=len(late), now=clock.now(), nav="briefing"
    )


def _line(petition: Petition) -> dict[str, Any]:
    setup = current_setup()
    field = setup.fields.get(petition.field_id)
    due_on = clock.local(petition.due_at).date() if petition.due_at else clock.today()
    return {
        "petition": petition,
        "field": field.name if field else "",
        "handler": setup.officers.get(petition.handler_id, ""),
        "waits_for": waited_for(petition, setup),
        "days": calendar_of(setup).working_days_between(due_on, clock.today()),
    }
