"""A ward's own questions and answers, which a chat offers before the shipped ones: written and taken back."""

from typing import Any

from feedback.conversations.answers import SETTING
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.text import fold, squeeze, tokens
from feedback.wards import edits, own_rows
from feedback.wards.setup import Setup

LONGEST = {"title": 120, "answer": 1500, "phrase": 80}
MOST_PHRASES = 30
TELLING = 6  # letters of a word that may stand alone; a shorter one stands in every second question


def rows(setup: Setup) -> list[dict[str, Any]]:
    """The ward's own, in their order: `title`, `words` (folded), `answer`."""
    return list(setup.settings.get(SETTING, ()))


def mark(setup: Setup) -> str:
    return own_rows.mark_of(rows(setup))


def save(
    title: str, phrases: list[str], answer: str, no: int | None, seen: str, *, by: Actor
) -> None:
    """Write one at a place of the list, at its end without one. Raises NotAllowed, Stale, NotFound, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    row = _checked(title, phrases, answer)
    if no is None and len(ward.settings.get(SETTING, ())) >= own_rows.MOST:
        raise BadInput(fields={"title": f"Nhiều nhất {own_rows.MOST} câu hỏi."})
    before = own_rows.put(ward, SETTING, row, no, seen)
    detail = {"before": before["title"]} if before else {}
    edits.note("faq.written", ward.id, by, title=row["title"], answer=row["answer"], **detail)


def remove(no: int, seen: str, *, by: Actor) -> None:
    """Raises NotAllowed, Stale, NotFound."""
    ward = edits.begin(by.ward_id or 0, by)
    gone = own_rows.take_out(ward, SETTING, no, seen)
    edits.note("faq.removed", ward.id, by, title=gone["title"], answer=gone["answer"])


def _checked(title: str, phrases: list[str], answer: str) -> dict[str, Any]:
    clean = {
        "title": edits.required("title", title, "Xin ghi câu hỏi, ngắn gọn.", LONGEST["title"]),
        "answer": edits.required("answer", answer, "Xin ghi câu trả lời.", LONGEST["answer"]),
    }
    folded = [" ".join(tokens(fold(squeeze(phrase)))) for phrase in phrases]
    words = list(dict.fromkeys(filter(None, folded)))
    if not words:
        raise BadInput(fields={"words": "Xin ghi ít nhất một cụm từ người dân hay dùng."})
    if len(words) > MOST_PHRASES:
        raise BadInput(fields={"words": f"Nhiều nhất {MOST_PHRASES} cụm từ."})
    for phrase in words:
        if len(phrase) > LONGEST["phrase"]:
            raise BadInput(fields={"words": f"Cụm từ quá dài: “{phrase[:40]}…”"})
        if " " not in phrase and len(phrase) < TELLING:
            sentence = f"“{phrase}” quá ngắn nên câu nào cũng khớp; hãy ghi từ hai chữ trở lên."
            raise BadInput(fields={"words": sentence})
    return {**clean, "words": words}
