"""How a petition's date moves, and how it ends without an answer of ours or after one."""

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.petitions import deadlines, notices, tidings
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.lifecycle import OPEN, Action
from feedback.petitions.models import Follow, Petition
from feedback.petitions.visibility import can_see


def extend(
    petition: Petition,
    *,
    by: Actor,
    working_days: int,
    reason: str,
    expected_version: int | None = None,
) -> Petition:
    """Move the answer's date by so many working days; the resident gets an apology and the new one."""
    reason = needed(reason, "lý do gia hạn", field="reason")
    if working_days < 1:
        raise BadInput(fields={"working_days": "Số ngày gia hạn phải từ 1 trở lên."})
    entry = apply(
        petition,
        Action.EXTEND,
        by,
        text=reason,
        detail={"working_days": working_days},
        changes={"wish_id": None},
        expected_version=expected_version,
    )
    deadlines.extend(petition, working_days, reason, by)
    db.session.flush()
    notices.extended(petition, reason)
    tidings.after(petition, entry)
    return petition


def transfer(
    petition: Petition, *, by: Actor, to: str, reason: str, expected_version: int | None = None
) -> Petition:
    """To another authority, outside the ward; the resident learns which and why."""
    to = needed(to, "nơi nhận", field="to")
    reason = needed(reason, "lý do chuyển", field="reason")
    apply(
        petition,
        Action.TRANSFER,
        by,
        text=f"Nơi nhận: {to}. Lý do: {reason}",
        detail={"to": to},
        changes={"transferred_to": to, "ended_reason": reason},
        expected_version=expected_version,
    )
    _settle(petition)
    notices.transferred(petition)
    return petition


def reject(
    petition: Petition, *, by: Actor, reason: str, expected_version: int | None = None
) -> Petition:
    """Not followed up, for a reason the resident reads."""
    reason = needed(reason, "lý do từ chối", field="reason")
    apply(
        petition,
        Action.REJECT,
        by,
        text=f"Lý do: {reason}",
        changes={"ended_reason": reason},
        expected_version=expected_version,
    )
    _settle(petition)
    notices.rejected(petition)
    return petition


def merge(
    petition: Petition, *, by: Actor, into: Petition, expected_version: int | None = None
) -> Petition:
    """The same matter is already being handled: this reporter follows that petition from now on.

    Raises BadInput when `into` is not an open petition of the ward that `by` sees.
    """
    fits = into.id != petition.id and into.status in OPEN and can_see(into, by)
    if not fits or into.is_restricted != petition.is_restricted:
        raise BadInput(fields={"into": "Chọn một phản ánh khác đang được xử lý."})
    apply(
        petition,
        Action.MERGE,
        by,
        text=f"Phản ánh gốc: {into.number}.",
        detail={"into": into.number},
        changes={"merged_into_id": into.id},
        expected_version=expected_version,
    )
    _settle(petition)
    _gather(petition, into)
    apply(into, Action.NOTE, by, text=f"Đã gộp {petition.number} vào phản ánh này.")
    notices.merged(petition, into)
    return petition


def close(petition: Petition, *, by: Actor, expected_version: int | None = None) -> Petition:
    """Done: the resident is content, or has been silent long enough."""
    apply(petition, Action.CLOSE, by, expected_version=expected_version)
    petition.closed_at = petition.updated_at
    db.session.flush()
    return petition


def _settle(petition: Petition) -> None:
    """It ended here: no step of it is due any more."""
    petition.closed_at = petition.updated_at
    deadlines.met(petition, petition.updated_at)
    db.session.flush()


def _gather(petition: Petition, into: Petition) -> None:
    """Whoever waited for the one waits for the other; merged petitions point at the root directly."""
    db.session.execute(
        sa.update(Petition)
        .where(Petition.merged_into_id == petition.id)
        .values(merged_into_id=into.id)
        .execution_options(synchronize_session="fetch")
    )
    waiting = {petition.contact_id, *_followers(petition)} - {None, *_followers(into)}
    for contact_id in waiting:
        db.session.add(Follow(petition_id=into.id, contact_id=contact_id))
    db.session.flush()


def _followers(petition: Petition) -> set[int | None]:
    return set(
        db.session.scalars(sa.select(Follow.contact_id).where(Follow.petition_id == petition.id))
    )
