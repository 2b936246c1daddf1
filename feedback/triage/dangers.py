"""Is somebody in danger? Words of danger, unless denied, only imagined, or long over; and cues.

Words of danger are listed (`wards/dangers.toml`). A cue alone means little, but somebody hurt, just now, and
nobody able to help sounds like danger whatever the words. What each weighs was fitted once to our own examples.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from feedback.triage.manner import Leaning
from feedback.triage.phrases import Hit, Message, Phrase, parse
from feedback.wards.fields import Danger, catalogue

DANGER, CONTEXT, CUE = "danger", "context", "cue"
NOW, OVER, UNREAL = "now", "over", "unreal"
_BEFORE = 2  # words before a danger word where a "không" denies it
_UNREAL_REACH = 6  # words from "tập huấn", "nếu" to what is only spoken of

_DENIED = {"khong", "chua", "chang", "tranh", "chong", "het"}
_SECOND = 0.5  # further words of the same danger say less than the first
_FAINT_PARTS = 0.5  # two single words apart from each other, without accents, often mean others
_SPOKEN_OF = 0.25  # over, or only spoken of
_MOST_ADVICE = 3

_ENOUGH = 2.3
_DANGER, _MOST_DANGER = 3.2, 2.0
_MANNER, _LEAST_MANNER, _MOST_MANNER = 0.44, -4.0, 6.0
_PERSON, _HARM, _HAZARD, _FRESH, _HELPLESS, _CALM = 0.5, 0.35, 0.4, 0.65, 1.1, -0.75
_HURT_NOW, _SOMEBODY_HURT, _OVER = 0.35, 0.15, -0.35
_MOST_CUES = 3.0
_LENGTH, _PER_WORDS, _MOST_LENGTH = -0.55, 20, 3.0  # who is in danger is brief
_KINDS = {"hoi_dap": -0.95, "kien_nghi": -0.35, "khen_ngoi": -0.8}


@cache
def danger_phrases() -> tuple[Phrase, ...]:
    """Of topics "danger" (label None: it silences what lies inside), "context" and "cue …"."""
    seed = catalogue()
    return (
        *(parse(word, DANGER, d) for d in seed.dangers for word in d.words),
        *(parse("~" + word, DANGER, d) for d in seed.dangers for word in d.hints),
        *(parse(word, DANGER, None) for word in seed.quiet),
        *(parse(word, CONTEXT, says) for says, words in seed.context.items() for word in words),
        *(parse(word, f"{CUE} {of}", of) for of, words in seed.cues.items() for word in words),
    )


@dataclass(frozen=True)
class Alarm:
    """`dangers`: those that count, the clearest first, each with the words that showed it; the general
    one, without words, when a message only sounds like danger."""

    is_urgent: bool
    dangers: dict[Danger, str]


def judge_danger(message: Message, hits: Iterable[Hit], kind: str, leaning: Leaning) -> Alarm:
    """Whether somebody seems to be in danger now."""
    hits = list(hits)
    spoken = _spoken(hits)
    context = [hit for hit in hits if hit.phrase.topic == CONTEXT]
    total, said = _words_of_danger(message, spoken, context)
    score = (
        _DANGER * min(total, _MOST_DANGER)
        + _MANNER * max(_LEAST_MANNER, min(_MOST_MANNER, leaning.urgency))
        + _LENGTH * min(len(message) / _PER_WORDS, _MOST_LENGTH)
        + _OVER * any(hit.phrase.label == OVER for hit in context)
        + _KINDS.get(kind, 0.0)
        + _sound(spoken)
    )
    if score < _ENOUGH:
        return Alarm(False, {})
    return Alarm(True, said or {catalogue().any_danger: ""})


def _words_of_danger(
    message: Message, spoken: Sequence[Hit], context: Sequence[Hit]
) -> tuple[float, dict[Danger, str]]:
    is_pressing = any(hit.phrase.label == NOW for hit in context)
    weights: dict[Danger, list[float]] = {}
    said: dict[Danger, tuple[float, str]] = {}
    for hit in spoken:
        if hit.phrase.topic != DANGER:
            continue
        weight = _weight(message, hit) * _reality(message, hit, context, is_pressing=is_pressing)
        if weight > 0:
            danger = hit.phrase.label
            weights.setdefault(danger, []).append(weight)
            said[danger] = max(said.get(danger, (0.0, "")), (weight, hit.said))
    clearest = sorted(said, key=lambda danger: -said[danger][0])[:_MOST_ADVICE]
    total = sum(_together(each) for each in weights.values())
    return total, {danger: said[danger][1] for danger in clearest}


def _sound(spoken: Iterable[Hit]) -> float:
    """How much the cues sound like somebody hurt, just now, whom nobody can help."""
    heard = {
        (hit.phrase.label, hit.phrase.text): hit.quality
        for hit in spoken
        if hit.phrase.topic.startswith(CUE)
    }
    cues: defaultdict[str, float] = defaultdict(float)
    for (of, _), quality in heard.items():
        cues[of] += quality
    cue = {of: min(n, _MOST_CUES) for of, n in cues.items()}
    harm, person, fresh = cue.get("harm", 0.0), cue.get("person", 0.0), cue.get("fresh", 0.0)
    return (
        _PERSON * (person > 0)
        + _HARM * harm
        + _HAZARD * cue.get("hazard", 0.0)
        + _FRESH * (fresh > 0)
        + _HELPLESS * cue.get("helpless", 0.0)
        + _CALM * cue.get("calm", 0.0)
        + _HURT_NOW * harm * (fresh > 0)
        + _SOMEBODY_HURT * harm * (person > 0)
    )


def _together(weights: list[float]) -> float:
    first, *others = sorted(weights, reverse=True)
    return first + _SECOND * min(first, sum(others))


def _spoken(hits: Iterable[Hit]) -> list[Hit]:
    """The words of danger and the cues that no quiet phrase (label None) silences."""
    mine = [hit for hit in hits if hit.phrase.topic.startswith((DANGER, CUE))]
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


def _weight(message: Message, hit: Hit) -> float:
    weight = hit.quality * hit.phrase.weight
    return weight * _FAINT_PARTS if hit.has_gap and message.bare and hit.words < 3 else weight


def _reality(message: Message, hit: Hit, context: Iterable[Hit], *, is_pressing: bool) -> float:
    if _DENIED & set(message.folded[max(0, hit.start - _BEFORE) : hit.start]):
        return 0.0
    said_of = (_unsays(message, each, hit, is_pressing=is_pressing) for each in context)
    return _SPOKEN_OF if any(said_of) else 1.0


def _unsays(message: Message, word: Hit, hit: Hit, *, is_pressing: bool) -> bool:
    """'hồi tết' anywhere in the message unless help is called for now; 'tập huấn' shortly before."""
    if word.phrase.label == OVER:
        return not is_pressing
    is_before = message.sentence[word.start] == message.sentence[hit.start]
    return word.phrase.label == UNREAL and is_before and 0 <= hit.start - word.end <= _UNREAL_REACH
