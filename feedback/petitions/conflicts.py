"""Nobody handles a petition about themselves or somebody close to them, or one of their own.

What keeps an officer away is never said: the same sentence refuses who is away and who must keep out, so
that neither a reporter nor a declaration can be guessed from it.
"""

import sqlalchemy as sa

from feedback.db import db
from feedback.errors import Misconfigured
from feedback.people.models import Contact
from feedback.petitions.models import Petition
from feedback.wards import routing
from feedback.wards.delegation import Table
from feedback.wards.setup import Setup

SENTENCE = (
    "Không giao được cho {name}: đang vắng mặt không có người thay, không có nhiệm vụ xử lý, hoặc thuộc "
    "trường hợp phải tránh xung đột lợi ích."
)


def avoided(petition: Petition, setup: Setup) -> frozenset[int]:
    """Officers who may not handle this petition; looks up whose chat it came from."""
    found = setup.kinship.avoided(petition.complained_officer_id, petition.phone_hash)
    own = _officer_of(petition.contact_id)
    return found | {own} if own else found


def refusal(petition: Petition, officer_id: int, table: Table) -> str:
    """Why it cannot be given to this officer, and to whom it can."""
    sentence = SENTENCE.format(name=table.setup.officers.get(officer_id, "người này"))
    try:
        route = routing.choose(
            petition.neighbourhood_id,
            petition.field_id,
            table=table,
            avoid={*avoided(petition, table.setup), officer_id},
            is_sealed=petition.is_restricted,
            is_above=petition.is_above_ward,
        )
    except Misconfigured:
        return sentence
    post = table.setup.posts[route.position_id]
    return f"{sentence} Có thể giao cho {table.name(route.handler_id)}, {post.title}."


def unit_refusal(petition: Petition, department_id: int, table: Table) -> str:
    """Why a unit cannot be asked for its help, "" when it can: somebody in it may look at this."""
    posts = [p for p in table.setup.posts.values() if p.department_id == department_id]
    people = {who for post in posts for who in table.holders.get(post.id, ())}
    if not people or people - avoided(petition, table.setup):
        return ""
    return "Đơn vị này chưa có người phối hợp được; xin chọn đơn vị khác."


def _officer_of(contact_id: int | None) -> int | None:
    if contact_id is None:
        return None
    return db.session.scalar(sa.select(Contact.officer_id).where(Contact.id == contact_id))
