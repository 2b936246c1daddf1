"""What the system knows of a paper's blanks, as an official would type it; they change what is wrong.

Facts come from the signed petition's proceeding, its pauses and extensions, the timeline, the papers
issued before, and the ward's procedures.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.errors import Refusal
from feedback.papers.citing import in_full
from feedback.papers.compose import long_day
from feedback.papers.forms import Form
from feedback.papers.models import Paper
from feedback.people.directory import position_of, table_of
from feedback.people.models import Officer, Role
from feedback.petitions import by_itself
from feedback.petitions.dating import ACCEPTANCE, RESOLUTION, date_of, midnight, plan_of
from feedback.petitions.deadlines import open_pause
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Extension, Kind, Pause, Petition, Status
from feedback.wards.models import Ward
from feedback.wards.setup import setup_of

Facts = dict[str, str]
DIALOGUE_LASTS = timedelta(hours=2)  # until somebody says otherwise
ISSUED_FOR = {  # which form is the document that an act of law names
    Action.ADMIT: "acceptance_notice",
    Action.REFUSE_ADMISSION: "refusal_notice",
    Action.SUSPEND: "suspension",
    Action.DISCONTINUE: "suspension",
    Action.RESUME: "resumption",
    Action.PROLONG: "extension_notice",
}
_EXTENDED_BY = {
    Kind.KHIEU_NAI: "Điều 28 Luật Khiếu nại",
    Kind.KIEN_NGHI: "khoản 1 Điều 28 Luật Tiếp công dân",
}


def known(form: Form, petition: Petition) -> Facts:
    """Values for what the form asks, by name; what is not known has none."""
    find = _OF.get(form.key)
    asked = {ask.name for ask in form.offer.asks} if form.offer else set()
    found = find(petition) if find else {}
    return {name: value for name, value in found.items() if value and name in asked}


def sign_for(petition: Petition, action: Action) -> str:
    """'12/TB-UBND': the number of the newest paper issued for this act; "" when there is none."""
    paper = _newest(petition, ISSUED_FOR[action]) if action in ISSUED_FOR else None
    return paper.sign if paper else ""


def _proposal(petition: Petition) -> Facts:
    return {"due_on": _due(petition, ACCEPTANCE), "why": _said(petition, Action.PROPOSE)}


def _admission(petition: Petition) -> Facts:
    return {"due_on": _due(petition, RESOLUTION)}


def _refusal(petition: Petition) -> Facts:
    return {"reason": _lowered(in_full(petition.ended_reason or ""))}


def _suspension(petition: Petition) -> Facts:
    ends = petition.status is Status.DISCONTINUED
    pause = open_pause(petition)
    return {
        "accepted_by": _admitted_by(petition),
        "reason": (petition.ended_reason or "") if ends else (pause.reason if pause else ""),
        "is_final": "yes" if ends else "",
        "proposed_by": _proposer(petition),
    }


def _resumption(petition: Petition) -> Facts:
    return {
        "accepted_by": _admitted_by(petition),
        "suspended_by": _suspended_by(petition),
        "proposed_by": _proposer(petition),
    }


def _dialogue(petition: Petition) -> Facts:
    called, held = (
        _newest_detail(petition, act) for act in (Action.CALL_DIALOGUE, Action.HOLD_DIALOGUE)
    )
    meets_at = datetime.fromisoformat(called["meets_at"]) if "meets_at" in called else None
    return {
        "starts_at": _moment(meets_at),
        "ends_at": _moment(meets_at + DIALOGUE_LASTS) if meets_at else "",
        "where": called.get("where", ""),
        "chair": _official(petition.head_id),
        "secretary": _official(petition.handler_id),
        "complained": _official(petition.complained_officer_id),
        "agreed": held.get("agreed", ""),
        "differing": held.get("differing", ""),
        "absence": held.get("absence", ""),
        "copies": "3",
    }


def _extension(petition: Petition) -> Facts:
    query = sa.select(Extension.decision).where(Extension.petition_id == petition.id)
    decision = db.session.scalar(query.order_by(Extension.id.desc()).limit(1)) or ""
    law = _EXTENDED_BY.get(petition.kind, "")
    return {"article": f"{law} và văn bản số {decision}" if law and decision else law}


def _referral(petition: Petition) -> Facts:
    return {
        "to": petition.transferred_to or "",
        "ground": "Điều 26 Luật Tiếp công dân",
        "enclosures": ", ".join(file.name for file in petition.files),
    }


def _guidance(petition: Petition) -> Facts:
    return {
        "ground": in_full(petition.ended_reason or ""),
        "competent": petition.transferred_to or "",
    }


def _documents(petition: Petition) -> Facts:
    lines = [f"{file.name} | | bản sao điện tử" for file in petition.files]
    return {"where": _reception(petition), "items": "\n".join(lines), "copies": "2"}


def _turned_away(petition: Petition) -> Facts:
    return {"came_on": _day(clock.today()), "where": _reception(petition)}


_OF: Mapping[str, Callable[[Petition], Facts]] = {
    "acceptance_proposal": _proposal,
    "acceptance_notice": _admission,
    "refusal_notice": _refusal,
    "suspension": _suspension,
    "resumption": _resumption,
    "complaint_dialogue": _dialogue,
    "extension_notice": _extension,
    "referral": _referral,
    "guidance": _guidance,
    "documents_receipt": _documents,
    "reception_refusal": _turned_away,
}


def _due(petition: Petition, step: str) -> str:
    """The day a step is due: its row's, or what it would be if it were taken up today."""
    row = next(
        (
            each
            for each in petition.deadlines
            if (each.step, each.round) == (step, petition.reopened)
        ),
        None,
    )
    if row is not None:
        return _day(clock.local(row.due_at).date())
    if petition.proceeding is None or step != RESOLUTION:
        return ""
    setup = setup_of(petition.ward_id)
    options = frozenset({"remote"} if petition.proceeding.is_remote else ())
    received_on = plan_of(petition, setup).received_on
    try:
        found = date_of(
            petition.kind,
            petition.urgency,
            step,
            midnight(clock.today()),
            received_on,
            setup,
            options,
        )
    except Refusal:
        return ""
    return _day(found.on)


def _admitted_by(petition: Petition) -> str:
    """'Thông báo số 12/TB-UBND ngày 03 tháng 8 năm 2026'"""
    proceeding = petition.proceeding
    if proceeding is None or proceeding.admitted_on is None:
        return ""
    return f"Thông báo số {proceeding.admission} ngày {long_day(proceeding.admitted_on)}"


def _suspended_by(petition: Petition) -> str:
    query = sa.select(Pause).where(Pause.petition_id == petition.id, Pause.decision != "")
    pause = db.session.scalars(query.order_by(Pause.id.desc()).limit(1)).first()
    if pause is None:
        return ""
    return f"Quyết định số {pause.decision} ngày {long_day(pause.starts_at)}"


def _proposer(petition: Petition) -> str:
    """Who prepares it for the chair: the head of the unit in charge, else who handles it."""
    table = table_of(petition.ward_id)
    for post in table.setup.posts.values():
        is_head = post.role is Role.DEPARTMENT_HEAD and table.holders.get(post.id)
        if is_head and post.department_id and post.department_id == petition.department_id:
            return f"{post.title} {table.setup.departments[post.department_id]}"
    return petition.handler_position.title


def _official(officer_id: int | None) -> str:
    """'Lý Văn An | Chuyên viên hạ tầng'"""
    if officer_id is None:
        return ""
    position = position_of(officer_id)
    name = db.session.get_one(Officer, officer_id).full_name
    return f"{name} | {position.title}" if position else name


def _newest(petition: Petition, form_key: str) -> Paper | None:
    query = sa.select(Paper).where(Paper.petition_id == petition.id, Paper.form == form_key)
    return db.session.scalars(query.order_by(Paper.id.desc()).limit(1)).first()


def _newest_detail(petition: Petition, action: Action) -> dict[str, Any]:
    entries = [entry for entry in petition.timeline if entry.action == action]
    return entries[-1].detail if entries else {}


def _said(petition: Petition, action: Action) -> str:
    """What was written with the newest such act, without the act's own words."""
    entries = [entry for entry in petition.timeline if entry.action == action]
    return entries[-1].text.removeprefix(by_itself.words(action)).strip() if entries else ""


def _reception(petition: Petition) -> str:
    ward = db.session.get_one(Ward, petition.ward_id)
    return str(ward.settings.get("reception_place", ""))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%d/%m/%Y %H:%M}" if at else ""
