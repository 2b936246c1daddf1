"""Residents ask for a dialogue: when a tenth of the voters do, the ward must hold one.

Khoản 1 Điều 43 Luật Tổ chức chính quyền địa phương số 72/2025/QH15. The counter begins anew after each
conference. The number of voters is a fact of the ward (`settings["voters"]`).
"""

from dataclasses import dataclass

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.dialogue import notices
from feedback.dialogue.funnel import needed
from feedback.dialogue.models import Dialogue
from feedback.dialogue.once import is_new
from feedback.dialogue.request_models import DialogueRequest
from feedback.errors import BadInput, NotAllowed
from feedback.messages import say
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Channel, Role
from feedback.people.models import Permission as P
from feedback.sealing import fingerprint
from feedback.text import normal_phone, squeeze
from feedback.wards.setup import setup_of

SHARE = 10  # percent of the voters
ARTICLE = "Điều 43 Luật Tổ chức chính quyền địa phương số 72/2025/QH15"
LONGEST = 500
MOST_SIGNATURES = 100_000


@dataclass(frozen=True)
class Count:
    """How many ask, of how many voters. `needed`: from how many on the ward must; None: voters unknown."""

    asking: int
    voters: int | None
    needed: int | None

    @property
    def obliges(self) -> bool:
        return self.needed is not None and self.asking >= self.needed


def ask_for(
    ward_id: int,
    *,
    name: str,
    phone: str,
    about: str = "",
    neighbourhood_id: int | None = None,
    channel: Channel = Channel.WEB,
) -> bool:
    """One voter asks; False when this telephone asked already. Raises BadInput."""
    normal = normal_phone(phone) if phone else None
    if not normal:
        raise BadInput(fields={"phone": "Xin ghi số điện thoại, để mỗi người được tính một lần."})
    if len(squeeze(about)) > LONGEST:
        raise BadInput(fields={"about": f"Nhiều nhất {LONGEST} ký tự."})
    values = {"name": needed(name, "họ tên", field="name"), "about": squeeze(about)}
    return _count_in(
        ward_id, fingerprint(normal), values, channel=channel, neighbourhood_id=neighbourhood_id
    )


def hand_in(ward_id: int, *, by: Actor, people: int, about: str, key: str) -> bool:
    """A list of signatures on paper, counted by an official; the same `key` counts once. Raises BadInput,
    NotAllowed."""
    if by.ward_id != ward_id or not by.has(P.HOLD_DIALOGUE):
        raise NotAllowed
    if not 1 <= people <= MOST_SIGNATURES:
        raise BadInput(fields={"people": "Xin ghi số chữ ký."})
    values = {
        "name": "Danh sách chữ ký",
        "about": needed(about, "ai nộp, về việc gì", field="about"),
    }
    return _count_in(
        ward_id,
        f"paper:{key}"[:48],
        values,
        channel=Channel.PAPER,
        people=people,
        entered_by_id=by.officer_id,
    )


def count(ward_id: int) -> Count:
    """Since the last conference."""
    asking = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(DialogueRequest.people), 0)).where(
            DialogueRequest.ward_id == ward_id, DialogueRequest.round == round_of(ward_id)
        )
    )
    voters = setup_of(ward_id).settings.get("voters") or None
    return Count(int(asking or 0), voters, -(-voters * SHARE // 100) if voters else None)


def newest(ward_id: int, limit: int = 20) -> list[DialogueRequest]:
    """What is asked for, newest first."""
    query = sa.select(DialogueRequest).filter_by(ward_id=ward_id, round=round_of(ward_id))
    return list(db.session.scalars(query.order_by(DialogueRequest.id.desc()).limit(limit)))


def round_of(ward_id: int) -> int:
    """How many conferences were held: requests of earlier rounds are counted no longer."""
    held = sa.select(sa.func.count()).where(
        Dialogue.ward_id == ward_id, Dialogue.kind == "annual", Dialogue.held_at.is_not(None)
    )
    return db.session.scalar(held) or 0


def _count_in(ward_id: int, voter: str, values: dict[str, str], **more: object) -> bool:
    round_ = round_of(ward_id)
    held = {"people": 1, "entered_by_id": None, "neighbourhood_id": None} | more
    is_first = is_new(
        DialogueRequest,
        ward_id=ward_id,
        round=round_,
        voter=voter,
        at=clock.now(),
        **values,
        **held,
    )
    if is_first and count(ward_id).obliges:
        _oblige(ward_id, round_)
    return is_first


def _oblige(ward_id: int, round_: int) -> None:
    """Tell the chair and reception, once for each round."""
    found, table = count(ward_id), table_of(ward_id)
    text = say(
        "dialogue.demanded", table.setup.texts, **vars(found), article=ARTICLE, link=links.desk()
    )
    for role in (Role.CHAIR, Role.CLERK):
        for officer_id, _ in table.with_role(role):
            key = f"dialogue-demanded:{ward_id}:{round_}"
            notices.to_officer(officer_id, text, notice="dialogue.demanded", key=key)
