"""The figures as tables to print and to hand on: the ward's indicators, and the periodic report."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from feedback import clock
from feedback.db import db
from feedback.indicators.counting import Cell, Intake, Tally, intake, tally
from feedback.indicators.figures import Figures, percent
from feedback.papers.filling import office_of
from feedback.papers.inputs import NOBODY, Register
from feedback.papers.signing import Signer
from feedback.petitions.models import Kind
from feedback.wards.models import Ward
from feedback.wards.setup import Setup

Row = tuple[str | int | date, ...]


class Group(NamedTuple):
    """One way of cutting a tally: its name, what a cell belongs to, and what that is called."""

    key: str
    name: str
    of: Callable[[Cell], Any]
    words: Callable[[Setup, Any], str]


GROUPS = (
    Group("month", "Tháng", lambda c: c.month, lambda _, month: f"{month:%m/%Y}"),
    Group(
        "department",
        "Đơn vị",
        lambda c: c.department_id,
        lambda setup, key: setup.departments.get(key, "Chưa giao đơn vị"),
    ),
    Group(
        "field",
        "Lĩnh vực",
        lambda c: c.field_id,
        lambda setup, key: setup.fields[key].name if key in setup.fields else "Lĩnh vực đã bỏ",
    ),
    Group(
        "handler",
        "Người phụ trách",
        lambda c: c.handler_id,
        lambda setup, key: setup.officers.get(key, ""),
    ),
)


class Line(NamedTuple):
    """One row of a table: what it is about, in words, and its figures."""

    key: Any
    words: str
    figures: Figures


def lines(counted: Tally, group: Group, setup: Setup) -> list[Line]:
    """The rows of one table: months in their order, the rest by how much came."""
    rows = [
        Line(key, group.words(setup, key), figures) for key, figures in counted.by(group.of).items()
    ]
    if group.key == "month":
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.figures.received, row.words))


def indicator_table(counted: Tally, setup: Setup) -> Register:
    """Every table of a tally, one under the other."""
    rows: list[Row] = [(1, "Toàn bộ", "", *_cells(counted.total))]
    for group in GROUPS:
        for line in lines(counted, group, setup):
            rows.append((len(rows) + 1, group.name, line.words, *_cells(line.figures)))
    return _register(setup.ward_id, counted.starts_on, counted.ends_on, rows)


def periodic_report(
    setup: Setup, starts_on: date, ends_on: date, signer: Signer = NOBODY
) -> Register:
    """What came in a period and what became of it; of what may be an accusation only how many."""
    came = intake(setup.ward_id, starts_on, ends_on)
    found = tally(setup.ward_id, starts_on, ends_on).total
    rows = [
        (n, *row) for n, row in enumerate((*_received(came), *_handled(came), *_rated(found)), 1)
    ]
    return _register(setup.ward_id, starts_on, ends_on, rows, signer)


def _received(came: list[Intake]) -> Iterable[tuple[str, int, str]]:
    open_ = [row for row in came if not row.is_sealed]
    yield "Tổng số tiếp nhận trong kỳ", sum(row.received for row in came), "Không tính đơn trùng"
    kinds: Counter[Kind] = Counter()
    for row in open_:
        kinds[row.kind] += row.received
    for kind in Kind:
        if kind is not Kind.TO_CAO:
            yield f"– {kind.label}", kinds[kind], ""
    sealed = sum(row.received for row in came if row.is_sealed)
    yield "– Tố cáo, thông tin có nội dung tố cáo", sealed, "Hồ sơ giữ kín, chỉ tính số"
    channels: Counter[str] = Counter()
    for row in open_:
        channels[row.channel.label] += row.received
    for label, number in channels.most_common():
        yield f"Nguồn: {label.lower()}", number, ""


def _handled(came: list[Intake]) -> Iterable[tuple[str, int, str]]:
    open_ = [row for row in came if not row.is_sealed]
    yield "Đã giải quyết, trả lời", sum(row.settled for row in open_), ""
    yield "Chuyển cơ quan có thẩm quyền", sum(row.passed_on for row in open_), ""
    yield "Từ chối, có nêu lý do", sum(row.refused for row in open_), ""
    complaints = [row for row in open_ if row.kind is Kind.KHIEU_NAI]
    yield "Khiếu nại đã giải quyết", sum(row.settled for row in complaints), ""


def _rated(found: Figures) -> Iterable[tuple[str, int, str]]:
    yield "Phản ánh, kiến nghị thuộc thẩm quyền, đã đến hạn", found.due, ""
    yield "– Trả lời đúng hạn", found.on_time, f"Tỷ lệ {percent(found.on_time_share)}"
    yield "– Trả lời quá hạn", found.late, ""
    yield "– Quá hạn, chưa trả lời", found.overdue, ""
    content = found.on_time - found.unhappy
    yield "– Không quá hạn, không phàn nàn", content, f"Hài lòng {percent(found.content_share)}"
    mean = f"{found.mean_mark:.1f}/5".replace(".", ",") if found.mean_mark else "–"
    yield "Người dân đã chấm điểm", found.rated, f"Điểm trung bình {mean}"
    yield "Đề nghị xử lý lại", found.reopened, ""


def _cells(f: Figures) -> Row:
    shares = (percent(f.on_time_share), percent(f.content_share))
    return (f.received, f.on_time, f.late, f.overdue, f.running, f.away, *shares)


def _register(
    ward_id: int, starts_on: date, ends_on: date, rows: Iterable[Row], signer: Signer = NOBODY
) -> Register:
    return Register(
        office=office_of(db.session.get_one(Ward, ward_id)),
        signer=signer,
        on=clock.today(),
        starts_on=starts_on,
        ends_on=ends_on,
        rows=tuple(rows),
    )
