"""A Document as PDF/A-2b: drawn by typst in about 10 ms, fonts embedded, the same bytes for the same paper.

The layout is `paper.typ`; the paper itself goes in as JSON, so no words of a resident are ever code.
"""

import io
import json
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from feedback.papers.document import Block, Document, Qr

if TYPE_CHECKING:
    import typst

_FOLDER = Path(__file__).parent
_drawing = Lock()  # one compiler draws one paper at a time


def pdf(document: Document) -> bytes:
    """Draw a paper."""
    return drawn("paper", _values(document))


def drawn(layout: str, values: dict[str, Any]) -> bytes:
    """Draw what the layout of this name makes of the values."""
    paper = json.dumps(values, ensure_ascii=False)
    with _drawing:
        drawn = _compiler(layout).compile(
            format="pdf", sys_inputs={"paper": paper}, pdf_standards=["a-2b"]
        )
    assert isinstance(drawn, bytes)  # noqa: S101  one PDF has one part
    return drawn


@cache
def _compiler(layout: str) -> "typst.Compiler":
    import typst

    return typst.Compiler(
        str(_FOLDER / f"{layout}.typ"),
        root=str(_FOLDER),
        font_paths=[str(_FOLDER / "fonts")],
        ignore_system_fonts=True,
    )


def _values(document: Document) -> dict[str, Any]:
    day = date.fromisoformat(document.signed_on)
    return {
        **asdict(document),
        "blocks": [_block(block) for block in document.blocks],
        "annex": [_block(block) for block in document.annex],
        "author": " ".join(document.head.names),
        "date": {"year": day.year, "month": day.month, "day": day.day},
    }


def _block(block: Block) -> dict[str, Any]:
    return (
        {"svg": square(block.data), "caption": block.caption}
        if isinstance(block, Qr)
        else asdict(block)
    )


def square(data: str) -> str:
    """A square code as SVG."""
    import segno

    out = io.BytesIO()
    segno.make(data, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
