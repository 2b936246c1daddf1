"""Who holds what on one day: positions, absences and who stands in, fields and areas given. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from feedback.people.models import Role
from feedback.wards.setup import Absence, Given, Post, Setup

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Table:
    """A ward's posts as they stand on one day.

    `holders`: officers by position. `posts_of`: positions by officer. `away`: the absence that holds
    today, by absent officer. `lent`: the absences in which an officer stands in. `given`: the
    delegations in force.
    """

    on: date
    setup: Setup
    holders: dict[int, tuple[int, ...]]
    posts_of: dict[int, tuple[int, ...]]
    away: dict[int, Absence]
    lent: dict[int, tuple[Absence, ...]]
    given: tuple[Given, ...]

    def posts(self, role: Role) -> list[Post]:
        """The positions of a role, in the order they were made."""
        return [post for post in self.setup.posts.values() if post.role is role]

    def with_role(self, role: Role) -> list[tuple[int, int]]:
        """(officer, position) for everybody who holds a position of this role."""
        return [
            (who, post.id) for post in self.posts(role) for who in self.holders.get(post.id, ())
        ]

    def name(self, officer_id: int) -> str:
        return self.setup.officers[officer_id]


def table(setup: Setup, on: date) -> Table:
    """The table of a day; remembered with the set-up it was made from."""
    known: Table | None = setup.memory.get(("table", on))
    if known is None:
        known = setup.memory["table", on] = _make(setup, on)
    return known


def _make(setup: Setup, on: date) -> Table:
    held = [h for h in setup.holdings if _holds(on, h.starts_on, h.ends_on)]
    absences = [a for a in setup.absences if _holds(on, a.starts_on, a.ends_on)]
    present = {h.officer_id for h in held}
    return Table(
        on=on,
        setup=setup,
        holders=_grouped((h.position_id, h.officer_id) for h in held),
        posts_of=_grouped((h.officer_id, h.position_id) for h in held),
        away={a.absent_id: a for a in absences},
        lent=_grouped((a.substitute_id, a) for a in absences if a.substitute_id in present),
        given=tuple(
            g
            for g in setup.given
            if g.position_id in setup.posts and _holds(on, g.starts_on, g.ends_on)
        ),
    )


def _holds(on: date, starts_on: date, ends_on: date | None) -> bool:
    return starts_on <= on and (ends_on is None or on <= ends_on)


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
