"""Finding thousands of phrases in one pass over a message.

Phrases live in one tree of folded words. For each topic (fields, dangers, kinds) the longest phrase
at a place wins and uses up its words; parts of a phrase with a gap use up nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from sys import intern
from typing import Any

from feedback.text import fold, nfc, squeeze
from feedback.triage.spelling import Marks, compare, particles, repair, short_forms

GAP = 8  # words a "…" may stand for, names and numbers of an address not counted
_TOKEN = re.compile(r"[^\W_]+|[.!?;](?=\s|$)|\n")  # "P.12" and "Q.1" are one sentence
_STOPS = frozenset(".!?;\n")
HINT, SURE = 0.33, 2.0
_WEIGHTS = {"~": HINT, "*": SURE}
_MEMORY = 50_000  # words remembered with their repair


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of a word list: `topic` groups what competes for words, `label` is its meaning."""

    topic: str
    label: Any
    text: str
    exact: bool = False
    weight: float = 1.0


def parse(written: str, topic: str, label: Any) -> Phrase:
    """'=cháy' -> exact accents; '~ngõ' -> a hint; '*karaoke' -> sure; '…' stays in the text."""
    sign = written[:1]
    text = nfc(written.lstrip("=~*").strip().lower())
    return Phrase(topic, label, text, exact=sign == "=", weight=_WEIGHTS.get(sign, 1.0))


@dataclass(frozen=True)
class Hit:
    """A phrase found: words `start` to `end` (exclusive); `quality` 0..1 for its accents."""

    phrase: Phrase
    start: int
    end: int
    quality: float
    words: int
    said: str  # the words that were recognised

    @property
    def has_gap(self) -> bool:
        return "…" in self.phrase.text


@dataclass(frozen=True)
class Message:
    """A text taken apart. `sentence[i]` is the number of the sentence word i stands in."""

    text: str
    typed: list[str]
    folded: list[str]
    sentence: list[int]
    common: list[int]  # how many words before word i are neither names nor numbers
    slips: list[bool]  # read as another word than the one typed
    bare: bool  # written without accents

    def __len__(self) -> int:
        return len(self.typed)

    def is_end(self, position: int) -> bool:
        """Whether the sentence ends before `position`, but for "ạ", "vậy" and the like."""
        number = self.sentence[position - 1]
        rest = zip(self.folded[position:], self.sentence[position:], strict=True)
        return all(word in particles() for word, n in rest if n == number)


_Words = tuple[str, ...]


@dataclass(slots=True)
class _Node:
    """Ten thousand of these, most of them leaves: what is empty takes no room."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    ends: tuple[tuple[Phrase, _Words], ...] = ()
    parts: tuple[tuple[int, _Words], ...] = ()


_Place = tuple[int, int, float]  # start, end, quality of a part


class Phrases:
    """The tree of all phrases of all topics."""

    def __init__(self, phrases: Iterable[Phrase]):
        self._root = _Node()
        self._gapped: dict[int, dict[int, list[Phrase]]] = {}  # last part, first part, phrases
        self._chains: dict[
            int, dict[Phrase, list[frozenset[int]]]
        ] = {}  # more gaps: first part, phrase
        self._part_ids: dict[str, int] = {}
        self._part_text: list[str] = []
        self._vocabulary: set[str] = set()
        self._spelled: set[str] = set()
        self._repaired: dict[str, tuple[str, bool]] = {}
        for phrase in phrases:
            self._add(phrase)

    def _add(self, phrase: Phrase) -> None:
        pieces = [piece.split("|") for piece in phrase.text.split("…")]
        if len(pieces) == 1:
            words = _words(phrase.text)
            self._walk(words).ends += ((phrase, words),)
        elif len(pieces) == 2:
            for first, last in product(*pieces):
                befores = self._gapped.setdefault(self._part(last.strip()), {})
                befores.setdefault(self._part(first.strip()), []).append(phrase)
        else:
            chain = [frozenset(self._part(each.strip()) for each in piece) for piece in pieces]
            for part in chain[0]:
                self._chains.setdefault(part, {})[phrase] = chain

    def _part(self, text: str) -> int:
        if text not in self._part_ids:
            self._part_ids[text] = len(self._part_text)
            self._part_text.append(text)
            words = _words(text)
            self._walk(words).parts += ((self._part_ids[text], words),)
        return self._part_ids[text]

    def _walk(self, words: _Words) -> _Node:
        node = self._root
        for word in words:
            folded = intern(fold(word))
            self._vocabulary.add(folded)
            self._spelled.add(word)
            node = node.next.setdefault(folded, _Node())
        return node

    def read(self, text: str) -> Message:
        """Take a message apart; short forms spelled out, unknown words repaired."""
        typed: list[str] = []
        sentence: list[int] = []
        common = [0]
        number = 0
        short = short_forms()
        for token in _TOKEN.findall(squeeze(text)):
            if token in _STOPS:
                number += 1
                continue
            lower = token.lower()
            for word in short.get(lower, (lower,)):
                typed.append(word)
                sentence.append(number)
                common.append(common[-1] + (not _is_name(token)))
        bare = len([word for word in typed if not word.isascii()]) * 10 < len(typed)
        read = [self._fold(word) for word in typed]
        folded, slips = [word for word, _ in read], [slip for _, slip in read]
        return Message(text, typed, folded, sentence, common, slips, bare)

    def _fold(self, word: str) -> tuple[str, bool]:
        """The word as our phrases have it, and whether that is another word than the typed one."""
        known = self._repaired.get(word)
        if known is None:
            folded = fold(word)
            is_right = folded in self._vocabulary or folded.isdigit()
            near = folded if is_right else repair(folded, self._vocabulary)
            if len(self._repaired) >= _MEMORY:
                self._repaired.clear()
            self._repaired[word] = known = (near, near != folded)
        return known

    def find(self, message: Message) -> list[Hit]:
        """Every phrase in the message, in order of its first word."""
        hits: list[Hit] = []
        parts: dict[int, list[_Place]] = {}
        free: dict[str, int] = {}
        for start, first in enumerate(message.folded):
            if first not in self._root.next:
                continue
            longest: dict[str, list[Hit]] = {}
            for end, node in self._path(message, start):
                for part, words in node.parts:
                    quality = self._agreement(message, start, end, words)
                    if quality:
                        parts.setdefault(part, []).append((start, end, quality))
                if node.ends:
                    self._end_here(message, start, end, node, free, longest)
            for topic, best in longest.items():
                free[topic] = best[0].end
                hits += best
        hits += self._across_gaps(message, parts)
        hits += self._along_chains(message, parts)
        hits.sort(key=lambda hit: hit.start)
        return hits

    def _end_here(
        self,
        message: Message,
        start: int,
        end: int,
        node: _Node,
        free: dict[str, int],
        longest: dict[str, list[Hit]],
    ) -> None:
        """Put the phrases that end here in place of shorter ones of their topic."""
        found: dict[str, list[Hit]] = {}
        for phrase, words in node.ends:
            if start >= free.get(phrase.topic, 0):
                quality = self._agreement(message, start, end, words)
                if quality == 1.0 or (quality and not phrase.exact):
                    hit = Hit(phrase, start, end, quality, len(words), phrase.text)
                    found.setdefault(phrase.topic, []).append(hit)
        longest.update(found)

    def _agreement(self, message: Message, start: int, end: int, words: _Words) -> float:
        """1.0 accents right … 0.0 another word. One bare word proves little; a long phrase more."""
        typed = tuple(message.typed[start:end])
        if typed == words:
            return 1.0
        if len(words) == 1:
            marks = self._marks(typed[0], words[0])
            if marks is Marks.EXACT:
                return 1.0
            return 0.0 if message.slips[start] else _alone(marks, bare=message.bare)
        worst = min(map(self._marks, typed, words))
        if worst is Marks.EXACT:
            return 1.0
        if worst is Marks.AGAINST:
            return 0.6 if len(words) > 2 else 0.0
        return 0.9

    def _marks(self, typed: str, known: str) -> Marks:
        marks = compare(typed, known)
        if marks is Marks.PARTLY and typed in self._spelled:
            return Marks.AGAINST  # "công" is no careless "cống"
        return marks

    def _path(self, message: Message, start: int) -> Iterator[tuple[int, _Node]]:
        folded, sentence = message.folded, message.sentence
        node = self._root.next.get(folded[start])
        end = start + 1
        while node is not None:
            if node.ends or node.parts:
                yield end, node
            if not node.next or end == len(folded) or sentence[end] != sentence[start]:
                return
            node = node.next.get(folded[end])
            end += 1

    def _across_gaps(self, message: Message, parts: dict[int, list[_Place]]) -> Iterator[Hit]:
        for last, places in parts.items():
            befores = self._gapped.get(last, {})
            for first in befores.keys() & parts.keys():
                span = _nearest(message, parts[first], places)
                if span:
                    said = f"{self._part_text[first]} … {self._part_text[last]}"
                    for phrase in befores[first]:
                        yield Hit(phrase, *span, said)

    def _along_chains(self, message: Message, parts: dict[int, list[_Place]]) -> Iterator[Hit]:
        begun: dict[Phrase, list[frozenset[int]]] = {}
        for part in self._chains.keys() & parts.keys():
            begun |= self._chains[part]
        for phrase, chain in begun.items():
            if all(piece & parts.keys() for piece in chain):
                found = [
                    [(*at, p) for p in piece & parts.keys() for at in parts[p]] for piece in chain
                ]
                links = _follow(message, found)
                if links:
                    said = " … ".join(self._part_text[link[3]] for link in links)
                    words = sum(end - start for start, end, _, _ in links)
                    quality = min(link[2] for link in links)
                    yield Hit(phrase, links[0][0], links[-1][1], quality, words, said)


_Link = tuple[int, int, float, int]  # a place and the part that stands there


def _follow(message: Message, found: list[list[_Link]]) -> list[_Link] | None:
    """One link of each piece, in order and near enough; the first such chain."""
    for link in sorted(found[0]):
        if len(found) == 1:
            return [link]
        end = link[1]
        rest = [after for after in found[1] if after[0] >= end and _is_near(message, end, after[0])]
        further = _follow(message, [rest, *found[2:]])
        if further:
            return [link, *further]
    return None


def _is_near(message: Message, end: int, start: int) -> bool:
    """Whether a gap may lie between word `end` (exclusive) and word `start`."""
    is_same_sentence = message.sentence[end - 1] == message.sentence[start]
    return is_same_sentence and message.common[start] - message.common[end] <= GAP


def _nearest(
    message: Message, firsts: list[_Place], lasts: list[_Place]
) -> tuple[int, int, float, int] | None:
    """Start, end, quality and words of the first pair near enough in one sentence."""
    for start, end, quality in firsts:
        reach = message.common[end] + GAP
        for from_, to, also in lasts:
            if from_ < end:
                continue
            if message.common[from_] > reach or message.sentence[from_] != message.sentence[start]:
                break
            return start, to, min(quality, also), (end - start) + (to - from_)
    return None


def _alone(marks: Marks, *, bare: bool) -> float:
    """A single word. Without its accents it counts only where nobody typed any."""
    if marks is Marks.ABSENT:
        return 0.6 if bare else 0.0
    return 0.9 if marks is Marks.PARTLY else 0.0


def _is_name(token: str) -> bool:
    """'Nguyễn', 'Q', '12': part of a name or an address. 'CHÁY' is somebody shouting."""
    if token.islower():
        return token[0].isdigit()
    return token[0].isdigit() or (token[0].isupper() and (len(token) == 1 or not token.isupper()))


def _words(text: str) -> _Words:
    return tuple(intern(word) for word in _TOKEN.findall(nfc(text).lower()) if word not in _STOPS)
