"""What python-docx has no words for: XML elements, fields, margins of cells, lengths of lines."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as FileParagraph

FONTS = Path(__file__).parent / "fonts"


def element(name: str, **attributes: str) -> Any:
    """`element("w:top", val="single")` is `<w:top w:val="single"/>`."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def margins(padding: int) -> Any:
    """Of a table's cells, `padding` in the file's own lengths (EMU)."""
    made = element("w:tblCellMar")
    for side, share in (("top", 0.5), ("left", 1), ("bottom", 0.5), ("right", 1)):
        twentieths = round(padding * share / Pt(1) * 20)
        made.append(element(f"w:{side}", w=str(twentieths), type="dxa"))
    return made


def field(line: "FileParagraph", code: str, size: float) -> None:
    """A field the word processor fills in."""
    run = line.add_run()
    run.font.size = Pt(size)
    for kind in ("begin", None, "end"):
        if kind:
            run._r.append(element("w:fldChar", fldCharType=kind))
        else:
            text = element("w:instrText")
            text.text = code
            run._r.append(text)


@cache
def _font() -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / "LiberationSerif-Bold.ttf"), 200)


def length(words: str, size: float) -> float:
    """Of bold words on one line, in mm."""
    return float(_font().getlength(words)) / 200 * size * 25.4 / 72
