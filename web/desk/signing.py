""" "Ai ký": whose word an answer waits for today, and what stands above the name on paper."""

from dataclasses import dataclass

from feedback.papers.signing import Authority, Capacity, Signer, lines
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.people.models import Role
from feedback.petitions import approval
from feedback.petitions.approval import Signing
from feedback.petitions.models import Petition
from feedback.wards.delegation import Table


@dataclass(frozen=True)
class WhoSigns:
    """`label`: the rule's word; `names`: who may, each with their post and for whom; `because`: why."""

    label: str
    names: tuple[str, ...]
    because: str


def who_signs(petition: Petition, table: Table) -> WhoSigns:
    rule = approval.rule_for(petition, table.setup)
    roles = {
        Signing.CHAIR: (Role.CHAIR,),
        Signing.VICE_CHAIR: (Role.VICE_CHAIR, Role.CHAIR),
        Signing.OFFICER: (),
    }[rule.signing]
    names = [_named(who, post, table) for role in roles for who, post in table.with_role(role)]
    if rule.signing is Signing.OFFICER:
        names = [_named(petition.handler_id, petition.handler_position_id, table)]
    return WhoSigns(rule.signing.label, tuple(names), rule.because)


def sign_block(actor: Actor, table: Table) -> tuple[str, ...]:
    """The words above this signer's name on paper, and the name: ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", …)."""
    papers = table.setup.settings.get("papers", {})
    authority = Authority(papers.get("authority") or Authority.CHAIR)
    capacity = Capacity.WARRANT
    if Role.CHAIR in actor.roles:
        capacity = Capacity.CHAIR
    elif Role.VICE_CHAIR in actor.roles:
        capacity = Capacity.DEPUTY
    elif not actor.has(P.APPROVE):
        capacity = Capacity.ORDER
    held = table.posts_of.get(actor.officer_id or 0, ())
    title = table.setup.posts[held[0]].title if held else ""
    name = table.name(actor.officer_id or 0)
    return (*lines(authority, Signer(name, capacity, title)), name)


def _named(officer_id: int, position_id: int, table: Table) -> str:
    """'Nguyễn Thị Hoa, Chủ tịch UBND phường (vắng đến hết 5/9/2026, Trần Văn Vinh ký thay)'"""
    words = f"{table.name(officer_id)}, {table.setup.posts[position_id].title}"
    absence = table.away.get(officer_id)
    if absence is None:
        return words
    on = absence.ends_on
    instead = table.name(absence.substitute_id)
    return f"{words} (vắng đến hết {on.day}/{on.month}/{on.year}, {instead} ký thay)"
