"""Law as lists shorten it, written out as papers must: 'Đ.11 k.2' is "khoản 2 Điều 11"."""

import re

_CITED = re.compile(r"(Luật [^;()]+?|NĐ [^;() ]+) Đ\.(\w+(?:, \w+)*)(?: k\.(\w+))?(?: ([a-zđ])\b)?")
_ARTICLE = re.compile(r"Đ\.(\w+)")
_DECREE = re.compile(r"\bNĐ (?=\d)")


def in_full(words: str) -> str:
    """'(Luật Khiếu nại 2011 Đ.11 k.2)' -> '(khoản 2 Điều 11 Luật Khiếu nại 2011)'; the rest as it is."""
    whole = _ARTICLE.sub(r"Điều \1", _CITED.sub(_cite, words))
    return _DECREE.sub("Nghị định số ", whole)


def _cite(found: re.Match[str]) -> str:
    law, article, clause, point = found.groups()
    parts = (point and f"điểm {point}", clause and f"khoản {clause}", f"Điều {article}", law)
    return " ".join(part for part in parts if part)
