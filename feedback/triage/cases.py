"""What decided cases say about a new message: words counted per field, nothing more.

Starts with examples of our own (`examples.jsonl`); a ward's decided petitions are counted beside them.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from feedback.text import fold
from feedback.triage.spelling import toneless, typed_words

_SMOOTHING = 0.3
_CLEARLY = 1.5  # times as often as usual; common words say nothing
_FIELDS = 25  # nobody has decided in all of them: each counts as met once more than it was
_ENOUGH = 2  # a word met less often than this speaks more softly


class Examples(Protocol):
    """Anything that remembers how cases were decided."""

    def speak(self, words: Sequence[str]) -> Mapping[int, float]:
        """How strongly they stand for each field: sums of the logarithms of how much more often than
        usual each word stands there. Words as typed, lower."""


class Cases:
    """Counts words and pairs of words, with and without accents."""

    def __init__(self, decided: Iterable[tuple[int, str]] = ()):
        self._fields: Counter[int] = Counter()
        self._seen: dict[str, bytes] = {}  # of each sign the fields of its cases, a byte each
        self._voices: dict[str, list[tuple[int, float]]] = {}
        for field_no, text in decided:
            self.learn(field_no, text)

    def learn(self, field_no: int, text: str) -> None:
        words = typed_words(text)
        self._fields[field_no] += 1
        once_more = bytes([field_no])
        for sign in _signs(words) | _signs([fold(word) for word in words]):
            self._seen[sign] = self._seen.get(sign, b"") + once_more
        self._voices.clear()

    def speak(self, words: Sequence[str]) -> Mapping[int, float]:
        said: defaultdict[int, float] = defaultdict(float)
        for sign in _signs(words):
            if sign in self._seen:
                for field_no, voice in self._voices.get(sign) or self._weigh(sign):
                    said[field_no] += voice
        return said

    def _weigh(self, sign: str) -> list[tuple[int, float]]:
        """How much more often than usual the sign stands for a field: kept until we learn more."""
        fields, total = self._seen[sign], self._fields.total()
        met = len(fields)
        weights = []
        for field_no, n in Counter(fields).items():
            usual = (self._fields[field_no] + 1) / (total + _FIELDS)
            here = (n + _SMOOTHING * usual) / (met + _SMOOTHING)
            if here > _CLEARLY * usual:
                weights.append((field_no, min(1.0, met / _ENOUGH) * math.log(here / usual)))
        self._voices[sign] = weights
        return weights


class Together:
    """Several memories as one voice: the program's own examples and what a ward has decided."""

    def __init__(self, *voices: Examples):
        self._voices = voices

    def speak(self, words: Sequence[str]) -> Mapping[int, float]:
        said: defaultdict[int, float] = defaultdict(float)
        for voice in self._voices:
            for field_no, weight in voice.speak(words).items():
                said[field_no] += weight
        return said


def _signs(words: Sequence[str]) -> set[str]:
    """Words and pairs, the tone set apart so that hoà and hòa are one."""
    plain = [toneless(word) for word in words]
    return {*plain, *(f"{a} {b}" for a, b in zip(plain, plain[1:], strict=False))}


@cache
def own_examples() -> Cases:
    source = Path(__file__).with_name("examples.jsonl")
    rows = map(json.loads, source.read_text(encoding="utf-8").splitlines())
    return Cases((row["field"], row["text"]) for row in rows)
