"""The registers by period: sổ tiếp công dân, sổ theo dõi đơn, to print and to count with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, render_template, request

from feedback import audit, clock
from feedback.db import transaction
from feedback.errors import BadInput
from feedback.papers import registers as books
from feedback.papers.inputs import Register
from feedback.papers.issuing import preview
from feedback.people.models import Permission as P
from feedback.reception import book
from web.accounts.session import current_actor, needs
from web.desk import periods
from web.desk.blueprint import desk
from web.desk.papers import sent


@dataclass(frozen=True)
class Book:
    """One register: the form it is printed on and what fills it."""

    key: str
    name: str
    hint: str
    fill: Callable[..., Register]


BOOKS = (
    Book(
        "petition_register",
        "Sổ theo dõi đơn",
        "Mọi phản ánh, kiến nghị, khiếu nại nhận trong kỳ.",
        books.petition_register,
    ),
    Book(
        "reception_register",
        "Sổ tiếp công dân (Mẫu 03/TCD)",
        "Ai được tiếp trong kỳ: buổi của Chủ tịch, và người đến trực tiếp hằng ngày.",
        book.register,
    ),
)
SUFFIXES = {"xlsx": "Excel", "docx": "Word", "pdf": "PDF"}


@desk.get("/registers")
@needs(P.SEE_WARD, P.SEE_DEPARTMENT)
def registers() -> Any:
    """Choose a period; with `book` and `as` in the address, the file itself."""
    try:
        starts_on, ends_on = _period()
        chosen = next((each for each in BOOKS if each.key == request.args.get("book")), None)
        if chosen and request.args.get("as") in SUFFIXES:
            return _file(chosen, request.args["as"], starts_on, ends_on)
    except BadInput as refusal:
        return _page(request.args.get("from", ""), request.args.get("to", ""), refusal), 422
    return _page(f"{starts_on:%d/%m/%Y}", f"{ends_on:%d/%m/%Y}")


def _file(wanted: Book, suffix: str, starts_on: date, ends_on: date) -> Response:
    actor = current_actor()
    register = wanted.fill(actor, starts_on, ends_on, books.MOST_ROWS[suffix])
    data = preview(wanted.key, register, suffix)
    with transaction():
        audit.record(
            "register.fetched",
            "ward",
            actor.ward_id,
            ward_id=actor.ward_id,
            officer_id=actor.officer_id,
            detail={"book": wanted.key, "as": suffix, "from": f"{starts_on}", "to": f"{ends_on}"},
        )
    name = f"{wanted.name.split(' (')[0]} {starts_on:%Y%m%d}-{ends_on:%Y%m%d}.{suffix}"
    return sent(data, suffix, name)


def _period() -> tuple[date, date]:
    """This month until today unless the address says otherwise. Raises BadInput."""
    today = clock.today()
    return periods.chosen(today.replace(day=1), today)


def _page(starts_on: str, ends_on: str, refusal: BadInput | None = None) -> str:
    return render_template(
        "desk/registers.html",
        books=BOOKS,
        suffixes=SUFFIXES,
        starts_on=starts_on,
        ends_on=ends_on,
        errors=(refusal.fields or {"": refusal.sentence}) if refusal else {},
        nav="registers",
    )
