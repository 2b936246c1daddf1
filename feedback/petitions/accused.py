"""Whether words, or the officer they name, accuse the ward's own leaders: then others keep them.

A leader who is only mentioned makes the same: better once too often out of a leader's sight. The officer
who keeps the record puts it right.
"""

import re

from feedback.text import fold, nfc
from feedback.wards import routing
from feedback.wards.delegation import Table

_OF_WARD = r"(?:ubnd|uy ban|phuong|xa|thi tran|dac khu)"
_ELSEWHERE = (  # who presides over something else
    "hoi|cong ty|cty|hdqt|htx|hop tac xa|mat tran|mttq|uy ban mttq|uy ban mat tran|hdnd|nuoc|quoc hoi|tap doan"
    "|clb|cau lac bo|cong doan|hiep hoi|tinh|thanh pho|tp|quan|huyen|ubnd tinh|ubnd thanh pho|ubnd tp"
)
_LEADER = re.compile(  # as people write it, of folded words: "chutich", "chủ tịt", "pct ubnd", "sếp lớn phường"
    rf"\bchu ?ti(?:ch|t)\b(?! (?:{_ELSEWHERE})\b)"
    rf"|\bp? ?ct {_OF_WARD}\b"
    rf"|\b(?:lanh dao|nguoi dung dau|sep|(?:ong|ba) chu)(?: \w+)? {_OF_WARD}\b"
)
_DEPUTY = re.compile(r"\bphó (?:phường|xã)\b")  # without accents it is "phố phường"
_NOTE = re.compile(r"\s*\(.*?\)")  # behind a name: "(mẫu)"


def accuses_leaders(text: str, complained_id: int | None, table: Table) -> bool:
    """The chair or a vice-chair, by person, by title, or by full name."""
    leaders = routing.leaders(table)
    if complained_id in leaders:
        return True
    said = fold(text)
    if _LEADER.search(said) or _DEPUTY.search(nfc(text).lower()):
        return True
    names = [fold(_NOTE.sub("", table.name(who))) for who in leaders]
    return any(re.search(rf"\b{re.escape(name)}\b", said) for name in names if " " in name)
