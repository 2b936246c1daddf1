"""What people mean by a few words, with or without accents. The words: `vocabulary.toml`."""

import re
import tomllib
from pathlib import Path

from feedback.text import fold, nfc, tokens

_SHORT = 60  # characters; a longer text stands for nothing but itself
_POLITE = re.compile(r"\b(?:a|nhe|nha|voi|ban|em|anh|chi|chau|con|bac|chu|cac|oi|nhi|luon)$")
_TIME = re.compile(r"(\d{1,2})\s*(?:h|g|gio)?\s*(\d{2})?\s*(ruoi)?(?:\s*phut)?")
_CASE_NUMBER = re.compile(r"^([A-Z][A-Z0-9]{0,11})[\s-]*(20\d\d)[\s-]*(\d{1,6})$")


def _listed(words: str) -> list[str]:
    return [nfc(" ".join(word.split())) for word in words.split(",") if word.strip()]


_source = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
_WISH = {word: wish for wish, words in _source["wishes"].items() for word in _listed(words)}
_OFFICER = {word: wish for wish, words in _source["officer"].items() for word in _listed(words)}
_ANSWERS = {name: frozenset(_listed(words)) for name, words in _source["answers"].items()}
_SIGNS = {sign: word for word, signs in _source["signs"].items() for sign in _listed(signs)}
_CALLS = frozenset(_listed(_source["greeting"]["calls"]))
_GREETING = _CALLS | frozenset(_listed(_source["greeting"]["beside"]))
_ABUSE = re.compile(rf"\b(?:{'|'.join(map(re.escape, _listed(_source['abuse']['words'])))})\b")


def plain(text: str) -> str:
    """The words alone, folded: 'Huỷ!!' -> 'huy'."""
    return " ".join(tokens(fold(text)))


def wish(text: str) -> str | None:
    """The wish a whole message stands for: the payload of a button: cancel, menu, track, report, report:praise, news:off…"""
    return next((_WISH[form] for form in _forms(text) if form in _WISH), None)


def officer_wish(text: str) -> str | None:
    """What an officer's whole message asks for: work, sign, accept, late, brief, entry, tell, poster, unlink, menu, help or cancel."""
    return next((_OFFICER[form] for form in _forms(text) if form in _OFFICER), None)


def means(text: str, *what: str) -> bool:
    """Whether a whole message is one of these answers (the lists of the vocabulary)."""
    forms = _forms(text)
    return any(form in _ANSWERS[each] for each in what for form in forms)


_DRAWN_OUT = re.compile(r"(.)\1+$")  # "alooo"


def is_greeting(text: str) -> bool:
    """'alo', 'Chào phường ạ', or nothing but signs and smileys."""
    drawn = plain(text).split()
    if not drawn:
        return bool(text)
    if len(drawn) > 10:
        return False
    words = {_DRAWN_OUT.sub(r"\1", word) for word in drawn}
    return not _CALLS.isdisjoint(words) and words <= _GREETING


def is_only_rude(text: str) -> bool:
    """Abuse without anything to act on."""
    return len(text.split()) <= 6 and _ABUSE.search(nfc(text).lower()) is not None


def is_story(text: str) -> bool:
    """Words that can be part of a report: more than a greeting, thanks, a shrug or abuse."""
    shrugs = means(text, "skip", "thanks", "yes", "no", "puzzled")
    is_talk = shrugs or is_greeting(text) or is_only_rude(text)
    return says_something(text) and not is_talk


def is_small_talk(text: str) -> bool:
    """Thanks, abuse or a number to look up: nothing a report could begin with."""
    return means(text, "thanks") or is_only_rude(text) or case_number(text) is not None


def says_something(text: str) -> bool:
    """At least two words, or one of some length: something a person can act on."""
    words = plain(text).split()
    return len(words) >= 2 or (len(words) == 1 and len(words[0]) >= 4 and words[0].isalpha())


def case_number(text: str, ward_code: str = "", year: int = 0) -> str | None:
    """'bd 2026 123' -> 'BD-2026-000123'; with a ward and a year also '123'."""
    typed = " ".join(text.split()).upper()
    found = _CASE_NUMBER.match(typed)
    if found:
        return f"{found.group(1)}-{found.group(2)}-{int(found.group(3)):06d}"
    if ward_code and typed.isascii() and typed.isdecimal() and len(typed) <= 6:
        return f"{ward_code}-{year}-{int(typed):06d}"
    return None


def clock_time(text: str) -> str:
    """'9h', '9 giờ rưỡi', '09:30' -> '09:30'; '' when it is none."""
    found = _TIME.fullmatch(plain(text))
    if not found:
        return ""
    half = 30 if found.group(3) else int(found.group(2) or 0)
    return f"{int(found.group(1)):02d}:{half:02d}"


def _forms(text: str) -> list[str]:
    """The folded words, with and without polite endings: 'Gửi đi ạ' -> 'gui di a', 'gui di'.

    '👍' -> 'ok'. A long text stands for nothing but itself.
    """
    if len(text) > _SHORT:
        return []
    words = plain(text)
    if not words:
        return [_SIGNS[text[0]]] if text[:1] in _SIGNS else []
    forms = [words]
    while (shorter := _POLITE.sub("", forms[-1]).strip()) and shorter != forms[-1]:
        forms.append(shorter)
    return forms
