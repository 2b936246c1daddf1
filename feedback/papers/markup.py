"""The text of a form as blocks: one line, one paragraph; its first character says how it stands.

    = centred      # head of a part      ~ italic      > right      ^ small note
    | a | b        row of a table; `|*` marks a heading row, `|%` gives the widths of its columns
    ?qr address    a square code; the line after it is its caption
    **bold** and __italic__ inside a line

A form is a template: what people typed is put into it through `guarded`, so that no sign of theirs
counts as markup, and each of their lines becomes a paragraph.
"""

import re
from collections.abc import Iterator
from typing import Any

from feedback.papers.document import Block, Line, Paragraph, Qr, Run, Style, Table
from feedback.text import nfc

FILL = "\ue000"  # in a form: dots to the end of the line
BREAK = "\ue001"  # a line end inside a value
_SIGNS = "*_=#~>^|?%"
_GUARD = {ord("\n"): BREAK} | {ord(sign): chr(0xE010 + n) for n, sign in enumerate(_SIGNS)}
_UNGUARD = {0xE010 + n: sign for n, sign in enumerate(_SIGNS)}
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_INLINE = re.compile(rf"\*\*(.+?)\*\*|__(.+?)__|({FILL})")
_STYLES = {
    "=": Style.CENTRED,
    "#": Style.BOLD,
    "~": Style.ITALIC,
    ">": Style.RIGHT,
    "^": Style.NOTE,
}


def guarded(value: Any) -> Any:
    """A value on its way into a form; only text can carry markup."""
    if not isinstance(value, str) or value == FILL:
        return value
    return _PRIVATE.sub("", nfc(value)).translate(_GUARD)


def plain(text: str) -> str:
    """One line of a rendered form as it is read."""
    return " ".join(text.replace(BREAK, " ").translate(_UNGUARD).split())


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a rendered form. Raises ValueError for a code without a caption."""
    return tuple(_blocks(iter(line.strip() for line in text.splitlines() if line.strip())))


def _blocks(lines: Iterator[str]) -> Iterator[Block]:
    rows: list[str] = []
    for line in lines:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            yield _table(rows)
            rows = []
        if line.startswith("?qr "):
            caption = next(lines, None)
            if caption is None:
                raise ValueError("a code needs a caption")
            yield Qr(line[4:].translate(_UNGUARD), plain(caption))
        else:
            yield from _paragraphs(line)
    if rows:
        yield _table(rows)


def _paragraphs(line: str) -> Iterator[Paragraph]:
    style = _STYLES.get(line[0], Style.PLAIN)
    for part in _lines(line[1:] if line[0] in _STYLES else line):
        yield Paragraph(part, style)


def _table(rows: list[str]) -> Table:
    """`|% 1 | 6` widths, `|* a | b` heading row, `| a | b` row."""
    widths = [row for row in rows if row.startswith("|%")]
    heads = [row for row in rows if row.startswith("|*")]
    body = [row for row in rows if row[:2] not in ("|%", "|*")]
    cells = [_cells(row[2:]) for row in heads] + [_cells(row[1:]) for row in body]
    shares = widths[0][2:].split("|") if widths else ["1"] * len(cells[0])
    return Table(tuple(float(share) for share in shares), len(heads), tuple(cells))


def _cells(row: str) -> tuple[tuple[Line, ...], ...]:
    return tuple(tuple(_lines(cell)) for cell in row.split("|"))


def _lines(text: str) -> Iterator[Line]:
    for part in text.split(BREAK):
        if part.strip():
            yield tuple(_runs(part.strip()))


def _runs(text: str) -> Iterator[Run]:
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            yield Run(text[end : found.start()].translate(_UNGUARD))
        bold, italic, fill = found.groups()
        if fill:
            yield Run(fill=True)
        else:
            yield Run((bold or italic).translate(_UNGUARD), bold=bool(bold), italic=bool(italic))
        end = found.end()
    if end < len(text):
        yield Run(text[end:].translate(_UNGUARD))
