"""The handler asks for more time, once at a time, and may withdraw it; whoever decides grants or refuses it.

All of it stands on the timeline; `petition.wish_id` is the entry of the wish that is open.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.people.actor import Actor
from feedback.petitions import deadlines, tidings
from feedback.petitions.actions.ending import extend
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.lifecycle import BY_ACTION, Action, allowed_actions, hat_for
from feedback.petitions.models import Petition, TimelineEntry
from feedback.petitions.visibility import visible_to

ASKED, REFUSED = "more_time", "more_time_refused"  # keys of an entry's detail
WITHDRAWN = "more_time_withdrawn"


@dataclass(frozen=True)
class Wish:
    """More time asked for and neither granted nor refused yet."""

    id: int  # of the entry that asks
    by_id: int | None
    at: datetime
    working_days: int  # or calendar days: what the rule counts by
    reason: str


def may_ask(petition: Petition, by: Actor) -> bool:
    """Whether this is theirs to ask for: the handler of an open case. How much: `deadlines.room`."""
    return petition.is_open and hat_for(BY_ACTION[Action.DRAFT], petition, by) is not None


def open_wish(petition: Petition) -> Wish | None:
    """What the handler asked for, while nobody has decided it and it was not withdrawn."""
    if petition.wish_id is None:
        return None
    return _wish(db.session.get_one(TimelineEntry, petition.wish_id))


def waiting(actor: Actor, most: int = 50) -> list[tuple[Petition, Wish]]:
    """The open cases whose handlers wait for a word on more time, of those this actor may see."""
    asked = (
        sa.select(Petition, TimelineEntry)
        .join(TimelineEntry, TimelineEntry.id == Petition.wish_id)
        .where(visible_to(actor), Petition.wish_id.is_not(None))
        .order_by(Petition.id)
        .limit(most)
    )
    return [
        (petition, _wish(entry))
        for petition, entry in db.session.execute(asked)
        if Action.EXTEND in allowed_actions(petition, actor)
    ]


def ask_more_time(
    petition: Petition,
    *,
    by: Actor,
    working_days: int,
    reason: str,
    expected_version: int | None = None,
) -> Petition:
    """A note with the wish, told to the chair. Raises WrongState while another is open, BadInput when the rules
    leave no such room."""
    reason = needed(reason, "lý do xin gia hạn", field="reason")
    if hat_for(BY_ACTION[Action.DRAFT], petition, by) is None:
        raise NotAllowed("Chỉ người phụ trách hồ sơ mới xin gia hạn được.")
    if not petition.is_open:
        raise WrongState
    if wish := open_wish(petition):
        asked_on = f"{clock.local(wish.at):%d/%m/%Y}"
        raise WrongState(
            f"Đề nghị gia hạn ngày {asked_on} còn chờ quyết định. "
            "Muốn xin khác đi, xin rút đề nghị ấy trước."
        )
    room = deadlines.room(petition)
    if room is None:
        raise BadInput("Hồ sơ này không còn được gia hạn thêm theo quy định.")
    if not 1 <= working_days <= room.most:
        raise BadInput(f"Chỉ xin được từ 1 đến {room.most} {room.unit.label}.")
    text = f"Xin gia hạn {working_days} {room.unit.label}: {reason}"
    detail = {ASKED: {"working_days": working_days, "reason": reason}}
    entry = apply(
        petition, Action.NOTE, by, text=text, detail=detail, expected_version=expected_version
    )
    petition.wish_id = entry.id
    db.session.flush()
    tidings.more_time_wanted(petition, entry, working_days, reason)
    return petition


def withdraw_more_time(
    petition: Petition, *, by: Actor, request_id: int, expected_version: int | None = None
) -> Petition:
    """The handler wants it no longer; whoever was asked is told."""
    if hat_for(BY_ACTION[Action.DRAFT], petition, by) is None:
        raise NotAllowed("Chỉ người phụ trách hồ sơ mới rút đề nghị gia hạn được.")
    wish = _open(petition, request_id)
    text = f"Rút đề nghị gia hạn ngày {clock.local(wish.at):%d/%m/%Y}."
    entry = apply(
        petition,
        Action.NOTE,
        by,
        text=text,
        detail={WITHDRAWN: request_id},
        changes={"wish_id": None},
        expected_version=expected_version,
    )
    tidings.more_time_withdrawn(petition, entry, request_id)
    return petition


def grant_more_time(
    petition: Petition, *, by: Actor, request_id: int, expected_version: int | None = None
) -> Petition:
    """Extend as asked, in the words asked with: the resident reads them."""
    _decides(petition, by)
    wish = _open(petition, request_id)
    return extend(
        petition,
        by=by,
        working_days=wish.working_days,
        reason=wish.reason,
        expected_version=expected_version,
    )


def refuse_more_time(
    petition: Petition,
    *,
    by: Actor,
    request_id: int,
    reason: str,
    expected_version: int | None = None,
) -> Petition:
    """The date stays; the handler is told why."""
    reason = needed(reason, "lý do", field="reason")
    _decides(petition, by)
    _open(petition, request_id)
    text = f"Không đồng ý gia hạn: {reason}"
    entry = apply(
        petition,
        Action.NOTE,
        by,
        text=text,
        detail={REFUSED: request_id},
        changes={"wish_id": None},
        expected_version=expected_version,
    )
    tidings.more_time_denied(petition, entry, reason)
    return petition


def _wish(entry: TimelineEntry) -> Wish:
    asked = entry.detail[ASKED]
    return Wish(entry.id, entry.officer_id, entry.at, asked["working_days"], asked["reason"])


def _decides(petition: Petition, by: Actor) -> None:
    if Action.EXTEND not in allowed_actions(petition, by):
        raise NotAllowed


def _open(petition: Petition, request_id: int) -> Wish:
    """The open wish, when it is this one. Raises WrongState when this one is closed, NotFound for no wish."""
    wish = open_wish(petition)
    if wish and wish.id == request_id:
        return wish
    entry = db.session.get(TimelineEntry, request_id)
    if entry is None or entry.petition_id != petition.id or ASKED not in entry.detail:
        raise NotFound
    raise WrongState("Đề nghị gia hạn này đã được quyết định hoặc đã rút.")
