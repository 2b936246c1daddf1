"""A Document as DOCX: real styles, tables and fields, so that an office can correct it in any word processor.

Times New Roman is named, not embedded; lengths of rules are measured in a font of the same widths.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

from docx import Document as new_file
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as Align
from docx.enum.text import WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from feedback.papers.document import Block, Document, Line, Paragraph, Qr, Signature, Style, Table
from feedback.papers.docx_parts import element, field, length, margins

if TYPE_CHECKING:
    from docx.document import Document as File
    from docx.table import Table as FileTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as FileParagraph

FONT = "Times New Roman"
GRID = "Table Grid"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LONG, _SHORT = 297, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 15, 20, 20
_INDENT = Mm(10)
_UNUSED = ("/stylesWithEffects", "/customXml", "/thumbnail")
_ALIGN = {Style.CENTRED: Align.CENTER, Style.RIGHT: Align.RIGHT}


def docx(document: Document) -> bytes:
    """Write a paper."""
    out = io.BytesIO()
    _Writer(document).file.save(out)
    return out.getvalue()


@cache
def _blank() -> bytes:
    """The library's empty file without what no paper of ours uses: a hundred styles of tables, told twice,
    were 20 of the 30 ms and 29 of the 36 KiB of each."""
    file = new_file()
    for style in list(file.styles):
        if style.type is WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", GRID):
            style.delete()
    for part in (file.part, file.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_UNUSED):
                del part.rels[key]
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


class _Writer:
    """One paper on its way into one file."""

    def __init__(self, document: Document):
        self.document = document
        self.file: File = new_file(io.BytesIO(_blank()))
        self.width = (_LONG if document.is_landscape else _SHORT) - _LEFT - _RIGHT
        self._page()
        if document.corner:
            line = self.file.add_paragraph()
            line.paragraph_format.space_after = Pt(6)
            self._words(line, document.corner, 12, bold=True, align=Align.RIGHT)
        self._head()
        self._title()
        self._address()
        self._blocks(document.blocks)
        for n, row in enumerate(document.signatures):
            self._closing(document.recipients if n == 0 else (), row)
        if document.annex:
            self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            self._blocks(document.annex)

    def _page(self) -> None:
        normal = self.file.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(self.document.size)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        normal.element.rPr.append(element("w:lang", val="vi-VN", eastAsia="vi-VN"))
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(_SHORT), Mm(_LONG)
        if self.document.is_landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(_LONG), Mm(_SHORT)
        section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
        section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = Align.CENTER
        field(number, "PAGE", 13)
        facts = self.file.core_properties
        facts.title, facts.comments = self.document.name, ""
        facts.author = facts.last_modified_by = " ".join(self.document.head.names)
        facts.created = facts.modified = datetime.combine(
            date.fromisoformat(self.document.signed_on), time()
        )

    def _head(self) -> None:
        head = self.document.head
        if not head.names:
            self._nation(iter((self.file.add_paragraph(), self.file.add_paragraph())))
            self._rule(self.file.add_paragraph(), MOTTO, 13, 1, self.width)
            if head.place_date:
                line = self.file.add_paragraph()
                self._words(line, head.place_date, 13, italic=True, align=Align.RIGHT)
                line.paragraph_format.space_before = Pt(8)
            return
        share = 0.5 if self.document.is_landscape else 0.4
        widths = (self.width * share, self.width * (1 - share))
        left, right = self._grid(1, widths).rows[0].cells
        lines = self._lines(left)
        for words, is_bold in ((head.over, False), *((name, True) for name in head.names)):
            if words:
                self._words(next(lines), words, 12, bold=is_bold, align=Align.CENTER)
        self._rule(next(lines), head.names[-1], 12, 0.4, widths[0])
        self._note(lines, head.number_line, 13)
        self._note(lines, head.about, 12)
        lines = self._lines(right)
        self._nation(lines)
        self._rule(next(lines), MOTTO, 13, 1, widths[1])
        for _ in (head.over, *head.names)[2 if head.over else 3 :]:
            next(lines)  # the date stands level with the number
        self._note(lines, head.place_date, 13, italic=True)

    def _nation(self, lines: Iterator["FileParagraph"]) -> None:
        self._words(next(lines), NATION, 12, bold=True, align=Align.CENTER)
        self._words(next(lines), MOTTO, 13, bold=True, align=Align.CENTER)

    def _note(
        self, lines: Iterator["FileParagraph"], words: str, size: float, italic: bool = False
    ) -> None:
        if words:
            line = next(lines)
            self._words(line, words, size, italic=italic, align=Align.CENTER)
            line.paragraph_format.space_before = Pt(6)

    def _title(self) -> None:
        if not self.document.title:
            return
        line = self.file.add_paragraph()
        line.paragraph_format.space_before = Pt(10)
        self._words(line, self.document.title, 14, bold=True, align=Align.CENTER)
        if self.document.subject:
            line = self.file.add_paragraph()
            self._words(line, self.document.subject, 14, bold=True, align=Align.CENTER)
            self._rule(self.file.add_paragraph(), self.document.subject, 14, 0.4, self.width)

    def _address(self) -> None:
        to = self.document.to
        if not to:
            return
        first = self.file.add_paragraph()
        first.paragraph_format.space_before = first.paragraph_format.space_after = Pt(6)
        if len(to) == 1:
            self._words(first, f"Kính gửi: {to[0]}", None, align=Align.CENTER)
            return
        first.paragraph_format.left_indent = Mm(20)
        self._words(first, "Kính gửi:", None)
        for n, each in enumerate(to, 1):
            line = self.file.add_paragraph()
            line.paragraph_format.left_indent = Mm(38)
            line.paragraph_format.space_after = Pt(4)
            self._words(line, f"- {each}{'.' if n == len(to) else ';'}", None)

    def _blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._code(block)

    def _paragraph(self, block: Paragraph) -> None:
        line = self.file.add_paragraph()
        line.paragraph_format.space_before = Pt(6)
        line.alignment = _ALIGN.get(block.style, Align.JUSTIFY)
        if block.style in (Style.PLAIN, Style.BOLD, Style.ITALIC):
            line.paragraph_format.first_line_indent = _INDENT
        size = 11 if block.style is Style.NOTE else None
        self._runs(
            line,
            block.runs,
            size,
            bold=block.style is Style.BOLD,
            italic=block.style in (Style.ITALIC, Style.NOTE),
        )
        if block.style is Style.BOLD:
            line.paragraph_format.keep_with_next = True

    def _table(self, block: Table) -> None:
        total = sum(block.widths)
        if before := self.file.paragraphs:
            before[-1].paragraph_format.space_after = Pt(4)
        columns = [self.width * width / total for width in block.widths]
        table = self._grid(len(block.rows), columns, padding=Mm(1))
        table.style = GRID
        size = self.document.size - (0 if self.document.is_landscape else 1)
        for n, (row, cells) in enumerate(zip(table.rows, block.rows, strict=True)):
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
            if n < block.heads:
                row._tr.get_or_add_trPr().append(element("w:tblHeader"))
            for place, content in zip(row.cells, cells, strict=True):
                lines = self._lines(place)
                for words in content:
                    line = next(lines)
                    is_short = sum(len(run.text) for run in words) <= 4
                    if n < block.heads or is_short:
                        line.alignment = Align.CENTER
                    self._runs(line, words, size, bold=n < block.heads)

    def _code(self, block: Qr) -> None:
        import segno

        picture = io.BytesIO()
        segno.make(block.data, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
        picture.seek(0)
        line = self.file.add_paragraph()
        line.alignment = Align.CENTER
        line.paragraph_format.space_before = Pt(6)
        line.paragraph_format.keep_with_next = True
        line.add_run().add_picture(picture, width=Mm(34))
        caption = self.file.add_paragraph()
        self._words(caption, block.caption, 11, italic=True, align=Align.CENTER)

    def _closing(self, recipients: tuple[str, ...], row: tuple[Signature, ...]) -> None:
        cells = len(row) + bool(recipients)
        gap = self.file.add_paragraph()
        gap.paragraph_format.space_after = Pt(0)
        table = self._grid(2, [self.width / cells] * cells)
        for each_row in table.rows:
            each_row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        if recipients:
            place = table.cell(0, 0).merge(table.cell(1, 0))
            lines = self._lines(place)
            self._words(next(lines), "Nơi nhận:", 12, bold=True, italic=True)
            for each in recipients:
                self._words(next(lines), f"- {each}", 11)
            for line in place.paragraphs:  # a name never stands on another page than its title
                line.paragraph_format.keep_with_next = True
        for n, signature in enumerate(row, bool(recipients)):
            self._signature(table.cell(0, n), table.cell(1, n), signature)

    def _signature(self, above: "_Cell", below: "_Cell", signature: Signature) -> None:
        lines = self._lines(above)
        for title in signature.titles:
            self._words(next(lines), title, 13, bold=True, align=Align.CENTER)
        if signature.note:
            self._words(next(lines), signature.note, 12, italic=True, align=Align.CENTER)
        for line in above.paragraphs:
            line.paragraph_format.keep_with_next = True
        name = below.paragraphs[0]
        name.paragraph_format.space_before = Pt(60 if signature.titles else 0)
        self._words(name, signature.name, 14, bold=True, align=Align.CENTER)

    def _grid(self, rows: int, columns: Sequence[float], padding: int = 0) -> "FileTable":
        """A table without borders; the columns' widths in mm."""
        table: FileTable = self.file.add_table(rows, len(columns))
        table._tbl.tblPr.insert_element_before(margins(padding), "w:tblLook")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, columns, strict=True):
                cell.width = Mm(width)
        for column, width in zip(table.columns, columns, strict=True):
            column.width = Mm(width)
        return table

    def _lines(self, cell: "_Cell") -> Iterator["FileParagraph"]:
        yield cell.paragraphs[0]
        while True:
            yield cell.add_paragraph()

    def _words(
        self,
        line: "FileParagraph",
        words: str,
        size: float | None,
        *,
        bold: bool = False,
        italic: bool = False,
        align: Align | None = None,
    ) -> None:
        run = line.add_run(words)
        if bold:
            run.bold = True
        if italic:
            run.italic = True
        if size and size != self.document.size:
            run.font.size = Pt(size)
        if align is not None:
            line.alignment = align

    def _runs(
        self,
        line: "FileParagraph",
        runs: Line,
        size: float | None,
        *,
        bold: bool = False,
        italic: bool = False,
    ) -> None:
        for run in runs:
            self._words(
                line,
                "\t" if run.fill else run.text,
                size,
                bold=bold or run.bold,
                italic=italic or run.italic,
            )
        if any(run.fill for run in runs):
            line.alignment = Align.LEFT
            line.paragraph_format.tab_stops.add_tab_stop(
                Mm(self.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )

    def _rule(
        self, line: "FileParagraph", over: str, size: float, share: float, room: float
    ) -> None:
        """A line under words, as long as a share of them; `room` is what they are centred in, in mm."""
        most = room if share == 1 else 60
        side = Mm((room - min(length(over, size) * share, most)) / 2)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = side
        line.paragraph_format.line_spacing = Pt(2)
        border = element("w:pBdr")
        border.append(element("w:bottom", val="single", sz="6", space="0", color="000000"))
        line._p.get_or_add_pPr().insert_element_before(
            border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
