"""One letter with several contents becomes several cases; several people with one content become one."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.petitions import deadlines
from feedback.petitions.actions.admitting import receive_signed
from feedback.petitions.actions.ending import merge
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.actions.giving import accept
from feedback.petitions.dating import LEGAL
from feedback.petitions.guards import GROUP
from feedback.petitions.intake import Submission, submit
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import (
    Deadline,
    Follow,
    Kind,
    Part,
    Petition,
    Representative,
)
from feedback.petitions.visibility import can_see
from feedback.text import normal_phone, squeeze

FEW, FEW_SPEAK, MANY_SPEAK = 10, 2, 5  # Luật Tiếp công dân 2013 Đ.29


@dataclass(frozen=True)
class Spoken:
    """Somebody who speaks for a group, as entered."""

    name: str
    address: str = ""
    phone: str = ""


def split(
    petition: Petition,
    *,
    by: Actor,
    text: str,
    kind: Kind,
    field_id: int | None = None,
    expected_version: int | None = None,
) -> Petition:
    """Make one content of it a case of its own, with its own number, handler and dates; that case.

    Its dates count from the day the letter came. It takes along who wrote, not the letter: no other
    words, files or notes. What is split off a restricted petition hides who wrote it.
    """
    text = needed(text, "nội dung tách riêng")
    apply(petition, Action.SPLIT, by, detail={"kind": kind}, expected_version=expected_version)
    part = submit(
        Submission(
            ward_id=petition.ward_id,
            text=text,
            channel=petition.channel,
            kind=kind,
            field_id=field_id,
            neighbourhood_id=petition.neighbourhood_id,
            name=petition.reporter_name,
            phone=petition.reporter_phone,
            email=petition.reporter_email,
            reporter_address=petition.reporter_address,
            is_anonymous=petition.is_anonymous or petition.is_restricted,
            consented=petition.consented_at is not None,
            contact_id=petition.contact_id,
            complained_officer_id=petition.complained_officer_id if kind in LEGAL else None,
            entered_by=by,
        )
    )
    part.received_at = petition.received_at
    db.session.execute(
        sa.update(Deadline)
        .where(Deadline.petition_id == part.id)
        .values(started_at=petition.received_at)
    )
    db.session.add(Part(petition_id=petition.id, part_id=part.id))
    db.session.flush()
    db.session.refresh(part)
    deadlines.recompute(part)
    if not can_see(part, by):  # an accusation goes on with who keeps it
        return part
    if kind in LEGAL and petition.proceeding is not None:
        came = petition.proceeding
        receive_signed(
            part,
            by=by,
            kind=kind,
            signed_on=came.signed_on,
            came_by=came.came_by,
            people=came.people,
        )
    else:
        accept(part, by=by, kind=kind)
    return part


def group(
    petition: Petition,
    *,
    by: Actor,
    people: int,
    representatives: Sequence[Spoken],
    others: Sequence[Petition] = (),
    expected_version: int | None = None,
) -> Petition:
    """Five or more people with one content make one case; up to five speak for them.

    `others`: their petitions, merged into this one. A representative who sent one of these is told on the
    channel it came by. Raises BadInput for too few people or too many representatives.
    """
    most = FEW_SPEAK if people <= FEW else MANY_SPEAK
    spoken = [each for each in representatives if squeeze(each.name)]
    if people < GROUP:
        raise BadInput(fields={"people": f"Vụ việc nhiều người có từ {GROUP} người trở lên."})
    if not 1 <= len(spoken) <= most:
        raise BadInput(
            fields={"representatives": f"{people} người cử từ 1 đến {most} người đại diện."}
        )
    apply(
        petition,
        Action.GROUP,
        by,
        text=f"{people} người, {len(spoken)} người đại diện.",
        detail={"people": people, "representatives": len(spoken)},
        expected_version=expected_version,
    )
    for other in others:
        merge(other, by=by, into=petition)
    db.session.execute(sa.delete(Representative).where(Representative.petition_id == petition.id))
    for each in spoken:
        db.session.add(_representative(petition, each, [petition, *others]))
    if petition.proceeding is not None:
        petition.proceeding.people = people
    db.session.flush()
    _only_representatives(petition)
    db.session.expire(petition, ["representatives"])
    return petition


def _representative(petition: Petition, spoken: Spoken, sent: Sequence[Petition]) -> Representative:
    phone = normal_phone(spoken.phone) if spoken.phone.strip() else None
    if spoken.phone.strip() and phone is None:
        raise BadInput(fields={"representatives": f"Số điện thoại chưa đúng: {spoken.phone}"})
    theirs = [each for each in sent if phone and each.reporter_phone == phone]
    return Representative(
        petition_id=petition.id,
        name=squeeze(spoken.name),
        address=squeeze(spoken.address) or None,
        phone=phone,
        contact_id=theirs[0].contact_id if theirs else None,
    )


def _only_representatives(petition: Petition) -> None:
    """Notices go to who speaks for the group (and to who sent the first petition)."""
    speaking = sa.select(Representative.contact_id).where(
        Representative.petition_id == petition.id, Representative.contact_id.is_not(None)
    )
    db.session.execute(
        sa.delete(Follow).where(
            Follow.petition_id == petition.id, Follow.contact_id.not_in(speaking)
        )
    )
