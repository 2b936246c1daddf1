"""A paper before it is drawn: parts of the national layout and blocks of text, in no file's own terms."""

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a paragraph stands on the page."""

    PLAIN = "plain"  # justified, first line indented 1 cm
    CENTRED = "centred"
    BOLD = "bold"  # the head of a part
    ITALIC = "italic"  # legal grounds
    RIGHT = "right"
    NOTE = "note"  # small, below the matter


@dataclass(frozen=True)
class Run:
    """Words in one style. `fill`: dots to the end of the line instead, to be written on by hand."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    fill: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    runs: Line
    style: Style = Style.PLAIN


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the page's width; the first `heads` rows repeat on every page.

    A cell is a list of lines.
    """

    widths: tuple[float, ...]
    heads: int
    rows: tuple[tuple[tuple[Line, ...], ...], ...]


@dataclass(frozen=True)
class Qr:
    """A square code of `data` with a caption under it."""

    data: str
    caption: str


Block = Paragraph | Table | Qr


@dataclass(frozen=True)
class Head:
    """The top of the first page: who issues it beside the national heading.

    Without `names` the national heading stands alone in the middle: a resident's own petition.
    """

    over: str = ""
    names: tuple[str, ...] = ()
    number_line: str = ""  # "Số: 05/TB-UBND"
    about: str = ""  # "V/v …" of a letter without a title
    place_date: str = ""


@dataclass(frozen=True)
class Signature:
    """One who signs: under which words, with which remark, and the name under the signature."""

    titles: tuple[str, ...] = ()
    note: str = ""
    name: str = ""


@dataclass(frozen=True)
class Document:
    """One paper. `size` is the body's in points; `signed_on` is an ISO date for the file's properties."""

    head: Head
    title: str
    subject: str
    to: tuple[str, ...]
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    signatures: tuple[tuple[Signature, ...], ...]
    annex: tuple[Block, ...] = ()  # on a page of its own
    corner: str = ""  # code of the form, top right, as the decrees print it
    size: float = 14
    is_landscape: bool = False
    name: str = ""
    signed_on: str = ""
