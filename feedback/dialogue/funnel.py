"""The one funnel: every change of a session is checked, written and told by `apply`."""

from typing import Any

from feedback import audit, clock
from feedback.db import db
from feedback.dialogue import duties
from feedback.dialogue.gates import Gated
from feedback.dialogue.lifecycle import BY_ACTION, Action, may_see, relates
from feedback.dialogue.models import Dialogue, DialogueEvent
from feedback.errors import BadInput, NotAllowed, NotFound, Stale, WrongState
from feedback.people.actor import Actor
from feedback.people.models import Party
from feedback.text import squeeze
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of

WRONG = "Buổi đối thoại đang ở bước khác nên không thực hiện được việc này."


def apply(
    dialogue: Dialogue,
    action: Action,
    by: Actor,
    *,
    text: str = "",
    detail: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
    override: str = "",
    expected_version: int | None = None,
) -> DialogueEvent:
    """Let `by` do `action`: check the table and its gates, write status and `changes`, keep the event.

    `override`: the reason for which a legal gate is passed against its rule; it is recorded with the
    article. Raises NotFound, NotAllowed, WrongState, Stale, Gated.
    """
    row = BY_ACTION[action]
    if by.party is Party.OFFICER and not may_see(dialogue, by):
        raise NotFound
    if expected_version is not None and expected_version != dialogue.version:
        raise Stale
    if not any(relates(relation, dialogue, by) for relation in row.who):
        raise NotAllowed
    if dialogue.status not in row.from_:
        raise WrongState(WRONG)
    for name, value in (changes or {}).items():
        setattr(dialogue, name, value)
    if row.guard and (sentence := row.guard(dialogue)):
        raise WrongState(sentence)
    detail = dict(detail or {})
    passed = _passed(dialogue, action, squeeze(override))
    if passed:
        detail["overrides"] = passed
    now = clock.now()
    dialogue.status = row.to or dialogue.status
    dialogue.updated_at = now
    if row.stamps:
        setattr(dialogue, row.stamps, now)
    event = note(dialogue, action, by, f"{row.words} {text}".strip(), detail)
    db.session.flush()
    duties.settle(dialogue)
    return event


def note(
    dialogue: Dialogue, action: str, by: Actor, text: str, detail: dict[str, Any] | None = None
) -> DialogueEvent:
    """Add one row to the session's history, of what is no action of its own too."""
    detail = detail or {}
    event = DialogueEvent(
        dialogue_id=dialogue.id,
        at=clock.now(),
        action=action,
        officer_id=by.officer_id,
        text=text,
        detail=detail,
        has_override="overrides" in detail,
    )
    db.session.add(event)
    db.session.flush()
    db.session.expire(dialogue, ["events"])
    return event


def needed(text: str | None, what: str, *, field: str) -> str:
    """What a person typed, cleaned. Raises BadInput when nothing is left of it."""
    cleaned = squeeze(text or "")
    if not cleaned:
        raise BadInput(fields={field: f"Vui lòng ghi {what}."})
    return cleaned


def _passed(dialogue: Dialogue, action: Action, reason: str) -> list[dict[str, str]]:
    """The gates in the way, each with the reason for passing it. Raises Gated when there is none."""
    calendar = calendar_of(setup_of(dialogue.ward_id))
    today = clock.today()
    found = [g for check in BY_ACTION[action].gates if (g := check(dialogue, today, calendar))]
    if found and not reason:
        raise Gated(found)
    for gate in found:
        audit.record(
            "dialogue.override",
            "dialogue",
            dialogue.id,
            ward_id=dialogue.ward_id,
            detail={"gate": gate.key, "article": gate.article},
        )
    return [
        {
            "gate": gate.key,
            "sentence": gate.sentence,
            "article": gate.article,
            "latest_on": gate.latest_on.isoformat(),
            "reason": reason,
        }
        for gate in found
    ]
