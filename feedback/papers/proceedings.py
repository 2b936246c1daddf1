"""What a meeting with people or a complaint's course puts on paper, filled from a petition."""

from collections.abc import Sequence
from datetime import date, datetime

from feedback import clock
from feedback.papers.filling import office_for, person_of, printable, to_of
from feedback.papers.inputs import (
    ComplaintDecision,
    ComplaintDialogue,
    DocumentsReceipt,
    Item,
    Official,
    Opinion,
    ReceptionRefusal,
)
from feedback.papers.signing import Signer
from feedback.petitions.models import Petition


def documents_receipt(
    petition: Petition, receiver: Signer, *, where: str, items: Sequence[Item], copies: int = 2
) -> DocumentsReceipt:
    """Giấy biên nhận (02/TCD), taken in now."""
    printable(petition)
    return DocumentsReceipt(
        office=office_for(petition),
        signer=receiver,
        on=clock.today(),
        at=clock.now(),
        where=where,
        person=person_of(petition),
        items=tuple(items),
        copies=copies,
    )


def reception_refusal(
    petition: Petition, signer: Signer, *, came_on: date, where: str, ground: str
) -> ReceptionRefusal:
    """Thông báo từ chối tiếp công dân (01/TCD)."""
    printable(petition)
    return ReceptionRefusal(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        to=to_of(petition),
        came_on=came_on,
        where=where,
        person=person_of(petition),
        kind=petition.kind.label,
        about=petition.title,
        ground=ground,
    )


def decision(
    petition: Petition,
    signer: Signer,
    *,
    accepted_by: str,
    reason: str,
    clause: str = "",
    proposed_by: str = "",
    suspended_by: str = "",
    is_final: bool = False,
) -> ComplaintDecision:
    """Quyết định tạm đình chỉ, đình chỉ (14a) or tiếp tục giải quyết (14b)."""
    printable(petition)
    return ComplaintDecision(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        person=person_of(petition),
        about=petition.title,
        accepted_by=accepted_by,
        reason=reason,
        clause=clause,
        proposed_by=proposed_by,
        suspended_by=suspended_by,
        is_final=is_final,
    )


def dialogue(
    petition: Petition,
    signer: Signer,
    *,
    starts_at: datetime,
    ends_at: datetime,
    where: str,
    chair: Official,
    secretary: Official,
    complained: Sequence[Official],
    purpose: str,
    opinions: Sequence[Opinion],
    agreed: str,
    differing: str,
    attending: Sequence[Official] = (),
    other: str = "",
    absence: str = "",
    refusals: str = "",
    copies: int = 3,
) -> ComplaintDialogue:
    """Biên bản đối thoại với người khiếu nại (Mẫu số 14)."""
    printable(petition)
    return ComplaintDialogue(
        office=office_for(petition),
        signer=signer,
        on=clock.today(),
        starts_at=starts_at,
        ends_at=ends_at,
        where=where,
        chair=chair,
        secretary=secretary,
        complainant=person_of(petition),
        complained=tuple(complained),
        purpose=purpose,
        opinions=tuple(opinions),
        agreed=agreed,
        differing=differing,
        attending=tuple(attending),
        other=other,
        absence=absence,
        refusals=refusals,
        copies=copies,
    )
