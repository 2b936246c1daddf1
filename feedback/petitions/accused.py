"""Whether words, or the officer they name, accuse the ward's own leaders: then others keep them.

A leader who is only mentioned makes the same: better once too often out of a leader's sight. The officer
who keeps the record puts it right.
"""

import re

from feedback.text import fold
from feedback.wards import routing
from feedback.wards.delegation import Table

_TITLE = re.compile(
    r"\b(?:pho )?(?:chu tich|ct)(?: (?:ubnd|uy ban nhan dan|uy ban))?"
    r" (?:phuong|xa|thi tran|dac khu)\b|\b(?:pho )?chu tich (?:ubnd|uy ban)\b"
    # "ông chủ tịch" of nothing named is the ward's
    r"|\b(?:pho )?chu tich\b(?! (?:nuoc|quoc hoi|tinh|thanh pho|tp|huyen|quan|cong|hoi|hdqt|hdnd|mttq|mat tran|hiep|tap doan))"
)


def accuses_leaders(text: str, complained_id: int | None, table: Table) -> bool:
    """The chair or a vice-chair, by person, by title, or by full name."""
    leaders = routing.leaders(table)
    if complained_id in leaders:
        return True
    said = fold(text)
    if _TITLE.search(said):
        return True
    names = [fold(table.name(who)) for who in leaders]
    return any(re.search(rf"\b{re.escape(name)}\b", said) for name in names if " " in name)
