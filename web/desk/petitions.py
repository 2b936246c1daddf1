"""Every petition an official may see: narrowed, searched, paged, exported, and handled many at once."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)

from feedback import audit, clock
from feedback.db import transaction
from feedback.errors import BadInput, Refusal
from feedback.people.actor import Actor
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from feedback.petitions import actions, queries
from feedback.petitions.models import Kind, Status, Urgency
from feedback.petitions.outcome import Outcome
from feedback.petitions.queries import Filters, Row
from feedback.text import clip, hide_contacts, squeeze
from feedback.wards.delegation import Table
from web.accounts.session import current_actor, needs, safe_next
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.frame import today

SEES = (P.SEE_OWN, P.SEE_NEIGHBOURHOOD, P.SEE_DEPARTMENT, P.SEE_WARD, P.SEE_ANONYMISED)
LONGEST_EXPORT = 50_000
MOST_AT_ONCE = 50
YES = (("1", "Có"),)


@dataclass(frozen=True)
class Box:
    """One filter: its name in the address, the `Filters` field it fills, how it is read and offered."""

    name: str
    label: str
    field: str
    read: Callable[[str], Any]
    offers: Callable[[Table], Any] | None = None


BOXES = (
    Box("status", "Tình trạng", "status", Status, choices.statuses),
    Box("field", "Lĩnh vực", "field_id", int, choices.fields),
    Box("neighbourhood", "Tổ dân phố", "neighbourhood_id", int, choices.neighbourhoods),
    Box("urgency", "Mức độ", "urgency", Urgency, choices.urgencies),
    Box("handler", "Người phụ trách", "handler_id", int, choices.officers),
    Box("kind", "Loại", "kind", Kind, choices.kinds),
    Box("channel", "Kênh", "channel", Channel, choices.channels),
    Box("overdue", "Quá hạn", "is_overdue", lambda raw: raw == "1", lambda _: YES),
    Box(
        "open", "Đang xử lý", "is_open", lambda raw: raw == "1", lambda _: (*YES, ("0", "Đã xong"))
    ),
    Box("flagged", "Chuyển nhiều lần", "is_flagged", lambda raw: raw == "1", lambda _: YES),
    Box("department", "Đơn vị", "department_id", int, choices.departments),
    Box("outcome", "So với hạn", "outcome", Outcome, choices.outcomes),
    Box("counted", "Tính vào chỉ số", "is_counted", lambda raw: raw == "1", lambda _: YES),
    Box("from", "Gửi từ ngày", "received_from", date.fromisoformat),
    Box("to", "Gửi đến ngày", "received_to", date.fromisoformat),
)


@desk.get("/cases")
@needs(*SEES)
def petitions() -> Any:
    actor, chosen = current_actor(), _chosen()
    page = queries.listing(actor, _filters(chosen), request.args.get("after"))
    here = {**chosen, "q": _words()} if _words() else chosen
    return render_template(
        "desk/petitions.html",
        page=_shown(page.rows, actor),
        count_words=page.count_words,
        chosen=chosen,
        boxes=(boxes := _boxes(chosen)),
        chips=[_chip(box, here) for box in boxes if box["value"]],
        search_words=_words(),
        newer=_address(here, page.previous),
        older=_address(here, page.next),
        here=_address(here, request.args.get("after") or ""),
        export_url=url_for(".export", **here),
        bulk=_bulk(actor),
        officers=choices.officers(today()) if actor.has(P.ASSIGN) else [],
        soon=queries.soon(clock.now()),
        nav="petitions",
    )


@desk.get("/cases.csv")
@needs(*SEES)
def export() -> Response:
    """The same list as a file, without anybody's name or number; who took it is written down."""
    actor, filters = current_actor(), _filters(_chosen())
    app = current_app._get_current_object()
    with transaction():
        audit.record(
            "petitions.exported",
            "ward",
            actor.ward_id,
            ward_id=actor.ward_id,
            officer_id=actor.officer_id,
            detail={"filters": _chosen()},
        )
    name = f"phan-anh-{clock.today():%Y%m%d}.csv"
    return Response(
        _chunks(app, actor, filters),
        mimetype="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename={name}",
            "Cache-Control": "no-store",
        },
    )


@desk.post("/cases/bulk")
@needs(P.INTAKE, P.ASSIGN)
def bulk() -> Any:
    """One action for the picked petitions, each in its own transaction: one refusal stops no other."""
    numbers = request.form.getlist("number")[:MOST_AT_ONCE]
    verb, sentence = _bulk_verb(request.form)
    refused = [words for number in numbers if (words := _each(number, verb))]
    done = len(numbers) - len(refused)
    if done:
        flash(sentence.format(done), "success")
    for words in refused:
        flash(words, "error")
    if not numbers:
        flash("Chưa chọn dòng nào.", "error")
    return redirect(safe_next(request.form.get("back")) or url_for(".petitions"))


def _bulk_verb(form: Any) -> tuple[Callable[..., Any], str]:
    if form.get("act") != "assignment":
        return actions.accept, "Đã tiếp nhận {} phản ánh."
    try:
        officer_id = int(form.get("officer_id", ""))
    except ValueError:
        raise BadInput("Xin chọn người phụ trách rồi bấm lại.") from None
    return lambda p, by: actions.assign(
        p, by=by, officer_id=officer_id
    ), "Đã phân công {} phản ánh."


def _each(number: str, verb: Callable[..., Any]) -> str:
    """Why it was refused; nothing when it was done."""
    try:
        with transaction():
            verb(queries.to_change(number, current_actor()), by=current_actor())
    except Refusal as refusal:
        return f"{number}: {refusal.sentence}"
    return ""


def _bulk(actor: Actor) -> set[str]:
    """What may be done to many at once."""
    return {
        word for word, right in (("accept", P.INTAKE), ("assign", P.ASSIGN)) if actor.has(right)
    }


def _words() -> str:
    return clip(squeeze(request.args.get("q", "")), 200)


def _chosen() -> dict[str, str]:
    """The filters of the address that say something we can read, by their names there."""
    found = {}
    for box in BOXES:
        raw = request.args.get(box.name, "")
        try:
            if raw and box.read(raw) is not None:
                found[box.name] = raw
        except ValueError:
            continue
    return found


def _filters(chosen: dict[str, str]) -> Filters:
    values = {box.field: box.read(chosen[box.name]) for box in BOXES if box.name in chosen}
    return Filters(text=_words(), **values)


def _boxes(chosen: dict[str, str]) -> list[dict[str, Any]]:
    table = today()
    return [
        {
            "name": box.name,
            "label": box.label,
            "choices": box.offers(table) if box.offers else None,
            "value": chosen.get(box.name, ""),
        }
        for box in BOXES
    ]


def _chip(box: dict[str, Any], here: dict[str, str]) -> tuple[str, str, str | None]:
    """(label, words, the address without it) of one filter in force."""
    value = box["value"]
    if box["choices"] is None:
        words = f"{date.fromisoformat(value):%d/%m/%Y}"
    else:
        words = next((known for key, known in box["choices"] if str(key) == value), value)
    rest = {name: value for name, value in here.items() if name != box["name"]}
    return box["label"], words, _address(rest, "")


def _address(here: dict[str, str], after: str | None) -> str | None:
    return None if after is None else url_for(".petitions", **here, after=after or None)


def _shown(rows: Any, actor: Actor) -> Any:
    """Rows as this officer may read them: supervisors without numbers written into titles."""
    if not is_only_watching(actor):
        return rows
    return [replace(row, title=hide_contacts(row.title)) for row in rows]


def is_only_watching(actor: Actor) -> bool:
    """Sees petitions without the people in them."""
    return actor.has(P.SEE_ANONYMISED) and not any(map(actor.has, SEES[:4]))


HEADINGS = (
    "Mã",
    "Nội dung",
    "Loại",
    "Lĩnh vực",
    "Tổ dân phố",
    "Mức độ",
    "Tình trạng",
    "Người phụ trách",
    "Kênh",
    "Gửi lúc",
    "Hạn trả lời",
    "Quá hạn",
)


def _chunks(app: Flask, actor: Actor, filters: Filters) -> Iterator[str]:
    """The file piece by piece, each read in a context of its own: a long download holds no old view
    of the database."""
    yield "\ufeff" + csv_line(HEADINGS)  # the mark by which Excel knows UTF-8
    after, left = None, LONGEST_EXPORT
    while left > 0:
        with app.app_context():
            page = queries.listing(actor, filters, after, limit=min(left, 500))
            chunk = "".join(csv_line(_cells(row)) for row in page.rows)
        yield chunk
        left -= len(page.rows)
        after = page.next
        if after is None:
            return


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.number,
        hide_contacts(row.title),
        row.kind.label,
        row.field_name,
        row.neighbourhood_name,
        row.urgency.label,
        row.status.label,
        row.handler_name,
        row.channel.label,
        f"{clock.local(row.received_at):%d/%m/%Y %H:%M}",
        f"{clock.local(row.due_at):%d/%m/%Y %H:%M}" if row.due_at else "",
        "x" if row.is_overdue else "",
    )


def csv_line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    # A cell that begins like a formula would be run by the program that opens the file.
    safe = ["'" + cell if cell[:1] in "=+-@\t" and cell else cell for cell in cells]
    csv.writer(line).writerow(safe)
    return line.getvalue()
