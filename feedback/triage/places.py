"""Which neighbourhood a message names: by its number ("tổ 4", "tdp số 04") or by its name."""

import re
from collections.abc import Iterable

from feedback.text import fold

_KINDS = r"(?:to dan pho|tdp|to dp|to|khu pho|kp|khu|khom|thon|ap|ban|xom|buon|khoi)"
_NUMBERED = re.compile(rf"\b{_KINDS} ?(?:so )?0*(\d{{1,3}})\b")
_NUMBER = re.compile(r"\b0*(\d{1,3})\b")


def mentioned(text: str, neighbourhoods: Iterable[str]) -> str | None:
    """The one neighbourhood the text names, as written in the list; None when none or several."""
    names = tuple(neighbourhoods)
    if not names:
        return None
    folded = fold(text)
    numbers = set(_NUMBERED.findall(folded))
    found = [name for name in names if _is_named(fold(name), folded, numbers)]
    return found[0] if len(found) == 1 else None


def _is_named(name: str, text: str, numbers: set[str]) -> bool:
    number = _NUMBER.search(name)
    if number:
        return number[1] in numbers
    return re.search(rf"\b{re.escape(name)}\b", text) is not None
