"""The rows of a new petition, written in as few statements as each database allows.

SQLite: one plain statement per table. PostgreSQL, where the round trips are the cost: a single statement
that counts up the series, inserts the petition under that number and hangs its first entry and its limits
on it. Both take the number inside the transaction, so a roll-back leaves no gap.
"""

from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import attributes, make_transient_to_detached

from feedback.db import connected, db
from feedback.petitions.models import Deadline, Petition, TimelineEntry
from feedback.statement import Plain
from feedback.wards import numbers

SERIES = "petition"
_SPACE = sa.literal_column("' '", sa.Text)

_petitions = cast(sa.Table, Petition.__table__)
_timeline = cast(sa.Table, TimelineEntry.__table__)
_deadlines = cast(sa.Table, Deadline.__table__)


def insert(
    values: dict[str, Any],
    entry: dict[str, Any],
    limits: list[dict[str, Any]],
    *,
    ward_code: str,
) -> bool:
    """Write the petition with its first entry and limits, and add to `values` what the database decides: seq,
    number, folded, id.

    False, with nothing written and no number used, when another transaction has just made a petition
    of this submission key.
    """
    connection = connected()
    by_engine = _at_once if connection.dialect.name == "postgresql" else _one_by_one
    return by_engine(connection, values, entry, limits, ward_code)


def present(values: dict[str, Any]) -> Petition:
    """The row just inserted, as an object of the session, without reading it back."""
    petition = sa.inspect(Petition).class_manager.new_instance()
    attributes.instance_dict(petition).update(values)
    make_transient_to_detached(petition)
    db.session.add(petition)
    return petition


def _one_by_one(
    connection: sa.Connection,
    values: dict[str, Any],
    entry: dict[str, Any],
    limits: list[dict[str, Any]],
    ward_code: str,
) -> bool:
    seq = numbers.take(values["ward_id"], SERIES, values["year"], connection)
    _numbered(values, ward_code, seq)
    own = {"petition_id": _petition.key(connection, values)}
    values["id"] = own["petition_id"]
    _entry.count(connection, entry | own)
    for limit in limits:
        _limit.count(connection, limit | own)
    return True


def _at_once(
    connection: sa.Connection,
    values: dict[str, Any],
    entry: dict[str, Any],
    limits: list[dict[str, Any]],
    ward_code: str,
) -> bool:
    bound = {f"p_{name}": value for name, value in values.items()}
    bound |= {f"e_{name}": value for name, value in entry.items()}
    for no, limit in enumerate(limits):
        bound |= {f"d{no}_{name}": value for name, value in limit.items()}
    bound |= {"prefix": numbers.number_prefix(ward_code, values["year"]), "series": SERIES}
    rows = _everything(len(limits)).rows(connection, bound)
    if not rows:
        numbers.give_back(values["ward_id"], SERIES, values["year"], connection)
        return False
    ((values["id"], seq),) = rows
    _numbered(values, ward_code, seq)
    return True


@lru_cache
def _everything(limits: int) -> Plain:
    """The one statement: series -> petition -> first entry and limits."""
    last = numbers.counting(
        postgresql.insert, sa.bindparam("p_ward_id"), sa.bindparam("series"), sa.bindparam("p_year")
    ).cte("series")
    number = numbers.petition_number_in_sql(sa.bindparam("prefix", type_=sa.Text), last.c.last)
    words = sa.func.lower(number).op("||")(_SPACE).op("||")(sa.bindparam("p_folded", type_=sa.Text))
    new = (
        postgresql.insert(_petitions)
        .from_select(
            [*_given(_petitions, "seq", "number", "folded"), "seq", "number", "folded"],
            sa.select(
                *_bound(_petitions, "p_", "seq", "number", "folded"), last.c.last, number, words
            ),
        )
        .on_conflict_do_nothing(index_elements=["submission_key"])
        .returning(_petitions.c.id, _petitions.c.seq)
        .cte("new")
    )
    children = [_child(_timeline, new, ["e_"]).cte("entry")]
    children += [_child(_deadlines, new, [f"d{no}_" for no in range(limits)]).cte("limits")]
    return Plain(sa.select(new.c.id, new.c.seq).add_cte(*children))


def _child(table: sa.Table, new: Any, prefixes: list[str]) -> Any:
    """An insert of one row for each prefix of bound names, under the new petition."""
    rows = [sa.select(new.c.id, *_bound(table, prefix, "petition_id")) for prefix in prefixes]
    names = ["petition_id", *_given(table, "petition_id")]
    return sa.insert(table).from_select(names, sa.union_all(*rows))


def _given(table: sa.Table, *without: str) -> list[str]:
    return [column.name for column in table.c if column.name not in ("id", *without)]


def _bound(table: sa.Table, prefix: str, *without: str) -> list[Any]:
    return [
        sa.bindparam(prefix + name, type_=table.c[name].type) for name in _given(table, *without)
    ]


def _numbered(values: dict[str, Any], ward_code: str, seq: int) -> None:
    number = numbers.petition_number(ward_code, values["year"], seq)
    values |= {"seq": seq, "number": number, "folded": f"{number.lower()} {values['folded']}"}


_petition = Plain(sa.insert(_petitions), _given(_petitions))
_entry = Plain(sa.insert(_timeline), _given(_timeline))
_limit = Plain(sa.insert(_deadlines), _given(_deadlines))
