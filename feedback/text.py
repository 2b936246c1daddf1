"""Vietnamese text: accents folded for search, lines cleaned, phones and names read and masked.

`fold` and `tokens` are on the path of every submission and every search; they stay cheap.
"""

import re
import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
MASK = "•••"

_MARKS = re.compile("[\u0300-\u036f]+")
_LETTERS_NFD_LEAVES_ALONE = str.maketrans("đĐðÐ", "dddd")  # ð: what old Vietnamese fonts leave
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]+"
)
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\W_]+")
_DIALLED = re.compile(r"(?<![\w-])\+?\d(?:[ .-]?\d){8,11}(?![\w-])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LETTER = re.compile(r"[^\W\d_]")


class _Folded(dict[int, str]):
    """What each character becomes; learns a character the first time it is met."""

    def __missing__(self, code: int) -> str:
        plain = _MARKS.sub("", unicodedata.normalize("NFD", chr(code)))
        plain = plain.translate(_LETTERS_NFD_LEAVES_ALONE).lower()
        self[code] = plain = _MARKS.sub("", _INVISIBLE.sub("", plain))
        return plain


_folded = _Folded()


def nfc(s: str) -> str:
    return unicodedata.normalize("NFC", s)


def fold(s: str) -> str:
    """Lower case, no accents, đ as d, one space between words: 'Đường  Láng' -> 'duong lang'."""
    if s.isascii():
        return " ".join(s.lower().split())
    return nfc(" ".join(nfc(s).translate(_folded).split()))


def tokens(folded: str) -> list[str]:
    """The words and numbers of a text already folded, in order."""
    return _WORD.findall(folded)


def search_words(query: str, *, most: int = 12) -> list[str]:
    """What to look for in a full-text index: folded, each word once, at most `most`."""
    return list(dict.fromkeys(tokens(fold(query))))[:most]


def clip(s: str, n: int) -> str:
    """At most n characters, cut between words and ended with an ellipsis."""
    if n < 1 or len(s) <= n:
        return s[: max(n, 0)]
    head = s[: n - 1]
    if not s[len(head)].isspace():
        head = head.rpartition(" ")[0] or head
    return head.rstrip(" \t\n,;:.-–") + ELLIPSIS


def squeeze(s: str) -> str:
    """Clean what a person typed: NFC, nothing invisible, lines trimmed, one blank line at most."""
    s = _INVISIBLE.sub("", _LINE_END.sub("\n", s))
    lines: list[str] = []
    for line in nfc(s).split("\n"):
        trimmed = " ".join(line.split())
        if trimmed or (lines and lines[-1]):
            lines.append(trimmed)
    return "\n".join(lines).strip()


@lru_cache(maxsize=64)  # each check on the way of one submission asks again
def normal_phone(s: str) -> str | None:
    """A number that can be called, as +84912345678; None when it is not one."""
    import phonenumbers  # 35 ms and 3 MiB that most requests never need

    if _LETTER.search(s):
        return None
    try:
        number = phonenumbers.parse(s, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def show_phone(phone: str) -> str:
    """+84912345678 as people write it: 0912 345 678. Anything else comes back unchanged."""
    local = _local(phone)
    if len(local) != 10 or not local.isdecimal():
        return phone
    return f"{local[:4]} {local[4:7]} {local[7:]}"


def mask_phone(phone: str) -> str:
    """091•••678: enough to recognise one's own number, too little to call it."""
    digits = _local(phone)
    if len(digits) < 9:
        return MASK
    return digits[:3] + MASK + digits[-3:]


def _local(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdecimal() or c == "+")
    return "0" + digits[3:] if digits.startswith("+84") else digits


def hide_contacts(s: str) -> str:
    """A text without the telephone numbers and e-mail addresses written in it."""
    return _EMAIL.sub(MASK, _DIALLED.sub(MASK, s))


def mask_name(name: str) -> str:
    """N. V. An: the given name, by which people are addressed, and initials before it."""
    words = name.split()
    return " ".join([word[0].upper() + "." for word in words[:-1]] + words[-1:])
