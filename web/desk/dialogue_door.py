"""People of a session: who registered, registering for somebody, the list to call, the door."""

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for

from feedback import clock
from feedback.db import transaction
from feedback.dialogue import codes, door, phoning, queries, seats
from feedback.dialogue.door import Checked
from feedback.dialogue.lifecycle import may_run
from feedback.dialogue.models import Dialogue
from feedback.errors import BadInput, WrongState
from feedback.people.models import Channel
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.dialogue_access import RIGHTS, registered, running
from web.desk.frame import current_setup, today

MOST_AT_ONCE = 500  # acts of one replayed list


@desk.get("/dialogues/<int:dialogue_id>/people")
@needs(*RIGHTS)
def dialogue_people(dialogue_id: int) -> Any:
    return _people_page(queries.seen(dialogue_id, current_actor()))


@desk.post("/dialogues/<int:dialogue_id>/people")
@needs(*RIGHTS)
def dialogue_registered(dialogue_id: int) -> Any:
    """Register somebody who does not do it alone: a head for a neighbour, the clerk on the telephone."""
    row, actor, sent = queries.seen(dialogue_id, current_actor()), current_actor(), request.form
    place = choices.number(sent.get("neighbourhood_id"))
    if not may_run(row, actor) and place not in actor.neighbourhood_ids:
        place = min(actor.neighbourhood_ids)
    try:
        with transaction():
            made = seats.register(
                seats.Wish(
                    row.id,
                    sent.get("name", ""),
                    Channel.PHONE if sent.get("by_phone") else Channel.DESK,
                    phone=sent.get("phone") or None,
                    people=int(sent.get("people") or 1),
                    neighbourhood_id=place,
                    entered_by=actor,
                )
            )
            said = f"{made.name}: {made.state.label}, mã {codes.show_code(made.code)}."
    except (BadInput, ValueError) as refusal:
        sentence = getattr(refusal, "sentence", "Xin xem lại số người.")
        return _people_page(queries.seen(dialogue_id, actor), sentence), 422
    flash(said, "success")
    return redirect(url_for(".dialogue_people", dialogue_id=dialogue_id))


@desk.post("/dialogues/<int:dialogue_id>/people/<int:registration_id>/departure")
@needs(*RIGHTS)
def dialogue_departure(dialogue_id: int, registration_id: int) -> Any:
    with transaction():
        seats.leave(registered(dialogue_id, registration_id))
    flash("Đã rút tên; người đầu danh sách chờ được xếp chỗ.", "success")
    return redirect(url_for(".dialogue_people", dialogue_id=dialogue_id))


@desk.get("/dialogues/<int:dialogue_id>/door")
@needs(*RIGHTS)
def dialogue_door(dialogue_id: int) -> Any:
    return _door_page(running(dialogue_id))


@desk.post("/dialogues/<int:dialogue_id>/door")
@needs(*RIGHTS)
def dialogue_check(dialogue_id: int) -> Any:
    """One act of a form, or the list a device kept while it was offline (JSON)."""
    running(dialogue_id)
    if request.is_json:
        return _replayed(dialogue_id)
    sent = request.form
    try:
        with transaction():
            checked = _act(running(dialogue_id), sent)
    except BadInput as refusal:
        return _door_page(running(dialogue_id), sentence=refusal.sentence), 422
    return _door_page(running(dialogue_id), checked)


@desk.post("/dialogues/<int:dialogue_id>/door/release")
@needs(*RIGHTS)
def dialogue_released(dialogue_id: int) -> Any:
    with transaction():
        count = door.release(running(dialogue_id), by=current_actor())
    flash(f"Đã mở {count} chỗ của người chưa đến cho danh sách chờ.", "success")
    return redirect(url_for(".dialogue_door", dialogue_id=dialogue_id))


def _replayed(dialogue_id: int) -> Any:
    """The verdict on each act by its key; sending the list again changes nothing."""
    acts = request.get_json()
    if not isinstance(acts, list) or len(acts) > MOST_AT_ONCE:
        raise BadInput("Danh sách điểm danh chưa đúng.")
    verdicts = {}
    for act in acts:
        if not isinstance(act, dict) or not isinstance(act.get("key"), str):
            raise BadInput("Danh sách điểm danh chưa đúng.")
        try:
            with transaction():
                verdicts[act["key"]] = _as_json(_act(running(dialogue_id), act))
        except (
            BadInput,
            WrongState,
        ) as refusal:  # one act that cannot be must not hold up the others
            verdicts[act["key"]] = {"verdict": "refused", "words": refusal.sentence}
    crowd = door.crowd(running(dialogue_id))
    return jsonify({"verdicts": verdicts, "inside": crowd.inside, "waiting": crowd.waiting})


def _act(row: Dialogue, sent: Any) -> Checked:
    """A code, or a name of somebody who just came. Raises BadInput."""
    at, key = _instant(sent.get("at")), str(sent.get("key") or "")[:70] or None
    actor = current_actor()
    if code := str(sent.get("code") or ""):
        return door.check_in(row, code, by=actor, at=at, key=key)
    people = str(sent.get("people") or "1")
    return door.walk_in(
        row,
        by=actor,
        name=str(sent.get("name") or ""),
        phone=str(sent.get("phone") or "") or None,
        people=int(people) if people.isdecimal() else 0,
        key=key,
        at=at,
    )


def _as_json(checked: Checked) -> dict[str, Any]:
    return {
        "verdict": checked.verdict.value,
        "words": checked.verdict.label,
        "name": checked.name,
        "people": checked.people,
        "code": checked.code,
    }


def _instant(typed: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(typed))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _people_page(row: Dialogue, sentence: str = "") -> Any:
    """Heads see the people of their own neighbourhood alone."""
    actor = current_actor()
    runs = may_run(row, actor)
    rows = door.attendance(row)
    shown = [r for r in rows if runs or r.neighbourhood_id in actor.neighbourhood_ids]
    places = choices.neighbourhoods(today())
    return render_template(
        "desk/dialogue_people.html",
        d=row,
        rows=shown,
        runs=runs,
        sentence=sentence,
        show_code=codes.show_code,
        to_call=phoning.count(row, by=actor),
        crowd=door.crowd(row),
        places=[p for p in places if runs or p[0] in actor.neighbourhood_ids],
        names=current_setup().neighbourhoods,
        takes=row.status in seats.AT_THE_DOOR,
        nav="dialogues",
    )


def _door_page(row: Dialogue, checked: Checked | None = None, sentence: str = "") -> Any:
    known = [r for r in door.attendance(row) if not r.is_online]
    return render_template(
        "desk/dialogue_door.html",
        d=row,
        checked=checked,
        sentence=sentence,
        crowd=door.crowd(row),
        codes=" ".join(r.code for r in known if r.state.value == "seated"),
        now=clock.now(),
        nav="dialogues",
    )
