"""Every paper as PDF and DOCX: the same words, every accent, the layout of NĐ 30/2020."""

import io
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document as read_docx
from openpyxl import load_workbook
from pypdf import PdfReader

from feedback.papers import forms
from feedback.papers.compose import compose
from feedback.papers.document import Document, Paragraph, Run, Table
from feedback.papers.docx import docx
from feedback.papers.pdf import pdf
from feedback.papers.xlsx import xlsx
from feedback.text import nfc
from tests.feedback.papers.samples import SAMPLES

KEYS = sorted(SAMPLES)


def words(text: str) -> str:
    """Without the spaces, in which the renderers differ, and the dots of empty lines."""
    return re.sub(r"[\s.…_]+", "", text)


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def docx_text(data: bytes) -> str:
    """Every paragraph in the order of the file, those in tables included."""
    body = read_docx(io.BytesIO(data)).element.body
    return "\n".join(
        "".join(node.text or "" for node in line.iter() if node.tag.endswith("}t"))
        for line in body.iter()
        if line.tag.endswith("}p")
    )


def said(document: Document) -> list[str]:
    """Every line a reader must find on the paper."""
    lines = [document.title, document.subject, document.corner, document.head.number_line]
    lines += [document.head.about, document.head.place_date, *document.head.names, *document.to]
    for block in (*document.blocks, *document.annex):
        if isinstance(block, Paragraph):
            lines.append("".join(run.text for run in block.runs))
        elif isinstance(block, Table):
            lines += ["".join(r.text for r in li) for row in block.rows for c in row for li in c]
        else:
            lines.append(block.caption)
    lines += document.recipients
    for row in document.signatures:
        for each in row:
            lines += [*each.titles, each.note, each.name]
    return [line for line in lines if words(line)]


def test_there_is_an_example_of_every_form():
    assert forms.keys() == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_both_files_say_what_the_paper_says(key):
    document = compose(key, SAMPLES[key], number=5)
    in_pdf, in_docx = words(pdf_text(pdf(document))), words(docx_text(docx(document)))
    for line in said(document):
        assert words(line) in in_docx, line
        assert words(line) in in_pdf, line


@pytest.mark.parametrize("key", KEYS)
def test_the_page_is_a4_with_the_decrees_margins(key):
    document = compose(key, SAMPLES[key])
    page = PdfReader(io.BytesIO(pdf(document))).pages[0].mediabox
    sides = sorted((float(page.width), float(page.height)))
    assert sides == pytest.approx([595.28, 841.89], abs=0.1)
    file = read_docx(io.BytesIO(docx(document)))
    section = file.sections[0]
    assert sorted((round(section.page_width.mm), round(section.page_height.mm))) == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (section.page_width > section.page_height) == document.is_landscape
    assert file.styles["Normal"].font.name == "Times New Roman"


def test_the_body_of_a_letter_is_14_points_justified_and_indented():
    file = read_docx(io.BytesIO(docx(compose("result_notice", SAMPLES["result_notice"]))))
    assert file.styles["Normal"].font.size.pt == 14
    line = next(p for p in file.paragraphs if p.text.startswith("Sau khi xem xét"))
    assert line.paragraph_format.first_line_indent.mm == pytest.approx(10, abs=0.1)
    assert line.alignment.name == "JUSTIFY"


def test_every_vietnamese_letter_reaches_the_pdf_and_its_fonts_are_inside():
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    lower = "đ" + "".join(nfc(vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones)
    vietnamese = lower + lower.upper()
    line = Paragraph((Run(vietnamese), Run(vietnamese, bold=True), Run(vietnamese, italic=True)))
    document = replace(compose("result_notice", SAMPLES["result_notice"]), blocks=(line,))
    data = pdf(document)
    assert words(vietnamese * 3) in words(pdf_text(data))
    fonts = PdfReader(io.BytesIO(data)).pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor.get_object())
        assert "LiberationSerif" in font.get_object()["/BaseFont"]


def test_the_same_paper_is_the_same_pdf():
    document = compose("referral", SAMPLES["referral"], number=7)
    assert pdf(document) == pdf(document)


def test_the_pdf_is_made_for_archives():
    data = pdf(compose("receipt", SAMPLES["receipt"]))
    metadata = PdfReader(io.BytesIO(data)).xmp_metadata.rdf_root.toxml()
    assert 'pdfaid:part="2"' in metadata or "<pdfaid:part>2<" in metadata


def test_the_file_says_nothing_about_its_maker():
    with zipfile.ZipFile(io.BytesIO(docx(compose("receipt", SAMPLES["receipt"])))) as archive:
        assert b"python-docx" not in archive.read("docProps/core.xml")


@pytest.mark.parametrize("key", KEYS)
def test_tables_keep_the_order_of_parts_that_word_insists_on(key):
    order = "tblStyle tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook"
    places = {name: n for n, name in enumerate(order.split())}
    file = read_docx(io.BytesIO(docx(compose(key, SAMPLES[key]))))
    for table in file.tables:
        parts = [places[part.tag.rpartition("}")[2]] for part in table._tbl.tblPr]
        assert parts == sorted(parts)


def test_a_register_repeats_its_head_on_every_page():
    pages = PdfReader(
        io.BytesIO(pdf(compose("reception_register", SAMPLES["reception_register"])))
    ).pages
    assert len(pages) > 1
    assert all("Họ tên, địa chỉ" in " ".join(p.extract_text().split()) for p in pages)


def test_a_register_as_a_spreadsheet_has_the_13_columns_and_no_formulas():
    rows = ((1, date(2026, 11, 3), "=1+1", "001182000345", *[""] * 9),)
    context = replace(SAMPLES["reception_register"], rows=rows)
    sheet = load_workbook(io.BytesIO(xlsx("reception_register", context))).active
    heads = [cell.value for cell in sheet[5]]
    assert len(heads) == 13
    assert heads[:3] == ["STT", "Ngày tiếp", "Họ tên, địa chỉ"]
    assert [cell.value for cell in sheet[6]] == list(range(1, 14))
    assert (sheet["A7"].value, sheet["B7"].value.date()) == (1, date(2026, 11, 3))
    assert (sheet["C7"].value, sheet["C7"].data_type) == ("=1+1", "s")
    assert sheet["D7"].value == "001182000345"
    assert sheet.page_setup.orientation == "landscape"


def test_a_receipt_is_drawn_fast():
    context = SAMPLES["receipt"]
    pdf(compose("receipt", context))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        pdf(compose("receipt", context))
        times.append(time.perf_counter() - start)
    assert min(times) < 0.15


def test_the_program_starts_without_the_renderers():
    code = (
        "import sys, feedback.papers.issuing, feedback.papers.filling, feedback.papers.registers\n"
        "import feedback.models\n"
        "print([m for m in ('docx', 'typst', 'lxml', 'xlsxwriter', 'segno', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
