"""Which papers fit a petition now, who may give them out, and how they are filled."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from feedback import clock
from feedback.db import db
from feedback.errors import NotAllowed, NotFound
from feedback.papers import filling, forms, proceedings
from feedback.papers.asking import read
from feedback.papers.forms import Form
from feedback.papers.inputs import PaperContext
from feedback.papers.issuing import ISSUERS
from feedback.papers.signing import Capacity, Signer
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Role
from feedback.petitions.dating import LEGAL
from feedback.petitions.lifecycle import STANDINGS, Action
from feedback.petitions.models import AnswerState, Kind, Petition, Status
from feedback.petitions.visibility import can_see
from feedback.wards.models import Ward

ANSWERED = frozenset({Status.ANSWERED, Status.CLOSED})
STATUSES: dict[str, frozenset[Status]] = {
    "any": frozenset(Status) - {Status.MERGED},
    "open": frozenset(s for s in Status if STANDINGS[s].is_open) - ANSWERED,
    "answered": ANSWERED,
    "transferred": frozenset({Status.TRANSFERRED}),
    "rejected": frozenset({Status.REJECTED, Status.NOT_ADMITTED}),
    "signed": frozenset({Status.SIGNED}),
    "admitted": frozenset({Status.ADMITTED, Status.SUSPENDED}),
    "discontinued": frozenset({Status.DISCONTINUED}),
}
_WHEN: dict[str, Callable[[Petition], bool]] = {
    "": lambda petition: True,
    "extended": lambda p: any(
        entry.action in (Action.EXTEND, Action.PROLONG) for entry in p.timeline
    ),
    "extendable": lambda p: (
        _WHEN["extended"](p) or (p.kind in LEGAL and p.status in STATUSES["admitted"])
    ),
    "late": lambda p: _is_late(p) or _WHEN["extended"](p),
    "approved": lambda p: any(each.state is AnswerState.APPROVED for each in p.answers),
}
_FILL: dict[str, Callable[..., PaperContext]] = {
    "receipt": filling.receipt,
    "documents_receipt": proceedings.documents_receipt,
    "guidance": filling.guidance,
    "referral": filling.referral,
    "acceptance_proposal": filling.acceptance_proposal,
    "acceptance_notice": filling.complaint_notice,
    "refusal_notice": filling.complaint_notice,
    "extension_notice": filling.extension,
    "apology": filling.apology,
    "result_notice": filling.answer,
    "answer_letter": filling.answer,
    "suspension": proceedings.decision,
    "resumption": proceedings.decision,
    "complaint_dialogue": proceedings.dialogue,
    "reception_refusal": proceedings.reception_refusal,
    "complaint": lambda petition, _signer: filling.complaint(petition),
    "accusation": lambda petition, _signer: filling.accusation(
        db.session.get_one(Ward, petition.ward_id)
    ),
}
_IDENTITY = ("id_number", "id_issued_on", "id_issued_by")
_CAPACITY = {Role.CHAIR: Capacity.CHAIR, Role.VICE_CHAIR: Capacity.DEPUTY}


def offers(petition: Petition, actor: Actor) -> list[Form]:
    """The papers this officer may prepare for a petition as it stands, in the order of their names."""
    if not _may_prepare(petition, actor):
        return []
    found = [forms.form(key, clock.today()) for key in _FILL]
    return sorted((each for each in found if fits(each, petition)), key=lambda each: each.name)


def offer(key: str, petition: Petition, actor: Actor) -> Form:
    """One of them. Raises NotFound when it does not fit, or is not theirs to prepare."""
    for each in offers(petition, actor):
        if each.key == key:
            return each
    raise NotFound


def fits(form: Form, petition: Petition) -> bool:
    """Whether the petition's kind and state call for this paper. Of what may be an accusation nothing
    is printed but guidance."""
    if form.offer is None:
        return False
    is_sealed = petition.is_restricted or petition.kind is Kind.TO_CAO
    if is_sealed != (Kind.TO_CAO in form.offer.kinds):
        return False
    kinds = {petition.kind}
    if form.offer.issuers == "nobody":  # the resident's own paper follows what the resident meant
        kinds.add(petition.proposed_kind)
    return (
        (is_sealed or not form.offer.kinds or not kinds.isdisjoint(form.offer.kinds))
        and any(petition.status in STATUSES[name] for name in form.offer.statuses)
        and _WHEN[form.offer.when](petition)
    )


def may_issue(form: Form, actor: Actor) -> bool:
    """Whether the officer may give out a numbered paper of this form."""
    rights = ISSUERS[form.offer.issuers if form.offer else "handle"]
    return any(actor.has(right) for right in rights)


def context(
    key: str,
    petition: Petition,
    actor: Actor,
    typed: Mapping[str, str],
    signer_id: int | None = None,
) -> PaperContext:
    """The paper of this petition, filled with what was typed. Raises NotFound, BadInput, WrongState."""
    form = offer(key, petition, actor)
    values = read(form.offer.asks if form.offer else (), typed)
    identity = {name: values.pop(name) for name in _IDENTITY if name in values}
    filled = _FILL[key](petition, _signer(form, petition, actor, signer_id), **values)
    for name in ("person", "complainant"):
        if identity and hasattr(filled, name):
            filled = replace(filled, **{name: replace(getattr(filled, name), **identity)})
    return filled


def signers(form: Form, petition: Petition, actor: Actor) -> list[tuple[int, str]]:
    """Who may sign it, as (officer's id, words); an answer is signed by who let it leave."""
    if form.offer and form.offer.when == "approved":
        own = filling.signer_of_answer(petition)
        return [(own.officer_id or 0, f"{own.name} ({own.capacity.label.lower()})")]
    if Capacity.SELF in form.signers:
        return [(actor.officer_id or 0, "Ông/Bà ký với chức danh của mình")]
    table = table_of(petition.ward_id)
    found = []
    for role, capacity in _CAPACITY.items():
        if capacity in form.signers:
            for post in table.setup.posts.values():
                if post.role is role:
                    held = table.holders.get(post.id, ())
                    found += [
                        (who, f"{table.name(who)} ({capacity.label.lower()})") for who in held
                    ]
    return found


def _signer(form: Form, petition: Petition, actor: Actor, signer_id: int | None) -> Signer:
    may_sign = [officer_id for officer_id, _ in signers(form, petition, actor)]
    chosen = signer_id if signer_id is not None else next(iter(may_sign), None)
    if chosen is None or chosen not in may_sign:
        raise NotAllowed("Người được chọn không đúng thẩm quyền ký văn bản này.")
    if form.offer and form.offer.when == "approved":
        return filling.signer_of_answer(petition)
    if Capacity.SELF in form.signers:
        return filling.receiver_of(chosen)
    return filling.signer_of(chosen)


def _may_prepare(petition: Petition, actor: Actor) -> bool:
    """Papers hold the reporter's name: who may neither handle nor take in petitions makes none."""
    may = any(actor.has(right) for right in ISSUERS["handle"])
    return may and can_see(petition, actor)


def _is_late(petition: Petition) -> bool:
    until = petition.answered_at or clock.now()
    return petition.due_at is not None and (petition.late_at or petition.due_at) <= until
