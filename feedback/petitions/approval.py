"""Who may let an answer leave: rules as data (`approval.toml`), a ward's own before the shipped ones.

The rule says whose signature is needed; who stands higher may sign, too. A vice-chair signs what the chair
would have when the chair must keep out of it, and while they run the ward as its head.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.errors import Misconfigured
from feedback.labels import Labelled
from feedback.people.actor import Actor
from feedback.people.kinship import Kinship
from feedback.people.models import Permission as P
from feedback.people.models import Role
from feedback.petitions.models import Kind, Petition, Urgency
from feedback.wards.delegation import table
from feedback.wards.setup import Setup, setup_of

SOURCE = Path(__file__).with_name("approval.toml")
SETTING = "approval"


class Signing(Labelled):
    """Whose word an answer needs."""

    CHAIR = "chair", "Chủ tịch trực tiếp ký"
    VICE_CHAIR = "vice_chair", "Phó Chủ tịch được ký thay (KT. CHỦ TỊCH)"
    OFFICER = "officer", "Người phụ trách gửi, không phải trình duyệt"


_ENOUGH: Mapping[Signing, frozenset[P]] = {
    Signing.CHAIR: frozenset({P.APPROVE}),
    Signing.VICE_CHAIR: frozenset({P.APPROVE, P.APPROVE_FOR_CHAIR}),
    Signing.OFFICER: frozenset({P.APPROVE, P.APPROVE_FOR_CHAIR}),
}
SIGNERS = _ENOUGH[Signing.OFFICER]  # the rights of those who sign by their office


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the rules; a condition that is empty or None does not count. `fields`: numbers."""

    signing: Signing
    because: str
    kinds: frozenset[Kind] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    fields: frozenset[int] = frozenset()
    is_reopened: bool | None = None
    is_about_officer: bool | None = None
    decision_no: str = ""

    def fits(self, petition: Petition, setup: Setup) -> bool:
        field = setup.fields.get(petition.field_id)
        return (
            (not self.kinds or petition.kind in self.kinds)
            and (not self.urgencies or petition.urgency in self.urgencies)
            and (not self.fields or (field is not None and field.no in self.fields))
            and self.is_reopened in (None, petition.reopened > 0)
            and self.is_about_officer in (None, petition.complained_officer_id is not None)
        )

    def condition(self, p: Any, setup: Setup) -> Any:
        """The same for a WHERE, on the columns `p`."""
        found = [sa.true()]
        if self.kinds:
            found.append(p.kind.in_(sorted(self.kinds)))
        if self.urgencies:
            found.append(p.urgency.in_(sorted(self.urgencies)))
        if self.fields:
            ids = [field.id for field in setup.fields.values() if field.no in self.fields]
            found.append(p.field_id.in_(ids))
        if self.is_reopened is not None:
            found.append((p.reopened > 0).is_(self.is_reopened))
        if self.is_about_officer is not None:
            found.append(p.complained_officer_id.is_not(None).is_(self.is_about_officer))
        return sa.and_(*found)


@cache
def shipped() -> tuple[Rule, ...]:
    """The rules every ward starts with; the last fits whatever no other does."""
    return read(tomllib.loads(SOURCE.read_text(encoding="utf-8"))["rule"])


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Rules from their tables. Raises Misconfigured naming the one that makes no sense."""
    return tuple(_rule(no, row) for no, row in enumerate(rows, 1))


def rules_of(setup: Setup) -> tuple[Rule, ...]:
    """The ward's rules in the order in which they are tried. Raises Misconfigured."""
    memory = setup.memory
    if SETTING not in memory:
        memory[SETTING] = (*read(setup.settings.get(SETTING, ())), *shipped())
    found: tuple[Rule, ...] = memory[SETTING]
    return found


def rule_for(petition: Petition, setup: Setup | None = None) -> Rule:
    """The rule that says who signs the answer of this petition."""
    setup = setup or setup_of(petition.ward_id)
    return next(rule for rule in rules_of(setup) if rule.fits(petition, setup))


def may_sign(petition: Petition, officer_id: int | None, rights: frozenset[P]) -> bool:
    """Whether somebody with these rights may let its answer leave."""
    setup = setup_of(petition.ward_id)
    signing = rule_for(petition, setup).signing
    if signing is Signing.OFFICER and officer_id in (petition.handler_id, petition.handler_for_id):
        return True
    kept_out = setup.kinship.avoided(petition.complained_officer_id, petition.phone_hash)
    if signing is Signing.CHAIR and petition.head_id in {officer_id, *kept_out}:
        signing = Signing.VICE_CHAIR
    return bool(_ENOUGH[signing] & rights)


def is_sent_by_handler(petition: Petition) -> bool:
    """Whether the handler sends the answer without anybody's approval."""
    return rule_for(petition).signing is Signing.OFFICER


def signable_by(actor: Actor, p: Any) -> Any:
    """The answers this officer may let leave by their rights, own or borrowed, for a WHERE."""
    if actor.ward_id is None or not (actor.has(P.APPROVE) or actor.has(P.APPROVE_FOR_CHAIR)):
        return sa.false()
    own = sa.not_(_touched(actor.officer_id, actor.kinship, p))
    if actor.has(P.APPROVE):
        return own
    setup = setup_of(actor.ward_id)
    signing = sa.case(
        *((rule.condition(p, setup), rule.signing.value) for rule in rules_of(setup)),
        else_=Signing.CHAIR.value,
    )
    return sa.and_(
        own,
        sa.or_(
            signing != Signing.CHAIR.value,
            p.complained_officer_id == p.head_id,
            p.head_id == actor.officer_id,
            *(
                sa.and_(p.head_id == who, _touched(who, setup.kinship, p))
                for who, _ in table(setup, clock.today()).with_role(Role.CHAIR)
            ),
        ),
    )


def _touched(officer_id: int | None, kinship: Kinship, p: Any) -> Any:
    """Whether an officer must keep out of it, for a WHERE; never NULL."""
    close = sa.or_(
        p.complained_officer_id.in_(kinship.kin.get(officer_id or 0, ())),
        p.phone_hash.in_(kinship.phones_of(officer_id)),
    )
    return sa.func.coalesce(close, sa.false())


def _rule(no: int, row: Mapping[str, Any]) -> Rule:
    try:
        return Rule(
            **{
                **row,
                "signing": Signing(row["signing"]),
                "because": str(row["because"]),
                "kinds": frozenset(map(Kind, row.get("kinds", ()))),
                "urgencies": frozenset(map(Urgency, row.get("urgencies", ()))),
                "fields": frozenset(map(int, row.get("fields", ()))),
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Misconfigured(f"Quy tắc ký trả lời, dòng {no}: {error}") from error
