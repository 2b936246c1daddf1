"""How words become a petition: one call, one number, one responsible official, one date.

Plain statements, no ORM: every submission on every channel passes here.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from feedback import clock
from feedback.db import connected, db
from feedback.documents.models import StoredFile
from feedback.errors import BadInput, Misconfigured, NotAllowed, NotFound
from feedback.outbox import mail
from feedback.people.actor import Actor
from feedback.people.models import Channel, Contact, Party, Permission
from feedback.petitions import deadlines, intake_rows, notices
from feedback.petitions.accused import accuses_leaders
from feedback.petitions.dating import LEGAL
from feedback.petitions.lifecycle import BY_ACTION, Action
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.petitions.proposal import propose
from feedback.petitions.responsibility import routed
from feedback.sealing import fingerprint
from feedback.statement import Plain
from feedback.text import clip, fold, normal_phone, squeeze
from feedback.wards.delegation import table
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, at_version

LONGEST_TEXT = 20_000
LONGEST_TITLE = 120
LONGEST_ADDRESS = 300

_FIRST_SENTENCE = re.compile(r".+?(?:[.!?…](?=\s|$)|$)", re.MULTILINE)

_look_at = Plain(
    sa.select(
        Ward.setup_version,
        sa.select(Petition.id)
        .where(Petition.submission_key == sa.bindparam("key", type_=sa.String))
        .scalar_subquery()
        .label("earlier_id"),
        Contact.id,
        Contact.ward_id,
        Contact.channel,
        Contact.account,
        Contact.address,
        Contact.officer_id,
    )
    .outerjoin(Contact, Contact.id == sa.bindparam("contact", type_=sa.BigInteger))
    .where(Ward.id == sa.bindparam("ward"))
)


class _Seen(NamedTuple):
    """What there is already: the set-up's version, the petition of this key, the contact or nothing."""

    setup_version: int
    earlier_id: int | None
    id: int | None
    ward_id: int
    channel: Channel
    account: str
    address: str
    officer_id: int | None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody hands in. `entered_by`: the official who typed it for them.

    `phone` and `email` as typed. `may_publish`: without who they are. `files`: ids of stored files to attach. `submission_key`: the same
    key twice is the same submission sent twice.
    """

    ward_id: int
    text: str
    channel: Channel
    kind: Kind | None = None
    field_id: int | None = None
    urgency: Urgency | None = None
    title: str | None = None
    neighbourhood_id: int | None = None
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    happened_at: datetime | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    reporter_address: str | None = None
    is_anonymous: bool = False
    may_publish: bool = False
    consented: bool = True
    contact_id: int | None = None
    entered_by: Actor | None = None
    complained_officer_id: int | None = None
    files: Sequence[int] = ()
    submission_key: str | None = None


def submit(draft: Submission) -> Petition:
    """Number it, route it, date it, tell the resident. Call in a transaction.

    Raises BadInput (field -> sentence), NotAllowed, NotFound (no such ward or contact), Misconfigured.
    """
    values = _written(draft)
    if values is not None:
        return intake_rows.present(values)
    return db.session.query(Petition).filter_by(submission_key=draft.submission_key).one()


def hand_in(draft: Submission) -> str:
    """`submit`, for who needs only the token of the petition's link."""
    values = _written(draft)
    if values is not None:
        return str(values["token"])
    earlier = sa.select(Petition.token).filter_by(submission_key=draft.submission_key)
    return db.session.execute(earlier).scalar_one()


def _written(draft: Submission) -> dict[str, Any] | None:
    """The columns of the new petition; None when its submission key has one already."""
    if draft.email and draft.contact_id is None:
        draft = replace(draft, contact_id=mail.contact_of(draft.ward_id, draft.email))
    seen = _look(draft)
    if seen.earlier_id is not None:
        return None
    setup = at_version(draft.ward_id, seen.setup_version)
    cleaned = _cleaned(draft, setup)
    now = clock.now()
    values = _values(cleaned, setup, now, seen.officer_id)
    limits, date = deadlines.first(values["kind"], values["urgency"], now, setup)
    values |= date
    if not intake_rows.insert(values, _first_entry(values), limits, ward_code=setup.code):
        return None
    if draft.files:
        _attach(draft.files, values)
    if seen.id is not None:
        notices.received(values, setup, seen)
    if values["urgency"] is Urgency.URGENT:
        notices.alarmed(values, setup)
    return values


def _look(draft: Submission) -> _Seen:
    """In one round trip: the version of the ward's set-up, what this key made before, the contact."""
    key = {"ward": draft.ward_id, "key": draft.submission_key, "contact": draft.contact_id}
    seen = [_Seen(*row) for row in _look_at.rows(connected(), key)]
    if not seen or (draft.contact_id is not None and seen[0].id is None):
        raise NotFound
    return seen[0]


def _cleaned(draft: Submission, setup: Setup) -> Submission:
    """What was typed, tidied. Raises BadInput, NotAllowed."""
    cleaned = replace(
        draft,
        text=squeeze(draft.text),
        title=squeeze(draft.title or "") or None,
        address=clip(squeeze(draft.address), LONGEST_ADDRESS),
        name=squeeze(draft.name or "") or None,
        phone=normal_phone(draft.phone) if draft.phone else None,
        email=squeeze(draft.email or "") or None,
        reporter_address=squeeze(draft.reporter_address or "") or None,
    )
    found = {
        "text": (not cleaned.text, "Vui lòng ghi nội dung phản ánh."),
        "length": (len(cleaned.text) > LONGEST_TEXT, "Nội dung quá dài; vui lòng rút gọn."),
        "phone": (bool(draft.phone and not cleaned.phone), "Số điện thoại chưa đúng."),
        "field_id": (
            draft.field_id not in (None, *setup.fields),
            "Lĩnh vực này không có trong danh mục.",
        ),
        "neighbourhood_id": (
            draft.neighbourhood_id not in (None, *setup.neighbourhoods),
            "Tổ dân phố này không có trong danh mục.",
        ),
        "complained_officer_id": (
            draft.complained_officer_id not in (None, *setup.officers),
            "Không có cán bộ này.",
        ),
    }
    if wrong := {name: sentence for name, (is_wrong, sentence) in found.items() if is_wrong}:
        if "length" in wrong:
            wrong["text"] = wrong.pop("length")
        raise BadInput(fields=wrong)
    if draft.entered_by and not draft.entered_by.has(Permission.ENTER_FOR_OTHERS):
        raise NotAllowed
    return cleaned


def _values(
    draft: Submission, setup: Setup, now: datetime, reporter_id: int | None
) -> dict[str, Any]:
    """The petition's columns, but for what the database decides. `reporter_id`: whose own chat it is."""
    if not setup.fields:
        raise Misconfigured("Phường chưa có danh mục lĩnh vực.")
    found = propose(
        draft.text, setup, kind=draft.kind, field_id=draft.field_id, urgency=draft.urgency
    )
    kind = Kind.PHAN_ANH if found.kind in LEGAL else found.kind  # only an official may call it so
    today = clock.local(now).date()
    posts = table(setup, today)
    is_above = found.is_accusation and accuses_leaders(
        draft.text, draft.complained_officer_id, posts
    )
    route = routed(
        posts,
        kind=kind,
        field_id=found.field_id,
        neighbourhood_id=draft.neighbourhood_id,
        avoid=_avoided(draft, reporter_id, setup),
        is_restricted=found.is_accusation,
        is_above_ward=is_above,
    )
    return {
        **{name: getattr(draft, name) for name in _AS_GIVEN},
        **_LATER,
        **route,
        "year": today.year,
        "token": secrets.token_urlsafe(16),
        "version": 1,
        "status": Status.RECEIVED,
        "is_open": True,
        "kind": kind,
        "proposed_kind": found.kind,
        "urgency": found.urgency,
        "field_id": found.field_id,
        "title": clip(draft.title or _first_sentence(draft.text), LONGEST_TITLE),
        "folded": fold(" ".join(filter(None, (draft.title, draft.text, draft.address)))),
        "reporter_name": draft.name,
        "reporter_phone": draft.phone,
        "reporter_email": draft.email,
        "phone_hash": fingerprint(draft.phone) if draft.phone else None,
        "consented_at": now if draft.consented else None,
        "entered_by_id": draft.entered_by.officer_id if draft.entered_by else None,
        "is_restricted": found.is_accusation,
        "is_above_ward": is_above,
        "received_at": now,
        "updated_at": now,
        "waiting_since": now,
        "transfers": 0,
        "reopened": 0,
        "was_handed_back": False,
        "is_flagged": False,
    }


def _avoided(draft: Submission, reporter_id: int | None, setup: Setup) -> frozenset[int | None]:
    """Whom this may not be given to (`conflicts`)."""
    phone_hash = fingerprint(draft.phone) if draft.phone else None
    return setup.kinship.avoided(draft.complained_officer_id, phone_hash) | {reporter_id}


_AS_GIVEN = (
    "ward_id",
    "submission_key",
    "text",
    "neighbourhood_id",
    "address",
    "lat",
    "lng",
    "happened_at",
    "channel",
    "contact_id",
    "reporter_address",
    "is_anonymous",
    "may_publish",
    "complained_officer_id",
)
_LATER: dict[str, None] = dict.fromkeys(
    (
        "citizen_id",
        "helping_department_id",
        "accepted_at",
        "answered_at",
        "closed_at",
        "merged_into_id",
        "ended_reason",
        "transferred_to",
        "wish_id",
    )
)


def _first_entry(values: dict[str, Any]) -> dict[str, Any]:
    officer_id = values["entered_by_id"]
    return {
        "at": values["received_at"],
        "action": Action.SUBMIT,
        "from_status": None,
        "to_status": Status.RECEIVED,
        "party": Party.CITIZEN if officer_id is None else Party.OFFICER,
        "officer_id": officer_id,
        "acting_for_id": None,
        "is_public": True,
        "text": BY_ACTION[Action.SUBMIT].words,
        "detail": {"route": values["route_reason"]},
    }


def _attach(files: Sequence[int], petition: dict[str, Any]) -> None:
    """The files become the petition's, unless they are somebody else's already."""
    db.session.execute(
        sa.update(StoredFile)
        .where(
            StoredFile.id.in_(files),
            StoredFile.ward_id == petition["ward_id"],
            StoredFile.petition_id.is_(None),
        )
        .values(petition_id=petition["id"])
        .execution_options(synchronize_session=False)
    )


def _first_sentence(text: str) -> str:
    found = _FIRST_SENTENCE.match(text)
    return found[0].rstrip(".") if found else text
