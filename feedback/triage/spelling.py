"""Words as people type them: short forms, missing or wrong marks, Telex keys left in, slips.

A word is read as (folded, marked). `folded` finds the phrase; `marked` decides whether the accents
speak for it or against it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Set
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from feedback.text import fold, nfc

_TONES = {"\u0300": "f", "\u0301": "s", "\u0303": "r", "\u0309": "r", "\u0323": "j"}
_WORD = re.compile(r"[^\W_]+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_TELEX_TONE = re.compile(r"[sfrxj](?=[a-z]{0,2}$)|w")
_SLIPS = [
    ("ngh", "ng"),
    ("gh", "g"),
    ("ng", "ngh"),
    ("x", "s"),
    ("s", "x"),
    ("tr", "ch"),
    ("ch", "tr"),
    ("gi", "d"),
    ("d", "gi"),
    ("r", "d"),
    ("r", "g"),
    ("l", "n"),
    ("n", "l"),
    ("k", "c"),
    ("c", "k"),
    ("f", "ph"),
    ("w", "qu"),
    ("z", "d"),
    ("j", "gi"),
]
_ENDINGS = [("t", "c"), ("c", "t"), ("n", "ng"), ("ng", "n"), ("y", "i"), ("i", "y"), ("k", "ch")]


class Marks(IntEnum):
    """How the accents of a typed word agree with those of a phrase."""

    AGAINST = 0  # other accents: another word
    ABSENT = 1  # no accents typed
    PARTLY = 2  # some typed, none wrong
    EXACT = 3


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("spelling.toml").read_text(encoding="utf-8"))


@cache
def short_forms() -> dict[str, tuple[str, ...]]:
    return {nfc(short): tuple(nfc(full).split()) for short, full in _tables()["short"].items()}


@cache
def particles() -> frozenset[str]:
    """Folded words that soften the end of a sentence and add nothing to it."""
    return frozenset(fold(word) for word in _tables()["particles"])


def typed_words(text: str) -> list[str]:
    """The words of a text in lower case, short forms spelled out."""
    short = short_forms()
    words = _WORD.findall(nfc(text).lower())
    return [full for word in words for full in short.get(word, (word,))]


@lru_cache(maxsize=20_000)
def marked(word: str) -> tuple[str, str]:
    """'hòa', 'hoà' -> ('hoa', 'f'): letters with their hats, and the tone. Ngã counts as hỏi."""
    letters, tone = [], ""
    for c in unicodedata.normalize("NFD", word):
        if c in _TONES:
            tone = _TONES[c]
        else:
            letters.append(c)
    return nfc("".join(letters)), tone


@lru_cache(maxsize=20_000)
def toneless(word: str) -> str:
    """One spelling for 'hoà' and 'hòa': the tone stands at the end."""
    return "".join(marked(word))


@lru_cache(maxsize=20_000)
def compare(typed: str, known: str) -> Marks:
    """A typed word and a known one with the same letters, perhaps after a repair."""
    if typed == known:
        return Marks.EXACT
    if typed.isascii():
        return Marks.ABSENT
    (letters, tone), (known_letters, known_tone) = marked(typed), marked(known)
    if tone not in ("", known_tone):
        return Marks.AGAINST
    if fold(typed) != fold(known):
        return Marks.PARTLY
    if letters != known_letters and not _hats_missing(letters, known_letters):
        return Marks.AGAINST
    return Marks.EXACT if (letters, tone) == (known_letters, known_tone) else Marks.PARTLY


def _hats_missing(typed: str, known: str) -> bool:
    """'đuong' for 'đương': every letter is the same or the bare one."""
    return len(typed) == len(known) and all(
        t == k or t == fold(k) for t, k in zip(typed, known, strict=True)
    )


def repair(folded: str, vocabulary: Set[str]) -> str:
    """A word we don't know, read as the nearest one we do; itself when there is none."""
    for candidate in _candidates(folded):
        if candidate in vocabulary:
            return candidate
    return folded


def _candidates(word: str) -> list[str]:
    found = [_STRETCHED.sub(r"\1", word)]
    telex = _TELEX_TONE.sub("", word)
    found.append(re.sub(r"dd|aa|ee|oo", lambda pair: pair[0][0], telex))
    if len(word) > 2:
        found += [new + word[len(old) :] for old, new in _SLIPS if word.startswith(old)]
        found += [word[: -len(old)] + new for old, new in _ENDINGS if word.endswith(old)]
    if len(word) > 3:
        swaps = range(1, len(word) - 1)
        found += [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in swaps]
    return [c for c in found if c != word and len(c) > 1]
