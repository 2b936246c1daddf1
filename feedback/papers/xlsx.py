"""A register as XLSX: the same columns and rows as on paper, ready to sort and to print on A4 landscape."""

import io
import textwrap
from collections.abc import Iterable
from datetime import date
from typing import Any

from feedback.papers.compose import compose, form_for
from feedback.papers.forms import Column
from feedback.papers.inputs import Register

_FONT = {"font_name": "Times New Roman", "font_size": 11}
_CELL = {**_FONT, "border": 1, "text_wrap": True, "valign": "top"}
_CENTRED = {"align": "center", "valign": "vcenter"}


def xlsx(key: str, context: Register) -> bytes:
    """Write a register. Text stays text: nothing a resident wrote becomes a formula."""
    import xlsxwriter

    out = io.BytesIO()
    form, document = form_for(key, context), compose(key, context)
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": form.name, "author": " ".join(context.office.names)})
    sheet = book.add_worksheet(form.name[:31])
    styles = _styles(book)
    width = len(form.columns) - 1
    _across(sheet, 0, 0, width - 3, " ".join(context.office.names), styles["office"])
    _across(sheet, 0, width - 2, width, form.code, styles["code"])
    for row, words in enumerate((document.title, document.subject), 1):
        _across(sheet, row, 0, width, words, styles["title"])
    for n, column in enumerate(form.columns):
        sheet.set_column(n, n, _characters(column))
        sheet.write_string(4, n, column.title, styles["head"])
        sheet.write_number(5, n, n + 1, styles["count"])
        if column.note:
            sheet.write_comment(4, n, column.note)
    sheet.set_row(4, _height([column.title for column in form.columns], form.columns))
    for row, cells in enumerate(context.rows, 6):
        sheet.set_row(row, _height(cells, form.columns))
        for n, cell in enumerate(cells):
            _write(sheet, row, n, cell, styles)
    if context.sealed:
        said = f"Ngoài ra có {context.sealed} hồ sơ được giữ kín theo Luật Tố cáo, không ghi vào sổ này."
        sheet.write_string(7 + len(context.rows), 0, said, styles["office"])
    _page(sheet, len(context.rows), width)
    book.close()
    return out.getvalue()


def _across(sheet: Any, row: int, first: int, last: int, words: str, style: Any) -> None:
    """Words over several columns of a row; a register of few columns has one of them only."""
    if last > first:
        sheet.merge_range(row, first, row, last, words, style)
    else:
        sheet.write_string(row, first, words, style)


def _characters(column: Column) -> float:
    return column.width * 1.25


def _height(cells: Iterable[str | int | date], columns: Iterable[Column]) -> float:
    """Of a row, in points: not every program finds it out for itself."""
    lines = [
        len(textwrap.wrap(cell, max(3, int(_characters(column) * 0.9))))
        for cell, column in zip(cells, columns, strict=True)
        if isinstance(cell, str)
    ]
    return 15.0 * max([1, *lines])


def _styles(book: Any) -> dict[str, Any]:
    return {
        "office": book.add_format({**_FONT, "bold": True}),
        "code": book.add_format({**_FONT, "bold": True, "align": "right"}),
        "title": book.add_format({**_FONT, **_CENTRED, "bold": True, "font_size": 14}),
        "head": book.add_format({**_CELL, **_CENTRED, "bold": True}),
        "count": book.add_format({**_CELL, **_CENTRED, "italic": True}),
        "cell": book.add_format(_CELL),
        "day": book.add_format({**_CELL, "num_format": "dd/mm/yyyy", "align": "center"}),
    }


def _write(
    sheet: Any, row: int, column: int, cell: str | int | date, styles: dict[str, Any]
) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, styles["day"])
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, styles["cell"])
    else:
        sheet.write_string(row, column, cell, styles["cell"])


def _page(sheet: Any, rows: int, width: int) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.set_margins(left=30 / 25.4, right=15 / 25.4, top=20 / 25.4, bottom=20 / 25.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(4, 5)
    sheet.freeze_panes(6, 0)
    sheet.autofilter(5, 0, 5 + rows, width)
