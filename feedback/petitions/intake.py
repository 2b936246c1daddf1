"""How words become a petition: one call, one number, one responsible official, one date.

Plain statements, no ORM: every submission on every channel passes here.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached

from feedback import clock
from feedback.db import db
from feedback.documents.models import StoredFile
from feedback.errors import BadInput, NotAllowed
from feedback.people.actor import Actor
from feedback.people.models import Channel, Party, Permission
from feedback.petitions import deadlines, notices
from feedback.petitions.lifecycle import BY_ACTION, Action
from feedback.petitions.models import Deadline, Kind, Petition, Status, TimelineEntry, Urgency
from feedback.petitions.responsibility import routed
from feedback.sealing import fingerprint
from feedback.text import clip, fold, normal_phone, squeeze
from feedback.wards import numbers
from feedback.wards.delegation import table
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, at_version

LONGEST_TEXT = 20_000
LONGEST_TITLE = 120
SERIES = "petition"
LEGAL = frozenset({Kind.KHIEU_NAI, Kind.TO_CAO})  # only an official may call it so

_FIRST_SENTENCE = re.compile(r"[^\n.!?…]+[.!?…]?")
_petitions = cast(sa.Table, Petition.__table__)
_timeline = cast(sa.Table, TimelineEntry.__table__)
_deadlines = cast(sa.Table, Deadline.__table__)

_seen = sa.select(
    Ward.setup_version,
    sa.select(Petition.id)
    .where(Petition.submission_key == sa.bindparam("key", type_=sa.String))
    .scalar_subquery(),
).where(Ward.id == sa.bindparam("ward"))


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody hands in. `entered_by`: the official who typed it for them.

    `phone` and `email` as typed. `files`: ids of stored files to attach. `submission_key`: the same
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
    consented: bool = True
    contact_id: int | None = None
    entered_by: Actor | None = None
    complained_officer_id: int | None = None
    files: Sequence[int] = ()
    submission_key: str | None = None


def submit(draft: Submission) -> Petition:
    """Number it, route it, date it, tell the resident. Call in a transaction.

    Raises BadInput (field -> sentence), NotAllowed, NotFound (no such ward), Misconfigured.
    """
    version, earlier = _look(draft)
    if earlier is not None:
        return db.session.get_one(Petition, earlier)
    setup = at_version(draft.ward_id, version)
    _check(draft, setup)
    now = clock.now()
    values = _values(draft, setup, now)
    limits = list(deadlines.first(values["kind"], values["urgency"], now, setup))
    values["due_at"] = limits[-1]["due_at"]
    _number(values, setup, now)
    petition_id = _insert(values, limits, draft)
    notices.received(values, setup, petition_id)
    return _present(values, petition_id)


def _look(draft: Submission) -> tuple[int | None, int | None]:
    """The version of the ward's set-up, and the petition this key already made."""
    row = db.session.execute(
        _seen, {"ward": draft.ward_id, "key": draft.submission_key}
    ).one_or_none()
    return (None, None) if row is None else (row[0], row[1])


def _check(draft: Submission, setup: Setup) -> None:
    wrong: dict[str, str] = {}
    if not squeeze(draft.text):
        wrong["text"] = "Vui lòng ghi nội dung phản ánh."
    if len(draft.text) > LONGEST_TEXT:
        wrong["text"] = "Nội dung quá dài; vui lòng rút gọn hoặc gửi kèm tệp."
    if draft.phone and normal_phone(draft.phone) is None:
        wrong["phone"] = "Số điện thoại chưa đúng."
    if draft.field_id is not None and draft.field_id not in setup.fields:
        wrong["field_id"] = "Lĩnh vực này không có trong danh mục."
    if draft.neighbourhood_id is not None and draft.neighbourhood_id not in setup.neighbourhoods:
        wrong["neighbourhood_id"] = "Tổ dân phố này không có trong danh mục."
    if wrong:
        raise BadInput(fields=wrong)
    if draft.entered_by and not draft.entered_by.has(Permission.ENTER_FOR_OTHERS):
        raise NotAllowed


def _values(draft: Submission, setup: Setup, now: datetime) -> dict[str, Any]:
    text = squeeze(draft.text)
    phone = normal_phone(draft.phone) if draft.phone else None
    proposed = draft.kind or Kind.PHAN_ANH
    kind = Kind.PHAN_ANH if proposed in LEGAL else proposed
    is_restricted = proposed is Kind.TO_CAO
    field_id = draft.field_id or _other_field(setup)
    found = _FIRST_SENTENCE.search(text)
    return {
        "ward_id": draft.ward_id,
        "token": secrets.token_urlsafe(16),
        "submission_key": draft.submission_key,
        "version": 1,
        "status": Status.RECEIVED,
        "is_open": True,
        "kind": kind,
        "proposed_kind": proposed,
        "urgency": draft.urgency or Urgency.NORMAL,
        "field_id": field_id,
        "title": clip(squeeze(draft.title or (found[0] if found else text)), LONGEST_TITLE),
        "text": text,
        "neighbourhood_id": draft.neighbourhood_id,
        "address": clip(squeeze(draft.address), 300),
        "lat": draft.lat,
        "lng": draft.lng,
        "happened_at": draft.happened_at,
        "channel": draft.channel,
        "contact_id": draft.contact_id,
        "citizen_id": None,
        "reporter_name": _or_none(draft.name),
        "reporter_phone": phone,
        "reporter_email": _or_none(draft.email),
        "reporter_address": _or_none(draft.reporter_address),
        "phone_hash": fingerprint(phone) if phone else None,
        "is_anonymous": draft.is_anonymous,
        "consented_at": now if draft.consented else None,
        "entered_by_id": draft.entered_by.officer_id if draft.entered_by else None,
        "complained_officer_id": draft.complained_officer_id,
        "is_restricted": is_restricted,
        **routed(
            table(setup, clock.local(now).date()),
            kind=kind,
            field_id=field_id,
            neighbourhood_id=draft.neighbourhood_id,
            avoid_id=draft.complained_officer_id,
            is_restricted=is_restricted,
        ),
        **_LATER,
        "received_at": now,
        "updated_at": now,
        "transfers": 0,
        "was_handed_back": False,
        "is_flagged": False,
        "reopened": 0,
    }


_LATER: dict[str, None] = dict.fromkeys(
    (
        "helping_department_id",
        "accepted_at",
        "answered_at",
        "closed_at",
        "merged_into_id",
        "ended_reason",
        "transferred_to",
    )
)


def _number(values: dict[str, Any], setup: Setup, now: datetime) -> None:
    year = clock.local(now).year
    seq = numbers.take(setup.ward_id, SERIES, year)
    number = numbers.petition_number(setup.code, year, seq)
    searched = " ".join((number, values["title"], values["text"], values["address"]))
    values |= {"year": year, "seq": seq, "number": number, "folded": fold(searched)}


def _insert(values: dict[str, Any], limits: list[dict[str, Any]], draft: Submission) -> int:
    session = db.session
    petition_id = int(
        session.execute(sa.insert(_petitions).returning(_petitions.c.id), values).scalar_one()
    )
    session.execute(sa.insert(_timeline), _first_entry(values, petition_id))
    session.execute(
        sa.insert(_deadlines), [{**x, "petition_id": petition_id, "met_at": None} for x in limits]
    )
    if draft.files:
        session.execute(
            sa.update(StoredFile)
            .where(
                StoredFile.id.in_(draft.files),
                StoredFile.ward_id == draft.ward_id,
                StoredFile.petition_id.is_(None),
            )
            .values(petition_id=petition_id)
        )
    return petition_id


def _first_entry(values: dict[str, Any], petition_id: int) -> dict[str, Any]:
    officer_id = values["entered_by_id"]
    return {
        "petition_id": petition_id,
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


def _present(values: dict[str, Any], petition_id: int) -> Petition:
    """The row just inserted, as an object of the session, without reading it back."""
    petition = Petition(id=petition_id, **values)
    make_transient_to_detached(petition)
    db.session.add(petition)
    return petition


def _other_field(setup: Setup) -> int:
    """The field for what fits nowhere: the last of the ward's list."""
    if not setup.fields:
        raise BadInput("Phường chưa có danh mục lĩnh vực.")
    return max(setup.fields.values(), key=lambda field: field.no).id


def _or_none(typed: str | None) -> str | None:
    return squeeze(typed) or None if typed else None
