"""The delegation matrix as its pages, its paper and its file show it. Reads only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from feedback import clock
from feedback.text import fold
from feedback.wards import delegating
from feedback.wards.delegation import Table
from feedback.wards.models import Delegation


@dataclass(frozen=True)
class Row:
    """One delegation in words. `state`: now, later or past. `holders`: who holds the post today."""

    id: int
    position: str
    holders: str
    starts_on: date
    ends_on: date | None
    decision_no: str
    state: str
    may_withdraw: bool
    may_end: bool

    @property
    def days(self) -> str:
        until = f" đến {self.ends_on:%d/%m/%Y}" if self.ends_on else ""
        return f"{self.starts_on:%d/%m/%Y}{until}"


@dataclass
class Line:
    """A field, or a field in one area, or a whole area, with everything ever given of it."""

    field_id: int | None
    area_id: int | None
    no: int | None
    field: str
    area: str
    rows: list[Row] = field(default_factory=list)

    @property
    def present(self) -> list[Row]:
        return [row for row in self.rows if row.state == "now"]

    @property
    def later(self) -> list[Row]:
        return [row for row in self.rows if row.state == "later"]

    @property
    def past(self) -> list[Row]:
        return [row for row in self.rows if row.state == "past"]

    @property
    def title(self) -> str:
        if not self.field:
            return f"Mọi lĩnh vực tại {self.area}"
        return f"{self.field}, tại {self.area}" if self.area else self.field


def lines(table: Table) -> list[Line]:
    """Every field in use with its exceptions after it, then areas given whole."""
    setup = table.setup
    found: dict[tuple[int | None, int | None], Line] = {}
    for each in sorted(setup.fields.values(), key=lambda each: each.no):
        found[each.id, None] = Line(each.id, None, each.no, each.name, "")
    for given in delegating.of_ward(setup.ward_id):
        key = (given.field_id, given.neighbourhood_id)
        line = found.get(key) or Line(
            given.field_id,
            given.neighbourhood_id,
            None,
            setup.field_names.get(given.field_id or 0, ""),
            setup.neighbourhoods.get(given.neighbourhood_id or 0, ""),
        )
        found.setdefault(key, line).rows.append(_row(given, table))
    order = {id: at for at, (id, _) in enumerate(found) if id is not None and (id, None) in found}
    return sorted(
        (line for line in found.values() if line.field_id in (None, *setup.fields)),
        key=lambda line: (order.get(line.field_id or 0, 10**6), line.area_id or 0),
    )


def matching(all_lines: Iterable[Line], words: str) -> list[Line]:
    """Those that speak of these words, accents or none; exceptions that are over are left out."""
    wanted = fold(words)
    return [
        line
        for line in all_lines
        if (line.present or line.later or not line.area) and wanted in _searched(line)
    ]


def of_target(table: Table, field_id: int | None, area_id: int | None) -> Line | None:
    return next(
        (line for line in lines(table) if (line.field_id, line.area_id) == (field_id, area_id)),
        None,
    )


def cells(all_lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    """For the file: every delegation, past and coming ones too."""
    states = {"now": "đang có hiệu lực", "later": "sẽ có hiệu lực", "past": "đã hết"}
    for line in all_lines:
        for row in line.rows:
            yield (
                str(line.no or ""),
                line.field or "Mọi lĩnh vực",
                line.area or "Toàn phường",
                row.position,
                row.holders,
                f"{row.starts_on:%d/%m/%Y}",
                f"{row.ends_on:%d/%m/%Y}" if row.ends_on else "",
                row.decision_no,
                states[row.state],
            )


def _row(given: Delegation, table: Table) -> Row:
    post = table.setup.posts.get(given.position_id)
    today = clock.today()
    over = given.ends_on is not None and given.ends_on < today
    state = "past" if over else "later" if given.starts_on > today else "now"
    return Row(
        given.id,
        post.title if post else "Chức danh đã ngừng dùng",
        holders(table, given.position_id),
        given.starts_on,
        given.ends_on,
        given.decision_no,
        state,
        may_withdraw=given.starts_on >= today,
        may_end=state == "now" and given.neighbourhood_id is not None,
    )


def holders(table: Table, position_id: int) -> str:
    """'Lý Văn An (Vũ Thị Bình làm thay đến 12/3)'; nobody is an empty string."""
    return ", ".join(_holder(table, who) for who in table.holders.get(position_id, ()))


def _holder(table: Table, officer_id: int) -> str:
    absence = table.away.get(officer_id)
    if absence is None:
        return table.name(officer_id)
    instead = table.name(absence.substitute_id)
    return f"{table.name(officer_id)} ({instead} làm thay đến {absence.ends_on:%d/%m/%Y})"


def _searched(line: Line) -> str:
    rows = (*line.present, *line.later)
    words = (line.title, *(f"{r.position} {r.holders} {r.decision_no}" for r in rows))
    return fold(" ".join(words))
