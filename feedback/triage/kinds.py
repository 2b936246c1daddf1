"""What a message is in law, from the signs in `signs.toml`. Only an official decides it."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from feedback.triage.manner import Leaning
from feedback.triage.phrases import Hit, Message, Phrase, parse
from feedback.wards.fields import words

SIGN, ACCUSING, TROUBLE = "sign", "accusing", "trouble"
OPENING_WORDS, FIRST_WORDS, LAST_WORDS = 6, 14, 12

_TOPICS = {
    "to_cao": ACCUSING,
    "wrong": ACCUSING,
    "deed": ACCUSING,
    "official": ACCUSING,
    "phan_anh": TROUBLE,
}
_DENIALS = frozenset(["khong", "chua", "chang", "cha", "dau"])
_DENIAL_REACH = 7
_DEED_REACH = 10  # words from "cán bộ" to what they did
_MOST_TROUBLE = 5.0
_MANNER = 0.25  # how much a message's manner weighs beside a sign of the lists


@dataclass(frozen=True)
class Sign:
    kind: str
    weight: float
    where: str  # "opening", "first", "last", "end" or anywhere

    def stands_in(self, message: Message, hit: Hit) -> bool:
        if self.where == "opening":
            return hit.start < OPENING_WORDS
        if self.where == "first":
            return hit.start < FIRST_WORDS
        if self.where == "end":
            return message.is_end(hit.end) and not _denied(message, hit)
        return self.where != "last" or hit.start >= len(message) - LAST_WORDS


@dataclass(frozen=True)
class Verdict:
    """`because`: the phrases that decided. `accusation`: what only a denunciation says."""

    kind: str
    accusation: bool
    because: tuple[str, ...]


def _denied(message: Message, hit: Hit) -> bool:
    """'không ai nghe gì' ends like a question and is none."""
    before = range(max(0, hit.start - _DENIAL_REACH), hit.start)
    return any(
        message.folded[i] in _DENIALS and message.sentence[i] == message.sentence[hit.start]
        for i in before
    )


@cache
def sign_phrases() -> tuple[Phrase, ...]:
    source = Path(__file__).with_name("signs.toml")
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["signs"]
    return tuple(
        parse(word, _TOPICS.get(row["kind"], SIGN), sign)
        for row in rows
        for sign in [Sign(row["kind"], row["weight"], row.get("where", ""))]
        for word in words(row["words"])
    )


def meant(message: Message, hits: Iterable[Hit]) -> list[str]:
    """The folded words but for courtesies: "xin cảm ơn" at the end is no praise, "không tốt" none either."""
    polite = {
        i
        for hit in hits
        if isinstance(hit.phrase.label, Sign) and hit.phrase.label.kind == "courtesy"
        for i in range(hit.start, hit.end)
    }
    return [word for i, word in enumerate(message.folded) if i not in polite]


def judge_kind(message: Message, hits: Iterable[Hit], leaning: Leaning) -> Verdict:
    """The kind the signs speak for, helped by how messages of each kind are worded."""
    found: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    signs: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        sign = hit.phrase.label
        if isinstance(sign, Sign) and sign.stands_in(message, hit):
            signs[sign.kind].append(hit)
            said = found[sign.kind]
            key = (hit.phrase.text, sign.where)
            said[key] = max(said.get(key, 0.0), sign.weight * hit.quality)
    score = {kind: sum(said.values()) for kind, said in found.items()}
    accusation = _accuses(message, signs, score)
    kind = "to_cao" if accusation else _weigh(score, message, leaning)
    deciding = ("to_cao", "wrong", "deed") if accusation else (kind,)
    because = dict.fromkeys(hit.said for sign in deciding for hit in signs[sign])
    return Verdict(kind, accusation, tuple(because))


def _accuses(message: Message, signs: dict[str, list[Hit]], score: dict[str, float]) -> bool:
    """Said outright and not asked about, or a wrong beside the official who does it."""
    if score.get("to_cao", 0) > score.get("hoi_dap", 0):
        return True
    officials = signs.get("official", [])
    if signs.get("wrong") and officials:
        return True
    return any(
        0 <= message.common[deed.start] - message.common[official.end] <= _DEED_REACH
        for deed in signs.get("deed", [])
        for official in officials
    )


def _weigh(score: dict[str, float], message: Message, leaning: Leaning) -> str:
    trouble = min(score.get("phan_anh", 0.0), _MOST_TROUBLE)
    question = score.get("hoi_dap", 0.0) + 2 * ("?" in message.text) - score.get("rhetorical", 0.0)
    praise = score.get("khen_ngoi", 0.0)
    proposal = score.get("kien_nghi", 0.0)
    if score.get("khieu_nai", 0) >= 4 and question < 6:
        return "khieu_nai"
    rivals = {
        "phan_anh": 1.6 + trouble * 0.8,
        "hoi_dap": question,
        "kien_nghi": proposal - trouble * 0.3,
        "khen_ngoi": praise,
        "khieu_nai": score.get("khieu_nai", 0.0),
    }
    for kind in rivals:
        rivals[kind] += _MANNER * leaning.kinds.get(kind, 0.0)
    return max(rivals, key=lambda kind: rivals[kind])
