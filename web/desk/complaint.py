"""What a case page shows of a complaint or an accusation, of a group, and of what was split off."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.petitions.actions.admitting import BY_HAND
from feedback.petitions.columns import shy
from feedback.petitions.dating import LEGAL
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Part, Petition
from feedback.petitions.notices import day
from feedback.petitions.visibility import visible_to
from feedback.procedures.grounds import Use, grounds
from feedback.text import mask_name
from web.desk.choices import Choices

_this = sa.bindparam("this", type_=sa.BigInteger)
_split_off = sa.select(Part.part_id).where(Part.petition_id == _this)
_whole = sa.select(Part.petition_id).where(Part.part_id == _this)
# The few ids first: a join of all petitions with their parts would read every one of the ward's.
_linked = (
    sa.select(Petition.number, Petition.title, Petition.id.in_(_split_off).label("is_part"))
    .where(Petition.id.in_(sa.union(_split_off, _whole)))
    .order_by(Petition.id)
)

MOVES = (Action.EXTEND, Action.PROLONG)  # shown only while there is room
BY_PROPOSAL = (Action.AWAIT_SIGNATURE, Action.RECEIVE_SIGNED)  # offered where somebody said so


class Linked(NamedTuple):
    """A case of the same letter, as far as this officer may see it."""

    number: str
    title: str
    words: str


def track_view(petition: Petition, actor: Actor) -> dict[str, Any]:
    """For the column beside a case; two queries for cases of law, one for all others."""
    return {
        "law_facts": list(_facts(petition)) if petition.kind in LEGAL else [],
        "representatives": [mask_name(each.name) for each in petition.representatives]
        if petition.kind in LEGAL or petition.proceeding
        else [],
        "linked": linked(petition, actor),
    }


def linked(petition: Petition, actor: Actor) -> list[Linked]:
    """The case it was split off, and those split off it: only what the officer sees anyway."""
    found = db.session.execute(_linked.where(visible_to(actor, shy)), {"this": petition.id})
    return [
        Linked(row.number, row.title, "tách từ hồ sơ này" if row.is_part else "hồ sơ gốc")
        for row in found
    ]


def is_offered(petition: Petition, action: Action) -> bool:
    """Whether a form that may be used is also worth showing."""
    if action in BY_PROPOSAL:
        return petition.proposed_kind in LEGAL or petition.kind in LEGAL or petition.is_restricted
    return True


def lists_of(petition: Petition) -> dict[str, Choices]:
    """What the forms of law offer for a petition of this kind."""
    kind = petition.kind if petition.kind in LEGAL else Kind.KHIEU_NAI
    complex_: Choices = [(each.code, each.words) for each in grounds(kind, Use.COMPLEX)]
    return {
        "refusals": [(each.code, each.words) for each in grounds(kind, Use.REFUSAL, Use.GUIDE)],
        "complex": complex_,
        "complex_from_start": complex_ if kind is Kind.KHIEU_NAI else [],
        "legal_kinds": [(each.value, each.label) for each in Kind if each in LEGAL],
        "ward_kinds": [(each.value, each.label) for each in Kind if each not in LEGAL],
        "hands": [(each.value, _HANDS[each]) for each in BY_HAND],
        "yes": [("1", "Có")],
        "accused": [("1", "Chủ tịch hoặc Phó Chủ tịch UBND phường"), ("0", "Người khác")],
    }


def prefilled(name: str, petition: Petition) -> Any:
    """What a form of law begins with; None when that is the petition's own value."""
    if name in ("on", "signed_on"):
        return clock.today().isoformat()
    if name == "people":
        return petition.proceeding.people if petition.proceeding else 1
    if name == "kind" and petition.kind not in LEGAL and petition.proposed_kind in LEGAL:
        return petition.proposed_kind.value
    if name == "is_above_ward":
        return "1" if petition.is_above_ward else "0"
    return None


_HANDS = {Channel.DESK: "Trực tiếp tại phường", Channel.PAPER: "Qua bưu chính"}


def _facts(petition: Petition) -> Iterator[tuple[str, str]]:
    found = petition.proceeding
    if found is None:
        yield "Đơn có chữ ký", "Chưa nhận; thời hạn theo luật chưa bắt đầu."
        return
    yield "Nhận đơn có chữ ký", f"{day(found.signed_on)}, {_HANDS[found.came_by].lower()}"
    if found.people > 1:
        yield "Số người", str(found.people)
    if found.is_remote:
        yield "Địa bàn", "Vùng sâu, vùng xa đi lại khó khăn"
    if found.admitted_on:
        yield "Thụ lý", f"{day(found.admitted_on)}, {found.admission}"
    for each in grounds(petition.kind, Use.COMPLEX):
        if each.code in found.criteria:
            yield "Vụ việc phức tạp", each.with_article
    if found.ended_on:
        yield "Kết thúc", ", ".join(filter(None, [day(found.ended_on), found.decision]))
