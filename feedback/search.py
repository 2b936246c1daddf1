"""One box of search: words with or without accents, newest first, inside one ward.

Words are ANDed, the last one also as a beginning ("ngap du" finds "ngập đường"). The index is FTS5 in
SQLite and tsvector in PostgreSQL (migration 0002); both hold folded text that begins with the ward's own
word, so one index answers it all.
"""

from typing import Any

import sqlalchemy as sa

from feedback.db import db
from feedback.petitions.models import Petition
from feedback.text import fold, tokens

MOST_WORDS = 12
SHORTEST_PREFIX = 2  # a single letter as a beginning would match half the index

_fts = sa.table("petition_fts", sa.column("rowid"), sa.column("petition_fts"))
_search: sa.ColumnElement[Any] = sa.literal_column("petition.search")


def matching(query: str, ward_id: int) -> sa.ColumnElement[bool] | None:
    """The condition that a petition holds these words; None when there is no word in the query.

    In SQLite the condition joins the index to the query: order by `newest()` to let it lead.
    """
    words = words_of(query)
    if not words:
        return None
    if _is_sqlite():
        terms = [f'"{word}"' for word in [f"w{ward_id}", *words]]
        if len(words[-1]) >= SHORTEST_PREFIX:
            terms[-1] += "*"
        # The sum keeps SQLite from asking the index about every petition instead of leading with it.
        return sa.and_(
            _fts.c.petition_fts.op("MATCH")(" AND ".join(terms)), _fts.c.rowid + 0 == Petition.id
        )
    terms = [f"'{word}'" for word in [f"w{ward_id}", *words]]
    if len(words[-1]) >= SHORTEST_PREFIX:
        terms[-1] += ":*"
    return _search.op("@@")(sa.func.to_tsquery("simple", " & ".join(terms)))


def newest(query: str | None) -> Any:
    """The column to order by: with words in SQLite, the index's own."""
    return _fts.c.rowid if query and words_of(query) and _is_sqlite() else Petition.id


def words_of(query: str) -> list[str]:
    """Folded words in order, each once; the last one typed stays last."""
    words = tokens(fold(query))[:MOST_WORDS]
    return list(dict.fromkeys(reversed(words)))[::-1]


def _is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
