"""A ward's own words for its fields: read, checked, replaced. Written like `wards/fields.toml`."""

from collections.abc import Iterable

import sqlalchemy as sa

from feedback import audit
from feedback.db import db
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.actor import Actor
from feedback.people.models import Permission
from feedback.text import fold, nfc
from feedback.wards.models import Field

LONGEST = 200  # letters of one word or phrase
MOST = 1500  # words of one field


def keywords_of(ward_id: int) -> dict[int, tuple[str, ...]]:
    """The words of each field in use, by the field's number."""
    query = sa.select(Field.no, Field.keywords).where(Field.ward_id == ward_id, Field.is_active)
    return {no: tuple(words) for no, words in db.session.execute(query.order_by(Field.no))}


def set_keywords(field_id: int, words: Iterable[str], *, by: Actor) -> tuple[str, ...]:
    """Replace the words of a field; call in a transaction. New petitions are read with them at once.

    `words` may hold commas and line ends. Returns them as kept. Raises NotAllowed, NotFound, BadInput.
    """
    if not by.has(Permission.SETTINGS):
        raise NotAllowed
    field = db.session.get(Field, field_id)
    if field is None or field.ward_id != by.ward_id:
        raise NotFound
    kept = tuple(_checked(words))
    if len(kept) > MOST:
        raise BadInput(fields={"keywords": f"Nhiều nhất {MOST} từ khóa cho một lĩnh vực."})
    before = tuple(field.keywords)
    field.keywords = list(kept)
    db.session.flush()
    audit.record(
        "field.keywords",
        "field",
        field.id,
        ward_id=field.ward_id,
        officer_id=by.officer_id,
        detail={
            "added": sorted(set(kept) - set(before))[:50],
            "removed": sorted(set(before) - set(kept))[:50],
        },
    )
    return kept


def _checked(words: Iterable[str]) -> Iterable[str]:
    seen = set()
    for written in words:
        for raw in written.replace("\n", ",").split(","):
            word = " ".join(nfc(raw).lower().split())
            bare = word.lstrip("=~*").strip()
            if not word or word in seen:
                continue
            if not fold(bare).strip(" …|") or len(word) > LONGEST:
                raise BadInput(fields={"keywords": f"Từ khóa viết chưa đúng: “{word[:40]}”."})
            seen.add(word)
            yield word
