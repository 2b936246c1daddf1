"""What a message seems to be: kind, field, danger. A proposal with its reasons; people decide.

Pure, without a model: words a ward can read and edit (`wards/fields.toml`, `triage/signs.toml`)
and, where they are silent, the words of cases already decided (`triage/cases.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from threading import Lock
from typing import NamedTuple, Protocol

from feedback.triage.cases import Examples, own_examples
from feedback.triage.dangers import Alarm, danger_phrases, judge_danger
from feedback.triage.evidence import Evidence, add, field_phrases, weigh_fields
from feedback.triage.kinds import Verdict, judge_kind, meant, sign_phrases
from feedback.triage.manner import Leaning, Manner, own_manner
from feedback.triage.phrases import Hit, Message, Phrases
from feedback.triage.places import mentioned
from feedback.wards.fields import OTHER, Danger, catalogue

KINDS = {
    "phan_anh": "Phản ánh",
    "kien_nghi": "Kiến nghị",
    "hoi_dap": "Hỏi đáp",
    "khieu_nai": "Khiếu nại",
    "to_cao": "Tố cáo",
    "khen_ngoi": "Khen ngợi",
}
MOST_FIELDS = 6
FAINT = 0.03  # not worth naming
CLEAR = 3.0  # a field with less is not proposed before "Khác"
DANGER_WEIGHT = 4  # a fire speaks for the fire field even when only "Cháy!" is written
LISTED = 2.5  # how much a word of the lists weighs beside what decided cases say
UNKNOWN = 2.5  # the weight of what nobody has said


_building = Lock()


class FieldLike(Protocol):
    """What triage needs of a field: the seed's, or the ward's own edited row."""

    @property
    def no(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def keywords(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class FieldScore:
    no: int
    name: str
    score: float  # 0..1, the share of the evidence


@dataclass(frozen=True)
class Suggestion:
    """`urgency` is a value of petitions' Urgency; `dangers` carry the advice to show at once.

    `accusation`: contains what only a denunciation says, whatever the kind; keep it restricted.
    """

    kind: str
    fields: tuple[FieldScore, ...]
    urgent: bool
    urgency: str
    dangers: tuple[Danger, ...]
    accusation: bool
    neighbourhood: str | None
    why: tuple[str, ...]


@dataclass(frozen=True)
class Lessons:
    """What a ward decided itself: its fields (with our own examples), its kinds and urgency."""

    examples: Examples
    manner: Manner


@dataclass(frozen=True)
class Heard:
    message: Message
    hits: list[Hit]
    leaning: Leaning
    verdict: Verdict
    alarm: Alarm


class Triage:
    """Compiled for one set of fields; keep it, building takes tens of milliseconds."""

    def __init__(self, fields: Iterable[FieldLike]):
        fields = tuple(fields)
        self._names = {f.no: f.name for f in fields}
        self._urgency = {f.no: f.urgency for f in catalogue().fields}
        phrases = [p for f in fields for p in field_phrases(f.no, f.keywords)]
        self._phrases = Phrases([*phrases, *danger_phrases(), *sign_phrases()])
        # The page that asks, the intake and the thanks look at the same words.
        self.heard = lru_cache(maxsize=32)(self._hear)

    def suggest(
        self,
        text: str,
        *,
        lessons: Lessons | None = None,
        neighbourhoods: Iterable[str] = (),
    ) -> Suggestion:
        heard = self.heard(text)
        message, hits = heard.message, heard.hits
        verdict, alarm = _taught(heard, lessons) if lessons else (heard.verdict, heard.alarm)
        evidence = weigh_fields(hits)
        for rank, danger in enumerate(alarm.dangers, 1):
            add(evidence, danger.field, DANGER_WEIGHT / rank)
        examples = lessons.examples if lessons else own_examples()
        said = examples.speak(message.folded if message.bare else message.typed)
        ranked = self._ranked(evidence, said)
        place = mentioned(text, neighbourhoods)
        return Suggestion(
            kind=verdict.kind,
            fields=ranked,
            urgent=alarm.is_urgent,
            urgency=self._speed(verdict, ranked[0].no, urgent=alarm.is_urgent),
            dangers=tuple(alarm.dangers),
            accusation=verdict.accusation,
            neighbourhood=place,
            why=tuple(_reasons(verdict, ranked[0], evidence, alarm, place)),
        )

    def _hear(self, text: str) -> Heard:
        """What the words say whatever the cases of a ward; none of it may be changed."""
        message = self._phrases.read(text)
        hits = self._phrases.find(message)
        leaning = own_manner().lean(meant(message, hits), text)
        return Heard(message, hits, leaning, *_judged(message, hits, leaning))

    def _ranked(
        self, evidence: Mapping[int, Evidence], said: Mapping[int, float]
    ) -> tuple[FieldScore, ...]:
        """Best first; "Khác", with the doubt that remains, last unless nothing outweighs it."""
        weights = {no: weight for no, weight in said.items() if no != OTHER}
        for no, e in evidence.items():
            weights[no] = weights.get(no, 0.0) + LISTED * e.weight
        total = UNKNOWN + sum(weights.values()) + said.get(OTHER, 0.0)
        found = [
            FieldScore(no, self._names[no], round(weight / total, 3))
            for no, weight in weights.items()
            if weight > FAINT * total and no in self._names
        ]
        found.sort(key=lambda f: (-f.score, f.no))
        doubt = (UNKNOWN + said.get(OTHER, 0.0)) / total
        other = [FieldScore(OTHER, self._names[OTHER], round(doubt, 3))] * (OTHER in self._names)
        is_clear = bool(found) and weights[found[0].no] >= max(CLEAR, said.get(OTHER, 0.0))
        return tuple(found[:MOST_FIELDS] + other if is_clear else other + found[:MOST_FIELDS])

    def _speed(self, verdict: Verdict, field_no: int, *, urgent: bool) -> str:
        if urgent:
            return "urgent"
        if verdict.kind in ("khieu_nai", "to_cao"):
            return "complex"
        if verdict.kind != "phan_anh":
            return "normal"
        return self._urgency.get(field_no, "normal")


def _judged(message: Message, hits: list[Hit], leaning: Leaning) -> tuple[Verdict, Alarm]:
    verdict = judge_kind(message, hits, leaning)
    alarm = judge_danger(message, hits, verdict.kind, leaning)
    if alarm.is_urgent and verdict.kind == "hoi_dap":  # "giờ phải làm sao": no question of rules
        verdict = replace(verdict, kind="phan_anh", because=())
    return verdict, alarm


def _taught(heard: Heard, lessons: Lessons) -> tuple[Verdict, Alarm]:
    own = lessons.manner.lean(meant(heard.message, heard.hits), heard.message.text)
    return _judged(heard.message, heard.hits, heard.leaning.taught(own))


def _reasons(
    verdict: Verdict,
    best: FieldScore,
    evidence: dict[int, Evidence],
    alarm: Alarm,
    place: str | None,
) -> Iterable[str]:
    if best.no in evidence and evidence[best.no].because:
        yield f"Có {_quoted(evidence[best.no].because)} nên đề xuất lĩnh vực “{best.name}”."
    elif best.no != OTHER:
        yield f"Giống những trường hợp thuộc lĩnh vực “{best.name}”; cần người xem lại."
    else:
        yield "Chưa thấy từ ngữ nào cho biết lĩnh vực; cần người phân loại."
    if verdict.accusation:
        yield (
            f"Có {_quoted(verdict.because)}: nội dung có dấu hiệu tố cáo, chỉ người được giao "
            "mới được xem; cần hướng dẫn người gửi nộp đơn có chữ ký hoặc trình bày trực tiếp."
        )
    elif verdict.because and verdict.kind != "phan_anh":
        yield f"Có {_quoted(verdict.because)} nên đề xuất loại “{KINDS[verdict.kind]}”."
    for danger, said in alarm.dangers.items():
        if said:
            yield f"Khẩn vì có “{said.replace(' … ', ' ')}”. {danger.advice}"
        else:
            yield f"Nghe như đang có nguy hiểm; cần người xem ngay. {danger.advice}"
    if place:
        yield f"Có nhắc đến {place}."


def _quoted(said: Sequence[str], most: int = 3) -> str:
    return ", ".join(f"“{phrase.replace(' … ', ' ')}”" for phrase in said[:most])


@dataclass(frozen=True)
class Tone:
    """What the words are, whatever they are about: a suggestion without its fields."""

    kind: str
    accusation: bool
    dangers: tuple[Danger, ...]


def tone(text: str) -> Tone:
    """The quicker half of `suggest`, for pages and chats that need no field."""
    heard = _default().heard(text)
    return Tone(heard.verdict.kind, heard.verdict.accusation, tuple(heard.alarm.dangers))


def suggest(
    text: str,
    *,
    fields: Iterable[FieldLike] | None = None,
    lessons: Lessons | None = None,
    neighbourhoods: Iterable[str] = (),
) -> Suggestion:
    """Without `fields`, those a new ward starts with. `neighbourhoods`: their names."""
    if fields is None:
        triage = _default()
    else:
        triage = _for(tuple((f.no, f.name, tuple(f.keywords)) for f in fields))
    return triage.suggest(text, lessons=lessons, neighbourhoods=neighbourhoods)


class _Row(NamedTuple):
    no: int
    name: str
    keywords: tuple[str, ...]


@lru_cache(maxsize=16)
def _for(rows: tuple[tuple[int, str, tuple[str, ...]], ...]) -> Triage:
    return Triage(_Row(*row) for row in rows)


def _default() -> Triage:
    with _building:  # the first visitors after a start must not each build their own
        return _built()


@cache
def _built() -> Triage:
    return Triage(catalogue().fields)
