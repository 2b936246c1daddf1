"""Is somebody in danger? Words of danger, unless denied, only imagined, or long over."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from feedback.triage.manner import Leaning
from feedback.triage.phrases import Hit, Message, Phrase, parse
from feedback.wards.fields import Danger, catalogue

DANGER = "danger"
_BEFORE = 4  # words looked at before a danger word

_DENIED = {"khong", "chua", "chang", "phong", "tranh", "chong", "het"}
_IMAGINED = {"neu", "lo", "nho", "gia", "so", "de", "dam", "tranh", "ngua", "phong"}
_OVER = (
    "nam ngoai",
    "nam truoc",
    "truoc day",
    "hom truoc",
    "da dap",
    "da duoc",
    "tung",
    "da xu ly",
)
_NOW = ("dang", "gap", "khan cap", "khan", "ngay", "cuu", "hien tai", "bay gio", "sap", "vua")
_ENOUGH = 0.7
_MANNER = 0.1  # how much a message's manner weighs beside a word of danger


@cache
def danger_phrases() -> tuple[Phrase, ...]:
    dangers = [parse(word, DANGER, d) for d in catalogue().dangers for word in d.words]
    return (*dangers, *(parse(word, DANGER, None) for word in catalogue().quiet))


@dataclass(frozen=True)
class Alarm:
    """`dangers`: those that count, each with the words that showed it. A message may sound urgent
    without a word of danger."""

    is_urgent: bool
    dangers: dict[Danger, str]


def judge_danger(message: Message, hits: Iterable[Hit], kind: str, leaning: Leaning) -> Alarm:
    """Whether somebody seems to be in danger now."""
    found: dict[Danger, str] = {}
    total = 0.0
    for hit in _spoken(hits):
        weight = hit.quality * _reality(message, hit)
        if weight > 0:
            total += weight
            found.setdefault(hit.phrase.label, hit.said)
    total -= {"hoi_dap": 0.7, "khen_ngoi": 0.9, "kien_nghi": 0.4}.get(kind, 0.0)
    total += _MANNER * leaning.urgency
    is_urgent = total >= _ENOUGH
    return Alarm(is_urgent, found if is_urgent else {})


def _spoken(hits: Iterable[Hit]) -> list[Hit]:
    """The words of danger that no quiet phrase (label None) silences."""
    mine = [hit for hit in hits if hit.phrase.topic == DANGER]
    quiet = [hit for hit in mine if hit.phrase.label is None]
    return [
        hit
        for hit in mine
        if hit.phrase.label is not None and not any(_silences(q, hit) for q in quiet)
    ]


def _silences(quiet: Hit, hit: Hit) -> bool:
    """'cháy hàng' silences all it touches; 'bóng … cháy' only what lies inside it."""
    if quiet.has_gap:
        return quiet.start <= hit.start and hit.end <= quiet.end
    return quiet.start < hit.end and hit.start < quiet.end


def _reality(message: Message, hit: Hit) -> float:
    before = message.folded[max(0, hit.start - _BEFORE) : hit.start]
    if _DENIED & set(before[-2:]):
        return 0.0
    return 0.6 if _IMAGINED & set(before) else 1.0
