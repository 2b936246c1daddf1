"""Places in what people type: a neighbourhood's number, an address inside a story."""

import re

from feedback.text import fold, nfc, tokens

_AREA = re.compile(
    r"\b(?:tổ dân phố|tổ dp|tdp|khu dân cư|khu phố|cụm dân cư|tổ|thôn|xóm|ấp)\s*(?:số\s*)?0*(\d{1,3})\b"
    r"(?!\s*(?:người|tháng|ngày|lần|hôm|tuần|giờ))"
)
_AREA_BARE = re.compile(  # typed without accents, where "to" may also be "to" and "ap" be "áp"
    r"\b(?:to dan pho|to dp|tdp|khu dan cu|khu pho|cum dan cu|to|thon|xom|ap)\s*(?:so\s*)?0*(\d{1,3})\b"
    r"(?!\s*(?:thang|nguoi|ngay|lan|hom|tuan|gio|met|m|cm|cay|cai|nam|trieu|phut|dong|chiec|con|xe|bao)\b)"
)
_WHERE_WORD = re.compile(
    r"\b(?:so|so nha|nha|ngo|ngach|hem|kiet|duong|pho|cho|truong|cong|toa|chung cu|khu|to|tdp|thon"
    r"|xom|ap|cau|gan|canh|dau|cuoi|doi dien|truoc|sau|ben|cong vien|dinh|chua|nga ba|nga tu|ho)\b"
)
_HOUSE = r"\d{1,4}[A-Za-z]?(?:[/.-]\d{1,4}[A-Za-z]?)*"
_LANE = re.compile(
    r"\b(?:(?:số nhà|nhà số|ngõ|ngách|hẻm|kiệt|so nha|nha so|ngo|ngach|hem|kiet)\s+(?:số\s+|so\s+)?"
    rf"|(?:số|so)\s+(?={_HOUSE}[\s,]+(?:ngõ|ngách|hẻm|đường|phố|ngo|ngach|hem|duong|pho|[^\W\d_])))"
    rf"{_HOUSE}",
    re.IGNORECASE,
)
_BEFORE_STREET = re.compile(r"^[\s,]*(?:(?:đường|phố|duong|pho)\s+)?", re.IGNORECASE)


def area_number(text: str, *, bare: bool = False) -> int | None:
    """The number of the neighbourhood named in a text; with `bare`, a message '5' counts too."""
    typed = " ".join(nfc(text).lower().split())
    if bare and typed.isdecimal() and len(typed) <= 3:
        return int(typed)
    found = (_AREA_BARE if typed.isascii() else _AREA).search(typed)
    return int(found.group(1)) if found else None


def looks_like_place(text: str) -> bool:
    """Whether a short text may be an address."""
    words = " ".join(tokens(fold(text)))
    if any(c.isdecimal() for c in words):
        return True
    return not text.endswith("?") and _WHERE_WORD.search(words) is not None


def address_in(text: str) -> tuple[str, bool]:
    """An address inside a longer text, and whether it is complete enough not to ask: lane AND street.

    'đèn ngõ 12 Đội Cấn hỏng' -> ('ngõ 12 Đội Cấn', True): a street's name is told by its capitals.
    """
    lanes = list(_LANE.finditer(text))
    if not lanes:
        return "", False
    start, end = lanes[0].start(), lanes[0].end()
    for lane in lanes[1:]:
        if text[end : lane.start()].strip(" ,-"):
            break
        end = lane.end()
    street = _street(text[end:])
    if (
        not street
        and fold(text[start:end]).startswith("so ")
        and "nha" not in fold(text[start:end])
    ):
        return "", False  # 'số 3 lần rồi'
    return " ".join((text[start:end] + street).split()), bool(street)


def _street(rest: str) -> str:
    """The street's name at the beginning of what follows a lane: ' phố Đội Cấn', or nothing."""
    begin = end = len(rest) - len(_BEFORE_STREET.sub("", rest))
    for word in list(re.finditer(r"\S+", rest[begin:]))[:5]:
        name = word.group().rstrip(",.;:!?)")
        if not name[:1].isupper():
            break
        end = begin + word.start() + len(name)
        if name != word.group():
            break
    return rest[:end] if end > begin else ""
