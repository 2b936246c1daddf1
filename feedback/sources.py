"""What of the law the program counts by is not proven: from memory, from the press, from one copy only.

Numbers, grounds and forms are data with the place they were read in; here they are gathered for whoever must
check them against Công báo before relying on them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from feedback.dialogue import kinds as dialogue_kinds
from feedback.indicators.periods import periods
from feedback.labels import Labelled
from feedback.papers import forms
from feedback.procedures.grounds import every
from feedback.procedures.limits import Confidence
from feedback.procedures.load import shipped
from feedback.reception import law as reception_law

UNPROVEN = (Confidence.MEMORY, Confidence.SECONDARY)  # nobody has read the article itself
_DOUBTED = (*UNPROVEN, Confidence.ONE_COPY)


class Subject(Labelled):
    LIMIT = "limit", "Thời hạn"
    GROUND = "ground", "Căn cứ, tiêu chí"
    RECEPTION = "reception", "Tiếp công dân"
    DIALOGUE = "dialogue", "Đối thoại"
    REPORT = "report", "Kỳ báo cáo"
    FORM = "form", "Mẫu văn bản"


@dataclass(frozen=True)
class Point:
    """One thing to check. `words`: the rule itself, or the name of the form."""

    subject: Subject
    words: str
    article: str
    source: str
    confidence: Confidence

    @property
    def is_unproven(self) -> bool:
        return self.confidence in UNPROVEN


def doubtful(on: date) -> list[Point]:
    """What holds on a local day and is not read in a published text; the least sure first, each once."""
    found = dict.fromkeys(point for point in _all(on) if point.confidence in _DOUBTED)
    return sorted(found, key=lambda point: _DOUBTED.index(point.confidence))


def unproven(on: date) -> list[Point]:
    """Those of them whose article nobody has read."""
    return [point for point in doubtful(on) if point.is_unproven]


def _all(on: date) -> Iterator[Point]:
    for limit in shipped().limits:
        if limit.legal and limit.applies_on(on):
            yield Point(Subject.LIMIT, limit.name, limit.article, limit.source, limit.confidence)
    for ground in every():
        yield Point(Subject.GROUND, ground.words, ground.article, ground.source, ground.confidence)
    for rule in reception_law.rules():
        yield _named(Subject.RECEPTION, rule["words"], rule["article"], "", rule["confidence"])
    for kind in dialogue_kinds.kinds().values():
        held = kind.rule(on)
        yield _named(Subject.DIALOGUE, kind.name, held.notice.article, held.source, held.confidence)
    period = periods(on.year)[0]
    yield _named(
        Subject.REPORT, "Mốc chốt số liệu", period.article, period.source, period.confidence
    )
    for key in forms.keys():  # noqa: SIM118  a function of the module, no dict
        for form in forms.editions(key):
            if form.starts_on <= on and (form.ends_on is None or on <= form.ends_on):
                name = f"{form.name} ({form.code})" if form.code else form.name
                yield _named(Subject.FORM, name, form.article, form.source, form.confidence)


def _named(subject: Subject, words: str, article: str, source: str, confidence: str) -> Point:
    return Point(subject, words, article, source, Confidence(confidence))
