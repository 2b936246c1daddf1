"""What the words themselves propose where nobody chose: kind, field, urgency. An official decides."""

from dataclasses import dataclass

from feedback.petitions.learning import lessons_of, words_of
from feedback.petitions.models import Kind, Urgency
from feedback.triage.suggest import suggest
from feedback.wards.setup import Setup


@dataclass(frozen=True)
class Proposal:
    """`is_accusation`: the words say what only a denunciation says; keep them restricted."""

    kind: Kind
    field_id: int
    urgency: Urgency
    is_accusation: bool


def propose(
    text: str, setup: Setup, *, kind: Kind | None, field_id: int | None, urgency: Urgency | None
) -> Proposal:
    """The choices given, and the words' own proposals for those left open."""
    found = suggest(text, fields=words_of(setup), lessons=lessons_of(setup))
    by_no = {field.no: field.id for field in setup.fields.values()}
    fields = [by_no[field.no] for field in found.fields if field.no in by_no]
    proposed = kind or (Kind.TO_CAO if found.accusation else Kind(found.kind))
    belongs_to = field_id or (fields[0] if fields else other_field(by_no))
    own = setup.fields[belongs_to].urgency if belongs_to in setup.fields else None
    is_usual = proposed is Kind.PHAN_ANH and not found.urgent
    return Proposal(
        kind=proposed,
        field_id=belongs_to,
        urgency=urgency or Urgency(own if own and is_usual else found.urgency),
        is_accusation=Kind.TO_CAO in (kind, Kind(found.kind)) or found.accusation,
    )


def other_field(by_no: dict[int, int]) -> int:
    """The field for what fits nowhere: the last of the ward's list."""
    return by_no[max(by_no)]
