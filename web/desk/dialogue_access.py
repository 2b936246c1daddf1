"""What the pages of dialogue share: who may, the session at hand, files that were sent, a form's blame."""

from datetime import date, datetime
from typing import Any

from flask import current_app, request

from feedback import clock
from feedback.dialogue import door, queries
from feedback.dialogue.lifecycle import may_run
from feedback.dialogue.models import Dialogue
from feedback.dialogue.registration_models import Registration
from feedback.documents import attach
from feedback.errors import BadInput, NotFound
from feedback.people.models import Permission as P
from web.accounts.session import current_actor

RIGHTS = (P.HOLD_DIALOGUE, P.SEE_NEIGHBOURHOOD)
WORKS = (*RIGHTS, P.HANDLE)
DAY = ["%d/%m/%Y", "%Y-%m-%d"]


def running(dialogue_id: int) -> Dialogue:
    """A session this person runs. Raises NotFound."""
    row = queries.seen(dialogue_id, current_actor())
    if not may_run(row, current_actor()):
        raise NotFound
    return row


def registered(dialogue_id: int, registration_id: int) -> Registration:
    """A registration this person may change. Raises NotFound."""
    actor = current_actor()
    dialogue = queries.seen(dialogue_id, actor)
    row = door.of(dialogue, registration_id)
    if not may_run(dialogue, actor) and row.neighbourhood_id not in actor.neighbourhood_ids:
        raise NotFound
    return row


def receive_files(name: str = "photos") -> list[Any]:
    """Files of the request, cleaned and on disk; call outside transactions. Raises FileRefused."""
    root = current_app.config["SETTINGS"].upload_dir
    sent = [each for each in request.files.getlist(name)[:5] if each.filename]
    return [attach.receive(root, each.filename or "", each.stream) for each in sent]


def blamed(form: Any, refusal: BadInput) -> Any:
    """The form with a verb's refusals at their fields."""
    names = {"ends_at": "ends"}
    for name, sentence in refusal.fields.items():
        if names.get(name, name) in form:
            form[names.get(name, name)].errors = [sentence]
    return form


def instant(on: date, at: Any) -> datetime:
    """A typed day and hour on the Vietnamese wall clock."""
    return datetime.combine(on, at, clock.ZONE)
