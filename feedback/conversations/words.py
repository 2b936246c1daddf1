"""What people mean by a few words, with or without accents: wishes, yes and no, greetings, places."""

import re

from feedback.text import fold, tokens

# Whole messages that mean a wish, wherever the conversation stands.
WISHES = {
    "cancel": "huy|huy bo|huy di|huy nhe|xin huy|cancel|dung lai|khong gui nua|thoi khong gui nua",
    "menu": "menu|danh muc|muc luc|quay lai tu dau|bat dau|bat dau lai|lam lai tu dau",
    "help": "tro giup|help|huong dan|huong dan su dung|cach dung|dung the nao|lam the nao",
    "track": "tra cuu|tra cu|tra cuu phan anh|kiem tra|xem ket qua|ket qua|xem phan anh|den dau roi"
    "|phan anh cua toi|xu ly den dau roi|bao gio xong",
    "report": "phan anh|gui phan anh|phan anh moi|viet phan anh|kien nghi|gui kien nghi|gop y"
    "|toi muon phan anh|muon phan anh|em muon phan anh|cho toi phan anh",
    "person": "gap can bo|gap nguoi|gap nguoi that|noi chuyen voi can bo|noi chuyen voi nguoi"
    "|can nguoi ho tro|cho toi gap can bo|toi muon gap can bo|goi cho toi|tong dai",
}
YES = (
    "gui|gui di|gui luon|gui nhe|dong y|ok|oke|okie|okay|co|dung|dung roi|dung vay|chinh xac|vang|da"
    "|da dung|vang dung|u|uh|um|uhm|ua|duoc|xac nhan|yes|y|chuan|roi|da gui|xong|xong roi"
)
NO = "khong|ko|k|kg|khg|hong|khong phai|khong dung|sai|sai roi|chua|chua dung|no|khong dau"
EDIT = "sua|sua lai|chinh|chinh sua|chinh lai|doi|doi lai|sai|sai roi|khong dung|chua dung"
SKIP = (
    "bo qua|khong can|khong biet|khong ro|khong nho|skip|khong|ko|k|khong co|khong co noi cu the"
    "|ko biet|k biet|khong ro noi|khong muon|tu choi"
)
DONE_TALKING = (
    "cam on|cam on nhe|xin cam on|cam on nhieu|cam on ban|cam on em|cam on chi|cam on anh|thanks"
    "|thank you|tks|ok|oke|okie|vang|da|da vang|vang a|da em|uh|u|duoc roi|tot qua|tot roi|tot"
    "|hay qua|ro roi|toi biet roi|biet roi|toi hieu roi|hieu roi|vang cam on|da cam on|ok cam on"
    "|cam on phuong|cam on ubnd|cam on can bo|tam biet|chao tam biet|bye"
)

_WISH = {word: wish for wish, words in WISHES.items() for word in words.split("|")}
_SETS = {
    name: frozenset(words.split("|"))
    for name, words in {
        "yes": YES,
        "no": NO,
        "edit": EDIT,
        "skip": SKIP,
        "thanks": DONE_TALKING,
    }.items()
}
_CALLS = frozenset(
    [
        "alo",
        "allo",
        "lo",
        "chao",
        "hi",
        "hello",
        "helo",
        "hey",
        "hoi",
        "oi",
        "ad",
        "admin",
        "bot",
        "test",
        "e",
    ]
)
_BESIDE = frozenset(
    [
        "a",
        "xin",
        "cho",
        "em",
        "toi",
        "minh",
        "con",
        "chau",
        "anh",
        "chi",
        "co",
        "chu",
        "bac",
        "ban",
        "quy",
        "ong",
        "ba",
        "phuong",
        "xa",
        "ubnd",
        "can",
        "bo",
        "ai",
        "khong",
        "o",
        "do",
        "truc",
        "nhe",
        "voi",
        "ti",
        "chut",
        "mot",
        "cau",
        "nay",
        "moi",
        "nguoi",
        "co",
        "quan",
    ]
)
_POLITE = re.compile(r"\b(?:a|nhe|nha|voi|ban|em|anh|chi|oi|nhi|luon)$")
_RUDE = re.compile(
    r"\b(?:dit me|dit bo|dm|dmm|dcm|vcl|vkl|cl|clgt|vai lon|deo|deo me|mat day|ngu|oc cho|cho chet"
    r"|cho de|khon nan|do cho|thang cho|con cho|me may|bo may|cut|cut di|an hai|vo dung|rac ruoi)\b"
)
_AREA = re.compile(
    r"\b(?:to dan pho|to dp|tdp|khu dan cu|khu pho|cum dan cu|to|thon|xom|ap)\s*(?:so\s*)?0*(\d{1,3})\b"
    r"(?!\s*(?:thang|nguoi|ngay|lan|hom|tuan|gio))"
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
_CASE_NUMBER = re.compile(r"^([A-Z][A-Z0-9]{0,11})[\s-]*(20\d\d)[\s-]*(\d{1,6})$")


def plain(text: str) -> str:
    """The words alone, folded: 'Huỷ!!' -> 'huy'."""
    return " ".join(tokens(fold(text)))


def wish(text: str) -> str | None:
    """The wish a whole message stands for: cancel, menu, help, track, report or person."""
    return _WISH.get(_short(text))


def means(text: str, *what: str) -> bool:
    """Whether a whole message means yes, no, edit, skip or thanks."""
    word = _short(text)
    return any(word in _SETS[each] for each in what)


def is_greeting(text: str) -> bool:
    """'alo', 'Chào phường ạ', or nothing but signs and smileys."""
    words = [re.sub(r"(.)\1+$", r"\1", word) for word in plain(text).split()]
    if not words:
        return bool(text)
    return len(words) <= 10 and not _CALLS.isdisjoint(words) and set(words) <= _CALLS | _BESIDE


def is_only_rude(text: str) -> bool:
    """Abuse without anything to act on."""
    words = plain(text)
    return len(words.split()) <= 8 and _RUDE.search(words) is not None


def is_story(text: str) -> bool:
    """Words that can be part of a report: more than a greeting, thanks, a shrug or abuse."""
    is_talk = is_greeting(text) or is_only_rude(text) or means(text, "skip", "thanks", "yes", "no")
    return says_something(text) and not is_talk


def is_small_talk(text: str) -> bool:
    """Thanks, abuse or a number to look up: nothing a report could begin with."""
    return means(text, "thanks") or is_only_rude(text) or case_number(text) is not None


def says_something(text: str) -> bool:
    """At least two words, or one of some length: something a person can act on."""
    words = plain(text).split()
    return len(words) >= 2 or (len(words) == 1 and len(words[0]) >= 4 and words[0].isalpha())


def area_number(text: str, *, bare: bool = False) -> int | None:
    """The number of the neighbourhood named in a text; with `bare`, a message '5' counts too."""
    words = plain(text)
    if bare and words.isdecimal() and len(words) <= 3:
        return int(words)
    found = _AREA.search(words)
    return int(found.group(1)) if found else None


def looks_like_place(text: str) -> bool:
    """Whether a short text may be an address."""
    words = plain(text)
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


def case_number(text: str, ward_code: str = "", year: int = 0) -> str | None:
    """'bd 2026 123' -> 'BD-2026-000123'; with a ward and a year also '123'."""
    typed = " ".join(text.split()).upper()
    found = _CASE_NUMBER.match(typed)
    if found:
        return f"{found.group(1)}-{found.group(2)}-{int(found.group(3)):06d}"
    if ward_code and typed.isascii() and typed.isdecimal() and len(typed) <= 6:
        return f"{ward_code}-{year}-{int(typed):06d}"
    return None


def _short(text: str) -> str:
    """The folded words without the polite endings: 'Gửi đi ạ' -> 'gui di'."""
    if len(text) > 60:
        return ""
    words = plain(text)
    trimmed = _POLITE.sub("", words).strip()
    return trimmed if trimmed and words not in _WISH else words
