"""How strongly a message speaks for each field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from feedback.triage.phrases import SURE, Hit, Phrase, parse

FIELD = "field"

_BY_LENGTH = [0.0, 1.0, 2.0, 2.7, 3.2]  # a longer phrase is rarer, and surer
_ACROSS_A_GAP = 0.9
_MOST_GAPS = 2  # per field: gapped phrases often say the same thing twice
_EARLY_WORDS, _EARLY = 20, 1.15  # people begin with the matter


@dataclass
class Evidence:
    weight: float = 0.0
    because: list[str] = field(default_factory=list)


def field_phrases(no: int, keywords: Sequence[str]) -> list[Phrase]:
    """The words of a field. A phrase around a sure one is sure: "giấy khai tử", "khai tử"."""
    phrases = [parse(word, FIELD, no) for word in keywords]
    sure = [p.text for p in phrases if p.weight == SURE]
    return [
        replace(p, weight=SURE)
        if p.weight == 1 and "|" not in p.text and any(text in p.text for text in sure)
        else p
        for p in phrases
    ]


def add(evidence: dict[int, Evidence], no: int | None, weight: float) -> None:
    if no is not None:
        evidence.setdefault(no, Evidence()).weight += weight


def weigh_fields(hits: Iterable[Hit]) -> dict[int, Evidence]:
    best: dict[tuple[int, str], tuple[float, Hit]] = {}
    for hit in hits:
        if hit.phrase.topic != FIELD:
            continue
        key = (hit.phrase.label, hit.phrase.text)
        weight = _weight(hit)
        if key not in best or weight > best[key][0]:
            best[key] = (weight, hit)
    evidence: dict[int, Evidence] = {}
    gaps: dict[int, int] = {}
    for weight, hit in sorted(best.values(), key=lambda found: -found[0]):
        no = hit.phrase.label
        if hit.has_gap:
            gaps[no] = gaps.get(no, 0) + 1
            if gaps[no] > _MOST_GAPS:
                continue
        mine = evidence.setdefault(no, Evidence())
        mine.weight += weight
        if hit.phrase.weight >= 1:
            mine.because.append(hit.said)
    return evidence


def _weight(hit: Hit) -> float:
    weight = _BY_LENGTH[min(hit.words, len(_BY_LENGTH) - 1)] * hit.quality * hit.phrase.weight
    if hit.has_gap:
        weight *= _ACROSS_A_GAP
    if hit.start < _EARLY_WORDS:
        weight *= _EARLY
    return weight
