"""How messages of each kind, and urgent ones, are worded: counted from examples, nothing more.

The lists of `signs.toml` say what a ward can read; this adds what no list thinks of. It counts words and
pairs of words without accents, how messages begin and end, and whether they ask with "?".
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from feedback.text import fold
from feedback.triage.spelling import typed_words

_SMOOTHING = 3.0
_ENOUGH = 2  # signs met less often say nothing
_TAUGHT_KIND = (
    -10.0,
    10.0,
)  # how far the decisions of one ward may turn what a message seems to be
_TAUGHT_URGENCY = (-1.0, 12.0)


@dataclass(frozen=True)
class Leaning:
    """How strongly the wording speaks for each kind, and for urgency; below nought: against it."""

    kinds: dict[str, float]
    urgency: float

    def taught(self, own: "Leaning") -> "Leaning":
        """Helped by what a ward decided itself, within bounds: it may raise an alarm, hardly silence one."""
        kinds = {
            kind: self.kinds.get(kind, 0.0) + _within(own.kinds.get(kind, 0.0), *_TAUGHT_KIND)
            for kind in {**self.kinds, **own.kinds}
        }
        return Leaning(kinds, self.urgency + _within(own.urgency, *_TAUGHT_URGENCY))


class Manner:
    """What each sign says, from messages of known kind and urgency."""

    def __init__(self, known: Iterable[tuple[str, bool, str]]):
        rows = list(known)
        kinds, urgent = Counter(kind for kind, _, _ in rows), sum(each for _, each, _ in rows)
        self._kinds = [kind for kind, _ in kinds.most_common()]
        usual = [(kinds[kind] + 1) / (len(rows) + len(kinds)) for kind in self._kinds]
        alarming = (urgent + 1) / (len(rows) + 2)
        met: dict[
            str, bytes
        ] = {}  # of each sign its messages, a byte each: kind, and urgent or not
        for kind, is_urgent, text in rows:
            once_more = bytes([2 * self._kinds.index(kind) + is_urgent])
            for sign in set(_signs_of(text)):
                met[sign] = met.get(sign, b"") + once_more
        self._says: dict[str, list[float]] = {}
        for sign, messages in met.items():
            if len(messages) >= _ENOUGH:
                by_kind = Counter(each // 2 for each in messages)
                alarms = sum(each % 2 for each in messages)
                calm = len(messages) - alarms
                self._says[sign] = [
                    *(
                        _more_often(by_kind[no], len(messages), each)
                        for no, each in enumerate(usual)
                    ),
                    _more_often(alarms, len(messages), alarming)
                    - _more_often(calm, len(messages), 1 - alarming),
                ]

    def lean(self, words: Sequence[str], text: str) -> Leaning:
        """For folded words, in this text."""
        spoken = [said for sign in _signs(words, text) if (said := self._says.get(sign))]
        *kinds, urgency = map(sum, zip(*spoken, strict=True)) if spoken else [0.0]
        return Leaning(dict(zip(self._kinds, kinds, strict=False)), urgency)


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))


def _more_often(n: int, met: int, share: float) -> float:
    """The logarithm of how much more often than usual, drawn towards nought where little was met."""
    return math.log((n + _SMOOTHING * share) / (met + _SMOOTHING) / share)


def _signs_of(text: str) -> set[str]:
    return _signs([fold(word) for word in typed_words(text)], text)


def _signs(words: Sequence[str], text: str) -> set[str]:
    signs = {f"{a} {b}" for a, b in zip(words, words[1:], strict=False)}
    signs.update(words)
    for n in (1, 2):
        signs.add("^" + " ".join(words[:n]))
        signs.add(" ".join(words[-n:]) + "$")
    if "?" in text:
        signs.add("?")
    return signs


@cache
def own_manner() -> Manner:
    """Of our own examples, as far as they are whole messages."""
    source = Path(__file__).with_name("examples.jsonl")
    rows = map(json.loads, source.read_text(encoding="utf-8").splitlines())
    return Manner((r["kind"], r.get("urgent", False), r["text"]) for r in rows if "kind" in r)
