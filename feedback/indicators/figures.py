"""Counts of petitions that add up, and the shares that follow from them."""

from dataclasses import dataclass, fields

FEW = 3  # fewer than so many are not shown to the public


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of counted petitions (see `petitions/outcome.py`). `received` is the sum of on_time, late,
    overdue, running and away; `unhappy` are those of on_time whose sender is not content."""

    received: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    running: int = 0
    away: int = 0
    unhappy: int = 0
    rated: int = 0
    marks: int = 0  # the sum of all marks
    reopened: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def answered(self) -> int:
        return self.on_time + self.late

    @property
    def due(self) -> int:
        """What the shares are of: answered, or should have been."""
        return self.answered + self.overdue

    @property
    def on_time_share(self) -> float | None:
        """0..1; None while nothing was due."""
        return self.on_time / self.due if self.due else None

    @property
    def content_share(self) -> float | None:
        """0..1; silence is content, lateness is not."""
        return (self.on_time - self.unhappy) / self.due if self.due else None

    @property
    def mean_mark(self) -> float | None:
        """1..5, of those who gave a mark."""
        return self.marks / self.rated if self.rated else None


NOTHING = Figures()


def percent(share: float | None) -> str:
    """'92,5 %'; a dash while there is nothing to divide."""
    if share is None:
        return "–"
    words = f"{share * 100:.1f}".replace(".", ",").removesuffix(",0")
    return f"{words} %"
