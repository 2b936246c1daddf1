"""The one funnel: every change of a petition is checked, written and told by `apply`."""

from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput, NotAllowed, NotFound, Stale, WrongState
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Party
from feedback.petitions import conflicts, deadlines
from feedback.petitions.lifecycle import BY_ACTION, STANDINGS, Action, hat_for
from feedback.petitions.models import Petition, Status, TimelineEntry
from feedback.petitions.visibility import can_see
from feedback.text import squeeze

WAITING = "Chờ người dân bổ sung thông tin"


def apply(
    petition: Petition,
    action: Action,
    by: Actor,
    *,
    text: str = "",
    detail: dict[str, Any] | None = None,
    is_public: bool | None = None,
    changes: dict[str, Any] | None = None,
    expected_version: int | None = None,
) -> TimelineEntry:
    """Let `by` do `action`: check the table, write status and `changes`, add the timeline entry.

    `text`: what the timeline says after the action's own words. `is_public`: differs from the table.
    Raises NotFound (not theirs to see), NotAllowed, WrongState, Stale.
    """
    row = BY_ACTION[action]
    if by.party is Party.OFFICER and not can_see(petition, by):
        raise NotFound
    if expected_version is not None and expected_version != petition.version:
        raise Stale
    hat = hat_for(row, petition, by)
    if hat is None:
        raise NotAllowed
    if petition.status not in row.from_:
        raise WrongState
    if row.guard and (sentence := row.guard(petition, by)):
        raise WrongState(sentence)
    if by.party is Party.OFFICER:
        _keep_apart(petition, changes or {})
    now = clock.now()
    before, after = petition.status, row.next(petition.status)
    handler_id = petition.handler_id
    if hat.takes_over:
        petition.handler_id, petition.handler_for_id = by.officer_id or 0, hat.acting_for_id
    for name, value in (changes or {}).items():
        setattr(petition, name, value)
    petition.status = after
    petition.is_open = STANDINGS[after].is_open
    if not petition.is_open:
        petition.wish_id = None
    petition.updated_at = now
    if (after, petition.handler_id) != (before, handler_id):
        petition.waiting_since = now
    entry = TimelineEntry(
        petition_id=petition.id,
        at=now,
        action=action,
        from_status=before,
        to_status=after,
        party=by.party,
        officer_id=by.officer_id,
        acting_for_id=hat.acting_for_id,
        is_public=row.is_public if is_public is None else is_public,
        text=f"{row.words} {text}".strip(),
        detail={**(detail or {}), **({"channel": by.channel.value} if by.channel else {})},
    )
    if saved := _saved_before(entry):
        saved.at = now
        entry = saved
    else:
        db.session.add(entry)
    _run_clock(petition, before, after)
    db.session.flush()
    db.session.expire(petition, ["timeline"])
    return entry


def _saved_before(entry: TimelineEntry) -> TimelineEntry | None:
    """A draft saves itself every few seconds: savings in a row by one person are one line."""
    if entry.action != Action.DRAFT or entry.from_status is not entry.to_status:
        return None
    query = sa.select(TimelineEntry).where(TimelineEntry.petition_id == entry.petition_id)
    last = db.session.scalars(query.order_by(TimelineEntry.id.desc()).limit(1)).first()
    same = ("action", "officer_id", "acting_for_id")
    is_same = last and all(getattr(last, name) == getattr(entry, name) for name in same)
    return last if is_same else None


def _keep_apart(petition: Petition, changes: dict[str, Any]) -> None:
    """No change of hands gives it to somebody who must keep out of it. Raises WrongState."""
    to_id = changes.get("handler_id")
    if to_id is None or to_id == petition.handler_id:
        return
    table = table_of(petition.ward_id)
    if to_id in conflicts.avoided(petition, table.setup):
        raise WrongState(conflicts.refusal(petition, to_id, table))


def needed(text: str, what: str, *, field: str = "text") -> str:
    """What a person typed, cleaned. Raises BadInput when nothing is left of it."""
    cleaned = squeeze(text)
    if not cleaned:
        raise BadInput(fields={field: f"Vui lòng ghi {what}."})
    return cleaned


def _run_clock(petition: Petition, before: Status, after: Status) -> None:
    """The ward's own clock stands still exactly while the resident is asked."""
    if before is after:
        return
    if after is Status.WAITING_CITIZEN:
        deadlines.pause(petition, petition.updated_at, WAITING)
    elif before is Status.WAITING_CITIZEN:
        deadlines.resume(petition, petition.updated_at)
