"""Reasons the law lists: not to take a petition up, to call it complex, to send its writer elsewhere."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from feedback.errors import BadInput
from feedback.labels import Labelled
from feedback.procedures.limits import Confidence

SOURCE = Path(__file__).with_name("grounds.toml")


class Use(Labelled):
    REFUSAL = "refusal", "Không thụ lý"
    GUIDE = "guide", "Hướng dẫn nơi có thẩm quyền"
    COMPLEX = "complex", "Vụ việc phức tạp"


@dataclass(frozen=True, slots=True)
class Ground:
    """`words` as the resident reads them; cases keep the `code`."""

    kind: str
    use: Use
    code: str
    words: str
    article: str
    source: str
    confidence: Confidence

    @property
    def with_article(self) -> str:
        return f"{self.words} ({self.article})"


def grounds(kind: str, *uses: Use) -> list[Ground]:
    """What the law lists for petitions of this kind, in its order."""
    return [ground for ground in _all() if ground.kind == kind and ground.use in uses]


def ground(kind: str, code: str, *uses: Use) -> Ground:
    """Raises BadInput for a reason the law does not know."""
    for each in grounds(kind, *uses):
        if each.code == code:
            return each
    raise BadInput(fields={"ground_code": "Vui lòng chọn một căn cứ trong danh sách."})


def every() -> tuple[Ground, ...]:
    """All of them, of every kind and use."""
    return _all()


def _read(row: dict[str, str]) -> Ground:
    typed = {"use": Use(row["use"]), "confidence": Confidence(row["confidence"])}
    return Ground(**{**row, **typed})  # type: ignore[arg-type]  # the rest are words


@cache
def _all() -> tuple[Ground, ...]:
    rows = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["ground"]
    found = tuple(_read(row) for row in rows)
    if len({(each.kind, each.use, each.code) for each in found}) < len(found):
        raise ValueError(f"{SOURCE.name}: a code stands twice")
    return found
