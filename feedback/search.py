"""One box of search: words with or without accents, newest first, inside one ward.

Words are ANDed, the last one also as a beginning ("ngap du" finds "ngập đường"). The index is FTS5 in
SQLite and tsvector in PostgreSQL (migrations 0002 and 0011); both hold folded text that begins with the
ward's own word, so one index answers it all.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedback.db import db
from feedback.petitions.columns import is_sqlite
from feedback.petitions.models import Petition
from feedback.text import fold, tokens

MOST_WORDS = 12
INDEXED_BEGINNING = 4  # letters; of longer beginnings the index holds none ready

_fts = sa.table("petition_fts", sa.column("rowid"), sa.column("petition_fts"))
_search: sa.ColumnElement[Any] = sa.literal_column("petition.search")


@dataclass(frozen=True)
class Matching:
    """Words as a condition, and the key by which matches come newest first.

    `is_sorted`: the index itself gives them in that order, so the first page costs no more than a page.
    """

    condition: sa.ColumnElement[bool]
    newest: Any
    is_sorted: bool


def matching(query: str, ward_id: int) -> Matching | None:
    """The petitions of a ward that hold these words; None when the query has no word."""
    words = words_of(query)
    if not words:
        return None
    words = [f"w{ward_id}", *words]
    if is_sqlite():
        terms = [f'"{word}"' for word in words]
        terms[-1] += "" if _is_whole(terms[0], words[-1]) else "*"
        # The sum keeps SQLite from asking the index about every petition instead of leading with it.
        found = sa.and_(_match(terms), _fts.c.rowid + 0 == Petition.id)
        return Matching(found, _fts.c.rowid, is_sorted=True)
    terms = [f"'{word}'" for word in words]
    terms[-1] += ":*"
    found = _search.op("@@")(sa.func.to_tsquery("simple", " & ".join(terms)))
    return Matching(found, Petition.id, is_sorted=False)


def words_of(query: str) -> list[str]:
    """Folded words in order, each once; the last one typed stays last."""
    words = tokens(fold(query))[:MOST_WORDS]
    return list(dict.fromkeys(reversed(words)))[::-1]


def _match(terms: list[str]) -> Any:
    return _fts.c.petition_fts.op("MATCH")(" AND ".join(terms))


def _is_whole(ward: str, word: str) -> bool:
    """A long last word that the index knows is taken as it is: few syllables begin with another of
    five letters, and reading all that do costs a frequent one ("đường") dearly."""
    if len(word) <= INDEXED_BEGINNING:
        return False
    known = sa.select(sa.literal(1)).select_from(_fts).where(_match([ward, f'"{word}"'])).limit(1)
    return db.session.scalar(known) is not None
