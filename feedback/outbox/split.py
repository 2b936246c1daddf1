"""A long text in pieces a channel can carry, cut where a reader would pause."""

import re

_PAUSES = (
    re.compile(r"\n\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…;:])\s"),
    re.compile(r"\s"),
)


def units(text: str) -> int:
    """Length as chat providers count it: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` units; nothing but white space at the cuts is lost."""
    pieces = []
    while units(text) > limit:
        fits = len(text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore"))
        cut = _pause(text, fits)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [piece for piece in (*pieces, text) if piece]


def _pause(text: str, fits: int) -> int:
    """The last best place to stop within the first `fits` characters, not before their third."""
    for pause in _PAUSES:
        starts = [found.start() for found in pause.finditer(text, fits // 3, fits + 2)]
        within = [start for start in starts if fits // 3 < start <= fits]
        if within:
            return within[-1]
    return fits
