"""Square codes read back from what was drawn, as a telephone's camera would."""

import io
import re
import subprocess

import typst
import zxingcpp
from PIL import Image

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


def in_picture(data: bytes) -> list[str]:
    """What the codes of a PNG say, from top to bottom."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(data)).convert("L"))
    return [each.text for each in sorted(found, key=lambda each: each.position.top_left.y)]


def in_page(html: str) -> list[str]:
    """Of every drawing in a page that is a code."""
    return [text for svg in SVG.findall(html) for text in in_picture(_drawn(svg))]


def in_pdf(data: bytes) -> list[str]:
    """Of the first page of a PDF, drawn at the resolution of a cheap printer."""
    command = ["pdftoppm", "-r", "100", "-gray", "-png", "-singlefile", "-"]
    return in_picture(subprocess.run(command, input=data, check=True, capture_output=True).stdout)


def _drawn(svg: str) -> bytes:
    if "xmlns=" not in svg:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    source = (
        "#set page(width: 6cm, height: 6cm, margin: 1cm)\n#image(bytes(sys.inputs.svg), width: 4cm)"
    )
    pages = typst.compile(source.encode(), format="png", ppi=100, sys_inputs={"svg": svg})
    return pages if isinstance(pages, bytes) else pages[0]
